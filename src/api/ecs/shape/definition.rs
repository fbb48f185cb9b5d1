//! A task definition as DescribeTaskDefinition shows it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::id::DefinitionId;
use crate::model::status::DefinitionStatus;
use crate::model::task_definition::{Compatibility, ContainerDefinition, NetworkMode, RuntimePlatform};
use crate::model::time::Moment;
use crate::world::World;

/// [API TaskDefinition]
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TaskDefinition {
    task_definition_arn: String,
    container_definitions: Vec<ContainerDefinition>,
    family: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    task_role_arn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    execution_role_arn: Option<String>,
    network_mode: NetworkMode,
    revision: u32,
    /// Volumes are not modelled.
    volumes: [(); 0],
    status: DefinitionStatus,
    /// Placement constraints of definitions are not modelled.
    placement_constraints: [(); 0],
    compatibilities: Vec<Compatibility>,
    #[serde(skip_serializing_if = "Option::is_none")]
    runtime_platform: Option<RuntimePlatform>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    requires_compatibilities: Vec<Compatibility>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cpu: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    memory: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pid_mode: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ipc_mode: Option<String>,
    registered_at: Moment,
    #[serde(skip_serializing_if = "Option::is_none")]
    deregistered_at: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ephemeral_storage: Option<EphemeralStorage>,
}

/// Fargate's scratch space. [API EphemeralStorage]
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EphemeralStorage {
    /// Its size in GiB: 21 to 200. Without `ephemeralStorage` it is 20.
    #[serde(rename = "sizeInGiB")]
    pub(crate) size_in_gib: u32,
}

/// The shape of a revision.
pub(crate) fn definition(world: &World, id: DefinitionId) -> TaskDefinition {
    let definition = &world.ecs.definitions[id];
    let content = &definition.content;
    let text = |value: &Option<Box<str>>| value.as_deref().map(str::to_owned);
    TaskDefinition {
        task_definition_arn: world.definition_arn(id),
        container_definitions: content.container_definitions.clone(),
        family: content.family.to_string(),
        task_role_arn: text(&content.task_role_arn),
        execution_role_arn: text(&content.execution_role_arn),
        network_mode: content.network_mode,
        revision: definition.revision,
        volumes: [],
        status: definition.status,
        placement_constraints: [],
        compatibilities: definition.compatibilities.clone(),
        runtime_platform: content.runtime_platform.clone(),
        requires_compatibilities: content.requires_compatibilities.clone(),
        cpu: content.cpu.map(|units| units.to_string()),
        memory: content.memory.map(|mib| mib.to_string()),
        pid_mode: text(&content.pid_mode),
        ipc_mode: text(&content.ipc_mode),
        registered_at: definition.registered_at,
        deregistered_at: definition.deregistered_at,
        ephemeral_storage: content.ephemeral_storage_gib.map(|size_in_gib| EphemeralStorage { size_in_gib }),
    }
}
