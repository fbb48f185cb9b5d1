//! What a script has beside its lab: variables and functions, and the lines that made them without changing the lab.
//! Undo, forks and files keep it together with the lab.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use rhai::{Module, Scope, Shared};

use super::bench::fresh_scope;
use super::{Failed, Interpreter, engine};
use crate::session::{Limits, Note, Saved, Session, Typed};

/// Bytes of lines that are remembered; more of them, and the memory has a gap.
const MOST: usize = 4 << 20;

/// Variables, functions, and lines.
#[derive(Clone)]
pub(super) struct Memory {
    /// The variables.
    pub(super) scope: Scope<'static>,
    /// The functions of each line that had any, oldest first.
    pub(super) functions: Vec<Shared<Module>>,
    /// The lines that are not in the journal, for they changed nothing there.
    pub(super) notes: Vec<Note>,
    /// Lines of the journal that were there before: nobody typed them here.
    pub(super) prepared: usize,
    /// Whether typing all lines again would lead to the same variables.
    pub(super) whole: bool,
    bytes: usize,
}

impl Memory {
    /// A memory of nothing but the handles, in a lab whose journal has so many lines.
    pub(super) fn new(prepared: usize) -> Memory {
        Memory { scope: fresh_scope(), functions: Vec::new(), notes: Vec::new(), prepared, whole: true, bytes: 0 }
    }

    /// Remembers a line that was typed after so many lines of the journal.
    pub(super) fn note(&mut self, after: usize, text: &str) {
        self.bytes += text.len();
        match self.bytes <= MOST {
            true => self.notes.push(Note { after, text: text.to_owned() }),
            false => self.whole = false,
        }
    }

    /// Another lab begins, whose journal has so many lines: variables stay, but no line of it has made them.
    pub(super) fn begin_anew(&mut self, prepared: usize) {
        self.prepared = prepared;
        self.whole = self.scope.len() == fresh_scope().len() && self.functions.is_empty();
        self.notes.clear();
        self.bytes = 0;
    }
}

impl Interpreter {
    /// Goes on with other variables and functions. The engine cannot forget a function, so another one takes its place
    /// where there is one to forget; what a floor above has added to it must be added again.
    pub(super) fn remember(&mut self, memory: Memory) -> Memory {
        let is_same = |(one, other): (&Shared<Module>, &Shared<Module>)| Shared::ptr_eq(one, other);
        let known = &self.memory.functions;
        let grows = memory.functions.len() >= known.len() && known.iter().zip(&memory.functions).all(is_same);
        let from = if grows { known.len() } else { 0 };
        if !grows {
            self.engine = engine::build(&self.host);
            if self.has_prelude {
                engine::load_prelude(&mut self.engine);
            }
        }
        for module in &memory.functions[from..] {
            self.engine.register_global_module(module.clone());
        }
        std::mem::replace(&mut self.memory, memory)
    }

    /// Writes the lab to a file, with the lines that made its variables. Says whether those can come back from it.
    ///
    /// # Errors
    /// A sentence about what the file system refused.
    pub fn save(&self, path: &Path) -> Result<bool, String> {
        let Memory { notes, whole, prepared, .. } = &self.memory;
        let typed = Typed { notes, prepared: *prepared, whole: *whole };
        self.session().save_with(path, typed).map(|()| *whole)
    }

    /// Goes on in a lab from a file. Its lines are typed again, silently, so that variables and functions come back; if
    /// that leads to another lab than the one that was saved, that one is taken without them. Says whether they are
    /// back.
    ///
    /// # Errors
    /// A sentence about what is wrong with the file.
    pub fn load(&mut self, path: &Path, limits: Limits) -> Result<bool, String> {
        let Saved { session, beginning, lines, whole } = Session::load(path, limits)?;
        self.forget();
        self.replace_session(beginning);
        let mut typed = |text: &String| {
            catch_unwind(AssertUnwindSafe(|| drop(self.eval_silently_or(Failed::Stays, text, "")))).is_ok()
        };
        let typed = whole && lines.iter().all(&mut typed);
        let same = typed && {
            let (now, saved) = (self.session(), &session);
            now.journal().lines() == saved.journal().lines() && now.world().digest() == saved.world().digest()
        };
        if same {
            self.host.session.borrow_mut().keep_as_much_from_undo_as(&session);
        } else {
            self.forget();
            self.replace_session(session);
        }
        Ok(same)
    }

    /// Drops all variables and functions.
    fn forget(&mut self) {
        drop(self.remember(Memory::new(0)));
    }
}
