//! `x.call(…)`, for closures and for everything else.
//!
//! Rhai keeps the name `call` for closures: on anything else it is an error before an operation could be looked up.
//! Here the word is read as another one where it is a method, and that one means for a closure what `call` means, and
//! for others the operation of that name: `pod.call("s3:GetObject", arn)`.

use std::cell::Cell;

use rhai::{Dynamic, Engine, EvalAltResult, FnPtr, NativeCallContext, Token};

/// The word in scripts.
const WORD: &str = "call";
/// What it is read as. No name in a script can begin with this letter.
pub(super) const READ_AS: &str = "ᶜcall";

/// How a method of this name is spelled inside the engine.
pub(super) fn spelling(method: &str) -> &str {
    if method == WORD { READ_AS } else { method }
}

/// Reads the word anew, and says what it means for closures.
pub(super) fn register(engine: &mut Engine) {
    let after_dot = Cell::new(false);
    #[allow(deprecated, reason = "the hook is marked volatile, not obsolete")]
    engine.on_parse_token(move |token, _, _| {
        let is_method = after_dot.replace(matches!(token, Token::Period | Token::Elvis));
        match token {
            Token::Reserved(word) if is_method && *word == WORD => Token::Identifier(Box::new(READ_AS.into())),
            token => token,
        }
    });
    type Result = std::result::Result<Dynamic, Box<EvalAltResult>>;
    type Context<'a> = NativeCallContext<'a>;
    engine.register_fn(READ_AS, |ctx: Context, f: FnPtr| -> Result { f.call_raw(&ctx, None, []) });
    engine.register_fn(READ_AS, |ctx: Context, f: FnPtr, a: Dynamic| -> Result { f.call_raw(&ctx, None, [a]) });
    engine.register_fn(READ_AS, |ctx: Context, f: FnPtr, a: Dynamic, b: Dynamic| -> Result {
        f.call_raw(&ctx, None, [a, b])
    });
    engine.register_fn(READ_AS, |ctx: Context, f: FnPtr, a: Dynamic, b: Dynamic, c: Dynamic| -> Result {
        f.call_raw(&ctx, None, [a, b, c])
    });
    engine.register_fn(READ_AS, |ctx: Context, f: FnPtr, a: Dynamic, b: Dynamic, c: Dynamic, d: Dynamic| -> Result {
        f.call_raw(&ctx, None, [a, b, c, d])
    });
    // A closure with a `this`.
    engine.register_fn(READ_AS, |ctx: Context, this: &mut Dynamic, f: FnPtr| -> Result {
        f.call_raw(&ctx, Some(this), [])
    });
    engine.register_fn(READ_AS, |ctx: Context, this: &mut Dynamic, f: FnPtr, a: Dynamic| -> Result {
        f.call_raw(&ctx, Some(this), [a])
    });
    engine.register_fn(READ_AS, |ctx: Context, this: &mut Dynamic, f: FnPtr, a: Dynamic, b: Dynamic| -> Result {
        f.call_raw(&ctx, Some(this), [a, b])
    });
}
