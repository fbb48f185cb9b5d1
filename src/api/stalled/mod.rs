//! What keeps something from going on, and what would help: the last words of every `why` about a thing that stalls,
//! and of a refusal that is due to one.
//!
//! Reads the world as it is, never its history.

mod address;
mod balancing;
mod cluster;
mod pod;
mod service;
mod task;

use crate::model::subject::Subject;
use crate::world::World;

/// Why something does not go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stall {
    /// What keeps it, one thing each; empty where its chain of causes says it already.
    pub because: Vec<String>,
    /// What would help.
    pub way_out: String,
    /// Whether a service whose task it keeps needs a better revision then.
    revision: bool,
}

impl Stall {
    fn new(because: impl Into<String>, way_out: impl Into<String>) -> Stall {
        Stall { because: vec![because.into()], ..Stall::told(way_out) }
    }

    /// What helps against something that has been told already.
    fn told(way_out: impl Into<String>) -> Stall {
        Stall { because: Vec::new(), way_out: way_out.into(), revision: false }
    }

    /// The same, where a service needs a better revision then.
    fn and_revision(self) -> Stall {
        Stall { revision: true, ..self }
    }
}

/// What keeps something from going on, if anything does.
pub fn of(world: &World, subject: Subject) -> Option<Stall> {
    match subject {
        Subject::Task(id) => task::stall(world, id),
        Subject::Service(id) => service::stall(world, id),
        Subject::Pod(id) => pod::stall(world, id),
        Subject::EksCluster(id) => cluster::stall(world, id),
        Subject::Nodegroup(id) => cluster::of_nodegroup(world, id),
        Subject::TargetGroup(id) => cluster::of_target_group(world, id),
        Subject::Namespace(_)
        | Subject::Node(_)
        | Subject::ServiceAccount(_)
        | Subject::LoadBalancer(_)
        | Subject::Cluster(_)
        | Subject::Instance(_) => None,
    }
}
