//! What may stand behind the dot after a variable: for completion.

use rhai::{Dynamic, Map};

use super::{Interpreter, words};
use crate::api;

/// What may stand behind the dot after a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// A member of a map, and what it is.
    Member(String, &'static str),
    /// A method, and what it does.
    Method(String, String),
}

impl Interpreter {
    /// What may stand behind the dot after a variable: the members of a map, and the methods that it has.
    pub fn inside(&self, variable: &str) -> Vec<Part> {
        let Some(value) = self.memory.scope.get(variable) else { return Vec::new() };
        let Some(map) = value.read_lock::<Map>() else { return Vec::new() };
        let of = words::maker(map.keys().map(|key| key.as_str()));
        let methods = words::words().iter().filter(|word| of.is_some() && word.of.as_deref() == of);
        let methods = methods.map(|word| (word.name.clone(), word.summary.clone()));
        let is_program = map.contains_key("taskArn") || map.get("kind").is_some_and(|kind| kind.to_string() == "Pod");
        let operations = api::all().filter(|entry| is_program && entry.is_method);
        let operations = operations.map(|entry| (entry.method(), entry.summary.to_owned()));
        let methods = methods.chain(operations).map(|(name, summary)| Part::Method(name, summary));
        let kind = |value: &Dynamic| match value.type_name() {
            name if name.ends_with("Map") || name == "map" => "map",
            "array" => "list",
            "string" => "text",
            "i64" | "f64" => "number",
            _ => "value",
        };
        methods.chain(map.iter().map(|(name, value)| Part::Member(name.to_string(), kind(value)))).collect()
    }
}
