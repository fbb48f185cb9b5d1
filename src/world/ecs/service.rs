//! Services and their deployments.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::kernel::bucket::Bucket;
use crate::model::capacity::{CapacityProvider, StrategyItem};
use crate::model::id::{
    ClusterId, DefinitionId, DeploymentId, FactId, ImageId, ServiceId, SubnetId, TargetGroupId, TaskId,
};
use crate::model::status::{DeploymentStatus, LaunchType, RolloutState, ServiceStatus};
use crate::model::tag::Tag;
use crate::model::task_definition::AwsVpcConfiguration;
use crate::model::time::{Millis, Moment};
use crate::world::ecs::{RoleUse, Spread};
use crate::world::says::{Says, ServiceEvent, Shortage};

/// A service with the REPLICA strategy.
#[derive(Clone, Debug, Hash)]
pub struct Service {
    /// The cluster it lives in.
    pub cluster: ClusterId,
    /// Its name, unique in the cluster among ACTIVE and DRAINING services.
    pub name: Box<str>,
    /// ACTIVE, DRAINING or INACTIVE.
    pub status: ServiceStatus,
    /// How many tasks it keeps.
    pub desired: u32,
    /// `deploymentConfiguration.minimumHealthyPercent`.
    pub minimum_healthy_percent: u32,
    /// `deploymentConfiguration.maximumPercent`.
    pub maximum_percent: u32,
    /// `healthCheckGracePeriodSeconds`: how long after its start a task's bad health is overlooked.
    pub grace: Millis,
    /// The deployment circuit breaker, if it is enabled.
    pub breaker: Option<Breaker>,
    /// Deployments that still have tasks, newest first; the first is the PRIMARY one.
    pub deployments: Vec<DeploymentId>,
    /// Deployments that are COMPLETED, past ones included: the newest is what a rollback leads back to.
    pub completed: BTreeSet<DeploymentId>,
    /// Everything the scheduler wrote, oldest first.
    pub events: Vec<ServiceEvent>,
    /// When it was created.
    pub created_at: Moment,
    /// Who or what the service's tags belong to.
    pub tags: Vec<Tag>,
    /// Launches that the service's own rate still allows.
    pub launches: Bucket,
    /// When the scheduler gets to it next, if that is arranged, and what called for it.
    pub pass: Option<(Moment, FactId)>,
    /// The latest fact that concerns it.
    pub trigger: FactId,
    /// Tasks that run and are to be registered with its target groups.
    pub arrivals: Vec<TaskId>,
    /// Tasks that are to leave its target groups.
    pub departures: Vec<TaskId>,
    /// Since when it has been in a steady state.
    pub steady_since: Option<Moment>,
    /// What the scheduler last complained about, so that it says so once.
    pub complaint: Option<Complaint>,
}

/// A target group that a deployment's tasks are registered with. [API LoadBalancer]
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LoadBalancing {
    /// The group.
    pub group: TargetGroupId,
    /// The container that answers.
    pub container_name: Box<str>,
    /// Its port.
    pub container_port: u16,
}

/// Attempts to start tasks that have failed in a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Attempts {
    /// How many.
    pub failed: u32,
    /// When the last failure was seen.
    pub last_failure: Option<Moment>,
    /// When the next attempt may be made.
    pub not_before: Option<Moment>,
}

/// A deployment circuit breaker. [API DeploymentCircuitBreaker]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Breaker {
    /// Whether a failed deployment is rolled back.
    pub rollback: bool,
    /// Whether a task that becomes healthy sets the count back to zero.
    pub reset_on_healthy: bool,
    /// How many failures are too many.
    pub threshold: Threshold,
}

/// How many failures are too many. [API ThresholdConfiguration]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Threshold {
    /// A percentage of the desired count, but at least 3 and at most 200.
    BoundedPercent(u32),
    /// A percentage of the desired count.
    UnboundedPercent(u32),
    /// A number.
    Count(u32),
}

impl Threshold {
    /// The number of failures at which a deployment fails. [DG deployment circuit breaker]
    pub fn failures(self, desired: u32) -> u32 {
        let of = |percent: u32| (u64::from(percent) * u64::from(desired)).div_ceil(100) as u32;
        match self {
            Threshold::BoundedPercent(percent) => of(percent).clamp(3, 200),
            Threshold::UnboundedPercent(percent) => of(percent).max(1),
            Threshold::Count(count) => count,
        }
    }
}

/// Why the scheduler cannot do what it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Complaint {
    /// There is no room for a task.
    NoRoom(Shortage),
    /// minimumHealthyPercent and maximumPercent leave no move.
    Deadlocked,
    /// A role of this task definition cannot be assumed.
    CannotAssume(DefinitionId, RoleUse),
}

impl Complaint {
    /// The event that says so.
    pub fn says(self) -> Says {
        match self {
            Complaint::NoRoom(shortage) => Says::NoRoom(shortage),
            Complaint::Deadlocked => Says::Deadlocked,
            Complaint::CannotAssume(definition, usage) => Says::CannotAssume(definition, usage),
        }
    }
}

/// One deployment of a service: a revision, and the tasks that run it.
#[derive(Clone, Debug, Hash)]
pub struct Deployment {
    /// Its service.
    pub service: ServiceId,
    /// The pinned revision.
    pub definition: DefinitionId,
    /// Where its tasks run.
    pub launch: LaunchType,
    /// How they are spread over capacity providers; empty where a launch type was given.
    pub strategy: Vec<StrategyItem>,
    /// The strategy that it began with: another one is for tasks that start from then on, and those that run stay where
    /// they are. [API UpdateService]
    pub first_strategy: Vec<StrategyItem>,
    /// The subnets and groups of its tasks.
    pub network: Option<AwsVpcConfiguration>,
    /// The subnets as ids.
    pub subnets: Vec<SubnetId>,
    /// What each container's image tag was resolved to by the first task: the same for the whole deployment.
    pub images: Vec<ImageId>,
    /// The target groups that its tasks are registered with.
    pub load_balancers: Vec<LoadBalancing>,
    /// PRIMARY, ACTIVE or INACTIVE.
    pub status: DeploymentStatus,
    /// IN_PROGRESS, COMPLETED or FAILED.
    pub rollout: RolloutState,
    /// When it was created.
    pub created_at: Moment,
    /// When it last changed.
    pub updated_at: Moment,
    /// `failedTasks`: tasks of it that failed to start, or failed their health checks.
    pub failed: u32,
    /// Where the circuit breaker went back to when it ended this deployment.
    pub rolled_back_to: Option<DeploymentId>,
    /// Its starting and running tasks on each capacity provider and in each zone.
    pub zones: BTreeMap<(Option<CapacityProvider>, SubnetId), Zone>,
    /// Its tasks that hold resources of container instances, by zone.
    pub spread: BTreeMap<SubnetId, Spread>,
    /// Tasks on the way to RUNNING.
    pub starting: u32,
    /// RUNNING tasks.
    pub running: u32,
    /// RUNNING tasks that count as healthy.
    pub healthy: u32,
    /// RUNNING tasks that the scheduler takes for unhealthy, oldest first.
    pub unhealthy: BTreeSet<TaskId>,
    /// Tasks in DEACTIVATING.
    pub deactivating: u32,
    /// Tasks on the way to STOPPED.
    pub stopping: u32,
    /// Attempts to start tasks that failed in a row: what the launch throttle looks at.
    pub attempts: Attempts,
    /// Whether one of its tasks has ever been RUNNING.
    pub has_run: bool,
    /// Failures that the circuit breaker has counted.
    pub breaker_count: u32,
    /// Losses that no new task has made up for yet, oldest first.
    pub vacancies: VecDeque<Vacancy>,
}

impl Deployment {
    /// Tasks that are starting or running: what counts against desiredCount and maximumPercent.
    pub fn counted(&self) -> u32 {
        self.starting + self.running
    }

    /// Tasks that are starting or running and not unhealthy.
    pub fn good(&self) -> u32 {
        self.counted() - self.unhealthy.len() as u32
    }

    /// Losses that it makes up for: a FAILED deployment starts no more tasks. [API Deployment]
    pub fn to_refill(&self) -> u32 {
        match self.rollout {
            RolloutState::Failed => 0,
            RolloutState::InProgress | RolloutState::Completed => self.vacancies.len() as u32,
        }
    }

    /// Whether its last task is gone.
    pub fn is_over(&self) -> bool {
        self.counted() + self.stopping == 0
    }

    /// Its tasks on one provider, zone by zone.
    pub fn zones_of(&self, provider: Option<CapacityProvider>) -> impl Iterator<Item = &Zone> {
        self.zones.iter().filter(move |((of, _), _)| *of == provider).map(|(_, zone)| zone)
    }

    /// How many of its tasks are on each item of its strategy, unhealthy ones aside: their places are free for those
    /// that replace them.
    pub fn by_provider(&self) -> Vec<u32> {
        let count = |item: &StrategyItem| self.zones_of(Some(item.capacity_provider)).map(Zone::good).sum();
        self.strategy.iter().map(count).collect()
    }
}

/// A task that was lost, and that another one is to make up for.
#[derive(Clone, Copy, Debug, Hash)]
pub struct Vacancy {
    /// The fact that it was lost.
    pub cause: FactId,
    /// The capacity provider that it was on.
    pub provider: Option<CapacityProvider>,
}

/// The tasks of a deployment in one zone, oldest first.
#[derive(Clone, Debug, Default, Hash)]
pub struct Zone {
    /// On the way to RUNNING.
    pub starting: BTreeSet<TaskId>,
    /// RUNNING.
    pub running: BTreeSet<TaskId>,
    /// How many of those the scheduler takes for unhealthy.
    pub unhealthy: u32,
}

impl Zone {
    /// How many tasks there are.
    pub fn len(&self) -> usize {
        self.starting.len() + self.running.len()
    }

    /// How many of them are not unhealthy.
    pub fn good(&self) -> u32 {
        self.len() as u32 - self.unhealthy
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
