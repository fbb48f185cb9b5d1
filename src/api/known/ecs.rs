//! Clusters, services, task definitions, tasks and container instances.

use super::{Beside, Known};
use crate::api::ecs::lookup;
use crate::model::capacity::CapacityProvider;
use crate::model::id::{ClusterId, DefinitionId, ServiceId, TaskId};
use crate::model::noun::Noun;
use crate::model::status::{ClusterStatus, ServiceStatus};
use crate::world::World;
use crate::world::names::{Found, SHORT, last_part};

/// ACTIVE clusters by name.
pub(super) fn clusters(world: &World) -> impl Iterator<Item = Known> {
    lookup::active_clusters(world).map(|id| {
        let cluster = &world.ecs.clusters[id];
        let services = cluster.services.values().filter(|id| is_there(world, **id)).count();
        let about = format!("{}, {} running", count(services, "service"), count(cluster.running as usize, "task"));
        Known::new(&*cluster.name, about)
    })
}

/// Services that are not gone, by cluster and name.
pub(super) fn services<'a>(world: &'a World, beside: Beside<'a>) -> impl Iterator<Item = Known> + 'a {
    let named = beside.name(Noun::Cluster);
    let services = clusters_meant(world, named).flat_map(|id| world.ecs.clusters[id].services.values().copied());
    services.filter(|&id| is_there(world, id)).map(move |id| {
        let service = &world.ecs.services[id];
        let running: u32 = service.deployments.iter().map(|&id| world.ecs.deployments[id].running).sum();
        let cluster = match named {
            Some(_) => String::new(),
            None => format!(", in cluster {}", world.ecs.clusters[service.cluster].name),
        };
        Known::new(&*service.name, format!("{}, {running} of {} running{cluster}", service.status, service.desired))
    })
}

/// Families by name.
pub(super) fn families(world: &World) -> impl Iterator<Item = Known> {
    world.ecs.families.iter().map(|(name, revisions)| Known::new(&**name, count(revisions.len(), "revision")))
}

/// Families by name, each with its revisions, newest first, once it is written out.
pub(super) fn definitions<'a>(world: &'a World, typed: &'a str) -> impl Iterator<Item = Known> + 'a {
    world.ecs.families.iter().flat_map(move |(name, revisions)| {
        let newest = revisions.last().map(|&id| {
            let about = format!("the newest of {}: {}", count(revisions.len(), "revision"), images(world, id));
            Known::new(&**name, about)
        });
        let written = typed.strip_prefix(&**name).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'));
        let shown = if written { &revisions[..] } else { &[] };
        newest.into_iter().chain(shown.iter().rev().map(|&id| {
            let status = world.ecs.definitions[id].status;
            Known::new(world.definition_name(id), format!("{status}: {}", images(world, id)))
        }))
    })
}

/// Tasks by the beginning of their ids: those that live, then those that stopped lately, newest first.
pub(super) fn tasks<'a>(world: &'a World, beside: Beside<'a>, typed: &'a str) -> impl Iterator<Item = Known> + 'a {
    let clusters = || clusters_meant(world, beside.name(Noun::Cluster)).map(|id| &world.ecs.clusters[id]);
    let live = clusters().flat_map(|cluster| cluster.live.iter().copied());
    let visible = |id: &TaskId| lookup::is_visible(world, *id);
    let stopped = clusters().flat_map(move |cluster| cluster.stopped.iter().rev().copied().take_while(visible));
    live.chain(stopped).filter_map(move |id| {
        let name = world.task_name(id);
        name.starts_with(typed).then(|| Known::new(&name[..typed.len().max(SHORT)], about_task(world, id)))
    })
}

fn about_task(world: &World, id: TaskId) -> String {
    let task = &world.ecs.tasks[id];
    let definition = world.definition_name(task.definition);
    match task.deployment.map(|deployment| world.ecs.deployments[deployment].service) {
        Some(service) => format!("{}, of service {}, {definition}", task.last_status, world.ecs.services[service].name),
        None => format!("{}, of {definition}", task.last_status),
    }
}

/// The containers of the task that the request names.
pub(super) fn containers<'a>(world: &'a World, beside: Beside<'a>) -> impl Iterator<Item = Known> + 'a {
    let task = beside.name(Noun::Task).and_then(|task| match world.find_task(task) {
        Found::One(task) => Some(task),
        Found::Nothing | Found::Several(_) => None,
    });
    task.into_iter().flat_map(|task| world.ecs.containers_of(task)).map(|(id, container)| {
        let definition = world.ecs.container_definition(id);
        Known::new(definition.name.as_str(), format!("{}: {}", container.status, definition.image))
    })
}

/// Container instances by the beginning of their ids.
pub(super) fn instances<'a>(world: &'a World, beside: Beside<'a>) -> impl Iterator<Item = Known> + 'a {
    let clusters = clusters_meant(world, beside.name(Noun::Cluster));
    clusters.flat_map(|id| world.ecs.clusters[id].instances.iter().copied()).map(|id| {
        let instance = &world.ecs.instances[id];
        let about = format!(
            "{}, {}, {}, {}",
            instance.status,
            world.ec2_instance_id(id),
            world.vpc.subnets[instance.subnet].zone,
            count(instance.tasks.len(), "task")
        );
        Known::new(&world.instance_name(id)[..SHORT], about)
    })
}

/// A capacity provider.
pub(super) fn provider(provider: CapacityProvider) -> Known {
    let about = match provider {
        CapacityProvider::Fargate => "at the on-demand price",
        CapacityProvider::FargateSpot => "spare capacity, cheaper, may be taken back",
    };
    Known::new(provider.as_str(), about)
}

/// Whatever has an ARN: clusters, their services, task definitions.
pub(super) fn resources(world: &World) -> impl Iterator<Item = Known> {
    let clusters = || lookup::active_clusters(world);
    let services = clusters().flat_map(|id| world.ecs.clusters[id].services.values().copied());
    let services = services.filter(|&id| is_there(world, id)).map(|id| Known::new(world.service_arn(id), "a service"));
    let definitions = world.ecs.families.values().filter_map(|revisions| revisions.last());
    let definitions = definitions.map(|&id| Known::new(world.definition_arn(id), "a task definition"));
    clusters().map(|id| Known::new(world.cluster_arn(id), "a cluster")).chain(services).chain(definitions)
}

/// The cluster that a request names, or every ACTIVE one where it names none.
fn clusters_meant<'a>(world: &'a World, named: Option<&'a str>) -> impl Iterator<Item = ClusterId> + 'a {
    let meant = move |id: &ClusterId| {
        let cluster = &world.ecs.clusters[*id];
        cluster.status == ClusterStatus::Active && named.is_none_or(|name| *cluster.name == *last_part(name))
    };
    world.ecs.cluster_by_name.values().copied().filter(meant)
}

fn is_there(world: &World, service: ServiceId) -> bool {
    world.ecs.services[service].status != ServiceStatus::Inactive
}

fn images(world: &World, definition: DefinitionId) -> String {
    let containers = &world.ecs.definitions[definition].content.container_definitions;
    containers.iter().map(|container| container.image.as_str()).collect::<Vec<_>>().join(", ")
}

fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}
