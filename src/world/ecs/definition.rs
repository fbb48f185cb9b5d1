//! Task definitions as they are kept: checked, immutable, numbered.

use crate::model::status::DefinitionStatus;
use crate::model::tag::Tag;
use crate::model::task_definition::{Compatibility, ContainerDefinition, NetworkMode, RuntimePlatform};
use crate::model::time::Moment;

/// One immutable revision of a task definition.
#[derive(Clone, Debug, Hash)]
pub struct Definition {
    /// What was registered.
    pub content: DefinitionContent,
    /// 1, 2, 3 …
    pub revision: u32,
    /// Whether new tasks may use it.
    pub status: DefinitionStatus,
    /// What it can run on.
    pub compatibilities: Vec<Compatibility>,
    /// When it was registered.
    pub registered_at: Moment,
    /// When it was deregistered.
    pub deregistered_at: Option<Moment>,
    /// Tags.
    pub tags: Vec<Tag>,
}

/// The checked content of a task definition, sizes as numbers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DefinitionContent {
    /// The name that the revisions share.
    pub family: Box<str>,
    /// The containers.
    pub container_definitions: Vec<ContainerDefinition>,
    /// Task CPU units.
    pub cpu: Option<u32>,
    /// Task memory in MiB.
    pub memory: Option<u32>,
    /// How containers reach the network.
    pub network_mode: NetworkMode,
    /// What the author asked to be checked against.
    pub requires_compatibilities: Vec<Compatibility>,
    /// The role of the application.
    pub task_role_arn: Option<Box<str>>,
    /// The role of the agent: pulls, secrets, logs.
    pub execution_role_arn: Option<Box<str>>,
    /// Architecture and operating system.
    pub runtime_platform: Option<RuntimePlatform>,
    /// Fargate's scratch space in GiB, where it is not the default 20.
    pub ephemeral_storage_gib: Option<u32>,
    /// `host` or `task`.
    pub pid_mode: Option<Box<str>>,
    /// `host`, `task` or `none`.
    pub ipc_mode: Option<Box<str>>,
}

/// What a role of a task definition is for. [semantics/eks.md 6.5]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RoleUse {
    /// `taskRoleArn`: what the programs in the containers may do.
    Program,
    /// `executionRoleArn`: with it ECS pulls images, fetches secrets and writes logs.
    Agent,
}

impl RoleUse {
    /// Both.
    pub const ALL: [RoleUse; 2] = [RoleUse::Program, RoleUse::Agent];

    /// The member that names it.
    pub const fn member(self) -> &'static str {
        match self {
            RoleUse::Program => "taskRoleArn",
            RoleUse::Agent => "executionRoleArn",
        }
    }
}

impl DefinitionContent {
    /// The role for a use, as the author wrote it: an ARN, or a bare name.
    pub fn role(&self, usage: RoleUse) -> Option<&str> {
        match usage {
            RoleUse::Program => self.task_role_arn.as_deref(),
            RoleUse::Agent => self.execution_role_arn.as_deref(),
        }
    }

    /// Whether it is for Windows.
    pub fn is_windows(&self) -> bool {
        self.runtime_platform.as_ref().is_some_and(RuntimePlatform::is_windows)
    }

    /// CPU units that placement subtracts: the task's, or the sum of the containers'.
    pub fn reserved_cpu(&self) -> u32 {
        self.cpu.unwrap_or_else(|| {
            self.container_definitions.iter().fold(0, |sum, container| sum.saturating_add(container.cpu))
        })
    }

    /// MiB that placement subtracts: the task's, or the sum of reservations, or limits where none is reserved.
    pub fn reserved_memory(&self) -> u32 {
        let container = |c: &ContainerDefinition| c.memory_reservation.or(c.memory).unwrap_or(0);
        self.memory.unwrap_or_else(|| {
            self.container_definitions.iter().fold(0, |sum: u32, c| sum.saturating_add(container(c)))
        })
    }

    /// Host ports that only one task on an instance can have: those given under bridge, all of them under host.
    pub fn fixed_host_ports(&self) -> impl Iterator<Item = u32> {
        let mode = self.network_mode;
        let mappings = self.container_definitions.iter().flat_map(|container| &container.port_mappings);
        mappings.filter_map(move |mapping| match mode {
            NetworkMode::Host => Some(mapping.host_port.unwrap_or(mapping.container_port)),
            NetworkMode::Bridge => mapping.host_port.filter(|&port| port != 0),
            NetworkMode::Awsvpc | NetworkMode::None => None,
        })
    }
}
