//! What the nodes of a cluster have left, kept so that nobody has to look at each node to find one for a pod.
//!
//! A tree tells whether any node has room, and nodes that have the same left stand together: the scheduler compares the
//! groups, of which there are few where nodes and pods are of few kinds.

use std::collections::{BTreeMap, BTreeSet};

use crate::kernel::first_fit::FirstFit;
use crate::model::id::{Id, NodeId};
use crate::model::instance_type::InstanceType;
use crate::model::kubernetes::pod::PodSpec;
use crate::model::kubernetes::resources::Amounts;

/// The pods that every node has already, aws-node and kube-proxy, and what they ask for: 25m for each of the two
/// containers of the one, 100m for the other, and no memory. [semantics/eks.md 5.6; amounts UNSOURCED: read off nodes]
const DAEMONS: Load = Load {
    pods: 2,
    requested: Amounts { cpu: 150, memory: 0, storage: 0 },
    scored: Amounts { cpu: 150, memory: 600 << 20, storage: 0 },
};

/// What pods ask for together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Load {
    /// How many they are.
    pub pods: u32,
    /// What they ask for.
    pub requested: Amounts,
    /// The same, as the scheduler reckons where it compares nodes.
    pub scored: Amounts,
}

impl Load {
    /// One pod.
    pub fn of(spec: &PodSpec) -> Load {
        Load { pods: 1, requested: spec.requests(), scored: spec.requests_scored() }
    }

    fn plus(self, other: Load) -> Load {
        Load {
            pods: self.pods + other.pods,
            requested: self.requested.plus(other.requested),
            scored: self.scored.plus(other.scored),
        }
    }

    fn minus(self, other: Load) -> Load {
        Load {
            pods: self.pods - other.pods,
            requested: self.requested.minus(other.requested),
            scored: self.scored.minus(other.scored),
        }
    }

    /// The room that it takes.
    fn need(&self) -> [u64; 4] {
        [self.requested.cpu, self.requested.memory, self.requested.storage, u64::from(self.pods)]
    }
}

/// What a node has, and what its pods have taken of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Standing {
    /// What its pods may ask for.
    pub allocatable: Amounts,
    /// How many they may be.
    pub max_pods: u32,
    /// What they ask for: those that are over no longer count.
    pub load: Load,
}

impl Standing {
    /// A node that has just joined.
    pub fn new(of: &InstanceType) -> Standing {
        Standing { allocatable: of.allocatable(), max_pods: of.max_pods, load: DAEMONS }
    }

    /// With one more pod.
    pub(in crate::world) fn take(&mut self, pod: Load) {
        self.load = self.load.plus(pod);
    }

    /// With one pod less.
    pub(in crate::world) fn give_back(&mut self, pod: Load) {
        self.load = self.load.minus(pod);
    }

    /// What is left.
    pub fn left(&self) -> Amounts {
        self.allocatable.minus(self.load.requested)
    }

    /// What a pod would lack here.
    pub fn lacks(&self, pod: &Load) -> Lack {
        let (asked, left) = (pod.requested, self.left());
        Lack {
            pods: self.load.pods + pod.pods > self.max_pods,
            cpu: asked.cpu > left.cpu,
            memory: asked.memory > left.memory,
            storage: asked.storage > left.storage,
        }
    }

    fn room(&self) -> [u64; 4] {
        let left = self.left();
        [left.cpu, left.memory, left.storage, u64::from(self.max_pods.saturating_sub(self.load.pods))]
    }
}

/// What a pod lacks on a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lack {
    /// An address: the node has as many pods as it may.
    pub pods: bool,
    /// Processors.
    pub cpu: bool,
    /// Memory.
    pub memory: bool,
    /// Disk.
    pub storage: bool,
}

impl Lack {
    /// Whether it lacks nothing.
    pub fn is_none(&self) -> bool {
        !(self.pods || self.cpu || self.memory || self.storage)
    }
}

/// Why none of so many nodes takes a pod: how many of them for each reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Misfit {
    /// All nodes.
    pub nodes: u32,
    /// Those that take no pods any longer.
    pub cordoned: u32,
    /// Those with as many pods as they may have.
    pub pods: u32,
    /// Those with too few processors left.
    pub cpu: u32,
    /// Those with too little memory left.
    pub memory: u32,
    /// Those with too little disk left.
    pub storage: u32,
}

/// What the nodes of a cluster have left: of those that take pods.
#[derive(Clone, Debug, Default, Hash)]
pub struct NodeRoom {
    tree: FirstFit<u64, 4>,
    alike: BTreeMap<Standing, BTreeSet<NodeId>>,
}

impl NodeRoom {
    /// Notes how a node stands after it stood otherwise; nothing where it takes no pods.
    pub(in crate::world) fn note(&mut self, node: NodeId, before: Option<Standing>, now: Option<Standing>) {
        if let Some(before) = before
            && let Some(nodes) = self.alike.get_mut(&before)
        {
            nodes.remove(&node);
            if nodes.is_empty() {
                self.alike.remove(&before);
            }
        }
        if let Some(now) = now {
            self.alike.entry(now).or_default().insert(node);
        }
        self.tree.set(node.index(), now.map(|standing| standing.room()));
    }

    /// Whether any node has room for a pod.
    pub fn is_there_for(&self, pod: &Load) -> bool {
        self.tree.first(0, pod.need()).is_some()
    }

    /// The nodes, those together that stand alike.
    pub fn alike(&self) -> impl Iterator<Item = (&Standing, &BTreeSet<NodeId>)> {
        self.alike.iter()
    }
}
