//! A lab with everything that belongs to whoever works in it, to be put aside and gone back to.

use rhai::Scope;

use super::bind;
use super::memory::Memory;
use crate::session::Session;

/// A lab with the variables and functions of whoever works in it.
#[derive(Clone)]
pub struct Bench {
    pub(super) session: Session,
    pub(super) memory: Memory,
    pub(super) before: Vec<Memory>,
    pub(super) after: Vec<Memory>,
}

impl Bench {
    /// A lab in which nobody has set a variable or defined a function.
    pub fn new(session: Session) -> Bench {
        let memory = Memory::new(session.journal().lines().len());
        Bench { session, memory, before: Vec::new(), after: Vec::new() }
    }

    /// Whether nobody has done anything here.
    pub fn is_untouched(&self) -> bool {
        let Memory { scope, functions, .. } = &self.memory;
        let is_fresh = scope.len() == fresh_scope().len() && functions.is_empty();
        is_fresh && self.session.journal().lines().is_empty()
    }

    /// The lab.
    pub fn session(&self) -> &Session {
        &self.session
    }
}

/// The names that are there before anybody sets one.
pub(super) fn fresh_scope() -> Scope<'static> {
    let mut scope = Scope::new();
    bind::push_handles(&mut scope);
    scope
}
