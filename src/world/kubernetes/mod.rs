//! Kubernetes: what stands behind the API of each cluster. Namespaces, service accounts, nodes, pods.
//!
//! Flat records in arenas, as for ECS; the names of what exists are indexes beside them. What is deleted leaves the
//! indexes and stays in its arena, so that facts can still say what it was called.

mod names;
pub mod room;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use self::room::{Load, Misfit, NodeRoom, Standing};
use crate::kernel::arena::Arena;
use crate::model::id::{
    EksClusterId, FactId, ImageId, NamespaceId, NodeId, NodegroupId, PodId, RoleSessionId, ServiceAccountId, SubnetId,
};
use crate::model::kubernetes::manifest::Strings;
use crate::model::kubernetes::pod::PodSpec;
use crate::model::kubernetes::{NamespacePhase, PodPhase, WaitingReason};
use crate::model::profile::Ending;
use crate::model::time::{Millis, Moment};

/// Namespaces that every cluster begins with. [semantics/eks.md 1.7]
pub const FIRST_NAMESPACES: [&str; 4] = ["default", "kube-node-lease", "kube-public", "kube-system"];

/// All of Kubernetes in this world.
#[derive(Clone, Debug, Default, Hash)]
pub struct Kubernetes {
    /// What stands behind the API of each cluster that has one.
    pub control_planes: BTreeMap<EksClusterId, ControlPlane>,
    /// Namespaces, deleted ones included.
    pub namespaces: Arena<NamespaceId, Namespace>,
    /// Service accounts, deleted ones included.
    pub accounts: Arena<ServiceAccountId, ServiceAccount>,
    /// Nodes, gone ones included.
    pub nodes: Arena<NodeId, Node>,
    /// Pods, gone ones included.
    pub pods: Arena<PodId, Pod>,
}

/// The objects of one cluster.
#[derive(Clone, Debug, Default, Hash)]
pub struct ControlPlane {
    /// The namespaces that exist.
    pub namespaces: BTreeMap<Box<str>, NamespaceId>,
    /// The nodes that have joined.
    pub nodes: BTreeSet<NodeId>,
    /// What the nodes have left.
    pub room: NodeRoom,
    /// Pods that no node has room for.
    pub unscheduled: BTreeSet<PodId>,
    /// Those of them that a node could have room for, by what they take.
    pub wanting: BTreeMap<Load, BTreeSet<PodId>>,
    /// Pods that are on their way up or down.
    pub moving: BTreeSet<PodId>,
    /// Writes so far: the source of `resourceVersion`.
    pub writes: u64,
}

/// What every object has.
#[derive(Clone, Debug, Hash)]
pub struct Meta {
    /// Its name.
    pub name: Box<str>,
    /// What selectors match.
    pub labels: Strings,
    /// Notes.
    pub annotations: Strings,
    /// When it was created.
    pub created_at: Moment,
    /// `resourceVersion`: it grows with each write.
    pub version: u64,
    /// The latest fact about it.
    pub last_fact: FactId,
}

/// A namespace.
#[derive(Clone, Debug, Hash)]
pub struct Namespace {
    /// Its cluster.
    pub cluster: EksClusterId,
    /// Name and notes.
    pub meta: Meta,
    /// In use, or going.
    pub phase: NamespacePhase,
    /// The service accounts that exist in it.
    pub accounts: BTreeMap<Box<str>, ServiceAccountId>,
    /// The pods that exist in it.
    pub pods: BTreeMap<Box<str>, PodId>,
}

/// A service account.
#[derive(Clone, Debug, Hash)]
pub struct ServiceAccount {
    /// Its namespace.
    pub namespace: NamespaceId,
    /// Name and notes; the role's ARN is one of them.
    pub meta: Meta,
    /// Whether pods get a token for the Kubernetes API mounted.
    pub automount: Option<bool>,
}

/// A node: an instance of a node group that has joined.
#[derive(Clone, Debug, Hash)]
pub struct Node {
    /// Its cluster.
    pub cluster: EksClusterId,
    /// The node group that it belongs to.
    pub nodegroup: NodegroupId,
    /// Where it is.
    pub subnet: SubnetId,
    /// When it joined.
    pub created_at: Moment,
    /// Whether it has left.
    pub gone: bool,
    /// Whether it takes no pods any longer.
    pub cordoned: bool,
    /// What it has, and what its pods have taken.
    pub standing: Standing,
    /// Its pods.
    pub pods: BTreeSet<PodId>,
    /// The images that it has pulled.
    pub images: BTreeSet<ImageId>,
    /// The latest fact about it.
    pub last_fact: FactId,
}

/// A pod.
#[derive(Clone, Debug, Hash)]
pub struct Pod {
    /// Its namespace.
    pub namespace: NamespaceId,
    /// Name and notes.
    pub meta: Meta,
    /// Who it is.
    pub account: ServiceAccountId,
    /// What somebody asked for.
    pub applied: Arc<PodSpec>,
    /// What it is: with what admission added.
    pub spec: Arc<PodSpec>,
    /// Where it is in its life.
    pub phase: PodPhase,
    /// Its node.
    pub node: Option<NodeId>,
    /// Why no node took it, if there was none at first.
    pub misfit: Option<Box<Misfit>>,
    /// When its node took it.
    pub started_at: Option<Moment>,
    /// Its containers, in the order of the specification.
    pub containers: Vec<Container>,
    /// When it has to be gone, once somebody deletes it.
    pub deletion: Option<Moment>,
    /// Whether it exists no longer.
    pub gone: bool,
}

/// A container of a pod.
#[derive(Clone, Debug, Hash)]
pub struct Container {
    /// The content of its image.
    pub image: ImageId,
    /// What it does.
    pub state: State,
    /// How it ended the last time.
    pub last: Option<Exit>,
    /// How often it was started again.
    pub restarts: u32,
    /// The delay before its next start, once it has ended. [semantics/eks.md 3.2]
    pub backoff: Option<Millis>,
    /// The session that the SDK in its program began with its token, and uses until it has to be renewed. It is gone
    /// with the program.
    pub session: Option<RoleSessionId>,
}

/// What a container does. [semantics/eks.md 1.1]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// It waits, for this reason.
    Waiting(WaitingReason),
    /// It runs since this moment.
    Running(Moment),
    /// It has ended.
    Terminated(Exit),
}

/// How a container ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Exit {
    /// The exit code.
    pub code: u8,
    /// How it came to its end.
    pub ending: Ending,
    /// When it had started.
    pub started_at: Moment,
    /// When it ended.
    pub at: Moment,
}

impl Exit {
    /// `state.terminated.reason`. [semantics/eks.md 1.1]
    pub const fn reason(&self) -> &'static str {
        match (self.ending, self.code) {
            (Ending::OutOfMemory, _) => "OOMKilled",
            (_, 0) => "Completed",
            _ => "Error",
        }
    }
}

impl Node {
    /// What it has left for pods; nothing where it takes none.
    pub fn open(&self) -> Option<Standing> {
        (!self.gone && !self.cordoned).then_some(self.standing)
    }
}

impl Kubernetes {
    /// The existing namespace of a cluster with this name.
    pub fn namespace(&self, cluster: EksClusterId, name: &str) -> Option<NamespaceId> {
        self.control_planes.get(&cluster)?.namespaces.get(name).copied()
    }

    /// The existing service account with this name.
    pub fn account(&self, namespace: NamespaceId, name: &str) -> Option<ServiceAccountId> {
        self.namespaces[namespace].accounts.get(name).copied()
    }

    /// The existing pod with this name.
    pub fn pod(&self, namespace: NamespaceId, name: &str) -> Option<PodId> {
        self.namespaces[namespace].pods.get(name).copied()
    }

    /// The cluster of a pod.
    pub fn cluster_of(&self, pod: PodId) -> EksClusterId {
        self.namespaces[self.pods[pod].namespace].cluster
    }

    /// Objects of all kinds that there ever were.
    pub fn ever(&self) -> usize {
        self.namespaces.len() + self.accounts.len() + self.nodes.len() + self.pods.len()
    }
}
