//! What a listener does with a request: forwards it to target groups, or answers it itself.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::lookup;
use crate::api::refusal::Refusal;
use crate::model::id::{LoadBalancerId, TargetGroupId};
use crate::model::load_balancing::{LoadBalancerType, Protocol};
use crate::model::noun::Noun;
use crate::world::World;
use crate::world::elb::Action as Kept;

/// The target groups of one action. [semantics/around.md 3.3]
const TARGET_GROUPS: usize = 5;
/// The highest weight of a target group. [semantics/around.md 3.3]
const WEIGHT: u32 = 999;

/// [ELBAPI Action]
#[derive(Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Action {
    /// forward or fixed-response.
    r#type: ActionType,
    /// For forward: the target group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("noun" = Noun::TargetGroup))]
    target_group_arn: Option<String>,
    /// For forward: several target groups with weights.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    forward_config: Option<ForwardConfig>,
    /// For fixed-response: the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fixed_response_config: Option<FixedResponseConfig>,
}

/// [ELBAPI ActionTypeEnum]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum ActionType {
    Forward,
    FixedResponse,
    Redirect,
    AuthenticateOidc,
    AuthenticateCognito,
    JwtValidation,
}

/// [ELBAPI ForwardActionConfig]
#[derive(Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct ForwardConfig {
    /// The target groups.
    target_groups: Vec<Weighted>,
}

/// [ELBAPI TargetGroupTuple]
#[derive(Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Weighted {
    /// The target group.
    #[schemars(extend("noun" = Noun::TargetGroup))]
    target_group_arn: String,
    /// Its share: 0 to 999.
    #[serde(default = "one")]
    weight: u32,
}

fn one() -> u32 {
    1
}

/// [ELBAPI FixedResponseActionConfig]
#[derive(Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct FixedResponseConfig {
    /// The HTTP code, in quotes: 2XX, 4XX or 5XX.
    status_code: String,
    /// The type of the body.
    #[serde(skip_serializing_if = "Option::is_none")]
    content_type: Option<String>,
    /// The body.
    #[serde(skip_serializing_if = "Option::is_none")]
    message_body: Option<String>,
}

/// The one action of a listener.
pub(super) fn resolve(
    world: &World,
    balancer: LoadBalancerId,
    listener: Protocol,
    actions: Vec<Action>,
) -> Result<Kept, Refusal> {
    let place = |member: &str| ["DefaultActions", "0", member].map(str::to_owned);
    let [action] = <[Action; 1]>::try_from(actions).map_err(|actions| {
        Refusal::new("ValidationError", "You must specify exactly one default action for a listener")
            .because(format!("there are {}", actions.len()))
            .way_out("DefaultActions: [#{ Type: \"forward\", TargetGroupArn: … }]")
            .at(["DefaultActions"])
    })?;
    match action.r#type {
        ActionType::Forward => forward(world, balancer, listener, action),
        ActionType::FixedResponse => fixed_response(action),
        ActionType::Redirect
        | ActionType::AuthenticateOidc
        | ActionType::AuthenticateCognito
        | ActionType::JwtValidation => Err(Refusal::not_modelled("actions of this type").at(place("Type"))),
    }
}

fn forward(world: &World, balancer: LoadBalancerId, listener: Protocol, action: Action) -> Result<Kept, Refusal> {
    let listed = action.forward_config.map(|config| config.target_groups).unwrap_or_default();
    let single = action.target_group_arn.map(|target_group_arn| Weighted { target_group_arn, weight: 1 });
    let wanted: Vec<Weighted> = if listed.is_empty() { single.into_iter().collect() } else { listed };
    let refuse = |message: &str, because: String, way_out: &str| {
        Err(Refusal::new("ValidationError", message).because(because).way_out(way_out).at(["DefaultActions", "0"]))
    };
    if wanted.is_empty() || wanted.len() > TARGET_GROUPS {
        return refuse(
            "You must specify a target group for an action of type forward",
            format!("there are {} target groups; 1 to {TARGET_GROUPS} are possible", wanted.len()),
            "DefaultActions: [#{ Type: \"forward\", TargetGroupArn: … }]",
        );
    }
    if let Some(heavy) = wanted.iter().find(|group| group.weight > WEIGHT) {
        let because = format!("a weight is {}", heavy.weight);
        return refuse("The weight of a target group must be between 0 and 999", because, "write 0 to 999");
    }
    let groups: Vec<(TargetGroupId, u32)> = wanted
        .iter()
        .map(|group| Ok((lookup::target_group(world, &group.target_group_arn)?, group.weight)))
        .collect::<Result<_, Refusal>>()?;
    for &(id, _) in &groups {
        check_group(world, balancer, listener, id)?;
    }
    Ok(Kept::Forward(groups))
}

/// The protocols of target groups that a listener can lead to. [NLB load-balancer-target-groups, routing configuration;
/// ALB likewise]
fn fitting(listener: Protocol) -> &'static [Protocol] {
    match listener {
        Protocol::Tcp => &[Protocol::Tcp, Protocol::TcpUdp],
        Protocol::Tls => &[Protocol::Tcp, Protocol::Tls],
        Protocol::Udp => &[Protocol::Udp, Protocol::TcpUdp],
        Protocol::TcpUdp => &[Protocol::TcpUdp],
        _ => &[Protocol::Http, Protocol::Https],
    }
}

/// A target group belongs to one load balancer, of the kind that speaks its protocol.
fn check_group(world: &World, balancer: LoadBalancerId, listener: Protocol, id: TargetGroupId) -> Result<(), Refusal> {
    let (group, kind) = (&world.elb.target_groups[id], world.elb.load_balancers[balancer].kind);
    if group.protocol.is_http() != (kind == LoadBalancerType::Application) {
        // The rule is documented, the literal sentence is UNSOURCED.
        return Err(Refusal::new(
            "InvalidConfigurationRequest",
            format!(
                "The target group protocol '{}' is not supported by load balancers of type '{kind}'",
                group.protocol
            ),
        )
        .because("application load balancers speak HTTP and HTTPS with targets, network load balancers the others")
        .way_out("take a target group of another protocol, or a load balancer of another Type")
        .at(["DefaultActions", "0"]));
    }
    let fitting = fitting(listener);
    if !fitting.contains(&group.protocol) {
        let names: Vec<&str> = fitting.iter().map(|protocol| protocol.as_str()).collect();
        // The rule is documented, the literal sentence is UNSOURCED.
        return Err(Refusal::new(
            "InvalidConfigurationRequest",
            format!("The target group protocol '{}' is not supported by {listener} listeners", group.protocol),
        )
        .because(format!("a {listener} listener leads to target groups of the protocols {}", names.join(" and ")))
        .way_out("take a target group of another protocol, or a listener of another Protocol")
        .at(["DefaultActions", "0"]));
    }
    match world.elb.load_balancer_of(id) {
        Some(other) if other != balancer => Err(Refusal::new(
            "TargetGroupAssociationLimit",
            format!(
                "The following target groups cannot be associated with more than one load balancer: {}",
                world.target_group_arn(id)
            ),
        )
        .because(format!("load balancer `{}` has it already", world.elb.load_balancers[other].name))
        .way_out("create another target group; a service can be registered with both")
        .at(["DefaultActions", "0"])),
        _ => Ok(()),
    }
}

fn fixed_response(action: Action) -> Result<Kept, Refusal> {
    let config = action.fixed_response_config;
    let good = |code: &str| code.len() == 3 && matches!(code.as_bytes()[0], b'2' | b'4' | b'5');
    let config = config.filter(|config| good(&config.status_code) && config.status_code.parse::<u16>().is_ok());
    let Some(config) = config else {
        return Err(Refusal::new("ValidationError", "The status code of a fixed response must be 2XX, 4XX or 5XX")
            .because("an action of type fixed-response needs a FixedResponseConfig with such a StatusCode")
            .way_out("FixedResponseConfig: #{ StatusCode: \"503\" }")
            .at(["DefaultActions", "0", "FixedResponseConfig"]));
    };
    Ok(Kept::FixedResponse {
        status_code: config.status_code.into(),
        content_type: config.content_type.map(Into::into),
        message_body: config.message_body.map(Into::into),
    })
}

/// The shape of an action.
pub(super) fn shape(world: &World, action: &Kept) -> Action {
    let text = |text: &Option<Box<str>>| text.as_deref().map(str::to_owned);
    match action {
        Kept::Forward(groups) => {
            let weighted = |&(id, weight): &(TargetGroupId, u32)| Weighted {
                target_group_arn: world.target_group_arn(id),
                weight,
            };
            let single = if let [(id, _)] = groups.as_slice() { Some(world.target_group_arn(*id)) } else { None };
            Action {
                r#type: ActionType::Forward,
                target_group_arn: single,
                forward_config: Some(ForwardConfig { target_groups: groups.iter().map(weighted).collect() }),
                fixed_response_config: None,
            }
        }
        Kept::FixedResponse { status_code, content_type, message_body } => Action {
            r#type: ActionType::FixedResponse,
            target_group_arn: None,
            forward_config: None,
            fixed_response_config: Some(FixedResponseConfig {
                status_code: status_code.to_string(),
                content_type: text(content_type),
                message_body: text(message_body),
            }),
        },
    }
}
