//! Attributes of a target group: how long a deregistered target drains, and what longshore keeps without acting on it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::describe_target_group_attributes::{self, Attribute, DELAY, attributes};
use super::{lookup, number, with_group};
use crate::api::refusal::Refusal;
use crate::api::{Change, Operation};
use crate::model::id::FactId;
use crate::model::meant;
use crate::model::noun::Noun;
use crate::model::time::Millis;
use crate::world::World;
use crate::world::elb::TargetGroup;

/// Bounds of the deregistration delay in seconds. [semantics/around.md 3.2]
const LONGEST_DELAY: u64 = 3_600;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The target group's ARN.
    #[schemars(extend("noun" = Noun::TargetGroup))]
    target_group_arn: String,
    /// Keys and values, both texts.
    attributes: Vec<Attribute>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Response {
    attributes: Vec<Attribute>,
}

pub(super) struct ModifyTargetGroupAttributes;

impl Operation for ModifyTargetGroupAttributes {
    const SERVICE: &'static str = "elbv2";
    const NAME: &'static str = "ModifyTargetGroupAttributes";
    const SUMMARY: &'static str = "Sets attributes of a target group, such as its deregistration delay";
    const SEARCH: &'static [&'static str] = &["drain", "deregistration delay", "slow start", "stickiness"];
    const EXAMPLE: &'static str = with_group!(
        r#"elbv2.modify_target_group_attributes(#{
    TargetGroupArn: group, Attributes: [#{ Key: "deregistration_delay.timeout_seconds", Value: "30" }],
}).Attributes.len()"#
    );
    type Request = Request;
    type Response = Response;

    fn notices(_: &World, request: &Request) -> Vec<String> {
        let idle = request.attributes.iter().filter(|attribute| attribute.key != DELAY);
        idle.map(|attribute| format!("not modelled: `{}` is kept and shown, and has no effect", attribute.key))
            .collect()
    }
}

impl Change for ModifyTargetGroupAttributes {
    fn call(world: &mut World, _asked: FactId, request: Request) -> Result<Response, Refusal> {
        let id = lookup::target_group(world, &request.target_group_arn)?;
        for (index, attribute) in request.attributes.iter().enumerate() {
            check(&world.elb.target_groups[id], attribute)
                .map_err(|refusal| refusal.at(["Attributes".to_owned(), index.to_string()]))?;
        }
        for Attribute { key, value } in request.attributes {
            if let (DELAY, Some(seconds)) = (key.as_str(), number::read(&value)) {
                world.elb.target_groups[id].deregistration_delay = Millis::seconds(seconds);
            }
            world.elb.target_groups[id].attributes.insert(key.into(), value.into());
        }
        Ok(Response { attributes: attributes(world, id) })
    }
}

fn check(group: &TargetGroup, attribute: &Attribute) -> Result<(), Refusal> {
    let (key, value) = (attribute.key.as_str(), attribute.value.as_str());
    let known: Vec<&str> = describe_target_group_attributes::known(group).iter().map(|(key, _)| *key).collect();
    if !known.contains(&key) {
        let way_out = meant::one_of(key, known.iter().copied(), "name one of");
        // UNSOURCED
        return Err(Refusal::new("ValidationError", format!("Target group attribute key '{key}' is not recognized"))
            .because(format!("{} target groups have no such attribute, or longshore does not know it", group.protocol))
            .way_out(way_out));
    }
    let seconds = number::read(value);
    let yes_or_no = matches!(value, "true" | "false");
    let (good, words) = match key {
        DELAY => (seconds.is_some_and(|seconds| seconds <= LONGEST_DELAY), "an integer between '0' and '3600'"),
        "slow_start.duration_seconds" => (
            seconds.is_some_and(|seconds| seconds == 0 || (30..=900).contains(&seconds)),
            "'0', or an integer between '30' and '900'",
        ),
        _ if key.ends_with(".enabled") && !key.contains("cross_zone") => (yes_or_no, "'true' or 'false'"),
        _ => (true, ""),
    };
    if good {
        return Ok(());
    }
    // The ranges are documented, the literal sentence is UNSOURCED.
    Err(Refusal::new("ValidationError", format!("'{key}' must be {words}"))
        .because(format!("it is '{value}'"))
        .way_out(format!("Attributes: [#{{ Key: \"{key}\", Value: \"30\" }}]")))
}
