//! Services and their deployments.

use std::collections::{BTreeMap, BTreeSet};

use crate::kernel::bucket::Bucket;
use crate::model::capacity::{CapacityProvider, StrategyItem};
use crate::model::id::{ClusterId, DefinitionId, DeploymentId, FactId, ImageId, ServiceId, SubnetId, TaskId};
use crate::model::status::{DeploymentStatus, LaunchType, RolloutState, ServiceStatus};
use crate::model::task_definition::{AwsVpcConfiguration, Tag};
use crate::model::time::Moment;
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
    /// Where its tasks run.
    pub launch: LaunchType,
    /// How they are spread over capacity providers; empty where a launch type was given.
    pub strategy: Vec<StrategyItem>,
    /// `deploymentConfiguration.minimumHealthyPercent`.
    pub minimum_healthy_percent: u32,
    /// `deploymentConfiguration.maximumPercent`.
    pub maximum_percent: u32,
    /// Deployments that still have tasks, newest first; the first is the PRIMARY one.
    pub deployments: Vec<DeploymentId>,
    /// Everything the scheduler wrote, oldest first.
    pub events: Vec<ServiceEvent>,
    /// When it was created.
    pub created_at: Moment,
    /// Who or what the service's tags belong to.
    pub tags: Vec<Tag>,
    /// Launches that the service's own rate still allows.
    pub launches: Bucket,
    /// When the scheduler looks at it next, if a look is arranged.
    pub pass_at: Option<Moment>,
    /// The fact that made the next look necessary.
    pub trigger: FactId,
    /// Since when it has been in a steady state.
    pub steady_since: Option<Moment>,
    /// What the scheduler last complained about, so that it says so once.
    pub complaint: Option<Complaint>,
}

/// Why the scheduler cannot do what it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Complaint {
    /// There is no room for a task.
    NoRoom(Shortage),
    /// minimumHealthyPercent and maximumPercent leave no move.
    Deadlocked(DeploymentId),
}

impl Complaint {
    /// The event that says so.
    pub fn says(self) -> Says {
        match self {
            Complaint::NoRoom(shortage) => Says::NoRoom(shortage),
            Complaint::Deadlocked(_) => Says::Deadlocked,
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
    /// The subnets and groups of its tasks.
    pub network: Option<AwsVpcConfiguration>,
    /// The subnets as ids.
    pub subnets: Vec<SubnetId>,
    /// What each container's image tag was resolved to by the first task: the same for the whole deployment.
    pub images: Vec<ImageId>,
    /// PRIMARY, ACTIVE or INACTIVE.
    pub status: DeploymentStatus,
    /// IN_PROGRESS, COMPLETED or FAILED.
    pub rollout: RolloutState,
    /// When it was created.
    pub created_at: Moment,
    /// When it last changed.
    pub updated_at: Moment,
    /// Tasks of it that failed to start.
    pub failed: u32,
    /// Its starting and running tasks on each capacity provider and in each zone.
    pub zones: BTreeMap<(Option<CapacityProvider>, SubnetId), Zone>,
    /// Tasks on the way to RUNNING.
    pub starting: u32,
    /// RUNNING tasks.
    pub running: u32,
    /// RUNNING tasks that count as healthy.
    pub healthy: u32,
    /// Tasks on the way to STOPPED.
    pub stopping: u32,
    /// Losses that no new task has made up for yet, oldest first.
    pub vacancies: Vec<FactId>,
}

impl Deployment {
    /// Tasks that are starting or running: what counts against desiredCount and maximumPercent.
    pub fn counted(&self) -> u32 {
        self.starting + self.running
    }

    /// Its tasks on one provider, zone by zone.
    pub fn zones_of(&self, provider: Option<CapacityProvider>) -> impl Iterator<Item = &Zone> {
        self.zones.iter().filter(move |((of, _), _)| *of == provider).map(|(_, zone)| zone)
    }

    /// How many of its tasks are on each item of a strategy.
    pub fn by_provider(&self, strategy: &[StrategyItem]) -> Vec<u32> {
        let count = |item: &StrategyItem| self.zones_of(Some(item.capacity_provider)).map(Zone::len).sum::<usize>();
        strategy.iter().map(|item| count(item) as u32).collect()
    }
}

/// The tasks of a deployment in one zone, oldest first.
#[derive(Clone, Debug, Default, Hash)]
pub struct Zone {
    /// On the way to RUNNING.
    pub starting: BTreeSet<TaskId>,
    /// RUNNING.
    pub running: BTreeSet<TaskId>,
}

impl Zone {
    /// How many tasks there are.
    pub fn len(&self) -> usize {
        self.starting.len() + self.running.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
