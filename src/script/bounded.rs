//! Functions of the engine that make a text before anybody looks how long it is: here they look first.

use rhai::{Engine, EvalAltResult, ImmutableString, Position};

use super::engine::STRING_BYTES;

type Result = std::result::Result<(), Box<EvalAltResult>>;

/// Takes the place of `replace` in all its forms.
pub(super) fn register(engine: &mut Engine) {
    engine.register_fn("replace", |text: &mut ImmutableString, from: &str, to: &str| replace(text, from, to));
    engine.register_fn("replace", |text: &mut ImmutableString, from: char, to: &str| {
        replace(text, from.encode_utf8(&mut [0; 4]), to)
    });
    engine.register_fn("replace", |text: &mut ImmutableString, from: &str, to: char| {
        replace(text, from, to.encode_utf8(&mut [0; 4]))
    });
    engine.register_fn("replace", |text: &mut ImmutableString, from: char, to: char| {
        replace(text, from.encode_utf8(&mut [0; 4]), to.encode_utf8(&mut [0; 4]))
    });
}

fn replace(text: &mut ImmutableString, from: &str, to: &str) -> Result {
    let found = text.matches(from).count();
    let length = (text.len() - found * from.len()).saturating_add(found.saturating_mul(to.len()));
    if length > STRING_BYTES {
        return Err(Box::new(EvalAltResult::ErrorDataTooLarge("Length of string".to_owned(), Position::NONE)));
    }
    *text = text.replace(from, to).into();
    Ok(())
}
