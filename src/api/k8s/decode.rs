//! Strict decoding: from a document to a typed manifest, with the API server's words for what does not fit.
//!
//! Fields that Kubernetes has and longshore does not model are taken out with a notice; fields that Kubernetes does not
//! have are named all at once, as the API server does.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use serde_path_to_error::Segment;

use super::kind::Kind;
use super::manifest::go_name;
use super::refuse;
use crate::api::members::{self, Side};
use crate::api::refusal::Refusal;
use crate::api::request;
use crate::api::strict::Strict;
use crate::model::kubernetes::quantity::Quantity;
use crate::model::meant;

/// Fields that the server sets: they come back when somebody applies what was read, and mean nothing.
const SERVER_SETS: [&str; 8] = [
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "generation",
    "managedFields",
    "resourceVersion",
    "selfLink",
    "uid",
];

/// Reads a document of this kind. What was left out is added to `notices`.
pub(super) fn manifest<M: DeserializeOwned>(
    kind: Kind,
    mut content: Map<String, Value>,
    notices: &mut Vec<String>,
) -> Result<M, Refusal> {
    content.shift_remove("status");
    if let Some(Value::Object(meta)) = content.get_mut("metadata") {
        meta.retain(|name, _| !SERVER_SETS.contains(&name.as_str()));
    }
    let mut input = Value::Object(content);
    let mut unknown: Vec<(String, String)> = Vec::new();
    loop {
        let error = match serde_path_to_error::deserialize::<_, M>(Strict(&input)) {
            Ok(manifest) if unknown.is_empty() => return Ok(manifest),
            Ok(_) => return Err(unknown_fields(kind, &unknown)),
            Err(error) => error,
        };
        let path = error.path();
        let (path, names) = (segments(path), request::segments(path));
        let text = error.inner().to_string();
        if text.starts_with("unknown field") && request::take_out(&mut input, &names) {
            let shown = shown(&path);
            if members::has("k8s", kind.name(), Side::Request, &names) {
                notices.push(format!("not modelled: `{shown}` of a {} is accepted and has no effect", kind.name()));
            } else {
                let known: Vec<&str> = text.split('`').skip(3).step_by(2).collect();
                let last = names.last().map(String::as_str).unwrap_or_default();
                unknown.push((shown, meant::similar(last, known).unwrap_or_default().to_owned()));
            }
            continue;
        }
        return Err(wrong_value(kind, &text, &names, &path, &input));
    }
}

/// The path of an error; an index stands in brackets.
fn segments(path: &serde_path_to_error::Path) -> Vec<String> {
    path.iter()
        .filter_map(|segment| match segment {
            Segment::Seq { index } => Some(format!("[{index}]")),
            Segment::Map { key } => Some(key.clone()),
            Segment::Enum { .. } | Segment::Unknown => None,
        })
        .collect()
}

/// As Kubernetes writes it: `spec.containers[0].image`.
fn shown(path: &[String]) -> String {
    path.join(".").replace(".[", "[")
}

/// A BadRequest of the API server, as kubectl prints it.
fn bad_request(kind: Kind, what: &str) -> Refusal {
    let name = kind.name();
    let message =
        format!("error when creating \"STDIN\": {name} in version \"v1\" cannot be handled as a {name}: {what}");
    Refusal::new("BadRequest", message)
}

fn unknown_fields(kind: Kind, unknown: &[(String, String)]) -> Refusal {
    let list: Vec<String> = unknown.iter().map(|(path, _)| format!("unknown field \"{path}\"")).collect();
    let meant: Vec<&str> = unknown.iter().map(|(_, similar)| similar.as_str()).filter(|s| !s.is_empty()).collect();
    bad_request(kind, &format!("strict decoding error: {}", list.join(", ")))
        .because(format!("a {} has no such field in this place", kind.name()))
        .way_out(match meant.as_slice() {
            [] => "remove it, or look whether it is indented as it should be".to_owned(),
            meant => format!("did you mean `{}`?", meant.join("`, `")),
        })
}

/// A value of the wrong type, or none of the choices.
fn wrong_value(kind: Kind, text: &str, names: &[String], path: &[String], input: &Value) -> Refusal {
    let value = request::at(input, names);
    if text.starts_with("unknown variant") {
        let mut choices: Vec<String> = text.split('`').skip(3).step_by(2).map(|name| format!("\"{name}\"")).collect();
        choices.sort();
        let problem = format!("{}: Unsupported value: {value}: supported values: {}", shown(path), choices.join(", "));
        let name = input.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default();
        return refuse::invalid(kind.name(), name, &[problem])
            .because(format!("`{}` is a choice", shown(path)))
            .way_out(format!("write one of: {}", choices.join(", ")));
    }
    if let Some(problem) = Quantity::complaint_in(text) {
        return bad_request(kind, problem)
            .because(format!("`{}` is {value}", shown(path)))
            .way_out("write a number and a unit: 128Mi or 1Gi of memory, 500m or 2 of cpu");
    }
    let (structure, place, go_type) = go_place(kind, names, path, text);
    bad_request(
        kind,
        &format!(
            "json: cannot unmarshal {}{} into Go struct field {structure}.{place} of type {go_type}",
            go_name(value),
            // A number that does not fit a number is shown.
            if value.is_number() && go_type.starts_with("int") { format!(" {value}") } else { String::new() }
        ),
    )
    .because(format!("`{}` is {value}", shown(path)))
    .way_out(match (value, go_type.as_str()) {
        (Value::Number(_) | Value::Bool(_), "string") => format!("put it in quotes: \"{value}\""),
        (_, go_type) if go_type.starts_with("[]") => {
            "write a list: each element on a line of its own, after a hyphen".to_owned()
        }
        (_, go_type) => format!("write a value of the type {go_type}"),
    })
}

/// Where Go's decoder would be: the innermost structure, the fields that lead there, and the type of the last one. It
/// names no index and no key of a map.
fn go_place(kind: Kind, names: &[String], path: &[String], text: &str) -> (String, String, String) {
    let mut shapes = members::shapes_along("k8s", kind.name(), Side::Request, names);
    let is_structure = |shape: &&&str| !shape.is_empty() && !shape.starts_with(['[', '{']);
    let in_map = shapes.iter().position(|shape| shape.starts_with('{')).filter(|&map| map + 1 < shapes.len());
    let length = in_map.unwrap_or(path.len());
    let fields = path[..length].iter().map(String::as_str).filter(|part| !part.starts_with('['));
    let place = fields.collect::<Vec<_>>().join(".");
    if let Some(map) = in_map {
        shapes.truncate(map);
        shapes.push("");
    }
    let (field, before) = shapes.split_last().map_or(("", &[][..]), |(field, before)| (*field, before));
    let structure = before.iter().rev().find(is_structure).copied().unwrap_or(kind.name());
    let expected = text.split("expected ").nth(1).unwrap_or_default();
    let go_type = match field {
        "" if expected.starts_with("a boolean") => "bool".to_owned(),
        "" if expected.contains("i32") => "int32".to_owned(),
        "" if expected.contains("i64") => "int64".to_owned(),
        "" => "string".to_owned(),
        "[" => "[]string".to_owned(),
        field if field.starts_with('{') && structure == "ResourceRequirements" => "v1.ResourceList".to_owned(),
        field if field.starts_with('{') => "map[string]string".to_owned(),
        field if field.starts_with('[') => format!("[]v1.{}", &field[1..]),
        field => format!("v1.{field}"),
    };
    (structure.to_owned(), place, go_type)
}
