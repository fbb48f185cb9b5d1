//! Load balancers with their zones and host names.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{lookup, shape, with_group};
use crate::api::refusal::Refusal;
use crate::api::{Operation, Query};
use crate::model::id::LoadBalancerId;
use crate::model::noun::Noun;
use crate::world::World;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Request {
    /// Those with these ARNs.
    #[serde(default)]
    #[schemars(extend("noun" = Noun::LoadBalancer))]
    load_balancer_arns: Vec<String>,
    /// Those with these names.
    #[serde(default)]
    #[schemars(extend("noun" = Noun::LoadBalancerName))]
    names: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Response {
    load_balancers: Vec<shape::LoadBalancer>,
}

pub(super) struct DescribeLoadBalancers;

impl Operation for DescribeLoadBalancers {
    const SERVICE: &'static str = "elbv2";
    const NAME: &'static str = "DescribeLoadBalancers";
    const SUMMARY: &'static str = "Shows load balancers with their zones and host names";
    const SEARCH: &'static [&'static str] = &["show", "list", "dns", "alb", "nlb"];
    const EXAMPLE: &'static str =
        with_group!(r#"elbv2.describe_load_balancers(#{ Names: ["front"] }).LoadBalancers[0].State.Code"#);
    type Request = Request;
    type Response = Response;
}

impl Query for DescribeLoadBalancers {
    fn call(world: &World, request: Request) -> Result<Response, Refusal> {
        let missing = |reference: &str, member: &str, index: usize| {
            // The code is documented, the sentence is UNSOURCED.
            let message = match member {
                "Names" => format!("Load balancers '[{reference}]' not found"),
                _ => format!("Load balancer '{reference}' not found"),
            };
            lookup::no_load_balancer(world, reference, message).at([member.to_owned(), index.to_string()])
        };
        let by_arn =
            request.load_balancer_arns.iter().enumerate().map(|(index, arn)| {
                world.find_load_balancer(arn).ok_or_else(|| missing(arn, "LoadBalancerArns", index))
            });
        let by_name = request.names.iter().enumerate().map(|(index, name)| {
            let found = world.elb.load_balancer_by_name.get(name.as_str()).copied();
            found.ok_or_else(|| missing(name, "Names", index))
        });
        let named: Vec<LoadBalancerId> = by_arn.chain(by_name).collect::<Result<_, _>>()?;
        let all = request.load_balancer_arns.is_empty() && request.names.is_empty();
        let balancers = if all { world.elb.load_balancer_by_name.values().copied().collect() } else { named };
        Ok(Response { load_balancers: balancers.into_iter().map(|id| shape::load_balancer(world, id)).collect() })
    }
}
