//! A service is deleted at zero tasks, or by force: it is DRAINING while its tasks stop, then INACTIVE.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{lookup, shape};
use crate::api::refusal::Refusal;
use crate::api::{Change, Operation};
use crate::model::id::{FactId, ServiceId};
use crate::model::noun::Noun;
use crate::model::status::ServiceStatus;
use crate::world::World;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The cluster's name or ARN; `default` without one.
    #[schemars(extend("noun" = Noun::Cluster))]
    cluster: Option<String>,
    /// The service's name or ARN.
    #[schemars(extend("noun" = Noun::Service))]
    service: String,
    /// Deletes it whatever its count; its tasks are stopped.
    #[serde(default)]
    force: bool,
}

#[derive(Serialize)]
pub(super) struct Response {
    service: shape::service::Service,
}

pub(super) struct DeleteService;

impl Operation for DeleteService {
    const SERVICE: &'static str = "ecs";
    const NAME: &'static str = "DeleteService";
    const SUMMARY: &'static str = "Deletes a service that is scaled to zero, or any by force";
    const SEARCH: &'static [&'static str] = &["remove", "tear down", "clean up"];
    const EXAMPLE: &'static str = r#"
ecs.create_cluster(#{ clusterName: "prod" });
ecs.register_task_definition(#{ family: "web", containerDefinitions: [#{ name: "web", image: "nginx", memory: 128 }] });
ecs.create_service(#{ cluster: "prod", serviceName: "web", taskDefinition: "web", desiredCount: 1 });
ecs.delete_service(#{ cluster: "prod", service: "web", force: true }).service.status"#;
    type Request = Request;
    type Response = Response;
}

impl Change for DeleteService {
    fn call(world: &mut World, asked: FactId, request: Request) -> Result<Response, Refusal> {
        let cluster = lookup::cluster(world, request.cluster.as_deref())?;
        let id = lookup::service(world, cluster, &request.service)?;
        if !request.force {
            check_scaled_down(world, id)?;
        }
        world.ecs.services[id].desired = 0;
        world.move_service(id, ServiceStatus::Draining, asked);
        world.look_at(id, asked);
        Ok(Response { service: shape::service::service(world, id) })
    }
}

fn check_scaled_down(world: &World, id: ServiceId) -> Result<(), Refusal> {
    let service = &world.ecs.services[id];
    let tasks: u32 = service.deployments.iter().map(|&d| world.ecs.deployments[d].counted()).sum();
    if service.desired == 0 && tasks == 0 {
        return Ok(());
    }
    let (name, cluster) = (&service.name, &world.ecs.clusters[service.cluster].name);
    Err(Refusal::invalid_parameter("The service cannot be stopped while it is scaled above 0.")
        .because(format!("service `{name}` wants {} tasks and has {tasks}", service.desired))
        .way_out(format!(
            "scale it down and wait: ecs.update_service(#{{ cluster: \"{cluster}\", service: \"{name}\", desiredCount: 0 }}), \
             or add force: true"
        )))
}
