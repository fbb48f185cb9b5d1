//! A deregistered target gets no new requests; it drains until the deregistration delay is over.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::target::{self, TargetDescription};
use super::{lookup, with_group};
use crate::api::refusal::Refusal;
use crate::api::{Change, Operation};
use crate::aws::elb::membership;
use crate::model::id::{FactId, TargetId};
use crate::model::noun::Noun;
use crate::world::World;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The target group's ARN.
    #[schemars(extend("noun" = Noun::TargetGroup))]
    target_group_arn: String,
    /// The targets; without a port all with that id.
    targets: Vec<TargetDescription>,
}

#[derive(Serialize)]
pub(super) struct Response {}

pub(super) struct DeregisterTargets;

impl Operation for DeregisterTargets {
    const SERVICE: &'static str = "elbv2";
    const NAME: &'static str = "DeregisterTargets";
    const SUMMARY: &'static str = "Takes targets out of a target group";
    const SEARCH: &'static [&'static str] = &["remove", "drain", "detach"];
    const EXAMPLE: &'static str = with_group!(
        r#"let target = #{ Id: "172.31.0.10", Port: 80 };
elbv2.register_targets(#{ TargetGroupArn: group, Targets: [target] });
elbv2.deregister_targets(#{ TargetGroupArn: group, Targets: [target] });
elbv2.describe_target_health(#{ TargetGroupArn: group }).TargetHealthDescriptions[0].TargetHealth.State"#
    );
    type Request = Request;
    type Response = Response;
}

impl Change for DeregisterTargets {
    /// Targets that are not registered are passed over, as AWS does.
    fn call(world: &mut World, asked: FactId, request: Request) -> Result<Response, Refusal> {
        let group = lookup::target_group(world, &request.target_group_arn)?;
        let mut leaving: Vec<TargetId> = Vec::new();
        for said in &request.targets {
            let place = target::resolve(world, group, said)?.place;
            let same = |(known, port): &(_, u16)| *known == place && said.port.is_none_or(|said| said == *port);
            let targets = world.elb.target_groups[group].targets.iter();
            leaving.extend(targets.filter(|(key, _)| same(key)).map(|(_, id)| *id));
        }
        for id in leaving {
            if !world.elb.targets[id].gone {
                membership::deregister(world, id, asked);
            }
        }
        Ok(Response {})
    }
}
