//! The listeners of a load balancer, and where they lead.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{lookup, shape, with_group};
use crate::api::refusal::Refusal;
use crate::api::{Operation, Query};
use crate::model::id::ListenerId;
use crate::model::noun::Noun;
use crate::world::World;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Request {
    /// All of this load balancer.
    #[schemars(extend("noun" = Noun::LoadBalancer))]
    load_balancer_arn: Option<String>,
    /// Those with these ARNs.
    #[serde(default)]
    #[schemars(extend("noun" = Noun::Listener))]
    listener_arns: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Response {
    listeners: Vec<shape::Listener>,
}

pub(super) struct DescribeListeners;

impl Operation for DescribeListeners {
    const SERVICE: &'static str = "elbv2";
    const NAME: &'static str = "DescribeListeners";
    const SUMMARY: &'static str = "Shows listeners and where they lead";
    const SEARCH: &'static [&'static str] = &["show", "list", "port", "forward"];
    const EXAMPLE: &'static str =
        with_group!("elbv2.describe_listeners(#{ LoadBalancerArn: balancer }).Listeners[0].DefaultActions");
    type Request = Request;
    type Response = Response;
}

impl Query for DescribeListeners {
    fn call(world: &World, request: Request) -> Result<Response, Refusal> {
        let ids: Vec<ListenerId> = match &request.load_balancer_arn {
            Some(arn) => {
                let balancer = lookup::load_balancer(world, arn)?;
                world.elb.load_balancers[balancer].listeners.values().copied().collect()
            }
            None if request.listener_arns.is_empty() => {
                return Err(Refusal::new(
                    "ValidationError",
                    "You must specify either listener ARNs or a load balancer ARN",
                )
                .because("listeners are asked for by load balancer, or one by one")
                .way_out("elbv2.describe_listeners(#{ LoadBalancerArn: … })")
                .at(["LoadBalancerArn"]));
            }
            None => request.listener_arns.iter().map(|arn| lookup::listener(world, arn)).collect::<Result<_, _>>()?,
        };
        Ok(Response { listeners: ids.into_iter().map(|id| shape::listener(world, id)).collect() })
    }
}
