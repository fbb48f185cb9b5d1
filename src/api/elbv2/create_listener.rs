//! A listener says what a load balancer does with requests to one port: with it a target group comes into use, and its
//! targets are checked.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::action::{self, Action};
use super::{lookup, shape, with_group};
use crate::api::refusal::Refusal;
use crate::api::{Change, Operation};
use crate::aws::elb::membership;
use crate::model::id::{FactId, LoadBalancerId, TargetGroupId};
use crate::model::load_balancing::{LoadBalancerType, Protocol};
use crate::model::noun::Noun;
use crate::world::World;
use crate::world::elb::Listener;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The load balancer's ARN.
    #[schemars(extend("noun" = Noun::LoadBalancer))]
    load_balancer_arn: String,
    /// HTTP or HTTPS; TCP, TLS, UDP or TCP_UDP for a network load balancer.
    protocol: Option<Protocol>,
    /// The port.
    port: Option<u16>,
    /// The certificate of a listener with HTTPS or TLS.
    #[serde(default)]
    certificates: Vec<Certificate>,
    /// What happens to a request: one action.
    default_actions: Vec<Action>,
}

/// [ELBAPI Certificate]
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Certificate {
    /// The certificate's ARN. longshore has no certificates, so it is not looked up.
    certificate_arn: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Response {
    listeners: Vec<shape::Listener>,
}

pub(super) struct CreateListener;

impl Operation for CreateListener {
    const SERVICE: &'static str = "elbv2";
    const NAME: &'static str = "CreateListener";
    const SUMMARY: &'static str = "Makes a load balancer listen on a port and forward to target groups";
    const SEARCH: &'static [&'static str] = &["port", "forward", "route", "https", "attach"];
    const EXAMPLE: &'static str = with_group!(
        r#"elbv2.create_listener(#{
    LoadBalancerArn: balancer, Protocol: "HTTP", Port: 8080,
    DefaultActions: [#{ Type: "fixed-response", FixedResponseConfig: #{ StatusCode: "503" } }],
}).Listeners[0].Port"#
    );
    type Request = Request;
    type Response = Response;
}

impl Change for CreateListener {
    fn call(world: &mut World, asked: FactId, request: Request) -> Result<Response, Refusal> {
        let balancer = lookup::load_balancer(world, &request.load_balancer_arn)?;
        let protocol = protocol(world, balancer, request.protocol)?;
        let port = port(world, balancer, request.port)?;
        check_certificates(protocol, &request.certificates)?;
        let action = action::resolve(world, balancer, protocol, request.default_actions)?;
        let (existing, ever) = (world.elb.load_balancers[balancer].listeners.len(), world.elb.listeners.len());
        let most = world.tuning.elb.listeners;
        lookup::check_quota(world, "TooManyListeners", "listeners", existing, most, ever)?;
        let certificates = request.certificates.into_iter().map(|it| it.certificate_arn.into()).collect();
        let listener = Listener { load_balancer: balancer, port, protocol, certificates, action };
        let id = world.add_listener(listener, asked);
        for group in world.elb.listeners[id].action.target_groups().collect::<Vec<TargetGroupId>>() {
            membership::listeners_changed(world, group, asked);
        }
        Ok(Response { listeners: vec![shape::listener(world, id)] })
    }
}

fn protocol(world: &World, balancer: LoadBalancerId, said: Option<Protocol>) -> Result<Protocol, Refusal> {
    let kind = world.elb.load_balancers[balancer].kind;
    let known: &[Protocol] = match kind {
        LoadBalancerType::Application => &[Protocol::Http, Protocol::Https],
        LoadBalancerType::Network | LoadBalancerType::Gateway => {
            &[Protocol::Tcp, Protocol::Tls, Protocol::Udp, Protocol::TcpUdp]
        }
    };
    if let Some(protocol) = said.filter(|protocol| known.contains(protocol)) {
        return Ok(protocol);
    }
    let names: Vec<&str> = known.iter().map(|protocol| protocol.as_str()).collect();
    let message = match said {
        None => "A listener protocol must be specified".to_owned(),
        Some(_) => format!("Listener protocol must be one of '{}'", names.join(", ")),
    };
    Err(Refusal::new("ValidationError", message)
        .because(format!("load balancer `{}` is of type {kind}", world.elb.load_balancers[balancer].name))
        .way_out(format!("Protocol: \"{}\"", names[0]))
        .at(["Protocol"]))
}

fn port(world: &World, balancer: LoadBalancerId, said: Option<u16>) -> Result<u16, Refusal> {
    let Some(port) = said.filter(|&port| port > 0) else {
        return Err(Refusal::new("ValidationError", "A listener port must be specified")
            .because("a load balancer listens on ports from 1 to 65535")
            .way_out("Port: 80")
            .at(["Port"]));
    };
    if !world.elb.load_balancers[balancer].listeners.contains_key(&port) {
        return Ok(port);
    }
    let arn = world.load_balancer_arn(balancer);
    Err(Refusal::new(
        "DuplicateListener",
        format!("A listener already exists on this port for this load balancer '{arn}'"),
    )
    .because(format!("load balancer `{}` listens on port {port}", world.elb.load_balancers[balancer].name))
    .way_out("take another port, or delete that listener: elbv2.delete_listener(#{ ListenerArn: … })")
    .at(["Port"]))
}

fn check_certificates(protocol: Protocol, certificates: &[Certificate]) -> Result<(), Refusal> {
    let secure = matches!(protocol, Protocol::Https | Protocol::Tls);
    match (secure, certificates.len()) {
        (true, 1) | (false, 0) => Ok(()),
        (true, count) => {
            Err(Refusal::new("ValidationError", format!("A certificate must be specified for {protocol} listeners"))
                .because(format!("there are {count}, and a listener has exactly one default certificate"))
                .way_out("Certificates: [#{ CertificateArn: … }], or Protocol: \"HTTP\"")
                .at(["Certificates"]))
        }
        (false, _) => {
            Err(Refusal::new("ValidationError", format!("A certificate cannot be specified for {protocol} listeners"))
                .because("only HTTPS and TLS have one")
                .way_out("leave Certificates away, or use Protocol: \"HTTPS\"")
                .at(["Certificates"]))
        }
    }
}
