//! The health check of a target group: defaults, ranges, and what does not go together.
//!
//! Defaults [ELBAPI CreateTargetGroup; semantics/around.md 3.1]; ranges as AWS's query services refuse them; each other
//! sentence has its source beside it.

use super::number;
use crate::api::constraint::range;
use crate::api::refusal::Refusal;
use crate::model::load_balancing::{CheckPort, Matcher, Protocol, TargetCheck};
use crate::model::time::Millis;

/// The longest path. [ELBAPI Path]
const PATH: usize = 1_024;

/// What a request says about the health check.
#[derive(Default)]
pub(super) struct Said {
    pub(super) protocol: Option<Protocol>,
    pub(super) port: Option<String>,
    pub(super) path: Option<String>,
    pub(super) interval: Option<u32>,
    pub(super) timeout: Option<u32>,
    pub(super) healthy: Option<u32>,
    pub(super) unhealthy: Option<u32>,
    pub(super) matcher: Option<String>,
}

/// The health check of a new target group with this protocol, as far as the request does not say otherwise.
pub(super) fn defaults(group: Protocol, said: &Said) -> TargetCheck {
    let protocol = said.protocol.unwrap_or(if group.is_http() { Protocol::Http } else { Protocol::Tcp });
    let timeout = default_timeout(group, protocol);
    let codes = if group.is_http() { "200" } else { "200-399" };
    TargetCheck {
        protocol,
        port: CheckPort::Traffic,
        path: "/".into(),
        interval: Millis::seconds(30),
        timeout,
        healthy: 5,
        unhealthy: 2,
        matcher: Matcher::parse(codes).expect("the defaults are matchers"),
    }
}

/// How long an answer may take where nobody says.
///
/// Application load balancers: 5 s, as their guide and the answers of create-target-group in aws-cli's examples have it
/// [ALBUG target group health checks; aws-cli examples/elbv2/create-target-group]. The API reference says 6 s for HTTP
/// and 10 s for the others, without telling the two kinds of load balancers apart [ELBAPI HealthCheckTimeoutSeconds]:
/// that is what network load balancers have [NLB target group health checks].
const fn default_timeout(group: Protocol, check: Protocol) -> Millis {
    match (group.is_http(), check) {
        (true, _) => Millis::seconds(5),
        (false, Protocol::Http) => Millis::seconds(6),
        (false, _) => Millis::seconds(10),
    }
}

/// What a health check becomes when a request has its say.
pub(super) fn change(group: Protocol, before: TargetCheck, said: Said) -> Result<TargetCheck, Refusal> {
    let number = |value: Option<u32>, before: u64, member: &str, least: u32, most: u32| {
        value.map_or(Ok(before), |value| range(value, member, least, most).map(|()| u64::from(value)))
    };
    let interval = number(said.interval, before.interval.0 / 1000, "HealthCheckIntervalSeconds", 5, 300)?;
    let timeout = number(said.timeout, before.timeout.0 / 1000, "HealthCheckTimeoutSeconds", 2, 120)?;
    let healthy = number(said.healthy, u64::from(before.healthy), "HealthyThresholdCount", 2, 10)? as u32;
    let unhealthy = number(said.unhealthy, u64::from(before.unhealthy), "UnhealthyThresholdCount", 2, 10)? as u32;
    let protocol = said.protocol.unwrap_or(before.protocol);
    check_protocol(group, protocol)?;
    check_times(group, interval, timeout)?;
    check_words(protocol, &said)?;
    let (port, path) = (port(before.port, said.port)?, path(before.path, said.path)?);
    let matcher = matcher(group, before.matcher, said.matcher)?;
    let (interval, timeout) = (Millis::seconds(interval), Millis::seconds(timeout));
    Ok(TargetCheck { protocol, port, path, interval, timeout, healthy, unhealthy, matcher })
}

fn check_protocol(group: Protocol, check: Protocol) -> Result<(), Refusal> {
    let known = matches!(check, Protocol::Http | Protocol::Https | Protocol::Tcp);
    if known && (check != Protocol::Tcp || !group.is_http()) {
        return Ok(());
    }
    // The rule is documented, the literal sentence is UNSOURCED.
    Err(Refusal::new(
        "InvalidConfigurationRequest",
        format!("Health check protocol '{check}' is not supported for target groups with the protocol '{group}'"),
    )
    .because("targets that speak HTTP are asked in HTTP or HTTPS; the others may be asked over TCP too")
    .way_out("HealthCheckProtocol: \"HTTP\"")
    .at(["HealthCheckProtocol"]))
}

/// A TCP check asks for nothing and is told nothing. Path and matcher are documented for HTTP and HTTPS alone, the
/// literal sentences are UNSOURCED. [ELBAPI CreateTargetGroup]
fn check_words(check: Protocol, said: &Said) -> Result<(), Refusal> {
    let words = [("Matcher", "matcher", &said.matcher), ("HealthCheckPath", "health check path", &said.path)];
    let Some((member, what, _)) = words.into_iter().find(|(.., value)| value.is_some() && !check.is_http()) else {
        return Ok(());
    };
    let message = format!("You cannot specify a {what} for {check} health checks");
    Err(Refusal::new("InvalidConfigurationRequest", message)
        .because(format!("a {check} check asks for a connection, and gets no code"))
        .way_out(format!("leave {member} away, or use HealthCheckProtocol: \"HTTP\""))
        .at([member]))
}

/// The first sentence: [hashicorp/terraform-provider-aws issue 2366]; the second is UNSOURCED, after it. That a network
/// load balancer takes equal times: [aws/aws-cdk issue 16446].
fn check_times(group: Protocol, interval: u64, timeout: u64) -> Result<(), Refusal> {
    let (fits, words) = match group.is_http() {
        true => (timeout < interval, "smaller than"),
        false => (timeout <= interval, "smaller than or equal to"),
    };
    if fits {
        return Ok(());
    }
    Err(Refusal::new(
        "ValidationError",
        format!("Health check timeout '{timeout}' must be {words} the interval '{interval}'"),
    )
    .because("one check has to be over when the next begins")
    .way_out(format!("set HealthCheckTimeoutSeconds below {interval} too, or a longer HealthCheckIntervalSeconds"))
    .at(["HealthCheckTimeoutSeconds"]))
}

fn port(before: CheckPort, said: Option<String>) -> Result<CheckPort, Refusal> {
    let Some(said) = said else { return Ok(before) };
    if said == "traffic-port" {
        return Ok(CheckPort::Traffic);
    }
    let number = number::read(&said).and_then(|port| u16::try_from(port).ok()).filter(|&port| port > 0);
    number.map(CheckPort::Number).ok_or_else(|| {
        // [kubernetes-sigs/aws-load-balancer-controller issue 4561]
        Refusal::new("ValidationError", format!("Health check port {said} must be within 1-65535 or traffic-port"))
            .because("it is a text: a number in quotes, or traffic-port")
            .way_out("HealthCheckPort: \"traffic-port\"")
            .at(["HealthCheckPort"])
    })
}

fn path(before: Box<str>, said: Option<String>) -> Result<Box<str>, Refusal> {
    let Some(said) = said else { return Ok(before) };
    if said.starts_with('/') && said.len() <= PATH && said.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(said.into());
    }
    // UNSOURCED
    Err(Refusal::new("ValidationError", format!("Health check path '{said}' must begin with a '/' character"))
        .because(format!("a path begins with a slash and has up to {PATH} characters without blanks"))
        .way_out("HealthCheckPath: \"/health\"")
        .at(["HealthCheckPath"]))
}

fn matcher(group: Protocol, before: Matcher, said: Option<String>) -> Result<Matcher, Refusal> {
    let Some(said) = said else { return Ok(before) };
    // [ELBAPI CreateTargetGroup.Matcher]
    let most = if group.is_http() { 499 } else { 599 };
    let good = Matcher::parse(&said).filter(|matcher| matcher.bounds().0 >= 200 && matcher.bounds().1 <= most);
    good.ok_or_else(|| {
        // The range is documented, the literal sentence is UNSOURCED.
        Refusal::new(
            "ValidationError",
            format!("Health check matcher HTTP code '{said}' must be within '200-{most}' inclusive"),
        )
        .because("a matcher is a code, a list of codes, or a range")
        .way_out("Matcher: #{ HttpCode: \"200\" }, \"200,302\" or \"200-399\"")
        .at(["Matcher", "HttpCode"])
    })
}
