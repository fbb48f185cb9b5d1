//! `x.call(…)`, for closures and for everything else.
//!
//! Rhai keeps the name `call` for closures: on anything else it is an error before an operation could be looked up.
//! So the word is read as another one where it is a method (see [`super::reading`]), and that one means for a closure
//! what `call` means, and for others the operation of that name: `pod.call("s3:GetObject", arn)`.

use std::any::TypeId;

use rhai::{Dynamic, Engine, FnPtr};

/// The word in scripts.
pub(super) const WORD: &str = "call";
/// What it is read as. No name in a script can begin with this letter.
pub(super) const READ_AS: &str = "ᶜcall";

/// How a method of this name is spelled inside the engine.
pub(super) fn spelling(method: &str) -> &str {
    if method == WORD { READ_AS } else { method }
}

/// Arguments that a closure may have. A limit of longshore's own.
const MOST_ARGUMENTS: usize = 12;

/// Says what the word means for closures.
pub(super) fn register(engine: &mut Engine) {
    for arguments in 0..=MOST_ARGUMENTS {
        bind(engine, arguments);
    }
}

/// A closure with so many arguments; with a `this` in front of it, too.
fn bind(engine: &mut Engine, arguments: usize) {
    let values = std::iter::repeat_n(TypeId::of::<Dynamic>(), arguments);
    let plain: Vec<TypeId> = std::iter::once(TypeId::of::<FnPtr>()).chain(values.clone()).collect();
    let bound: Vec<TypeId> = [TypeId::of::<Dynamic>(), TypeId::of::<FnPtr>()].into_iter().chain(values).collect();
    #[allow(deprecated, reason = "the hook is marked volatile, not obsolete")]
    engine.register_raw_fn(READ_AS, plain, |ctx, all| {
        let closure = all[0].clone_cast::<FnPtr>();
        closure.call_raw(&ctx, None, all[1..].iter_mut().map(|value| value.take()).collect::<Vec<_>>())
    });
    #[allow(deprecated, reason = "the hook is marked volatile, not obsolete")]
    engine.register_raw_fn(READ_AS, bound, |ctx, all| {
        let closure = all[1].clone_cast::<FnPtr>();
        let values = all[2..].iter_mut().map(|value| value.take()).collect::<Vec<_>>();
        closure.call_raw(&ctx, Some(all[0]), values)
    });
}
