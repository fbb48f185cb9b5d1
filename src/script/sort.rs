//! `sort` with a comparator that may fail: Rhai's own swallows the error and leaves the order as it was.

use std::cmp::Ordering;

use rhai::{Array, Dynamic, Engine, EvalAltResult, FnPtr, NativeCallContext};

type Result<T> = std::result::Result<T, Box<EvalAltResult>>;

pub(super) fn register(engine: &mut Engine) {
    engine.register_fn("sort", |ctx: NativeCallContext, array: &mut Array, by: FnPtr| -> Result<()> {
        // A comparator that fails leaves the array as it was.
        *array = merge_sort(array.clone(), &|a, b| compare(&ctx, &by, a, b))?;
        Ok(())
    });
}

/// What the comparator says: negative, zero or positive, or whether the first comes first.
fn compare(ctx: &NativeCallContext, by: &FnPtr, a: &Dynamic, b: &Dynamic) -> Result<Ordering> {
    let said: Dynamic = by.call_within_context(ctx, (a.clone(), b.clone()))?;
    if let Ok(number) = said.as_int() {
        return Ok(number.cmp(&0));
    }
    match said.as_bool() {
        Ok(true) => Ok(Ordering::Less),
        Ok(false) => Ok(Ordering::Greater),
        Err(kind) => Err(format!("a comparator gives a number or a bool, not {kind}").into()),
    }
}

/// A stable merge sort that stops at the first error.
fn merge_sort(mut items: Array, compare: &dyn Fn(&Dynamic, &Dynamic) -> Result<Ordering>) -> Result<Array> {
    if items.len() < 2 {
        return Ok(items);
    }
    let right = items.split_off(items.len() / 2);
    let mut left = merge_sort(items, compare)?.into_iter().peekable();
    let mut right = merge_sort(right, compare)?.into_iter().peekable();
    let mut merged = Array::new();
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        let next = if compare(a, b)? == Ordering::Greater { right.next() } else { left.next() };
        merged.extend(next);
    }
    merged.extend(left);
    merged.extend(right);
    Ok(merged)
}
