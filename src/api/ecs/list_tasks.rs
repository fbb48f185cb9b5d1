//! The ARNs of tasks, filtered, in pages. Stopped tasks show for an hour, and only if asked for.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{lookup, shape};
use crate::api::page::page;
use crate::api::refusal::Refusal;
use crate::api::{Operation, Query};
use crate::model::id::{ClusterId, ServiceId, TaskId};
use crate::model::noun::Noun;
use crate::model::status::{DesiredStatus, LaunchType};
use crate::world::World;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The cluster's name or ARN; `default` without one.
    #[schemars(extend("noun" = Noun::Cluster))]
    cluster: Option<String>,
    /// Only tasks of this service.
    #[schemars(extend("noun" = Noun::Service))]
    service_name: Option<String>,
    /// Only tasks of this task definition family.
    #[schemars(extend("noun" = Noun::Family))]
    family: Option<String>,
    /// Only tasks with this `startedBy`.
    started_by: Option<String>,
    /// Only tasks on this container instance.
    #[schemars(extend("noun" = Noun::ContainerInstance))]
    container_instance: Option<String>,
    /// Only tasks of this launch type.
    launch_type: Option<LaunchType>,
    /// RUNNING, which is the default, or STOPPED; no task has PENDING.
    #[serde(default)]
    desired_status: Filter,
    /// Entries of a page: 1 to 100.
    max_results: Option<u32>,
    /// Where the last page ended.
    next_token: Option<String>,
}

/// What tasks can be looked for by. [API ListTasks.desiredStatus]
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
enum Filter {
    /// ECS wants it to run.
    #[default]
    Running,
    /// ECS wants no task so.
    Pending,
    /// ECS wants it to stop.
    Stopped,
}

impl Filter {
    /// The desired status of the tasks that are looked for; no task has PENDING.
    fn status(self) -> Option<DesiredStatus> {
        match self {
            Filter::Running => Some(DesiredStatus::Running),
            Filter::Pending => None,
            Filter::Stopped => Some(DesiredStatus::Stopped),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Response {
    task_arns: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

pub(super) struct ListTasks;

impl Operation for ListTasks {
    const SERVICE: &'static str = "ecs";
    const NAME: &'static str = "ListTasks";
    const SUMMARY: &'static str = "Lists the ARNs of tasks, by service, family, status and more";
    const SEARCH: &'static [&'static str] = &["all", "which", "ps", "stopped"];
    const EXAMPLE: &'static str = r#"
ecs.create_cluster(#{ clusterName: "prod" });
ecs.list_tasks(#{ cluster: "prod" }).taskArns"#;
    type Request = Request;
    type Response = Response;
}

impl Query for ListTasks {
    fn call(world: &World, request: Request) -> Result<Response, Refusal> {
        let cluster = lookup::cluster(world, request.cluster.as_deref())?;
        let service = request.service_name.as_deref().map(|name| lookup::service(world, cluster, name)).transpose()?;
        let instance =
            request.container_instance.as_deref().map(|i| lookup::container_instance(world, cluster, i)).transpose()?;
        let wanted = |id: &TaskId| {
            let task = &world.ecs.tasks[*id];
            request.desired_status.status() == Some(task.desired_status)
                && service.is_none_or(|service| service_of(world, *id) == Some(service))
                && instance.is_none_or(|instance| task.instance == Some(instance))
                && request.launch_type.is_none_or(|launch| task.launch == launch)
                && request
                    .family
                    .as_deref()
                    .is_none_or(|f| *world.ecs.definitions[task.definition].content.family == *f)
                && request
                    .started_by
                    .as_deref()
                    .is_none_or(|by| shape::task::started_by(world, *id).as_deref() == Some(by))
        };
        let tasks: Box<dyn Iterator<Item = TaskId>> = match service {
            Some(service) if request.desired_status == Filter::Running => Box::new(kept_running(world, service)),
            _ => Box::new(tasks_of(world, cluster, request.desired_status)),
        };
        let tasks = tasks.filter(wanted);
        let page = page(tasks.map(|id| world.task_arn(id)), request.max_results, request.next_token.as_deref())?;
        Ok(Response { task_arns: page.items, next_token: page.next_token })
    }
}

/// The tasks of a cluster that may have this desired status: those that are not STOPPED in the order of their creation,
/// then, where stopped ones are meant, those that stopped within the hour in the order of stopping.
fn tasks_of(world: &World, cluster: ClusterId, desired: Filter) -> impl Iterator<Item = TaskId> {
    let cluster = &world.ecs.clusters[cluster];
    let visible = cluster.stopped.iter().rev().take_while(|&&id| lookup::is_visible(world, id)).count();
    let stopped = match desired {
        Filter::Running | Filter::Pending => &[][..],
        Filter::Stopped => &cluster.stopped[cluster.stopped.len() - visible..],
    };
    cluster.live.iter().chain(stopped).copied()
}

/// The tasks of a service that are starting or running, in the order of their creation: no other task of it is to run.
fn kept_running(world: &World, service: ServiceId) -> impl Iterator<Item = TaskId> {
    let deployments = world.ecs.services[service].deployments.iter();
    let zones = deployments.flat_map(|&id| world.ecs.deployments[id].zones.values());
    let mut tasks: Vec<TaskId> = zones.flat_map(|zone| zone.starting.iter().chain(&zone.running)).copied().collect();
    tasks.sort_unstable();
    tasks.into_iter()
}

fn service_of(world: &World, task: TaskId) -> Option<ServiceId> {
    world.ecs.tasks[task].deployment.map(|deployment| world.ecs.deployments[deployment].service)
}
