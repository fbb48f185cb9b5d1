//! Network load balancers: TCP checks and their defaults, listeners and what they can lead to, draining.
//! [semantics/around.md 3.1, 3.2]

use serde_json::{Value, json};

use crate::lab::{Lab, with};

const CERTIFICATE: &str = "arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-0000-0000-000000000000";

/// A network load balancer in all zones; its ARN.
fn balancer(lab: &mut Lab, name: &str) -> Value {
    let request = json!({ "Name": name, "Type": "network", "Subnets": lab.subnets() });
    lab.ok("elbv2.create_load_balancer", request)["LoadBalancers"][0]["LoadBalancerArn"].clone()
}

fn group_request(lab: &Lab, name: &str, protocol: &str, more: Value) -> Value {
    let vpc = lab.session.world().vpc.id.clone();
    with(json!({ "Name": name, "Protocol": protocol, "Port": 80, "TargetType": "ip", "VpcId": vpc }), more)
}

fn group(lab: &mut Lab, name: &str, protocol: &str, more: Value) -> Value {
    let request = group_request(lab, name, protocol, more);
    lab.ok("elbv2.create_target_group", request)["TargetGroups"][0].clone()
}

fn listener(balancer: &Value, protocol: &str, port: u16, group: &Value) -> Value {
    let action = json!({ "Type": "forward", "TargetGroupArn": group });
    json!({ "LoadBalancerArn": balancer, "Protocol": protocol, "Port": port, "DefaultActions": [action] })
}

/// What a target group's check is where nothing is said: the protocol of the group and, if any, that of the check; the
/// check's protocol, its timeout, its path and its codes.
#[test]
fn checks_have_defaults_of_their_own() {
    let mut lab = Lab::prod();
    for (nth, (protocol, check, expected)) in [
        ("TCP", None, json!(["TCP", 10, null, null])),
        ("TLS", None, json!(["TCP", 10, null, null])),
        ("UDP", None, json!(["TCP", 10, null, null])),
        ("TCP_UDP", None, json!(["TCP", 10, null, null])),
        ("TCP", Some("HTTP"), json!(["HTTP", 6, "/", "200-399"])),
        ("TCP", Some("HTTPS"), json!(["HTTPS", 10, "/", "200-399"])),
        ("HTTP", None, json!(["HTTP", 5, "/", "200"])),
    ]
    .into_iter()
    .enumerate()
    {
        let said = check.map_or(json!({}), |check| json!({ "HealthCheckProtocol": check }));
        let made = group(&mut lab, &format!("g-{nth}"), protocol, said);
        let path = made.get("HealthCheckPath").cloned().unwrap_or_default();
        let codes = made.pointer("/Matcher/HttpCode").cloned().unwrap_or_default();
        let found = json!([made["HealthCheckProtocol"], made["HealthCheckTimeoutSeconds"], path, codes]);
        assert_eq!(found, expected, "{protocol} {check:?}");
        let counts = ["HealthCheckIntervalSeconds", "HealthyThresholdCount", "UnhealthyThresholdCount"];
        assert_eq!(counts.map(|member| made[member].clone()), [json!(30), json!(5), json!(2)], "{protocol} {check:?}");
        assert_eq!(made["HealthCheckPort"], "traffic-port");
        assert_eq!(made.get("ProtocolVersion").is_some(), protocol == "HTTP");
    }
}

/// The attributes of a target group by protocol and kind of targets: how many, and some of them.
#[test]
fn attributes_depend_on_the_protocol() {
    let mut lab = Lab::prod();
    let (termination, client) = ("deregistration_delay.connection_termination.enabled", "preserve_client_ip.enabled");
    for (protocol, kind, some) in [
        ("TCP", "ip", json!({ termination: "false", client: "false", "stickiness.type": "source_ip" })),
        ("TLS", "instance", json!({ termination: "false", client: "true", "proxy_protocol_v2.enabled": "false" })),
        ("UDP", "ip", json!({ termination: "true", client: "true" })),
        ("HTTP", "ip", json!({ "stickiness.type": "lb_cookie", "slow_start.duration_seconds": "0" })),
    ] {
        let name = format!("{protocol}-{kind}");
        let arn = group(&mut lab, &name, protocol, json!({ "TargetType": kind }))["TargetGroupArn"].clone();
        let described = lab.ok("elbv2.describe_target_group_attributes", json!({ "TargetGroupArn": arn }));
        let attributes = described["Attributes"].as_array().unwrap();
        let value =
            |key: &str| attributes.iter().find(|attribute| attribute["Key"] == key).map(|it| it["Value"].clone());
        assert_eq!(attributes.len(), 7, "{name}");
        assert_eq!(attributes[0], json!({ "Key": "deregistration_delay.timeout_seconds", "Value": "300" }), "{name}");
        for (key, expected) in some.as_object().unwrap() {
            assert_eq!(value(key).as_ref(), Some(expected), "{name} {key}");
        }
        assert_eq!(value("slow_start.duration_seconds").is_some(), protocol == "HTTP");
    }
}

/// Listeners by protocol, and the protocols of the target groups that each can lead to.
/// [NLB load-balancer-target-groups, routing configuration]
#[test]
fn listeners_lead_to_what_they_can_speak_to() {
    let all = ["TCP", "TLS", "UDP", "TCP_UDP", "HTTP"];
    for (protocol, fitting) in [
        ("TCP", &["TCP", "TCP_UDP"][..]),
        ("TLS", &["TCP", "TLS"]),
        ("UDP", &["UDP", "TCP_UDP"]),
        ("TCP_UDP", &["TCP_UDP"]),
    ] {
        for to in all {
            let mut lab = Lab::prod();
            let balancer = balancer(&mut lab, "net");
            let arn = group(&mut lab, "to", to, json!({}))["TargetGroupArn"].clone();
            let mut request = listener(&balancer, protocol, 80, &arn);
            if protocol == "TLS" {
                request["Certificates"] = json!([{ "CertificateArn": CERTIFICATE }]);
            }
            if fitting.contains(&to) {
                lab.ok("elbv2.create_listener", request);
            } else {
                let refusal = lab.refused("elbv2.create_listener", request);
                assert_eq!(refusal.code, "InvalidConfigurationRequest", "{protocol} to {to}");
                assert!(refusal.message.contains(&format!("protocol '{to}' is not supported by")), "{refusal}");
            }
        }
    }
}

#[test]
fn what_network_load_balancers_refuse() {
    let mut lab = Lab::prod();
    let net = balancer(&mut lab, "net");
    let tcp = group(&mut lab, "tcp", "TCP", json!({}))["TargetGroupArn"].clone();
    let web = lab.target_group("web", json!({}));
    let balancers = lab.ok("elbv2.describe_load_balancers", json!({ "Names": ["web"] }));
    let application = balancers["LoadBalancers"][0]["LoadBalancerArn"].clone();
    let new = |protocol: &str, more: Value| ("elbv2.create_target_group", group_request(&lab, "new", protocol, more));
    let listen = |request: Value| ("elbv2.create_listener", request);
    let set = |key: &str| {
        let attributes = json!([{ "Key": key, "Value": "30" }]);
        ("elbv2.modify_target_group_attributes", json!({ "TargetGroupArn": tcp, "Attributes": attributes }))
    };
    let rows = [
        (
            listen(listener(&net, "HTTP", 80, &tcp)),
            "ValidationError: Listener protocol must be one of 'TCP, TLS, UDP, TCP_UDP'",
        ),
        (
            listen(listener(&application, "TCP", 81, &tcp)),
            "ValidationError: Listener protocol must be one of 'HTTP, HTTPS'",
        ),
        (
            listen(listener(&application, "HTTP", 81, &tcp)),
            "InvalidConfigurationRequest: The target group protocol 'TCP' is not supported by load balancers of type 'application'",
        ),
        (
            listen(listener(&net, "TCP", 80, &json!(web))),
            "InvalidConfigurationRequest: The target group protocol 'HTTP' is not supported by load balancers of type 'network'",
        ),
        (
            listen(listener(&net, "TLS", 443, &tcp)),
            "ValidationError: A certificate must be specified for TLS listeners",
        ),
        (
            new("TCP", json!({ "HealthCheckProtocol": "UDP" })),
            "InvalidConfigurationRequest: Health check protocol 'UDP' is not supported for target groups with the protocol 'TCP'",
        ),
        (
            new("TCP", json!({ "Matcher": { "HttpCode": "200" } })),
            "InvalidConfigurationRequest: You cannot specify a matcher for TCP health checks",
        ),
        (
            new("TCP", json!({ "HealthCheckPath": "/" })),
            "InvalidConfigurationRequest: You cannot specify a health check path for TCP health checks",
        ),
        (
            new("TCP", json!({ "HealthCheckTimeoutSeconds": 31 })),
            "ValidationError: Health check timeout '31' must be smaller than or equal to the interval '30'",
        ),
        (
            new("TCP", json!({ "ProtocolVersion": "HTTP1" })),
            "ValidationError: Protocol version 'HTTP1' is not supported",
        ),
        (
            new("HTTP", json!({ "HealthCheckProtocol": "TCP" })),
            "InvalidConfigurationRequest: Health check protocol 'TCP' is not supported for target groups with the protocol 'HTTP'",
        ),
        (
            set("slow_start.duration_seconds"),
            "ValidationError: Target group attribute key 'slow_start.duration_seconds' is not recognized",
        ),
        (
            ("elbv2.create_load_balancer", json!({ "Name": "none", "Type": "network", "Subnets": [] })),
            "ValidationError: At least one subnet must be specified",
        ),
    ];
    for ((name, request), text) in rows {
        let refusal = lab.refused(name, request);
        assert_eq!(refusal.to_string(), text);
        assert!(!refusal.because.is_empty() && !refusal.way_out.is_empty(), "{refusal:?}");
    }
    // Equal times are fine here, and one zone is enough.
    group(&mut lab, "equal", "TCP", json!({ "HealthCheckTimeoutSeconds": 30 }));
    let one = lab.subnets()[0].clone();
    lab.ok("elbv2.create_load_balancer", json!({ "Name": "small", "Type": "network", "Subnets": [one] }));
}

/// A service behind a network load balancer, in states of its only target: the program, the check, and what the target
/// comes to, by seconds after it was registered. A connection is enough for TCP; over HTTP there is one reason only.
#[test]
fn a_service_behind_a_network_load_balancer() {
    let failing = json!({ "health": [{ "at": "0s", "healthy": false, "status": 500 }] });
    let failed = "unhealthy Target.FailedHealthChecks";
    for (what, profile, check, states) in [
        ("TCP", json!({}), json!({}), [(29, "initial"), (30, "healthy")]),
        ("TCP takes any answer", failing.clone(), json!({}), [(29, "initial"), (30, "healthy")]),
        ("HTTP asks for a code", failing, json!({ "HealthCheckProtocol": "HTTP" }), [(59, "initial"), (60, failed)]),
        ("nothing listens yet", json!({ "boot": "50s" }), json!({}), [(59, "initial"), (60, "healthy")]),
    ] {
        let mut lab = Lab::prod();
        let net = balancer(&mut lab, "net");
        let arn = group(&mut lab, "web", "TCP", check)["TargetGroupArn"].clone();
        lab.ok("elbv2.create_listener", listener(&net, "TCP", 80, &arn));
        lab.ok("image.define", json!({ "image": "app", "profile": with(profile, json!({ "ports": [80] })) }));
        let mut definition = crate::lab::fargate("web", "app");
        definition["containerDefinitions"][0]["portMappings"] = json!([{ "containerPort": 80 }]);
        lab.ok("ecs.register_task_definition", definition);
        let balancers = json!([{ "targetGroupArn": arn, "containerName": "web", "containerPort": 80 }]);
        lab.create_service("web", 1, json!({ "loadBalancers": balancers, "healthCheckGracePeriodSeconds": 600 }));
        let state = |lab: &mut Lab| {
            let health = lab.ok("elbv2.describe_target_health", json!({ "TargetGroupArn": arn }));
            let health = health.pointer("/TargetHealthDescriptions/0/TargetHealth").cloned()?;
            let words = ["State", "Reason"].map(|member| health[member].as_str().unwrap_or_default().to_owned());
            Some(words.join(" ").trim().to_owned())
        };
        let registered = (0..120).find(|_| {
            lab.wait("1s");
            state(&mut lab).is_some()
        });
        assert!(registered.is_some(), "{what}");
        let mut now = 0;
        for (at, expected) in states {
            lab.wait(&format!("{}s", at - now));
            now = at;
            let found = state(&mut lab).unwrap();
            assert!(found.starts_with(expected), "{what}: {found} after {at} s");
        }
        lab.ok("ecs.update_service", json!({ "cluster": "prod", "service": "web", "desiredCount": 0 }));
        lab.wait("30s");
        assert_eq!(state(&mut lab).as_deref(), Some("draining Target.DeregistrationInProgress"), "{what}");
        lab.wait("260s");
        assert!(state(&mut lab).is_some(), "{what}: it drains for 300 s");
        lab.wait("30s");
        assert_eq!(state(&mut lab), None, "{what}");
    }
}
