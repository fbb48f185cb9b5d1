//! What an operation answers becomes a value of the script, and a value has a size that the engine allows.
//!
//! A change has happened when its answer is there, and must not fail any more: what cannot be held is left out, with a
//! notice. A question can be asked again for less.

use rhai::{Dynamic, Engine, Map};
use serde_json::Value;

use super::convert::to_dynamic;
use crate::api::refusal::Refusal;
use crate::api::{Entry, Kind};

/// The answer as a script holds it, and a notice if it had to be left out.
///
/// # Errors
/// `LabLimit` if the operation changes nothing and the answer is larger than a script may hold.
pub(super) fn hold(engine: &Engine, entry: &Entry, response: &Value) -> Result<(Dynamic, Option<String>), Refusal> {
    let Some(excess) = Size::of(response).excess(engine) else { return Ok((to_dynamic(response), None)) };
    match entry.kind {
        Kind::Change(_) => Ok((
            Map::new().into(),
            Some(format!(
                "{}.{} has done what it was asked to; its answer is left out, for it {excess}. Ask for a part of it.",
                entry.service,
                entry.method()
            )),
        )),
        Kind::Query(_) => Err(Refusal::new("LabLimit", format!("The answer of {} is too large.", entry.name))
            .because(format!("it {excess}"))
            .way_out("ask for less: by name, by page, or for one kind of thing")),
    }
}

/// How large a value is, counted as the engine counts.
#[derive(Default)]
struct Size {
    /// Values in lists.
    items: usize,
    /// Values in maps.
    members: usize,
    /// Bytes of text.
    text: usize,
}

impl Size {
    fn of(value: &Value) -> Size {
        let mut size = Size::default();
        size.add(value);
        size
    }

    fn add(&mut self, value: &Value) {
        match value {
            Value::Array(items) => {
                self.items += items.len();
                items.iter().for_each(|item| self.add(item));
            }
            Value::Object(members) => {
                self.members += members.len();
                members.values().for_each(|member| self.add(member));
            }
            Value::String(text) => self.text += text.len(),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// What is more than the engine allows, in words.
    fn excess(&self, engine: &Engine) -> Option<String> {
        [
            (self.items, engine.max_array_size(), "values in lists"),
            (self.members, engine.max_map_size(), "values in maps"),
            (self.text, engine.max_string_size(), "bytes of text"),
        ]
        .into_iter()
        .find(|(is, most, _)| is > most)
        .map(|(is, most, what)| format!("has {is} {what}, and a script holds at most {most}"))
    }
}
