//! From the names that people type to ids: the one place where ECS's references are resolved.

use crate::api::refusal::Refusal;
use crate::model::id::{ClusterId, DefinitionId, InstanceId, ServiceId, TaskId};
use crate::model::meant;
use crate::model::status::{ClusterStatus, DefinitionStatus, ServiceStatus};
use crate::world::World;
use crate::world::names::{Found, last_part};

/// The way out where several things have an id that begins so.
const MORE_OF_THE_ID: &str = "give more of the id";

/// The ACTIVE cluster meant by a name or ARN; the one called `default` where nothing is said.
pub(crate) fn cluster(world: &World, reference: Option<&str>) -> Result<ClusterId, Refusal> {
    let name = last_part(reference.unwrap_or("default"));
    active_cluster(world, name).ok_or_else(|| {
        let known = active_clusters(world).map(|id| &*world.ecs.clusters[id].name);
        let because = match reference {
            Some(_) => format!("there is no ACTIVE cluster `{name}` in this account and Region"),
            None => "no cluster was named, and there is none called `default`".to_owned(),
        };
        let create = format_args!("ecs.create_cluster(#{{ clusterName: \"{name}\" }})");
        let way_out = meant::another(name, known, create);
        Refusal::new("ClusterNotFoundException", "Cluster not found.").because(because).way_out(way_out).at(["cluster"])
    })
}

/// The ACTIVE cluster with exactly this name.
pub(crate) fn active_cluster(world: &World, name: &str) -> Option<ClusterId> {
    let id = world.ecs.cluster_by_name.get(name).copied()?;
    (world.ecs.clusters[id].status == ClusterStatus::Active).then_some(id)
}

/// Every ACTIVE cluster, by name.
pub(crate) fn active_clusters(world: &World) -> impl Iterator<Item = ClusterId> {
    world.ecs.cluster_by_name.values().copied().filter(|&id| world.ecs.clusters[id].status == ClusterStatus::Active)
}

/// The newest service with this name or ARN in a cluster, whatever its status.
pub(crate) fn any_service(world: &World, cluster: ClusterId, reference: &str) -> Option<ServiceId> {
    world.ecs.clusters[cluster].services.get(last_part(reference)).copied()
}

/// The ACTIVE service meant by a name or ARN.
pub(crate) fn service(world: &World, cluster: ClusterId, reference: &str) -> Result<ServiceId, Refusal> {
    let name = last_part(reference);
    let cluster_name = &world.ecs.clusters[cluster].name;
    match any_service(world, cluster, name) {
        Some(id) if world.ecs.services[id].status == ServiceStatus::Active => Ok(id),
        Some(id) => Err(Refusal::new("ServiceNotActiveException", "Service was not ACTIVE.")
            .because(format!("service `{name}` in cluster `{cluster_name}` is {}", world.ecs.services[id].status))
            .way_out("create it again: ecs.create_service(#{ … })")
            .at(["service"])),
        None => {
            let known = world.ecs.clusters[cluster].services.keys().map(|name| &**name);
            let way_out = meant::another(name, known, "ecs.create_service(#{ … })");
            Err(Refusal::new("ServiceNotFoundException", "Service not found.")
                .because(format!("cluster `{cluster_name}` has no service `{name}`"))
                .way_out(way_out)
                .at(["service"]))
        }
    }
}

/// The revision meant by `family`, `family:revision` or an ARN: the newest ACTIVE one where no revision is named.
pub(crate) fn any_definition(world: &World, reference: &str) -> Option<DefinitionId> {
    let (family, revision) = split_definition(reference)?;
    let revisions = world.ecs.families.get(family)?;
    match revision {
        Some(revision) => revisions.get((revision as usize).checked_sub(1)?).copied(),
        None => revisions.iter().rev().copied().find(|&id| is_active(world, id)),
    }
}

/// The ACTIVE revision meant by a reference: what new tasks and services may use.
pub(crate) fn active_definition(world: &World, reference: &str) -> Result<DefinitionId, Refusal> {
    let found = any_definition(world, reference);
    match found {
        Some(id) if is_active(world, id) => Ok(id),
        Some(id) => Err(Refusal::client("TaskDefinition is inactive")
            .because(format!("`{}` is {}", world.definition_name(id), world.ecs.definitions[id].status))
            .way_out("register it again, or name a revision that is ACTIVE")
            .at(["taskDefinition"])),
        None => Err(Refusal::client("TaskDefinition not found.")
            .because(format!("nothing ACTIVE is registered as `{reference}`"))
            .way_out(definition_way_out(world, reference))
            .at(["taskDefinition"])),
    }
}

/// What to type instead of a reference to a task definition that leads nowhere.
pub(crate) fn definition_way_out(world: &World, reference: &str) -> String {
    let family = split_definition(reference).map_or(reference, |(family, _)| family);
    match world.ecs.families.get(family) {
        Some(revisions) => format!(
            "family `{family}` has {} revision(s); leave the revision away for the newest ACTIVE one",
            revisions.len()
        ),
        None => meant::way_out(family, world.ecs.families.keys().map(|name| &**name), || {
            "register it first: ecs.register_task_definition(#{ family: …, containerDefinitions: … })".to_owned()
        }),
    }
}

/// `family` and revision of a reference; nothing if the revision is not a number.
pub(crate) fn split_definition(reference: &str) -> Option<(&str, Option<u32>)> {
    let name = last_part(reference);
    match name.split_once(':') {
        None => Some((name, None)),
        Some((family, revision)) => Some((family, Some(revision.parse().ok()?))),
    }
}

fn is_active(world: &World, id: DefinitionId) -> bool {
    world.ecs.definitions[id].status == DefinitionStatus::Active
}

/// The task of a cluster meant by an ARN, an id or the unique beginning of an id; stopped tasks for an hour.
pub(crate) fn visible_task(world: &World, cluster: ClusterId, reference: &str) -> Found<TaskId> {
    match world.find_task(reference) {
        Found::One(id) if world.ecs.tasks[id].cluster == cluster && is_visible(world, id) => Found::One(id),
        Found::One(_) => Found::Nothing,
        other => other,
    }
}

/// The task of a cluster that an operation is about.
pub(crate) fn task(world: &World, cluster: ClusterId, reference: &str) -> Result<TaskId, Refusal> {
    let (because, way_out) = match visible_task(world, cluster, reference) {
        Found::One(id) => return Ok(id),
        Found::Nothing => (
            format!("cluster `{}` has no task `{reference}`", world.ecs.clusters[cluster].name),
            "list them: ecs.list_tasks(#{ cluster: … }).taskArns; stopped tasks are shown for an hour",
        ),
        Found::Several(tasks) => (world.several_tasks(&tasks, reference), MORE_OF_THE_ID),
    };
    Err(Refusal::invalid_parameter("The referenced task was not found.").because(because).way_out(way_out).at(["task"]))
}

/// Whether a task still shows in lists and descriptions: until an hour after it stopped. [DG stopped tasks]
pub(crate) fn is_visible(world: &World, task: TaskId) -> bool {
    let stopped = world.ecs.tasks[task].times.stopped;
    stopped.is_none_or(|stopped| world.now.since(stopped) <= world.tuning.stopped_visible)
}

/// The container instance of a cluster meant by an ARN, an id or the unique beginning of an id.
pub(crate) fn instance(world: &World, cluster: ClusterId, reference: &str) -> Found<InstanceId> {
    match world.find_instance(reference) {
        Found::One(id) if world.ecs.instances[id].cluster == cluster => Found::One(id),
        Found::One(_) => Found::Nothing,
        other => other,
    }
}

/// The container instance of a cluster that an operation is about, deregistered ones included.
pub(crate) fn container_instance(world: &World, cluster: ClusterId, reference: &str) -> Result<InstanceId, Refusal> {
    let (because, way_out) = match instance(world, cluster, reference) {
        Found::One(id) => return Ok(id),
        Found::Nothing => (
            format!("cluster `{}` has no container instance `{reference}`", world.ecs.clusters[cluster].name),
            "list them: ecs.list_container_instances(#{ cluster: … }).containerInstanceArns",
        ),
        Found::Several(instances) => (world.several_instances(&instances, reference), MORE_OF_THE_ID),
    };
    Err(Refusal::invalid_parameter("Referenced container instance not found.")
        .because(because)
        .way_out(way_out)
        .at(["containerInstance"]))
}
