//! Target groups with their health checks, and the load balancer that each belongs to.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{lookup, shape, with_group};
use crate::api::refusal::Refusal;
use crate::api::{Operation, Query};
use crate::model::id::TargetGroupId;
use crate::model::noun::Noun;
use crate::world::World;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Request {
    /// Those of this load balancer.
    #[schemars(extend("noun" = Noun::LoadBalancer))]
    load_balancer_arn: Option<String>,
    /// Those with these ARNs.
    #[serde(default)]
    #[schemars(extend("noun" = Noun::TargetGroup))]
    target_group_arns: Vec<String>,
    /// Those with these names.
    #[serde(default)]
    #[schemars(extend("noun" = Noun::TargetGroupName))]
    names: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Response {
    target_groups: Vec<shape::TargetGroup>,
}

pub(super) struct DescribeTargetGroups;

impl Operation for DescribeTargetGroups {
    const SERVICE: &'static str = "elbv2";
    const NAME: &'static str = "DescribeTargetGroups";
    const SUMMARY: &'static str = "Shows target groups with their health checks";
    const SEARCH: &'static [&'static str] = &["show", "list", "health check", "settings"];
    const EXAMPLE: &'static str = with_group!(
        r#"elbv2.describe_target_groups(#{ Names: ["web"] }).TargetGroups[0].LoadBalancerArns == [balancer]"#
    );
    type Request = Request;
    type Response = Response;
}

impl Query for DescribeTargetGroups {
    fn call(world: &World, request: Request) -> Result<Response, Refusal> {
        let balancer = request.load_balancer_arn.map(|arn| lookup::load_balancer(world, &arn)).transpose()?;
        let by_arn = request.target_group_arns.iter().enumerate().map(|(index, arn)| {
            let place = ["TargetGroupArns".to_owned(), index.to_string()];
            world.find_target_group(arn).ok_or_else(|| lookup::no_target_group(world, arn).at(place))
        });
        let by_name = request.names.iter().enumerate().map(|(index, name)| {
            let place = ["Names".to_owned(), index.to_string()];
            let found = world.elb.target_group_by_name.get(name.as_str()).copied();
            found.ok_or_else(|| lookup::no_target_group(world, name).at(place))
        });
        let named: Vec<TargetGroupId> = by_arn.chain(by_name).collect::<Result<_, _>>()?;
        let all = request.target_group_arns.is_empty() && request.names.is_empty();
        let groups = if all { world.elb.target_group_by_name.values().copied().collect() } else { named };
        let of = |id: &TargetGroupId| balancer.is_none() || world.elb.load_balancer_of(*id) == balancer;
        let target_groups = groups.into_iter().filter(of).map(|id| shape::target_group(world, id)).collect();
        Ok(Response { target_groups })
    }
}
