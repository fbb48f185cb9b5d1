//! The attributes of a target group: those that were set, and the defaults of the others.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{lookup, with_group};
use crate::api::refusal::Refusal;
use crate::api::{Operation, Query};
use crate::model::id::TargetGroupId;
use crate::model::load_balancing::{Protocol, TargetType};
use crate::model::noun::Noun;
use crate::world::World;
use crate::world::elb::TargetGroup;

/// The deregistration delay.
pub(super) const DELAY: &str = "deregistration_delay.timeout_seconds";

/// The attributes of all target groups that longshore knows, with their defaults. [semantics/around.md 3.2]
const ATTRIBUTES: &[(&str, &str)] = &[
    (DELAY, "300"),
    ("load_balancing.cross_zone.enabled", "use_load_balancer_configuration"),
    ("stickiness.enabled", "false"),
];

/// Those of target groups that speak HTTP besides. [semantics/around.md 3.2]
const HTTP_ATTRIBUTES: &[(&str, &str)] = &[
    ("load_balancing.algorithm.type", "round_robin"),
    ("slow_start.duration_seconds", "0"),
    ("stickiness.lb_cookie.duration_seconds", "86400"),
    ("stickiness.type", "lb_cookie"),
];

/// [ELBAPI TargetGroupAttribute]
#[derive(Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Attribute {
    /// The attribute's name.
    pub(super) key: String,
    /// Its value, as a text.
    pub(super) value: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The target group's ARN.
    #[schemars(extend("noun" = Noun::TargetGroup))]
    target_group_arn: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Response {
    attributes: Vec<Attribute>,
}

pub(super) struct DescribeTargetGroupAttributes;

impl Operation for DescribeTargetGroupAttributes {
    const SERVICE: &'static str = "elbv2";
    const NAME: &'static str = "DescribeTargetGroupAttributes";
    const SUMMARY: &'static str = "Shows the attributes of a target group";
    const SEARCH: &'static [&'static str] = &["show", "drain", "deregistration delay"];
    const EXAMPLE: &'static str =
        with_group!("elbv2.describe_target_group_attributes(#{ TargetGroupArn: group }).Attributes[0]");
    type Request = Request;
    type Response = Response;
}

impl Query for DescribeTargetGroupAttributes {
    fn call(world: &World, request: Request) -> Result<Response, Refusal> {
        let id = lookup::target_group(world, &request.target_group_arn)?;
        Ok(Response { attributes: attributes(world, id) })
    }
}

/// All attributes of a target group.
pub(super) fn attributes(world: &World, id: TargetGroupId) -> Vec<Attribute> {
    let set = &world.elb.target_groups[id].attributes;
    let value = |key: &str, default: &str| set.get(key).map_or(default, |value| value).to_owned();
    let known = known(&world.elb.target_groups[id]);
    known.into_iter().map(|(key, default)| Attribute { key: key.to_owned(), value: value(key, default) }).collect()
}

/// The attributes that a target group of this protocol has, with their defaults. [ELBAPI TargetGroupAttribute]
pub(super) fn known(group: &TargetGroup) -> Vec<(&'static str, &'static str)> {
    let or = |yes: bool| if yes { "true" } else { "false" };
    let datagrams = matches!(group.protocol, Protocol::Udp | Protocol::TcpUdp);
    let keeps_client = group.target_type == TargetType::Instance || datagrams;
    let own = match group.protocol.is_http() {
        true => HTTP_ATTRIBUTES.to_vec(),
        false => vec![
            ("deregistration_delay.connection_termination.enabled", or(datagrams)),
            ("preserve_client_ip.enabled", or(keeps_client)),
            ("proxy_protocol_v2.enabled", "false"),
            ("stickiness.type", "source_ip"),
        ],
    };
    let mut all = [ATTRIBUTES, own.as_slice()].concat();
    all.sort_by_key(|(key, _)| (*key != DELAY, *key));
    all
}
