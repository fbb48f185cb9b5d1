//! From YAML, JSON or maps to single documents with their kinds.

use serde_json::{Map, Number, Value};

use super::kind::Kind;
use super::{kinds_not_modelled, refuse, yaml};
use crate::api::refusal::Refusal;
use crate::model::meant;

/// Documents that one call may bring. A limit of longshore's own.
const MOST: usize = 500;

/// One document: its kind, everything but `apiVersion` and `kind`, and where it stands.
pub(super) struct Document {
    pub(super) kind: Kind,
    pub(super) content: Map<String, Value>,
    pub(super) place: Place,
}

/// Which of several documents is meant. The items of a List are documents, and the List is none.
pub(super) struct Place {
    /// Its number, from 1.
    number: usize,
    /// How many there are.
    of: usize,
    /// What it is, and its name.
    title: String,
}

impl Place {
    /// Says which of several documents is refused, and that none of them was applied.
    pub(super) fn tell(&self, mut refusal: Refusal) -> Refusal {
        let Place { number, of, title } = self;
        if *of > 1 {
            refusal.because = format!(
                "{}; this is document {number} of {of}, {title}, and none of them was applied (kubectl would have applied \
                 those before it)",
                refusal.because
            );
        }
        refusal
    }
}

/// What a document is, and its name.
fn title(document: &Value) -> String {
    let text = |path: &str| document.pointer(path).and_then(Value::as_str).filter(|text| !text.is_empty());
    let kind = text("/kind").unwrap_or("an object without a kind");
    format!("{kind} {}", text("/metadata/name").unwrap_or("without a name"))
}

/// The documents of a text (YAML or JSON, several behind each other), a map or a list of maps. A List is its items.
pub(super) fn documents(written: Value) -> Result<Vec<Document>, Refusal> {
    let values = match written {
        Value::String(text) => yaml::read(&text)?,
        Value::Array(items) => items,
        other => vec![other],
    };
    let mut unfolded = Vec::new();
    values.into_iter().filter(|value| !value.is_null()).for_each(|value| unfold(value, &mut unfolded));
    let of = unfolded.len();
    if of == 0 {
        return Err(refuse::client("no objects passed to apply")
            .because("there is no document in what was given")
            .way_out("give a manifest with apiVersion, kind and metadata"));
    }
    if of > MOST {
        return Err(Refusal::new("LabLimit", format!("One call applies at most {MOST} documents."))
            .because(format!("there are {of}"))
            .way_out("apply them in several calls"));
    }
    let each = unfolded.into_iter().zip(1..).map(|(value, number)| {
        let place = Place { number, of, title: title(&value) };
        match object(value) {
            Ok((kind, content)) => Ok(Document { kind, content, place }),
            Err(refusal) => Err(place.tell(refusal)),
        }
    });
    each.collect()
}

/// A List is its items, and so is a List among them.
fn unfold(mut value: Value, documents: &mut Vec<Value>) {
    if value["apiVersion"] != "v1" || value["kind"] != "List" {
        documents.push(value);
    } else if let Some(Value::Array(items)) = value.get_mut("items").map(Value::take) {
        items.into_iter().for_each(|item| unfold(item, documents));
    }
}

/// The kind of a document, and what else it says.
fn object(value: Value) -> Result<(Kind, Map<String, Value>), Refusal> {
    let Value::Object(mut content) = value else {
        return Err(refuse::client(format!(
            "error parsing STDIN: json: cannot unmarshal {} into Go value of type map[string]interface {{}}",
            go_name(&value)
        ))
        .because("a document is a map")
        .way_out("begin it with apiVersion: v1"));
    };
    let mut take = |name: &str| match content.shift_remove(name) {
        Some(Value::String(text)) if !text.is_empty() => Some(text),
        _ => None,
    };
    let (version, kind) = (take("apiVersion"), take("kind"));
    let (Some(version), Some(kind)) = (&version, &kind) else {
        let missing = [("apiVersion", &version), ("kind", &kind)];
        let missing: Vec<String> =
            missing.iter().filter(|(_, value)| value.is_none()).map(|(name, _)| format!("{name} not set")).collect();
        let list = if missing.len() == 1 { missing[0].clone() } else { format!("[{}]", missing.join(", ")) };
        return Err(refuse::client(format!(
            "error validating \"STDIN\": error validating data: {list}; if you choose to ignore these errors, turn \
             validation off with --validate=false"
        ))
        .because("every manifest says which kind of object it is")
        .way_out("begin it with apiVersion: v1 and, say, kind: Pod"));
    };
    match Kind::of_manifest(version, kind) {
        Some(kind) => Ok((kind, plain(content))),
        None => Err(kinds_not_modelled::manifest(version, kind).unwrap_or_else(|| no_match(version, kind, &content))),
    }
}

/// [semantics/eks.md 7; kubectl's words for a kind that the API does not have]
fn no_match(version: &str, kind: &str, content: &Map<String, Value>) -> Refusal {
    let meta = |name: &str| {
        let value = content.get("metadata").and_then(|meta| meta.get(name)).and_then(Value::as_str);
        value.unwrap_or_default().to_owned()
    };
    let way_out = match meant::similar(kind, Kind::manifests()) {
        Some(similar) => format!("did you mean apiVersion: v1 and kind: {similar}?"),
        None => format!("longshore has, of apiVersion v1: {}", Kind::manifests().collect::<Vec<_>>().join(", ")),
    };
    refuse::client(format!(
        "resource mapping not found for name: \"{}\" namespace: \"{}\" from \"STDIN\": no matches for kind \"{kind}\" in \
         version \"{version}\"\nensure CRDs are installed first",
        meta("name"),
        meta("namespace")
    ))
    .because("Kubernetes has no such kind under this version, or longshore does not simulate it yet")
    .way_out(way_out)
}

/// A member without a value is a member that is not there, and `10.0` is 10: Go writes it so when it turns YAML into
/// JSON. [kubernetes-sigs/yaml yaml.go]
fn plain(map: Map<String, Value>) -> Map<String, Value> {
    fn clean(value: Value) -> Value {
        match value {
            Value::Object(map) => Value::Object(plain(map)),
            Value::Array(items) => items.into_iter().map(clean).collect(),
            Value::Number(number) => Value::Number(whole(&number).map_or(number, Into::into)),
            other => other,
        }
    }
    map.into_iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| (name, clean(value))).collect()
}

/// The whole number that a number with a point stands for, up to where each whole number has one.
fn whole(number: &Number) -> Option<i64> {
    let value = number.as_f64().filter(|_| number.is_f64())?;
    (value.fract() == 0.0 && value.abs() <= 2f64.powi(53)).then_some(value as i64)
}

/// What Go's decoder calls a JSON value.
pub(super) fn go_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
