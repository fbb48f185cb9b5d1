//! Between script values and plain data.

use rhai::{Array, Dynamic, FnPtr, Map};
use serde_json::Value;

use super::bind::Handle;

/// A script value as plain data; what is not data shows as text.
pub(super) fn to_value(value: &Dynamic) -> Value {
    if value.is_unit() {
        return Value::Null;
    }
    if value.is::<FnPtr>() {
        return Value::String(value.to_string());
    }
    if let Some(handle) = value.clone().try_cast::<Handle>() {
        return Value::String(handle.to_string());
    }
    rhai::serde::from_dynamic(value).unwrap_or_else(|_| part_by_part(value))
}

/// Where in a value something stands that is no data, and what: a closure, or a handle.
pub(super) fn no_data(value: &Dynamic) -> Option<(Vec<String>, &'static str)> {
    let within = |name: String, value: &Dynamic| {
        let (mut path, what) = no_data(value)?;
        path.insert(0, name);
        Some((path, what))
    };
    if value.is::<FnPtr>() {
        return Some((Vec::new(), "a closure"));
    }
    if value.is::<Handle>() {
        return Some((Vec::new(), "a service handle"));
    }
    if let Some(items) = value.read_lock::<Array>() {
        return items.iter().enumerate().find_map(|(nth, item)| within(nth.to_string(), item));
    }
    value.read_lock::<Map>()?.iter().find_map(|(name, value)| within(name.to_string(), value))
}

/// A list or a map in which something is no data.
fn part_by_part(value: &Dynamic) -> Value {
    if let Some(items) = value.read_lock::<Array>() {
        return items.iter().map(to_value).collect();
    }
    match value.read_lock::<Map>() {
        Some(map) => Value::Object(map.iter().map(|(name, value)| (name.to_string(), to_value(value))).collect()),
        None => Value::String(value.to_string()),
    }
}

/// Plain data as a script value.
pub(super) fn to_dynamic(value: &Value) -> Dynamic {
    match value {
        Value::Null => Dynamic::UNIT,
        Value::Bool(truth) => Dynamic::from_bool(*truth),
        Value::String(text) => text.as_str().into(),
        Value::Array(items) => items.iter().map(to_dynamic).collect::<Array>().into(),
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| (name.as_str().into(), to_dynamic(value)));
            Dynamic::from_map(members.collect::<Map>())
        }
        Value::Number(number) => match number.as_i64() {
            Some(number) => Dynamic::from_int(number),
            None => rhai::serde::to_dynamic(number).unwrap_or(Dynamic::UNIT),
        },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_short_way_leads_where_serde_leads() {
        for value in [
            json!(null),
            json!(true),
            json!("x"),
            json!(""),
            json!(-7),
            json!(1.5),
            json!(u64::MAX),
            json!([1, [2], []]),
            json!({ "b": { "a": null }, "a": ["x", 2.0] }),
        ] {
            let (short, serde) = (to_dynamic(&value), rhai::serde::to_dynamic(&value).expect("it is data"));
            assert_eq!((short.type_name(), short.to_string()), (serde.type_name(), serde.to_string()));
            assert_eq!(to_value(&short), to_value(&serde));
        }
    }
}
