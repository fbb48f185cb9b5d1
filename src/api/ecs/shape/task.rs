//! A task as DescribeTasks shows it.

use serde::Serialize;

use crate::model::capacity::CapacityProvider;
use crate::model::id::{ContainerId, TaskId};
use crate::model::profile::Ending;
use crate::model::status::{ContainerStatus, DesiredStatus, HealthStatus, LaunchType, StopCode, TaskStatus};
use crate::model::tag::Tag;
use crate::model::task_definition::NetworkMode;
use crate::model::time::Moment;
use crate::world::World;

/// The Fargate platform that longshore models. [API Task.platformVersion]
const PLATFORM_VERSION: &str = "1.4.0";

/// [API Task]
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Task {
    task_arn: String,
    cluster_arn: String,
    task_definition_arn: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    container_instance_arn: Option<String>,
    last_status: TaskStatus,
    desired_status: DesiredStatus,
    health_status: HealthStatus,
    launch_type: LaunchType,
    #[serde(skip_serializing_if = "Option::is_none")]
    capacity_provider_name: Option<CapacityProvider>,
    #[serde(skip_serializing_if = "Option::is_none")]
    platform_version: Option<&'static str>,
    availability_zone: &'static str,
    group: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    started_by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cpu: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    memory: Option<String>,
    created_at: Moment,
    #[serde(skip_serializing_if = "Option::is_none")]
    pull_started_at: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pull_stopped_at: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    started_at: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stopping_at: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    execution_stopped_at: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stopped_at: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stop_code: Option<StopCode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stopped_reason: Option<String>,
    containers: Vec<Container>,
    attachments: Vec<Attachment>,
    version: u32,
    tags: Vec<Tag>,
}

/// [API Container]
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Container {
    name: String,
    image: String,
    last_status: ContainerStatus,
    health_status: HealthStatus,
    #[serde(skip_serializing_if = "Option::is_none")]
    exit_code: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

/// [API Attachment]
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Attachment {
    id: String,
    r#type: &'static str,
    status: &'static str,
    details: Vec<Detail>,
}

/// [API KeyValuePair]
#[derive(Serialize)]
struct Detail {
    name: &'static str,
    value: String,
}

/// The shape of a task.
pub(crate) fn task(world: &World, id: TaskId) -> Task {
    let task = &world.ecs.tasks[id];
    let content = &world.ecs.definitions[task.definition].content;
    let standalone = task.standalone.as_deref();
    let service = task.deployment.map(|d| &world.ecs.services[world.ecs.deployments[d].service].name);
    Task {
        task_arn: world.task_arn(id),
        cluster_arn: world.cluster_arn(task.cluster),
        task_definition_arn: world.definition_arn(task.definition),
        container_instance_arn: task.instance.map(|instance| world.instance_arn(instance)),
        last_status: task.last_status,
        desired_status: task.desired_status,
        health_status: health(world, id),
        launch_type: task.launch,
        capacity_provider_name: task.provider,
        platform_version: (task.launch == LaunchType::Fargate).then_some(PLATFORM_VERSION),
        availability_zone: world.vpc.subnets[task.subnet].zone,
        group: match service {
            Some(name) => format!("service:{name}"),
            None => standalone.map(|s| s.group.to_string()).unwrap_or_default(),
        },
        started_by: started_by(world, id),
        cpu: content.cpu.map(|cpu| cpu.to_string()),
        memory: content.memory.map(|memory| memory.to_string()),
        created_at: task.times.created,
        pull_started_at: task.times.pull_started,
        pull_stopped_at: task.times.pull_stopped,
        started_at: task.times.started,
        stopping_at: task.times.stopping,
        execution_stopped_at: task.times.execution_stopped,
        stopped_at: task.times.stopped,
        stop_code: task.stop.as_ref().map(|stop| stop.code),
        stopped_reason: task.stop.as_ref().map(|stop| world.stopped_reason(&stop.reason)),
        containers: task.containers().map(|container| self::container(world, container)).collect(),
        attachments: attachments(world, id),
        version: task.version,
        tags: standalone.map(|s| s.tags.clone()).unwrap_or_default(),
    }
}

/// Who started a task: the deployment of a service, or what the caller of RunTask said. [API Task.startedBy]
pub(crate) fn started_by(world: &World, id: TaskId) -> Option<String> {
    let task = &world.ecs.tasks[id];
    match task.deployment {
        Some(deployment) => Some(world.deployment_name(deployment)),
        None => task.standalone.as_ref().and_then(|s| s.started_by.as_deref()).map(str::to_owned),
    }
}

fn container(world: &World, id: ContainerId) -> Container {
    let definition = world.ecs.container_definition(id);
    let container = &world.ecs.containers[id];
    Container {
        name: definition.name.clone(),
        image: definition.image.clone(),
        last_status: container.status,
        health_status: container.health.status,
        exit_code: container.exit.map(|exit| exit.code),
        reason: container.exit.and_then(|exit| exit_reason(world, id, exit.ending)),
    }
}

/// `containers[].reason`. Texts: `semantics/ecs.md` 2.2; [AGENT dependencygraph, pull 3218]
fn exit_reason(world: &World, id: ContainerId, ending: Ending) -> Option<String> {
    let named = |id: ContainerId| {
        let definition = world.ecs.container_definition(id);
        format!("{}({})", definition.name, definition.image)
    };
    match ending {
        Ending::OutOfMemory => Some("OutOfMemoryError: Container killed due to memory usage".to_owned()),
        Ending::DependencyFailed(awaited) => {
            let code = world.ecs.containers[awaited].exit.map_or(0, |exit| exit.code);
            Some(format!(
                "CannotStartContainerError: dependency graph: failed to resolve container ordering dependency [{} \
                 (STOPPED->RUNNING) - Exit: {code}] for target [{} (NONE->RUNNING)] as dependency did not exit \
                 successfully.",
                named(awaited),
                named(id)
            ))
        }
        Ending::DependencyTimedOut(awaited) => Some(format!(
            "CannotStartContainerError: dependency graph: container ordering dependency [{} (RUNNING->RUNNING)] for \
             target [{} (NONE->RUNNING)] has timed out.",
            named(awaited),
            named(id)
        )),
        Ending::ByItself | Ending::Sigterm | Ending::Sigkill | Ending::Crash => None,
    }
}

/// Essential containers alone decide: one UNHEALTHY, then one UNKNOWN, then HEALTHY. [API Task.healthStatus]
fn health(world: &World, id: TaskId) -> HealthStatus {
    let essential = world.ecs.containers_of(id).filter(|(id, _)| world.ecs.container_definition(*id).essential);
    let health: Vec<HealthStatus> = essential.map(|(_, container)| container.health.status).collect();
    let worst = [HealthStatus::Unhealthy, HealthStatus::Unknown];
    worst.into_iter().find(|status| health.contains(status)).unwrap_or(HealthStatus::Healthy)
}

fn attachments(world: &World, id: TaskId) -> Vec<Attachment> {
    let task = &world.ecs.tasks[id];
    if world.ecs.definitions[task.definition].content.network_mode != NetworkMode::Awsvpc {
        return Vec::new();
    }
    let status = match (task.last_status, task.address) {
        (TaskStatus::Stopped, _) => "DELETED",
        (_, None) => "PRECREATED",
        (TaskStatus::Provisioning, _) => "ATTACHING",
        _ => "ATTACHED",
    };
    let interface = world.interface_id(id);
    let mut details = vec![Detail { name: "subnetId", value: world.vpc.subnets[task.subnet].id.clone() }];
    // Where the subnet was full there is no interface.
    if let Some(address) = task.address {
        details.push(Detail { name: "networkInterfaceId", value: interface.clone() });
        details.push(Detail { name: "privateIPv4Address", value: address.to_string() });
    }
    vec![Attachment { id: interface, r#type: "ElasticNetworkInterface", status, details }]
}
