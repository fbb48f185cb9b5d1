//! Without a listener that leads to it a target group is out of use: its targets are `unused`, and nobody checks them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{lookup, with_group};
use crate::api::refusal::Refusal;
use crate::api::{Change, Operation};
use crate::aws::elb::membership;
use crate::model::id::{FactId, ListenerId, TargetGroupId};
use crate::model::noun::Noun;
use crate::world::World;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The listener's ARN.
    #[schemars(extend("noun" = Noun::Listener))]
    listener_arn: String,
}

#[derive(Serialize)]
pub(super) struct Response {}

pub(super) struct DeleteListener;

impl Operation for DeleteListener {
    const SERVICE: &'static str = "elbv2";
    const NAME: &'static str = "DeleteListener";
    const SUMMARY: &'static str = "Deletes a listener";
    const SEARCH: &'static [&'static str] = &["remove", "detach", "clean up"];
    const EXAMPLE: &'static str = with_group!("elbv2.delete_listener(#{ ListenerArn: listener })");
    type Request = Request;
    type Response = Response;
}

impl Change for DeleteListener {
    fn call(world: &mut World, asked: FactId, request: Request) -> Result<Response, Refusal> {
        let id = lookup::listener(world, &request.listener_arn)?;
        delete(world, id, asked);
        Ok(Response {})
    }
}

/// Deletes a listener, and takes the target groups that only it led to out of use.
pub(super) fn delete(world: &mut World, id: ListenerId, asked: FactId) {
    world.remove_listener(id, asked);
    for group in world.elb.listeners[id].action.target_groups().collect::<Vec<TargetGroupId>>() {
        membership::listeners_changed(world, group, asked);
    }
}
