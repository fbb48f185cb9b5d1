//! A load balancer goes with its listeners; its target groups stay, out of use.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{delete_listener, with_group};
use crate::api::refusal::Refusal;
use crate::api::{Change, Operation};
use crate::model::id::{FactId, ListenerId};
use crate::model::noun::Noun;
use crate::world::World;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The load balancer's ARN.
    #[schemars(extend("noun" = Noun::LoadBalancer))]
    load_balancer_arn: String,
}

#[derive(Serialize)]
pub(super) struct Response {}

pub(super) struct DeleteLoadBalancer;

impl Operation for DeleteLoadBalancer {
    const SERVICE: &'static str = "elbv2";
    const NAME: &'static str = "DeleteLoadBalancer";
    const SUMMARY: &'static str = "Deletes a load balancer with its listeners";
    const SEARCH: &'static [&'static str] = &["remove", "tear down", "clean up"];
    const EXAMPLE: &'static str = with_group!("elbv2.delete_load_balancer(#{ LoadBalancerArn: balancer })");
    type Request = Request;
    type Response = Response;
}

impl Change for DeleteLoadBalancer {
    /// One that is gone already is deleted again without a word. [ELBAPI DeleteLoadBalancer]
    fn call(world: &mut World, asked: FactId, request: Request) -> Result<Response, Refusal> {
        let Some(id) = world.find_load_balancer(&request.load_balancer_arn) else { return Ok(Response {}) };
        for listener in world.elb.load_balancers[id].listeners.values().copied().collect::<Vec<ListenerId>>() {
            delete_listener::delete(world, listener, asked);
        }
        let name = world.elb.load_balancers[id].name.clone();
        world.elb.load_balancer_by_name.remove(&name);
        Ok(Response {})
    }
}
