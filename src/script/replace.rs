//! `replace` that looks before it leaps. Rhai's own makes the whole result before anybody asks how large it is: sixty
//! gigabytes, where every letter of a long text becomes that text.

use rhai::{Engine, EvalAltResult, ImmutableString, NativeCallContext};

type Result = std::result::Result<(), Box<EvalAltResult>>;

pub(super) fn register(engine: &mut Engine) {
    engine.register_fn("replace", |ctx: NativeCallContext, text: &mut ImmutableString, find: &str, with: &str| {
        replace(&ctx, text, find, with)
    });
    engine.register_fn("replace", |ctx: NativeCallContext, text: &mut ImmutableString, find: char, with: &str| {
        replace(&ctx, text, find.encode_utf8(&mut [0; 4]), with)
    });
}

fn replace(ctx: &NativeCallContext, text: &mut ImmutableString, find: &str, with: &str) -> Result {
    let added = text.matches(find).count().saturating_mul(with.len().saturating_sub(find.len()));
    if text.len().saturating_add(added) > ctx.engine().max_string_size() {
        let error = EvalAltResult::ErrorDataTooLarge("Length of string".to_owned(), ctx.call_position());
        return Err(Box::new(error));
    }
    *text = text.replace(find, with).into();
    Ok(())
}
