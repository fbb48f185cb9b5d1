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
    rhai::serde::to_dynamic(value).unwrap_or(Dynamic::UNIT)
}
