//! Bugs: a panic is caught once around each line, and nobody sees a raw one.

use std::any::Any;
use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe};

thread_local! {
    /// Where the last panic of this thread was.
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// What is known about a panic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crash {
    /// Its message.
    pub message: String,
    /// File and line, where they are known.
    pub place: Option<String>,
}

/// Keeps panics from writing to the screen; they are reported by whoever catches them.
pub fn quiet() {
    panic::set_hook(Box::new(|info| {
        let place = info.location().map(|location| format!("{}:{}", location.file(), location.line()));
        PLACE.with(|last| last.replace(place));
    }));
}

/// Runs something, and gives its panic back as data.
///
/// # Errors
/// The panic.
pub fn catch<T>(work: impl FnOnce() -> T) -> Result<T, Crash> {
    // What may be left half-done is the lab, and whoever catches a crash makes it anew from its journal.
    panic::catch_unwind(AssertUnwindSafe(work))
        .map_err(|payload| Crash { message: message(payload.as_ref()), place: PLACE.with(RefCell::take) })
}

impl Crash {
    /// One sentence for people.
    pub fn sentence(&self) -> String {
        let place = self.place.as_ref().map(|place| format!(" ({place})")).unwrap_or_default();
        format!("longshore has a bug: {}{place}", self.message)
    }
}

fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_else(|| "it panicked".to_owned())
}
