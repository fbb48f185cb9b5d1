//! Between script values and plain data.

use rhai::{Dynamic, FnPtr};
use serde_json::Value;

/// A script value as plain data; what is not data shows as text.
pub(super) fn to_value(value: &Dynamic) -> Value {
    if value.is_unit() {
        return Value::Null;
    }
    if value.is::<FnPtr>() {
        return Value::String(value.to_string());
    }
    rhai::serde::from_dynamic(value).unwrap_or_else(|_| Value::String(value.to_string()))
}

/// Plain data as a script value.
pub(super) fn to_dynamic(value: &Value) -> Dynamic {
    rhai::serde::to_dynamic(value).unwrap_or(Dynamic::UNIT)
}
