//! The names of AWS's own request and response members, per operation.
//!
//! They tell a member that AWS has and longshore does not model (accepted, with a notice) from one that AWS does not
//! have (refused, with a suggestion). The data file holds names only, extracted from the service models of botocore
//! 1.44.5. IAM's policy documents are texts there and maps in what boto3 gives back, so here they are maps.
//!
//! What manifests of Kubernetes may hold is told apart the same way: by the field names of core/v1 in 1.32, as the
//! official Python client 32.0.1 has them.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;
use serde_json::{Map, Value};

/// The names of one service.
#[derive(Deserialize)]
struct Names {
    /// Operation to the shapes of its request and response.
    operations: BTreeMap<String, [String; 2]>,
    /// Structure to its members in AWS's order, each with the structure behind it: `""` for a plain value, `"["` in
    /// front for a list, `"{"` for a map of free keys.
    shapes: BTreeMap<String, Map<String, Value>>,
}

fn all() -> &'static BTreeMap<String, Names> {
    static NAMES: OnceLock<BTreeMap<String, Names>> = OnceLock::new();
    let read = |text| serde_json::from_str(text).expect("a test reads the data file");
    NAMES.get_or_init(|| {
        let mut names: BTreeMap<String, Names> = read(include_str!("aws_members.json"));
        names.extend(read(include_str!("kubernetes_fields.json")));
        names
    })
}

/// Which side of an operation is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// What goes in.
    Request,
    /// What comes out.
    Response,
}

/// Whether AWS has the member at the end of this path (names, and indexes for lists) in an operation.
/// Operations that AWS does not have have no members.
pub fn has(service: &str, operation: &str, side: Side, path: &[String]) -> bool {
    shapes_along(service, operation, side, path).len() > path.len()
}

/// The shapes that lie along a path, from that of the whole to that of its last member, as far as AWS has them.
/// Whatever lies in a map of free keys has the map's own shape.
pub fn shapes_along(service: &str, operation: &str, side: Side, path: &[String]) -> Vec<&'static str> {
    let Some(names) = all().get(service) else { return Vec::new() };
    let Some(shapes) = names.operations.get(operation) else { return Vec::new() };
    let mut shape = match side {
        Side::Request => shapes[0].as_str(),
        Side::Response => shapes[1].as_str(),
    };
    let mut along = vec![shape];
    for part in path {
        if let Some(element) = shape.strip_prefix('[') {
            shape = element;
        } else if !shape.starts_with('{') {
            match names.shapes.get(shape).and_then(|members| members.get(part)).and_then(Value::as_str) {
                Some(next) => shape = next,
                None => return along,
            }
        }
        along.push(shape);
    }
    along
}

/// The names of the members that AWS has in the request of an operation, in the structure at this path, in AWS's order.
/// None for operations and structures that AWS does not have.
pub fn names_at(service: &str, operation: &str, path: &[String]) -> Vec<&'static str> {
    let along = shapes_along(service, operation, Side::Request, path);
    let shape = along.get(path.len()).and_then(|shape| all().get(service)?.shapes.get(*shape));
    shape.into_iter().flat_map(Map::keys).map(String::as_str).collect()
}

/// Whether AWS has this operation at all.
pub fn has_operation(service: &str, operation: &str) -> bool {
    all().get(service).is_some_and(|names| names.operations.contains_key(operation))
}

/// The first path in an answer of an AWS operation that AWS's own answer does not have.
pub fn foreign(service: &str, operation: &str, answer: &Value) -> Option<String> {
    if !has_operation(service, operation) {
        return None;
    }
    let mut path = Vec::new();
    find_foreign(&|path| has(service, operation, Side::Response, path), answer, &mut path).then(|| path.join("."))
}

/// Looks for a foreign member below `path`, and leaves the path there if it finds one.
fn find_foreign(known: &dyn Fn(&[String]) -> bool, value: &Value, path: &mut Vec<String>) -> bool {
    let parts: Vec<(String, &Value)> = match value {
        Value::Object(map) => map.iter().map(|(name, value)| (name.clone(), value)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(index, value)| (index.to_string(), value)).collect(),
        _ => return false,
    };
    for (part, value) in parts {
        path.push(part);
        if !known(path) || find_foreign(known, value, path) {
            return true;
        }
        path.pop();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_members_at_any_depth() {
        let path = |text: &str| text.split('.').map(str::to_owned).collect::<Vec<_>>();
        for (member, known) in [
            ("enableECSManagedTags", true),
            ("desiredcount", false),
            ("networkConfiguration.awsvpcConfiguration.subnets.0", true),
            ("networkConfiguration.awsvpcConfig", false),
            ("loadBalancers.1.containerPort", true),
            ("loadBalancers.1.containerPrt", false),
        ] {
            assert_eq!(has("ecs", "CreateService", Side::Request, &path(member)), known, "{member}");
        }
        assert!(has("ecs", "DescribeTasks", Side::Response, &path("tasks.0.containers.0.exitCode")));
        assert!(!has("image", "Define", Side::Request, &path("image")));
    }
}
