//! The shapes of Elastic Load Balancing's answers.

use serde::Serialize;

use super::action;
use crate::model::id::{ListenerId, LoadBalancerId, TargetGroupId};
use crate::model::load_balancing::{CheckPort, LoadBalancerType, Protocol, Scheme, TargetType};
use crate::model::time::Moment;
use crate::world::World;
use crate::world::elb::Listener as Record;

/// [ELBAPI LoadBalancer]
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct LoadBalancer {
    load_balancer_arn: String,
    load_balancer_name: String,
    #[serde(rename = "DNSName")]
    dns_name: String,
    created_time: Moment,
    scheme: Scheme,
    vpc_id: String,
    state: State,
    r#type: LoadBalancerType,
    availability_zones: Vec<Zone>,
    security_groups: Vec<String>,
    ip_address_type: &'static str,
}

/// [ELBAPI LoadBalancerState]
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct State {
    code: &'static str,
}

/// [ELBAPI AvailabilityZone]
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Zone {
    zone_name: &'static str,
    subnet_id: String,
}

/// The shape of a load balancer.
pub(super) fn load_balancer(world: &World, id: LoadBalancerId) -> LoadBalancer {
    let balancer = &world.elb.load_balancers[id];
    let provisioned = world.now.since(balancer.created_at) >= world.tuning.load_balancer_provisioning;
    let zone = |subnet| {
        let subnet = &world.vpc.subnets[subnet];
        Zone { zone_name: subnet.zone, subnet_id: subnet.id.clone() }
    };
    LoadBalancer {
        load_balancer_arn: world.load_balancer_arn(id),
        load_balancer_name: balancer.name.to_string(),
        dns_name: world.load_balancer_dns_name(id),
        created_time: balancer.created_at,
        scheme: balancer.scheme,
        vpc_id: world.vpc.id.clone(),
        state: State { code: if provisioned { "active" } else { "provisioning" } },
        r#type: balancer.kind,
        availability_zones: balancer.subnets.iter().copied().map(zone).collect(),
        security_groups: match balancer.kind {
            LoadBalancerType::Application => vec![world.vpc.default_security_group.clone()],
            LoadBalancerType::Network | LoadBalancerType::Gateway => Vec::new(),
        },
        ip_address_type: "ipv4",
    }
}

/// [ELBAPI TargetGroup]
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct TargetGroup {
    target_group_arn: String,
    target_group_name: String,
    protocol: Protocol,
    port: u16,
    vpc_id: String,
    health_check_protocol: Protocol,
    health_check_port: String,
    health_check_enabled: bool,
    health_check_interval_seconds: u64,
    health_check_timeout_seconds: u64,
    healthy_threshold_count: u32,
    unhealthy_threshold_count: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    health_check_path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    matcher: Option<Matcher>,
    load_balancer_arns: Vec<String>,
    target_type: TargetType,
    #[serde(skip_serializing_if = "Option::is_none")]
    protocol_version: Option<&'static str>,
    ip_address_type: &'static str,
}

/// [ELBAPI Matcher]
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Matcher {
    http_code: String,
}

/// The shape of a target group.
pub(super) fn target_group(world: &World, id: TargetGroupId) -> TargetGroup {
    let group = &world.elb.target_groups[id];
    let check = &group.check;
    let http = check.protocol.is_http();
    TargetGroup {
        target_group_arn: world.target_group_arn(id),
        target_group_name: group.name.to_string(),
        protocol: group.protocol,
        port: group.port,
        vpc_id: world.vpc.id.clone(),
        health_check_protocol: check.protocol,
        health_check_port: check_port(check.port),
        health_check_enabled: true,
        health_check_interval_seconds: check.interval.0 / 1000,
        health_check_timeout_seconds: check.timeout.0 / 1000,
        healthy_threshold_count: check.healthy,
        unhealthy_threshold_count: check.unhealthy,
        health_check_path: http.then(|| check.path.to_string()),
        matcher: http.then(|| Matcher { http_code: check.matcher.text.to_string() }),
        load_balancer_arns: world.elb.load_balancer_of(id).map(|id| world.load_balancer_arn(id)).into_iter().collect(),
        target_type: group.target_type,
        protocol_version: group.protocol_version,
        ip_address_type: "ipv4",
    }
}

fn check_port(port: CheckPort) -> String {
    match port {
        CheckPort::Traffic => "traffic-port".to_owned(),
        CheckPort::Number(port) => port.to_string(),
    }
}

/// [ELBAPI Listener]
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Listener {
    listener_arn: String,
    load_balancer_arn: String,
    port: u16,
    protocol: Protocol,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    certificates: Vec<Certificate>,
    default_actions: Vec<action::Action>,
}

/// [ELBAPI Certificate]
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Certificate {
    certificate_arn: String,
}

/// The shape of a listener.
pub(super) fn listener(world: &World, id: ListenerId) -> Listener {
    let Record { load_balancer, port, protocol, certificates, action } = &world.elb.listeners[id];
    Listener {
        listener_arn: world.listener_arn(id),
        load_balancer_arn: world.load_balancer_arn(*load_balancer),
        port: *port,
        protocol: *protocol,
        certificates: certificates.iter().map(|arn| Certificate { certificate_arn: arn.to_string() }).collect(),
        default_actions: vec![action::shape(world, action)],
    }
}
