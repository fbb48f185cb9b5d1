//! The tables of Elastic Load Balancing: load balancers, listeners, target groups, targets.
//!
//! A listener leads to target groups; a target group checks its targets as long as a listener leads to it. What is
//! deleted leaves the index of names and stays in its arena. [semantics/around.md 3]

mod names;

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use crate::kernel::arena::Arena;
use crate::model::id::{
    FactId, InstanceId, ListenerId, LoadBalancerId, ServiceId, SubnetId, TargetGroupId, TargetId, TaskId,
};
use crate::model::load_balancing::{LoadBalancerType, Protocol, Scheme, TargetCheck, TargetState, TargetType};
use crate::model::probing::Progress;
use crate::model::time::{Millis, Moment};

/// All of Elastic Load Balancing in one account and Region.
#[derive(Clone, Debug, Default, Hash)]
pub struct Elb {
    /// Every load balancer there ever was.
    pub load_balancers: Arena<LoadBalancerId, LoadBalancer>,
    /// The load balancers that exist.
    pub load_balancer_by_name: BTreeMap<Box<str>, LoadBalancerId>,
    /// Every listener there ever was.
    pub listeners: Arena<ListenerId, Listener>,
    /// Every target group there ever was.
    pub target_groups: Arena<TargetGroupId, TargetGroup>,
    /// The target groups that exist.
    pub target_group_by_name: BTreeMap<Box<str>, TargetGroupId>,
    /// Every target there ever was.
    pub targets: Arena<TargetId, Target>,
    /// The registered targets that a task answers for.
    pub targets_of_task: BTreeMap<TaskId, BTreeSet<TargetId>>,
}

impl Elb {
    /// Whether a target group has not been deleted.
    pub fn group_exists(&self, id: TargetGroupId) -> bool {
        self.target_group_by_name.get(&self.target_groups[id].name) == Some(&id)
    }

    /// The load balancer whose listeners lead to a target group.
    pub fn load_balancer_of(&self, group: TargetGroupId) -> Option<LoadBalancerId> {
        let listener = self.target_groups[group].listeners.first()?;
        Some(self.listeners[*listener].load_balancer)
    }

    /// The registered targets that a task answers for.
    pub fn targets_of(&self, task: TaskId) -> impl Iterator<Item = TargetId> {
        self.targets_of_task.get(&task).into_iter().flatten().copied()
    }
}

/// A load balancer.
#[derive(Clone, Debug, Hash)]
pub struct LoadBalancer {
    /// Its name.
    pub name: Box<str>,
    /// Application or network.
    pub kind: LoadBalancerType,
    /// Who can reach it.
    pub scheme: Scheme,
    /// Its subnets, one in each of its zones.
    pub subnets: Vec<SubnetId>,
    /// Its listeners by port.
    pub listeners: BTreeMap<u16, ListenerId>,
    /// When it was created.
    pub created_at: Moment,
}

/// A listener: what a load balancer does with requests to one port.
#[derive(Clone, Debug, Hash)]
pub struct Listener {
    /// Whose it is.
    pub load_balancer: LoadBalancerId,
    /// The port.
    pub port: u16,
    /// The protocol.
    pub protocol: Protocol,
    /// Certificates, which listeners with TLS have.
    pub certificates: Vec<Box<str>>,
    /// What happens to a request.
    pub action: Action,
}

/// What happens to a request.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// It goes to one of these target groups, by weight.
    Forward(Vec<(TargetGroupId, u32)>),
    /// It is answered by the load balancer itself.
    FixedResponse {
        /// The HTTP code.
        status_code: Box<str>,
        /// The type of the body.
        content_type: Option<Box<str>>,
        /// The body.
        message_body: Option<Box<str>>,
    },
}

impl Action {
    /// The target groups that it leads to.
    pub fn target_groups(&self) -> impl Iterator<Item = TargetGroupId> {
        let groups = match self {
            Action::Forward(groups) => groups.as_slice(),
            Action::FixedResponse { .. } => &[],
        };
        groups.iter().map(|(group, _)| *group)
    }
}

/// A target group.
#[derive(Clone, Debug, Hash)]
pub struct TargetGroup {
    /// Its name.
    pub name: Box<str>,
    /// What its targets speak.
    pub protocol: Protocol,
    /// `HTTP1` or `HTTP2`, for the protocols of application load balancers.
    pub protocol_version: Option<&'static str>,
    /// The port of targets that are registered without one.
    pub port: u16,
    /// What is registered.
    pub target_type: TargetType,
    /// The health check.
    pub check: TargetCheck,
    /// Attributes that were set; the others have their defaults.
    pub attributes: BTreeMap<Box<str>, Box<str>>,
    /// How long a deregistered target is given to finish: `deregistration_delay.timeout_seconds`.
    pub deregistration_delay: Millis,
    /// The listeners that lead to it.
    pub listeners: BTreeSet<ListenerId>,
    /// The targets that are registered or draining.
    pub targets: BTreeMap<(Place, u16), TargetId>,
    /// How many of them are healthy.
    pub healthy: u32,
    /// How many of them are unhealthy.
    pub unhealthy: u32,
}

impl TargetGroup {
    /// Whether requests go to every registered target because there are no healthy ones: sending them to targets that
    /// are taken for unhealthy beats sending them to nobody. Otherwise only healthy targets get any, so that a group
    /// whose targets are all new sends none.
    ///
    /// The least number of healthy targets is 1, the default of
    /// `target_group_health.unhealthy_state_routing.minimum_healthy_targets.count`. [ALBUG; semantics/around.md 3.2]
    pub fn fails_open(&self) -> bool {
        self.healthy == 0 && self.unhealthy > 0
    }
}

/// Where a target is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// The network interface of a task.
    Interface(TaskId),
    /// A container instance.
    Instance(InstanceId),
    /// An address that belongs to nobody.
    Address(Ipv4Addr),
}

/// A target of a target group.
#[derive(Clone, Debug, Hash)]
pub struct Target {
    /// The group.
    pub group: TargetGroupId,
    /// Where it is.
    pub place: Place,
    /// The port that it is registered with.
    pub port: u16,
    /// The task that answers there, and on which port of its containers.
    pub behind: Option<(TaskId, u16)>,
    /// The service that registered it; none for a person.
    pub service: Option<ServiceId>,
    /// The subnet that it is in, which also is its zone.
    pub zone: SubnetId,
    /// Its state.
    pub state: TargetState,
    /// What its checks have come to.
    pub health: Progress,
    /// Since when it is checked at regular intervals.
    pub since: Moment,
    /// When its draining is over.
    pub drained_at: Option<Moment>,
    /// Whether it is registered no more.
    pub gone: bool,
    /// The latest fact about it.
    pub last_fact: FactId,
}

/// What may be created. [ELB quotas]
#[derive(Clone, Debug, Hash)]
pub struct Quotas {
    /// Load balancers in a Region.
    pub load_balancers: usize,
    /// Target groups in a Region.
    pub target_groups: usize,
    /// Listeners of a load balancer.
    pub listeners: usize,
    /// Targets of a target group. [semantics/around.md 3.3]
    pub targets: usize,
    /// Targets that people may register in one world, those that are gone included: a limit of longshore's own, for
    /// load balancers, listeners and target groups too.
    pub ever: usize,
}

impl Default for Quotas {
    fn default() -> Self {
        Quotas { load_balancers: 50, target_groups: 3_000, listeners: 50, targets: 1_000, ever: 100_000 }
    }
}
