//! A target group is a set of targets and the health check that decides which of them get requests.
//!
//! Tasks under awsvpc, and so all on Fargate, need TargetType ip; the default is instance.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::health_check::{self, Said};
use super::{lookup, name, shape};
use crate::api::refusal::Refusal;
use crate::api::{Change, Operation};
use crate::model::id::FactId;
use crate::model::load_balancing::{Protocol, TargetType};
use crate::model::noun::Noun;
use crate::world::World;
use crate::world::elb::TargetGroup;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The name: up to 32 letters, digits and hyphens.
    name: String,
    /// HTTP or HTTPS behind an application load balancer; TCP, TLS, UDP or TCP_UDP behind a network load balancer.
    protocol: Option<Protocol>,
    /// HTTP1 or HTTP2.
    protocol_version: Option<String>,
    /// The port of targets that are registered without one.
    port: Option<u16>,
    /// The VPC of the targets.
    #[schemars(extend("noun" = Noun::Vpc))]
    vpc_id: Option<String>,
    /// instance or ip; tasks under awsvpc need ip.
    target_type: Option<TargetType>,
    /// Whether targets are checked: they always are.
    health_check_enabled: Option<bool>,
    /// What a check speaks: HTTP, HTTPS, or TCP where the targets do not speak HTTP.
    health_check_protocol: Option<Protocol>,
    /// The port that a check knocks at: traffic-port, or a number in quotes.
    health_check_port: Option<String>,
    /// The path that a check asks for: / where nothing is said.
    health_check_path: Option<String>,
    /// Seconds from one check to the next: 5 to 300, 30 where nothing is said.
    health_check_interval_seconds: Option<u32>,
    /// Seconds that an answer may take: 2 to 120, and less than the interval.
    health_check_timeout_seconds: Option<u32>,
    /// Passes in a row that make an unhealthy target healthy: 2 to 10, 5 where nothing is said. A new target needs one.
    healthy_threshold_count: Option<u32>,
    /// Failures in a row that make a target unhealthy: 2 to 10, 2 where nothing is said.
    unhealthy_threshold_count: Option<u32>,
    /// The HTTP codes that are a pass: "200" where nothing is said.
    matcher: Option<Codes>,
}

/// [ELBAPI Matcher]
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Codes {
    /// A code, a list such as "200,302", or a range such as "200-399".
    pub(super) http_code: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Response {
    target_groups: Vec<shape::TargetGroup>,
}

pub(super) struct CreateTargetGroup;

impl Operation for CreateTargetGroup {
    const SERVICE: &'static str = "elbv2";
    const NAME: &'static str = "CreateTargetGroup";
    const SUMMARY: &'static str = "Creates a target group with its health check";
    const SEARCH: &'static [&'static str] = &["new", "health check", "backend", "pool", "threshold", "interval"];
    const EXAMPLE: &'static str = r#"
let vpc = ec2.describe_subnets().Subnets[0].VpcId;
elbv2.create_target_group(#{
    Name: "web", Protocol: "HTTP", Port: 80, TargetType: "ip", VpcId: vpc,
    HealthCheckPath: "/health", HealthCheckIntervalSeconds: 10, HealthyThresholdCount: 2,
}).TargetGroups[0].HealthCheckTimeoutSeconds"#;
    type Request = Request;
    type Response = Response;
}

impl Change for CreateTargetGroup {
    fn call(world: &mut World, _asked: FactId, request: Request) -> Result<Response, Refusal> {
        name::check("Target group name", &request.name)?;
        let name = request.name.as_str();
        let target_type = target_type(request.target_type)?;
        let protocol = protocol(request.protocol)?;
        let protocol_version = protocol_version(protocol, request.protocol_version)?;
        let port = port(request.port)?;
        check_vpc(world, request.vpc_id.as_deref())?;
        check_enabled(request.health_check_enabled)?;
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
        let check = health_check::change(protocol, health_check::defaults(protocol, &said), said)?;
        if let Some(&id) = world.elb.target_group_by_name.get(name) {
            let known = &world.elb.target_groups[id];
            let same = known.protocol == protocol
                && known.protocol_version == protocol_version
                && known.port == port
                && known.target_type == target_type
                && known.check == check;
            if same {
                return Ok(Response { target_groups: vec![shape::target_group(world, id)] });
            }
            return Err(taken(name));
        }
        let (existing, ever) = (world.elb.target_group_by_name.len(), world.elb.target_groups.len());
        let most = world.tuning.elb.target_groups;
        lookup::check_quota(world, "TooManyTargetGroups", "target groups", existing, most, ever)?;
        let id = world.elb.target_groups.add(TargetGroup {
            name: name.into(),
            protocol,
            protocol_version,
            port,
            target_type,
            check,
            attributes: BTreeMap::new(),
            deregistration_delay: world.tuning.deregistration_delay,
            listeners: BTreeSet::new(),
            targets: BTreeMap::new(),
            healthy: 0,
            unhealthy: 0,
        });
        world.elb.target_group_by_name.insert(name.into(), id);
        Ok(Response { target_groups: vec![shape::target_group(world, id)] })
    }
}

/// The sentences about what has to be specified: [awsdocs/aws-cloudformation-user-guide pull 467]; all others are
/// UNSOURCED, unless something is said beside them.
fn target_type(said: Option<TargetType>) -> Result<TargetType, Refusal> {
    match said.unwrap_or(TargetType::Instance) {
        kind @ (TargetType::Instance | TargetType::Ip) => Ok(kind),
        kind @ (TargetType::Lambda | TargetType::Alb) => {
            Err(Refusal::not_modelled(format!("target groups with TargetType {kind}")).at(["TargetType"]))
        }
    }
}

fn protocol(said: Option<Protocol>) -> Result<Protocol, Refusal> {
    match said {
        Some(kind @ (Protocol::Geneve | Protocol::Quic | Protocol::TcpQuic)) => {
            Err(Refusal::not_modelled(format!("target groups with the protocol {kind}")).at(["Protocol"]))
        }
        Some(protocol) => Ok(protocol),
        None => Err(Refusal::new("ValidationError", "A protocol must be specified")
            .because("targets are spoken to in some protocol, and there is no default")
            .way_out("Protocol: \"HTTP\"")
            .at(["Protocol"])),
    }
}

fn protocol_version(protocol: Protocol, said: Option<String>) -> Result<Option<&'static str>, Refusal> {
    match (protocol.is_http(), said.as_deref()) {
        (true, None | Some("HTTP1")) => Ok(Some("HTTP1")),
        (true, Some("HTTP2")) => Ok(Some("HTTP2")),
        (true, Some("GRPC")) => Err(Refusal::not_modelled("checks over gRPC").at(["ProtocolVersion"])),
        (false, None) => Ok(None),
        (_, Some(other)) => {
            Err(Refusal::new("ValidationError", format!("Protocol version '{other}' is not supported"))
                .because("HTTP1, HTTP2 and GRPC are versions of HTTP and HTTPS; other protocols have none")
                .way_out("leave ProtocolVersion away")
                .at(["ProtocolVersion"]))
        }
    }
}

fn port(said: Option<u16>) -> Result<u16, Refusal> {
    said.filter(|&port| port > 0).ok_or_else(|| {
        let message = if said.is_none() { "A port must be specified" } else { "Port '0' must be between 1 and 65535" };
        Refusal::new("ValidationError", message)
            .because("targets that are registered without a port get this one; ECS gives each its container's")
            .way_out("Port: 80")
            .at(["Port"])
    })
}

fn check_vpc(world: &World, said: Option<&str>) -> Result<(), Refusal> {
    let own = &world.vpc.id;
    let refuse = |message: String, because: &str| {
        let refusal = Refusal::new("ValidationError", message).because(because);
        Err(refusal.way_out(format!("VpcId: \"{own}\"")).at(["VpcId"]))
    };
    match said {
        None => refuse("A VPC ID must be specified".to_owned(), "targets are in some VPC"),
        Some(id) if id == own => Ok(()),
        Some(id) => {
            refuse(format!("The VPC ID '{id}' is not found"), "the lab has the default VPC, and this is not its id")
        }
    }
}

fn check_enabled(said: Option<bool>) -> Result<(), Refusal> {
    if said != Some(false) {
        return Ok(());
    }
    Err(Refusal::new(
        "InvalidConfigurationRequest",
        "Health check enabled must be true for target groups with target type 'instance' or 'ip'",
    )
    .because("only targets of the type lambda can go without checks")
    .way_out("leave HealthCheckEnabled away")
    .at(["HealthCheckEnabled"]))
}

/// The code: [semantics/around.md 3.3]; the sentence is UNSOURCED.
fn taken(name: &str) -> Refusal {
    Refusal::new(
        "DuplicateTargetGroupName",
        format!("A target group with the same name '{name}' exists, but with different settings"),
    )
    .because("names are unique in an account and Region; asking again for the same would give the same")
    .way_out("take another name, or change the health check: elbv2.modify_target_group(#{ TargetGroupArn: … })")
    .at(["Name"])
}
