//! A lab with everything that belongs to whoever works in it, to be put aside and gone back to.

use std::rc::Rc;

use rhai::{Module, Scope};

use super::bind;
use crate::session::Session;

/// A lab with the variables and functions of whoever works in it.
#[derive(Clone)]
pub struct Bench {
    pub(super) session: Session,
    pub(super) scope: Scope<'static>,
    pub(super) functions: Vec<Rc<Module>>,
    pub(super) before: Vec<Scope<'static>>,
    pub(super) after: Vec<Scope<'static>>,
}

impl Bench {
    /// A lab in which nobody has set a variable or defined a function.
    pub fn new(session: Session) -> Bench {
        let (functions, before, after) = (Vec::new(), Vec::new(), Vec::new());
        Bench { session, scope: fresh_scope(), functions, before, after }
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
