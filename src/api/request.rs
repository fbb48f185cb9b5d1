//! From a plain map to a typed request, with the errors that a client of AWS gives: the wrong place is named, and the
//! way out too.

use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::Segment;

use crate::api::members::{self, Side};
use crate::api::refusal::Refusal;
use crate::api::strict::Strict;
use crate::model::meant;

/// The code that boto3 gives to a request that never left the client.
const CODE: &str = "ParamValidationError";

/// A request, and what had to be left out of it.
pub(crate) struct Parsed<R> {
    pub(crate) request: R,
    pub(crate) notices: Vec<String>,
}

/// Reads the request of an operation. Members that AWS has and longshore does not model are taken out with a notice.
pub(crate) fn parse<R: DeserializeOwned>(
    service: &str,
    operation: &str,
    mut input: Value,
) -> Result<Parsed<R>, Refusal> {
    if !input.is_object() {
        return Err(Refusal::new(CODE, format!("Parameter validation failed: {operation} takes one map"))
            .because(format!("it was given {}", kind_of(&input)))
            .way_out("write the members in a map: #{ name: value }"));
    }
    let mut notices = Vec::new();
    loop {
        let error = match serde_path_to_error::deserialize::<_, R>(Strict(&input)) {
            Ok(request) => return Ok(Parsed { request, notices }),
            Err(error) => error,
        };
        let path = segments(error.path());
        let text = error.inner().to_string();
        let unknown = text.starts_with("unknown field");
        if unknown && members::has(service, operation, Side::Request, &path) && take_out(&mut input, &path) {
            notices.push(no_effect(&path.join(".")));
            continue;
        }
        let known = path.split_last().map(|(_, parent)| members::names_at(service, operation, parent));
        return Err(explain(&text, path, &input, &known.unwrap_or_default()));
    }
}

/// What is said about a member that AWS has and that changes nothing here.
pub(super) fn no_effect(member: &str) -> String {
    format!("not modelled: `{member}` is accepted and has no effect")
}

/// The names and numbers along a path.
pub(super) fn segments(path: &serde_path_to_error::Path) -> Vec<String> {
    path.iter()
        .filter_map(|segment| match segment {
            Segment::Seq { index } => Some(index.to_string()),
            Segment::Map { key } => Some(key.clone()),
            Segment::Enum { .. } | Segment::Unknown => None,
        })
        .collect()
}

/// Removes the member at the end of the path.
pub(super) fn take_out(input: &mut Value, path: &[String]) -> bool {
    let Some((last, parents)) = path.split_last() else { return false };
    let parent = parents.iter().try_fold(input, |value, part| step(value, part));
    parent.and_then(Value::as_object_mut).is_some_and(|map| map.shift_remove(last).is_some())
}

fn step<'a>(value: &'a mut Value, part: &str) -> Option<&'a mut Value> {
    match value {
        Value::Object(map) => map.get_mut(part),
        Value::Array(items) => items.get_mut(part.parse::<usize>().ok()?),
        _ => None,
    }
}

/// Turns serde's words into those of an AWS client. `names` are those that AWS has where the last name of the path
/// stands: what is modelled has an effect, the others are accepted too. [boto3 parameter validation]
fn explain(text: &str, path: Vec<String>, input: &Value, names: &[&str]) -> Refusal {
    let place = if path.is_empty() { "input".to_owned() } else { path.join(".") };
    let quoted: Vec<&str> = text.split('`').skip(1).step_by(2).collect();
    let refusal = |message: String| Refusal::new(CODE, format!("Parameter validation failed: {message}"));
    if text.starts_with("unknown field") {
        let (typed, modelled) = quoted.split_first().map_or(("", &[][..]), |(typed, known)| (*typed, known));
        let known = if names.is_empty() { modelled } else { names };
        let parent = if path.len() > 1 { path[..path.len() - 1].join(".") } else { "input".to_owned() };
        let message = format!("Unknown parameter in {parent}: \"{typed}\", must be one of: {}", known.join(", "));
        let way_out =
            meant::way_out(typed, known.iter().copied(), || "remove it, or pick one of the members above".to_owned());
        return refusal(message).because(format!("AWS has no member `{typed}` here")).way_out(way_out).at(path);
    }
    if text.starts_with("missing field") {
        let name = quoted.first().copied().unwrap_or_default();
        return refusal(format!("Missing required parameter in {place}: \"{name}\""))
            .because(format!("`{name}` has no default"))
            .way_out(format!("add `{name}: …`"))
            .at(path);
    }
    if text.starts_with("unknown variant") {
        let (typed, known) = quoted.split_first().map_or(("", &[][..]), |(typed, known)| (*typed, known));
        let way_out = meant::one_of(typed, known.iter().copied(), "write one of");
        return refusal(format!(
            "Invalid value for parameter {place}: \"{typed}\", must be one of: {}",
            known.join(", ")
        ))
        .because(format!("`{place}` is a choice"))
        .way_out(way_out)
        .at(path);
    }
    let value = at(input, &path);
    if !text.starts_with("invalid ") {
        let (because, way_out) = text.split_once("; ").unwrap_or((text, "see the help of this operation"));
        return refusal(format!("Invalid value for parameter {place}: {value}"))
            .because(because.to_owned())
            .way_out(way_out.to_owned())
            .at(path);
    }
    let expected =
        text.split("expected ").nth(1).unwrap_or("another type").split(" at line").next().unwrap_or_default();
    refusal(format!(
        "Invalid type for parameter {place}, value: {value}, type: {}, valid types: {}",
        kind_of(value),
        plain(expected)
    ))
    .because(format!("`{place}` takes a value of the type {}", plain(expected)))
    .way_out(type_way_out(value, expected, &place))
    .at(path)
}

/// The value at the end of the path; nothing where there is none.
pub(super) fn at<'a>(input: &'a Value, path: &[String]) -> &'a Value {
    let found = path.iter().try_fold(input, |value, part| match value {
        Value::Object(map) => map.get(part),
        Value::Array(items) => items.get(part.parse::<usize>().ok()?),
        _ => None,
    });
    found.unwrap_or(&Value::Null)
}

fn type_way_out(value: &Value, expected: &str, place: &str) -> String {
    let name = place.rsplit('.').next().unwrap_or(place);
    match (value, plain(expected)) {
        (Value::Number(number), "string") => format!("put it in quotes: {name}: \"{number}\""),
        (Value::String(text), "integer") if text.parse::<i64>().is_ok() => {
            format!("write it without quotes: {name}: {text}")
        }
        (Value::Number(_), "integer") => format!("write a whole number that is not negative: {name}: 1"),
        (Value::String(_), "integer") => format!("write a whole number: {name}: 1"),
        (Value::String(text), "list") => format!("put it in a list: {name}: [\"{text}\"]"),
        (Value::Number(_), kind) if kind.starts_with("integer") => format!("write an {kind}: {name}: 1"),
        (Value::Array(_), "map") => "write a map where this list is: #{ name: value }".to_owned(),
        (_, kind) => format!("write a value of the type {kind} for {name}"),
    }
}

/// Serde's description of a type in plain words.
fn plain(expected: &str) -> &str {
    match expected {
        "u8" => "integer from 0 to 255",
        "u16" => "integer from 0 to 65535",
        "u32" | "u64" | "i32" | "i64" => "integer",
        "a string" => "string",
        "a boolean" => "boolean",
        "a sequence" => "list",
        "a map" => "map",
        struct_name if struct_name.starts_with("struct ") => "map",
        other => other,
    }
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "float",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "list",
        Value::Object(_) => "map",
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;
    use crate::model::status::LaunchType;

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    #[allow(dead_code, reason = "the fields are there to be parsed")]
    struct Sample {
        service_name: String,
        desired_count: Option<u32>,
        launch_type: Option<LaunchType>,
        load_balancers: Option<Vec<Balancer>>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    #[allow(dead_code, reason = "the fields are there to be parsed")]
    struct Balancer {
        container_port: u32,
    }

    #[test]
    fn each_mistake_is_named_with_a_way_out() {
        for (input, message, way_out, path) in [
            (
                json!({ "serviceName": "web", "desiredcount": 2 }),
                "Unknown parameter in input: \"desiredcount\", must be one of: cluster, serviceName, taskDefinition, \
                 availabilityZoneRebalancing, loadBalancers, serviceRegistries, desiredCount, clientToken, launchType, \
                 capacityProviderStrategy, platformVersion, role, deploymentConfiguration, placementConstraints, \
                 placementStrategy, networkConfiguration, healthCheckGracePeriodSeconds, schedulingStrategy, \
                 deploymentController, tags, enableECSManagedTags, propagateTags, enableExecuteCommand, \
                 serviceConnectConfiguration, volumeConfigurations, vpcLatticeConfigurations, gatewayConnectors, monitoring",
                "did you mean `desiredCount`?",
                "desiredcount",
            ),
            (json!({}), "Missing required parameter in input: \"serviceName\"", "add `serviceName: …`", ""),
            (
                json!({ "serviceName": "web", "desiredCount": "two" }),
                "Invalid type for parameter desiredCount, value: \"two\", type: string, valid types: integer",
                "write a whole number: desiredCount: 1",
                "desiredCount",
            ),
            (
                json!({ "serviceName": "web", "desiredCount": "2" }),
                "Invalid type for parameter desiredCount, value: \"2\", type: string, valid types: integer",
                "write it without quotes: desiredCount: 2",
                "desiredCount",
            ),
            (
                json!({ "serviceName": "web", "desiredCount": -1 }),
                "Invalid type for parameter desiredCount, value: -1, type: integer, valid types: integer",
                "write a whole number that is not negative: desiredCount: 1",
                "desiredCount",
            ),
            (
                json!({ "serviceName": 7 }),
                "Invalid type for parameter serviceName, value: 7, type: integer, valid types: string",
                "put it in quotes: serviceName: \"7\"",
                "serviceName",
            ),
            (
                json!({ "serviceName": "web", "launchType": "fargate" }),
                "Invalid value for parameter launchType: \"fargate\", must be one of: EC2, FARGATE",
                "did you mean `FARGATE`?",
                "launchType",
            ),
            (
                json!({ "serviceName": "web", "loadBalancers": [{ "containerPort": 80 }, { "containerPrt": 80 }] }),
                "Unknown parameter in loadBalancers.1: \"containerPrt\", must be one of: targetGroupArn, loadBalancerName, \
                 containerName, containerPort, advancedConfiguration",
                "did you mean `containerPort`?",
                "loadBalancers.1.containerPrt",
            ),
            (
                json!({ "serviceName": "web", "loadBalancers": [[80]] }),
                "Invalid type for parameter loadBalancers.0, value: [80], type: list, valid types: map",
                "write a map where this list is: #{ name: value }",
                "loadBalancers.0",
            ),
        ] {
            let refusal = parse::<Sample>("ecs", "CreateService", input).err().expect("refused");
            assert_eq!(refusal.message, format!("Parameter validation failed: {message}"));
            assert_eq!(refusal.way_out, way_out);
            assert_eq!(refusal.path.join("."), path);
        }
    }

    #[test]
    fn a_member_of_aws_that_is_not_modelled_is_accepted_with_a_notice() {
        let input = json!({ "serviceName": "web", "enableECSManagedTags": true });
        let parsed = parse::<Sample>("ecs", "CreateService", input).expect("accepted");
        assert_eq!(parsed.notices, ["not modelled: `enableECSManagedTags` is accepted and has no effect"]);
        assert_eq!(parsed.request.service_name, "web");
    }
}
