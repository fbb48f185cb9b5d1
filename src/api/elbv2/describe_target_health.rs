//! The health of targets: their states, and the reason of each that is not healthy.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::target::{self, TargetDescription};
use super::{lookup, with_group};
use crate::api::refusal::Refusal;
use crate::api::{Operation, Query};
use crate::aws::elb::health;
use crate::model::id::TargetId;
use crate::model::load_balancing::{CheckPort, Reason, TargetState};
use crate::model::noun::Noun;
use crate::world::World;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The target group's ARN.
    #[schemars(extend("noun" = Noun::TargetGroup))]
    target_group_arn: String,
    /// These targets; all that are registered without any.
    #[serde(default)]
    targets: Vec<TargetDescription>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Response {
    target_health_descriptions: Vec<Description>,
}

/// [ELBAPI TargetHealthDescription]
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Description {
    target: TargetDescription,
    health_check_port: String,
    target_health: TargetHealth,
}

/// [ELBAPI TargetHealth]
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct TargetHealth {
    state: TargetState,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
}

pub(super) struct DescribeTargetHealth;

impl Operation for DescribeTargetHealth {
    const SERVICE: &'static str = "elbv2";
    const NAME: &'static str = "DescribeTargetHealth";
    const SUMMARY: &'static str = "Shows which targets are healthy, and why the others are not";
    const SEARCH: &'static [&'static str] = &["unhealthy", "reason", "502", "503", "timed out", "draining"];
    const EXAMPLE: &'static str = with_group!(
        r#"elbv2.register_targets(#{ TargetGroupArn: group, Targets: [#{ Id: "172.31.0.10", Port: 80 }] });
wait("1m");
elbv2.describe_target_health(#{ TargetGroupArn: group }).TargetHealthDescriptions[0].TargetHealth.Reason"#
    );
    type Request = Request;
    type Response = Response;
}

impl Query for DescribeTargetHealth {
    fn call(world: &World, request: Request) -> Result<Response, Refusal> {
        let group = lookup::target_group(world, &request.target_group_arn)?;
        let record = &world.elb.target_groups[group];
        if request.targets.is_empty() {
            let all = record.targets.values().map(|&id| description(world, id));
            return Ok(Response { target_health_descriptions: all.collect() });
        }
        let mut descriptions = Vec::new();
        for said in request.targets {
            let place = target::resolve(world, group, &said)?.place;
            let port = said.port.unwrap_or(record.port);
            descriptions.push(match record.targets.get(&(place, port)) {
                Some(&id) => description(world, id),
                None => Description {
                    health_check_port: check_port(record.check.port, port),
                    target: TargetDescription { port: Some(port), ..said },
                    target_health: shape(TargetState::Unused, Some(Reason::NotRegistered)),
                },
            });
        }
        Ok(Response { target_health_descriptions: descriptions })
    }
}

fn description(world: &World, id: TargetId) -> Description {
    let target = &world.elb.targets[id];
    let zone = world.vpc.subnets[target.zone].zone;
    Description {
        target: TargetDescription {
            id: world.target_name(target.place),
            port: Some(target.port),
            availability_zone: Some(zone.to_owned()),
        },
        health_check_port: check_port(world.elb.target_groups[target.group].check.port, target.port),
        target_health: shape(target.state, health::reason(world, id)),
    }
}

fn check_port(check: CheckPort, traffic: u16) -> String {
    match check {
        CheckPort::Traffic => traffic.to_string(),
        CheckPort::Number(port) => port.to_string(),
    }
}

fn shape(state: TargetState, reason: Option<Reason>) -> TargetHealth {
    TargetHealth { state, reason: reason.map(Reason::code), description: reason.map(Reason::description) }
}
