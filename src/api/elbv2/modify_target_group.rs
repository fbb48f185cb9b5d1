//! The health check of a target group can be changed at any time; its protocol, port and type cannot.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::create_target_group::Codes;
use super::health_check::{self, Said};
use super::{lookup, shape, with_group};
use crate::api::refusal::Refusal;
use crate::api::{Change, Operation};
use crate::aws::elb::membership;
use crate::model::id::FactId;
use crate::model::load_balancing::Protocol;
use crate::model::noun::Noun;
use crate::world::World;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The target group's ARN.
    #[schemars(extend("noun" = Noun::TargetGroup))]
    target_group_arn: String,
    /// What a check speaks.
    health_check_protocol: Option<Protocol>,
    /// The port that a check knocks at: traffic-port, or a number in quotes.
    health_check_port: Option<String>,
    /// The path that a check asks for.
    health_check_path: Option<String>,
    /// Seconds from one check to the next: 5 to 300.
    health_check_interval_seconds: Option<u32>,
    /// Seconds that an answer may take: 2 to 120, and less than the interval.
    health_check_timeout_seconds: Option<u32>,
    /// Passes in a row that make an unhealthy target healthy: 2 to 10.
    healthy_threshold_count: Option<u32>,
    /// Failures in a row that make a target unhealthy: 2 to 10.
    unhealthy_threshold_count: Option<u32>,
    /// The HTTP codes that are a pass.
    matcher: Option<Codes>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Response {
    target_groups: Vec<shape::TargetGroup>,
}

pub(super) struct ModifyTargetGroup;

impl Operation for ModifyTargetGroup {
    const SERVICE: &'static str = "elbv2";
    const NAME: &'static str = "ModifyTargetGroup";
    const SUMMARY: &'static str = "Changes the health check of a target group";
    const SEARCH: &'static [&'static str] = &["update", "health check", "threshold", "interval", "path"];
    const EXAMPLE: &'static str = with_group!(
        r#"elbv2.modify_target_group(#{ TargetGroupArn: group, HealthCheckIntervalSeconds: 10 })
    .TargetGroups[0].HealthCheckIntervalSeconds"#
    );
    type Request = Request;
    type Response = Response;
}

impl Change for ModifyTargetGroup {
    fn call(world: &mut World, _asked: FactId, request: Request) -> Result<Response, Refusal> {
        let id = lookup::target_group(world, &request.target_group_arn)?;
        let said = Said {
            protocol: request.health_check_protocol,
            port: request.health_check_port,
            path: request.health_check_path,
            interval: request.health_check_interval_seconds,
            timeout: request.health_check_timeout_seconds,
            healthy: request.healthy_threshold_count,
            unhealthy: request.unhealthy_threshold_count,
            matcher: request.matcher.and_then(|codes| codes.http_code),
        };
        let group = &world.elb.target_groups[id];
        let check = health_check::change(group.protocol, group.check.clone(), said)?;
        if check != group.check {
            world.elb.target_groups[id].check = check;
            membership::check_changed(world, id);
        }
        Ok(Response { target_groups: vec![shape::target_group(world, id)] })
    }
}
