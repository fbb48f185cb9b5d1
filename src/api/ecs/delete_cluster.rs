//! A cluster can be deleted once it is empty; the refusal names what it still holds.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{lookup, shape};
use crate::api::refusal::Refusal;
use crate::api::{Change, Operation};
use crate::model::id::{ClusterId, FactId};
use crate::model::noun::Noun;
use crate::model::status::ServiceStatus;
use crate::world::World;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The cluster's name or ARN.
    #[schemars(extend("noun" = Noun::Cluster))]
    cluster: String,
}

#[derive(Serialize)]
pub(super) struct Response {
    cluster: shape::cluster::Cluster,
}

pub(super) struct DeleteCluster;

impl Operation for DeleteCluster {
    const SERVICE: &'static str = "ecs";
    const NAME: &'static str = "DeleteCluster";
    const SUMMARY: &'static str = "Deletes an empty cluster";
    const SEARCH: &'static [&'static str] = &["remove", "tear down", "clean up"];
    const EXAMPLE: &'static str = r#"
ecs.create_cluster(#{ clusterName: "lab" });
ecs.delete_cluster(#{ cluster: "lab" }).cluster.status"#;
    type Request = Request;
    type Response = Response;
}

impl Change for DeleteCluster {
    fn call(world: &mut World, asked: FactId, request: Request) -> Result<Response, Refusal> {
        let id = lookup::cluster(world, Some(&request.cluster))?;
        check_empty(world, id)?;
        world.delete_cluster(id, asked);
        Ok(Response { cluster: shape::cluster::cluster(world, id) })
    }
}

fn check_empty(world: &World, id: ClusterId) -> Result<(), Refusal> {
    let cluster = &world.ecs.clusters[id];
    let name = &cluster.name;
    let live = |&&service: &&_| world.ecs.services[service].status != ServiceStatus::Inactive;
    let services: Vec<&str> = cluster.services.values().filter(live).map(|&s| &*world.ecs.services[s].name).collect();
    if let Some(first) = services.first() {
        return Err(Refusal::new(
            "ClusterContainsServicesException",
            "The Cluster cannot be deleted while Services are active.",
        )
        .because(format!("cluster `{name}` has {} service(s): {}", services.len(), services.join(", ")))
        .way_out(format!(
            "delete them first: ecs.delete_service(#{{ cluster: \"{name}\", service: \"{first}\", force: true }})"
        )));
    }
    if let Some(&task) = cluster.live.first() {
        return Err(Refusal::new(
            "ClusterContainsTasksException",
            "The Cluster cannot be deleted while Tasks are active.",
        )
        .because(format!("{} task(s) in cluster `{name}` are not STOPPED", cluster.live.len()))
        .way_out(format!(
            "stop them and wait: ecs.stop_task(#{{ cluster: \"{name}\", task: \"{}\" }})",
            &world.task_name(task)[..8]
        )));
    }
    if let Some(&instance) = cluster.instances.first() {
        return Err(Refusal::new(
            "ClusterContainsContainerInstancesException",
            "The Cluster cannot be deleted while Container Instances are active or draining.",
        )
        .because(format!("cluster `{name}` has {} container instance(s)", cluster.instances.len()))
        .way_out(format!(
            "deregister them first: ecs.deregister_container_instance(#{{ cluster: \"{name}\", containerInstance: \"{}\" }})",
            &world.instance_name(instance)[..8]
        )));
    }
    Ok(())
}
