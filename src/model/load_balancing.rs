//! The words of Elastic Load Balancing: kinds, protocols, states and reasons, with AWS's spelling.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::aws_enum::aws_enum;
use crate::model::time::Millis;

aws_enum! {
    /// `Type` of a load balancer. [ELBAPI LoadBalancerTypeEnum]
    LoadBalancerType {
        /// Speaks HTTP and HTTPS.
        Application = "application",
        /// Passes connections on.
        Network = "network",
        /// In front of appliances.
        Gateway = "gateway",
    }
}

aws_enum! {
    /// Who can reach a load balancer. [ELBAPI LoadBalancerSchemeEnum]
    Scheme {
        /// Everybody.
        InternetFacing = "internet-facing",
        /// The VPC.
        Internal = "internal",
    }
}

aws_enum! {
    /// What is spoken. [ELBAPI ProtocolEnum]
    Protocol {
        /// HTTP.
        Http = "HTTP",
        /// HTTP over TLS.
        Https = "HTTPS",
        /// TCP.
        Tcp = "TCP",
        /// TLS over TCP.
        Tls = "TLS",
        /// UDP.
        Udp = "UDP",
        /// TCP and UDP on one port.
        TcpUdp = "TCP_UDP",
        /// Of gateway load balancers.
        Geneve = "GENEVE",
        /// QUIC.
        Quic = "QUIC",
        /// TCP and QUIC on one port.
        TcpQuic = "TCP_QUIC",
    }
}

impl Protocol {
    /// Whether application load balancers speak it; the others belong to network load balancers.
    pub const fn is_http(self) -> bool {
        matches!(self, Protocol::Http | Protocol::Https)
    }
}

aws_enum! {
    /// What is registered with a target group. [ELBAPI TargetTypeEnum]
    TargetType {
        /// Instances, by their ids.
        Instance = "instance",
        /// Addresses: what tasks under awsvpc need.
        Ip = "ip",
        /// One Lambda function.
        Lambda = "lambda",
        /// One application load balancer.
        Alb = "alb",
    }
}

aws_enum! {
    /// `TargetHealth.State`. [ELBAPI TargetHealthStateEnum]
    TargetState {
        /// Registered, and not known yet.
        Initial = "initial",
        /// It gets requests.
        Healthy = "healthy",
        /// Too many checks failed in a row.
        Unhealthy = "unhealthy",
        /// Nobody checks it: no listener leads to its group, or it is in a zone without the load balancer.
        Unused = "unused",
        /// Deregistered, and given time to finish its requests.
        Draining = "draining",
    }
}

/// `TargetHealth.Reason` with what belongs to it. [ELBAPI TargetHealthReasonEnum; semantics/around.md 3.1]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// It has not been checked yet.
    RegistrationInProgress,
    /// It has been checked, and not often enough.
    InitialHealthChecking,
    /// It answered with another code than the matcher's.
    ResponseCodeMismatch(u16),
    /// It did not answer in time.
    Timeout,
    /// It took no connection.
    FailedHealthChecks,
    /// It is not registered.
    NotRegistered,
    /// No listener leads to its group.
    NotInUse,
    /// Its zone is not one of the load balancer's.
    ZoneNotEnabled,
    /// It is draining.
    DeregistrationInProgress,
}

impl Reason {
    /// AWS's word.
    pub const fn code(self) -> &'static str {
        match self {
            Reason::RegistrationInProgress => "Elb.RegistrationInProgress",
            Reason::InitialHealthChecking => "Elb.InitialHealthChecking",
            Reason::ResponseCodeMismatch(_) => "Target.ResponseCodeMismatch",
            Reason::Timeout => "Target.Timeout",
            Reason::FailedHealthChecks => "Target.FailedHealthChecks",
            Reason::NotRegistered => "Target.NotRegistered",
            Reason::NotInUse | Reason::ZoneNotEnabled => "Target.NotInUse",
            Reason::DeregistrationInProgress => "Target.DeregistrationInProgress",
        }
    }

    /// AWS's sentence.
    pub fn description(self) -> String {
        let text = match self {
            Reason::RegistrationInProgress => "Target registration is in progress",
            Reason::InitialHealthChecking => "Initial health checks in progress",
            Reason::ResponseCodeMismatch(code) => return format!("Health checks failed with these codes: [{code}]"),
            Reason::Timeout => "Request timed out",
            Reason::FailedHealthChecks => "Health checks failed",
            Reason::NotRegistered => "Target is not registered to the target group",
            Reason::NotInUse => "Target group is not configured to receive traffic from the load balancer",
            Reason::ZoneNotEnabled => "Target is in an Availability Zone that is not enabled for the load balancer",
            Reason::DeregistrationInProgress => "Target deregistration is in progress",
        };
        text.to_owned()
    }
}

/// The health check of a target group.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TargetCheck {
    /// HTTP, HTTPS or TCP.
    pub protocol: Protocol,
    /// Where it knocks.
    pub port: CheckPort,
    /// What it asks for, unless it speaks TCP.
    pub path: Box<str>,
    /// From the start of one check to the start of the next.
    pub interval: Millis,
    /// How long an answer may take.
    pub timeout: Millis,
    /// Passes in a row that make an unhealthy target healthy.
    pub healthy: u32,
    /// Failures in a row that make a target unhealthy.
    pub unhealthy: u32,
    /// The codes that are good.
    pub matcher: Matcher,
}

/// The port of a health check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CheckPort {
    /// `traffic-port`: the one that the target is registered with.
    Traffic,
    /// This one, for all targets.
    Number(u16),
}

/// Which HTTP codes are a pass: `200`, `200,302` or `200-399`. [ELBAPI Matcher]
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Matcher {
    /// As it was written.
    pub text: Box<str>,
    ranges: Box<[(u16, u16)]>,
}

impl Matcher {
    /// Reads a matcher. None if it is not one.
    pub fn parse(text: &str) -> Option<Matcher> {
        let range = |part: &str| {
            let (low, high) = part.split_once('-').unwrap_or((part, part));
            let digits = |text: &str| text.len() == 3 && text.bytes().all(|digit| digit.is_ascii_digit());
            let code = |text: &str| digits(text).then(|| text.parse::<u16>().ok()).flatten();
            code(low).zip(code(high)).filter(|(low, high)| low <= high)
        };
        let ranges = text.split(',').map(range).collect::<Option<Box<[_]>>>()?;
        Some(Matcher { text: text.into(), ranges })
    }

    /// Whether this code is a pass.
    pub fn accepts(&self, code: u16) -> bool {
        self.ranges.iter().any(|&(low, high)| (low..=high).contains(&code))
    }

    /// The lowest and the highest code that pass.
    pub fn bounds(&self) -> (u16, u16) {
        let low = self.ranges.iter().map(|range| range.0).min().unwrap_or_default();
        (low, self.ranges.iter().map(|range| range.1).max().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matchers_are_codes_lists_and_ranges() {
        for (text, good, bad) in [
            ("200", &[200][..], &[201, 199, 404][..]),
            ("200,302", &[200, 302], &[201, 301, 303]),
            ("200-299", &[200, 250, 299], &[199, 300]),
            ("200-204,404", &[204, 404], &[205, 403]),
        ] {
            let matcher = Matcher::parse(text).expect(text);
            assert!(good.iter().all(|&code| matcher.accepts(code)), "{text}");
            assert!(!bad.iter().any(|&code| matcher.accepts(code)), "{text}");
        }
        for text in ["", "ok", "200-", "299-200", "200,,201", "20", "2000", "200-299-300", "+20"] {
            assert_eq!(Matcher::parse(text), None, "{text}");
        }
    }
}
