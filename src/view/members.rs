//! The members of a request, read from its JSON Schema: for help and for completion.

use schemars::Schema;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::model::noun::{self, Noun};

/// Members within members within members: deeper ones are left out.
const DEEPEST: usize = 6;

/// A member of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// What it takes, in a script's words: `string`, `integer`, `array of map`.
    pub kind: String,
    /// Whether it must be there.
    pub required: bool,
    /// The values it may have, where they are few and fixed.
    pub choices: Vec<Choice>,
    /// What its text stands for in the lab, where it stands for anything.
    pub noun: Option<Noun>,
    /// What it means.
    pub doc: String,
    /// The members of the map, or of the maps in the list, that it takes.
    pub members: Vec<Member>,
}

/// A value that a member may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// As it is written, without quotation marks.
    pub text: String,
    /// What it means, where something is said about it.
    pub about: String,
    /// Whether it is written in quotation marks.
    pub is_text: bool,
}

/// The members of a request.
pub fn members(schema: &Schema) -> Vec<Member> {
    let root = schema.as_value();
    root.as_object().map(|map| properties(map, root, DEEPEST)).unwrap_or_default()
}

/// The members inside the member at the end of a path of names.
pub fn inside<'a>(members: &'a [Member], path: &[&str]) -> &'a [Member] {
    match path {
        [] => members,
        [name, rest @ ..] => {
            members.iter().find(|member| member.name == *name).map_or(&[], |member| inside(&member.members, rest))
        }
    }
}

fn properties(map: &Map<String, Value>, root: &Value, depth: usize) -> Vec<Member> {
    let Some(properties) = map.get("properties").and_then(Value::as_object) else { return Vec::new() };
    let required: Vec<&str> =
        map.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    properties
        .iter()
        .map(|(name, schema)| member(name, schema, required.contains(&name.as_str()), root, depth))
        .collect()
}

fn member(name: &str, schema: &Value, required: bool, root: &Value, depth: usize) -> Member {
    let inner = resolve(schema, root);
    let (kind, element) = kind(inner, root);
    let members = match element.as_object() {
        Some(map) if depth > 0 => properties(map, root, depth - 1),
        _ => Vec::new(),
    };
    let doc = schema.get("description").and_then(Value::as_str).unwrap_or_default();
    Member {
        name: name.to_owned(),
        kind,
        required,
        choices: choices(element),
        noun: schema.get(noun::KEYWORD).and_then(|noun| Noun::deserialize(noun).ok()),
        doc: doc.split_whitespace().collect::<Vec<_>>().join(" "),
        members,
    }
}

/// Follows references, and looks through the wrapper around what may be absent.
fn resolve<'a>(schema: &'a Value, root: &'a Value) -> &'a Value {
    let mut schema = schema;
    for _ in 0..DEEPEST {
        let wrapped = schema.get("anyOf").and_then(Value::as_array);
        let present = wrapped.and_then(|any| any.iter().find(|one| one.get("type") != Some(&Value::from("null"))));
        let reference = schema.get("$ref").and_then(Value::as_str).and_then(|path| path.strip_prefix('#'));
        match (reference.and_then(|path| root.pointer(path)), present) {
            (Some(target), _) => schema = target,
            (None, Some(present)) => schema = present,
            (None, None) => break,
        }
    }
    schema
}

/// What a schema takes, in words, and the schema of what is in it if it is a list.
fn kind<'a>(schema: &'a Value, root: &'a Value) -> (String, &'a Value) {
    let kind = match schema.get("type") {
        Some(Value::String(kind)) => kind.as_str(),
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null").unwrap_or(""),
        _ if schema.get("oneOf").is_some() || schema.get("enum").is_some() => "string",
        _ => "",
    };
    match kind {
        "array" => match schema.get("items") {
            Some(items) => {
                let items = resolve(items, root);
                (format!("array of {}", self::kind(items, root).0), items)
            }
            None => ("array".to_owned(), schema),
        },
        "object" => ("map".to_owned(), schema),
        "boolean" => ("bool".to_owned(), schema),
        "string" if schema.get("title") == Some(&Value::from("duration")) => ("duration".to_owned(), schema),
        "" => ("value".to_owned(), schema),
        plain => (plain.to_owned(), schema),
    }
}

fn choices(schema: &Value) -> Vec<Choice> {
    let listed = |of: &Value| of.get("enum").and_then(Value::as_array).cloned().unwrap_or_default();
    let described = schema.get("oneOf").and_then(Value::as_array).into_iter().flatten();
    let described = described.flat_map(|one| {
        let about = one.get("description").and_then(Value::as_str).unwrap_or_default();
        let values = one.get("const").cloned().into_iter().chain(listed(one));
        values.map(|value| (value, about.split_whitespace().collect::<Vec<_>>().join(" ")))
    });
    let all = listed(schema).into_iter().map(|value| (value, String::new())).chain(described);
    let text = |(value, about): (Value, String)| {
        let text = value.as_str()?.to_owned();
        Some(Choice { text, about, is_text: true })
    };
    match schema.get("type").and_then(Value::as_str) {
        Some("boolean") => ["true", "false"]
            .map(|text| Choice { text: text.to_owned(), about: String::new(), is_text: false })
            .to_vec(),
        _ => all.filter_map(text).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api;

    fn of(operation: &str) -> Vec<Member> {
        members(&(api::find("ecs", operation).expect("it is in the table").schema)())
    }

    #[test]
    fn members_come_from_the_schema() {
        let members = of("create_service");
        let find = |name: &str| members.iter().find(|member| member.name == name).expect("it is a member");
        for (name, kind, required) in [
            ("serviceName", "string", true),
            ("desiredCount", "integer", false),
            ("launchType", "string", false),
            ("networkConfiguration", "map", false),
            ("tags", "array of map", false),
        ] {
            assert_eq!((find(name).kind.as_str(), find(name).required), (kind, required), "{name}");
        }
        let texts = |name: &str| find(name).choices.iter().map(|choice| choice.text.as_str()).collect::<Vec<_>>();
        assert_eq!(texts("launchType"), ["EC2", "FARGATE"]);
        let update = of("update_service");
        let force = update.iter().find(|member| member.name == "forceNewDeployment").expect("it is a member");
        assert!(force.choices.iter().map(|choice| choice.text.as_str()).eq(["true", "false"]));
        assert!(find("launchType").choices.iter().all(|choice| choice.is_text && !choice.about.is_empty()));
        assert!(find("serviceName").doc.starts_with("The service's name"));
    }

    #[test]
    fn members_say_what_they_name() {
        let members = of("create_service");
        let network = ["networkConfiguration", "awsvpcConfiguration"];
        for (path, name, noun) in [
            (&[][..], "cluster", Some(Noun::Cluster)),
            (&[], "taskDefinition", Some(Noun::TaskDefinition)),
            (&[], "serviceName", None),
            (&["capacityProviderStrategy"], "capacityProvider", Some(Noun::CapacityProvider)),
            (&network, "subnets", Some(Noun::Subnet)),
        ] {
            let member = inside(&members, path).iter().find(|member| member.name == name);
            assert_eq!(member.expect("it is a member").noun, noun, "{name}");
        }
    }

    #[test]
    fn every_noun_in_a_schema_is_one() {
        fn check(action: &str, schema: &Value) {
            match schema {
                Value::Object(map) => {
                    if let Some(noun) = map.get(noun::KEYWORD).filter(|noun| noun.is_string()) {
                        assert!(Noun::deserialize(noun).is_ok(), "{action}: {noun}");
                    }
                    map.values().for_each(|value| check(action, value));
                }
                Value::Array(items) => items.iter().for_each(|value| check(action, value)),
                _ => {}
            }
        }
        for entry in api::all() {
            check(&entry.action(), (entry.schema)().as_value());
        }
    }

    #[test]
    fn members_are_found_inside_members() {
        let members = of("create_service");
        let names = |path: &[&str]| -> Vec<String> {
            inside(&members, path).iter().map(|member| member.name.clone()).collect()
        };
        assert_eq!(names(&["networkConfiguration"]), ["awsvpcConfiguration"]);
        assert!(names(&["networkConfiguration", "awsvpcConfiguration"]).contains(&"subnets".to_owned()));
        assert_eq!(names(&["tags"]), ["key", "value"]);
        assert!(names(&["nothing"]).is_empty());
    }

    #[test]
    fn every_operation_has_members_that_say_what_they_take() {
        fn check(action: &str, members: &[Member]) {
            for member in members {
                assert!(!member.kind.is_empty(), "{action}: {}", member.name);
                check(action, &member.members);
            }
        }
        for entry in api::all() {
            check(&entry.action(), &members(&(entry.schema)()));
        }
    }
}
