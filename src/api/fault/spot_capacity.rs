//! Fargate Spot runs dry, or has capacity again. Tasks that belong there wait: they do not move to FARGATE.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::refusal::Refusal;
use crate::api::{Change, Operation};
use crate::model::capacity::CapacityProvider;
use crate::model::id::{ClusterId, FactId};
use crate::world::World;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Request {
    /// Whether new tasks find capacity on FARGATE_SPOT. Running ones stay.
    available: bool,
}

#[derive(Serialize)]
pub(super) struct Response {
    available: bool,
}

pub(super) struct SpotCapacity;

impl Operation for SpotCapacity {
    const SERVICE: &'static str = "fault";
    const NAME: &'static str = "SpotCapacity";
    const SUMMARY: &'static str = "Lets FARGATE_SPOT run out of capacity, or have some again";
    const SEARCH: &'static [&'static str] = &["spot", "capacity", "unavailable", "shortage"];
    const ARGUMENTS: &'static [&'static str] = &["available"];
    const EXAMPLE: &'static str = r#"
fault.spot_capacity(false);
fault.spot_capacity(true).available"#;
    type Request = Request;
    type Response = Response;
}

impl Change for SpotCapacity {
    fn call(world: &mut World, asked: FactId, request: Request) -> Result<Response, Refusal> {
        if request.available {
            world.ecs.exhausted.remove(&CapacityProvider::FargateSpot);
            let clusters: Vec<ClusterId> = world.ecs.clusters.iter().map(|(id, _)| id).collect();
            for cluster in clusters {
                world.room_appeared(cluster, asked);
            }
        } else {
            world.ecs.exhausted.insert(CapacityProvider::FargateSpot);
        }
        Ok(Response { available: request.available })
    }
}
