//! What a container asks for and what it may use at most: `resources`, by the names of Kubernetes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::quantity::Quantity;

/// Processors.
pub const CPU: &str = "cpu";
/// Bytes of memory.
pub const MEMORY: &str = "memory";
/// Bytes on the node's own disk.
pub const STORAGE: &str = "ephemeral-storage";

/// What the scheduler takes a container to use that asks for none, where it compares nodes: 100m and 200 MiB.
/// [semantics/eks.md 4.4]
const SCORED: Amounts = Amounts { cpu: 100, memory: 200 << 20, storage: 0 };

/// Amounts by the name of what they are of.
pub type ResourceList = BTreeMap<String, Quantity>;

/// `resources` of a container.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Resources {
    /// The most that it gets. Of memory: it is killed when it uses more.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub limits: ResourceList,
    /// What is kept for it on its node.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub requests: ResourceList,
}

/// How much of what each node has: thousandths of a processor, and bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amounts {
    /// Thousandths of a processor.
    pub cpu: u64,
    /// Bytes of memory.
    pub memory: u64,
    /// Bytes on the node's own disk.
    pub storage: u64,
}

/// Whether it is one of the resources that every node has some of.
pub fn is_counted(name: &str) -> bool {
    matches!(name, CPU | MEMORY | STORAGE)
}

impl Resources {
    /// Takes a limit for a request where there is no request. [K32 pkg/apis/core/v1/defaults.go SetDefaults_Pod]
    pub fn default_requests(&mut self) {
        for (name, limit) in &self.limits {
            self.requests.entry(name.clone()).or_insert_with(|| limit.clone());
        }
    }

    /// What is asked for.
    pub(super) fn amounts(&self) -> Amounts {
        let bytes = |name| self.requests.get(name).map_or(0, |quantity| not_negative(quantity.value()));
        let cpu = self.requests.get(CPU).map_or(0, |quantity| not_negative(quantity.milli()));
        Amounts { cpu, memory: bytes(MEMORY), storage: bytes(STORAGE) }
    }

    /// What is asked for, and something where nothing is.
    pub(super) fn amounts_scored(&self) -> Amounts {
        let asked = self.amounts();
        Amounts {
            cpu: if self.requests.contains_key(CPU) { asked.cpu } else { SCORED.cpu },
            memory: if self.requests.contains_key(MEMORY) { asked.memory } else { SCORED.memory },
            storage: asked.storage,
        }
    }

    /// Whether it has limits for CPU and memory, and asks for all that they allow.
    pub(super) fn is_guaranteed(&self) -> bool {
        [CPU, MEMORY].iter().all(|name| {
            let limit = self.limits.get(*name).filter(|limit| limit.value() > 0);
            limit.is_some() && self.requests.get(*name) == limit
        })
    }

    /// Whether it says nothing of CPU and memory.
    pub(super) fn is_best_effort(&self) -> bool {
        let some =
            |list: &ResourceList| [CPU, MEMORY].iter().any(|name| list.get(*name).is_some_and(|q| q.value() > 0));
        !some(&self.limits) && !some(&self.requests)
    }
}

fn not_negative(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}

impl Amounts {
    /// Both together; at most what can be counted.
    #[must_use]
    pub fn plus(self, other: Amounts) -> Amounts {
        Amounts {
            cpu: self.cpu.saturating_add(other.cpu),
            memory: self.memory.saturating_add(other.memory),
            storage: self.storage.saturating_add(other.storage),
        }
    }

    /// What is left of it; never less than nothing.
    #[must_use]
    pub fn minus(self, other: Amounts) -> Amounts {
        Amounts {
            cpu: self.cpu.saturating_sub(other.cpu),
            memory: self.memory.saturating_sub(other.memory),
            storage: self.storage.saturating_sub(other.storage),
        }
    }
}
