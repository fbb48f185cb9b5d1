//! A target group can be deleted when no listener leads to it any more. A service that still uses it then has tasks
//! that are nowhere registered.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::with_group;
use crate::api::refusal::Refusal;
use crate::api::{Change, Operation};
use crate::aws::elb::membership;
use crate::model::id::FactId;
use crate::model::noun::Noun;
use crate::world::World;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The target group's ARN.
    #[schemars(extend("noun" = Noun::TargetGroup))]
    target_group_arn: String,
}

#[derive(Serialize)]
pub(super) struct Response {}

pub(super) struct DeleteTargetGroup;

impl Operation for DeleteTargetGroup {
    const SERVICE: &'static str = "elbv2";
    const NAME: &'static str = "DeleteTargetGroup";
    const SUMMARY: &'static str = "Deletes a target group that no listener leads to";
    const SEARCH: &'static [&'static str] = &["remove", "tear down", "clean up"];
    const EXAMPLE: &'static str = with_group!(
        r#"elbv2.delete_listener(#{ ListenerArn: listener });
elbv2.delete_target_group(#{ TargetGroupArn: group })"#
    );
    type Request = Request;
    type Response = Response;
}

impl Change for DeleteTargetGroup {
    /// One that is gone already is deleted again without a word: AWS documents no other answer.
    /// [ELBAPI DeleteTargetGroup]
    fn call(world: &mut World, asked: FactId, request: Request) -> Result<Response, Refusal> {
        let arn = request.target_group_arn;
        let Some(id) = world.find_target_group(&arn) else { return Ok(Response {}) };
        if let Some(balancer) = world.elb.load_balancer_of(id) {
            // [Reckon-Limited/containerless issue 1]
            return Err(Refusal::new(
                "ResourceInUse",
                format!("Target group '{arn}' is currently in use by a listener or a rule"),
            )
            .because(format!("load balancer `{}` leads to it", world.elb.load_balancers[balancer].name))
            .way_out("delete the listener first: elbv2.delete_listener(#{ ListenerArn: … })")
            .at(["TargetGroupArn"]));
        }
        let name = world.elb.target_groups[id].name.clone();
        world.elb.target_group_by_name.remove(&name);
        membership::dissolve(world, id, asked);
        Ok(Response {})
    }
}
