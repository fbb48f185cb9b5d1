//! Targets are registered by address or instance. ECS does it for the tasks of a service; by hand it is for the others.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::target::{self, TargetDescription};
use super::{lookup, with_group};
use crate::api::refusal::Refusal;
use crate::api::{Change, Operation};
use crate::aws::elb::membership::{self, Newcomer};
use crate::model::id::FactId;
use crate::model::noun::Noun;
use crate::world::World;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The target group's ARN.
    #[schemars(extend("noun" = Noun::TargetGroup))]
    target_group_arn: String,
    /// The targets.
    targets: Vec<TargetDescription>,
}

#[derive(Serialize)]
pub(super) struct Response {}

pub(super) struct RegisterTargets;

impl Operation for RegisterTargets {
    const SERVICE: &'static str = "elbv2";
    const NAME: &'static str = "RegisterTargets";
    const SUMMARY: &'static str = "Registers targets with a target group";
    const SEARCH: &'static [&'static str] = &["add", "attach", "ip", "instance"];
    const EXAMPLE: &'static str = with_group!(
        r#"elbv2.register_targets(#{ TargetGroupArn: group, Targets: [#{ Id: "172.31.0.10", Port: 80 }] })"#
    );
    type Request = Request;
    type Response = Response;
}

impl Change for RegisterTargets {
    fn call(world: &mut World, asked: FactId, request: Request) -> Result<Response, Refusal> {
        let group = lookup::target_group(world, &request.target_group_arn)?;
        let new: Vec<Newcomer> =
            request.targets.iter().map(|said| target::resolve(world, group, said)).collect::<Result<_, _>>()?;
        let (existing, ever) = (world.elb.target_groups[group].targets.len(), world.elb.targets.len());
        let most = world.tuning.elb.targets + 1;
        lookup::check_quota(world, "TooManyTargets", "targets", existing + new.len(), most, ever + new.len())?;
        for newcomer in new {
            membership::register(world, group, newcomer, asked);
        }
        Ok(Response {})
    }
}
