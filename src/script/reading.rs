//! What is noticed about a script while it is read, token by token, before any of it runs.
//!
//! - Rhai keeps the name `call` for closures. As a method it is read as another word: see [`super::call`].
//! - The prelude takes as long to read as the rest of a short session, and few scripts speak of it. Whether one does is
//!   seen here, and it gets the prelude before it runs.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::OnceLock;

use rhai::{AST, Engine, ParseError, Scope, Token};

use super::{Host, call, engine};

/// Words by which a script can reach a function without naming it where it calls.
const BY_NAME: [&str; 3] = ["Fn", "is_def_fn", "get_fn_metadata_list"];

/// A script that has been read.
#[derive(Clone, Debug)]
pub struct Script {
    pub(super) ast: AST,
    /// Whether the prelude must be there when it runs.
    pub(super) speaks_of_prelude: bool,
}

impl Script {
    /// What it says.
    pub fn ast(&self) -> &AST {
        &self.ast
    }
}

/// What has been noticed in the text that is being read.
#[derive(Debug, Default)]
pub(super) struct Reading {
    after_dot: Cell<bool>,
    speaks_of_prelude: Cell<bool>,
}

impl Reading {
    /// Reads a text. Nothing is remembered of the one before.
    pub(super) fn read(&self, engine: &Engine, scope: &Scope<'_>, text: &str) -> Result<Script, ParseError> {
        self.after_dot.set(false);
        self.speaks_of_prelude.set(false);
        let ast = engine.compile_with_scope(scope, text)?;
        Ok(Script { ast, speaks_of_prelude: self.speaks_of_prelude.get() })
    }

    /// Looks at a token, and says how it is to be read.
    fn token(&self, token: Token) -> Token {
        let is_method = self.after_dot.replace(matches!(token, Token::Period | Token::Elvis));
        match &token {
            Token::Identifier(word) => self.hear(word),
            Token::StringConstant(text) => self.hear(text),
            Token::Reserved(word) if is_method && **word == call::WORD => {
                return Token::Identifier(Box::new(call::READ_AS.into()));
            }
            Token::Reserved(word) => self.hear(word),
            _ => {}
        }
        token
    }

    fn hear(&self, word: &str) {
        if BY_NAME.contains(&word) || of_prelude().contains(word) {
            self.speaks_of_prelude.set(true);
        }
    }
}

/// Has every token looked at.
pub(super) fn register(engine: &mut Engine, host: &Rc<Host>) {
    let host = Rc::clone(host);
    #[allow(deprecated, reason = "the hook is marked volatile, not obsolete")]
    engine.on_parse_token(move |token, _, _| host.reading.token(token));
}

/// The names of the functions in the prelude.
pub(super) fn of_prelude() -> &'static BTreeSet<&'static str> {
    static NAMES: OnceLock<BTreeSet<&'static str>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let functions = engine::PRELUDE.lines().filter_map(|line| line.strip_prefix("fn "));
        functions.filter_map(|function| function.split('(').next()).collect()
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use rhai::Engine;

    use super::of_prelude;
    use crate::script::Interpreter;
    use crate::session::Session;

    #[test]
    fn the_prelude_is_there_for_whoever_speaks_of_it() {
        for (script, there) in [
            ("let c = cluster(\"a\"); c.launch(\"nginx\", \"Fargate\", 256, 512)", true),
            ("`${cluster(\"a\")}`", true),
            ("Fn(\"clu\" + \"ster\").call(\"a\")", true),
            ("[\"a\"].map(\"cluster\")", true),
            ("|| prelude_network()", true),
            ("get_fn_metadata_list().len()", true),
            ("1 + 1", false),
            ("ecs.create_cluster(#{ clusterName: \"prod\" })", false),
            ("// launch", false),
        ] {
            let mut interpreter = Interpreter::new(Session::new(1), Box::new(|_| {}));
            interpreter.eval(script, "script").unwrap_or_else(|trouble| panic!("{script}: {trouble:?}"));
            assert_eq!(interpreter.has_prelude, there, "{script}");
        }
    }

    #[test]
    fn nothing_is_remembered_of_the_text_before() {
        let mut interpreter = Interpreter::new(Session::new(1), Box::new(|_| {}));
        let alone = interpreter.eval("call(1)", "script").expect_err("closures only");
        for before in ["ecs.", "let x = ecs.", "ecs?.", "1 + (2 * (3."] {
            interpreter.eval(before, "script").expect_err("it breaks off");
            assert_eq!(interpreter.eval("call(1)", "script"), Err(alone.clone()), "after {before}");
        }
    }

    #[test]
    fn the_names_are_those_of_the_prelude() {
        let mut engine = Engine::new();
        super::engine::limit(&mut engine);
        let ast = engine.compile(super::engine::PRELUDE).expect("it is a script");
        // Closures are functions too, with names that no script can write.
        let names = ast.iter_functions().map(|function| function.name).filter(|name| !name.contains('$'));
        assert_eq!(names.collect::<BTreeSet<_>>(), *of_prelude());
    }
}
