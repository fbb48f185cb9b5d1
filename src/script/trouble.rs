//! What went wrong in a script: message, place, reason, way out, gathered from Rhai's errors and from refusals.

use rhai::{AST, ASTNode, Dynamic, Engine, EvalAltResult, Expr, LexError, ParseError, ParseErrorType, Position};
use serde::Serialize;

use super::guard::INTERRUPTED;
use super::tokens::ends_in_a_comment;
use super::words::{Word, words};
use super::{reading, remedy};
use crate::api::k8s::refuse;
use crate::api::{self, Entry};
use crate::model::meant;

/// What kind of trouble it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The text is not a script.
    Syntax,
    /// An operation refused.
    Refused,
    /// The script is wrong.
    Script,
    /// A limit was reached.
    Limit,
    /// Somebody pressed Ctrl-C.
    Interrupted,
}

/// How the message begins where a script threw something itself.
const THREW: &str = "the script threw: ";

/// What went wrong in a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What kind it is.
    pub kind: Kind,
    /// One sentence; AWS's own where an operation refused.
    pub message: String,
    /// Why, where there is more to say.
    pub because: String,
    /// What would work.
    pub way_out: String,
    /// Where.
    pub place: Option<Box<Place>>,
}

/// A place in a source text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The name of the text, where the trouble is not in the text that was evaluated.
    pub source: Option<String>,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The line's text; empty where it is not at hand.
    pub text: String,
    /// How many characters are meant.
    pub length: usize,
}

impl Trouble {
    fn new(kind: Kind, message: impl Into<String>) -> Trouble {
        Trouble { kind, message: message.into(), because: String::new(), way_out: String::new(), place: None }
    }

    /// What the script threw, if it threw something itself.
    pub fn thrown(&self) -> Option<&str> {
        self.message.strip_prefix(THREW).filter(|_| self.kind == Kind::Script)
    }

    /// What a function of the prelude refused: its own sentence, and what it says would work.
    pub(super) fn refused_by_prelude(self, (text, way_out): (String, String)) -> Trouble {
        if self.thrown() == Some(text.as_str()) { Trouble { message: text, way_out, ..self } } else { self }
    }

    /// A source text over the limit.
    pub(super) fn too_long(bytes: usize) -> Trouble {
        Trouble {
            because: format!("it has {bytes} bytes"),
            way_out: "split it".to_owned(),
            ..Trouble::new(Kind::Limit, format!("a script has at most {} bytes", super::SOURCE_BYTES))
        }
    }

    /// A comment that begins and does not end, which Rhai takes for a script.
    pub(super) fn open_comment() -> Trouble {
        Trouble {
            way_out: "close it with `*/`".to_owned(),
            ..Trouble::new(Kind::Syntax, "a comment that begins with `/*` is not closed".to_owned())
        }
    }

    /// From Rhai's error to words for people. `ast` helps to find the wrong member of a request.
    pub(super) fn from_error(error: &EvalAltResult, text: &str, ast: Option<&AST>, engine: &Engine) -> Trouble {
        let inner = innermost(error);
        let position = inner.position();
        let mut trouble = describe(inner, engine);
        if let (EvalAltResult::ErrorParsing(kind, _), true) = (inner, trouble.way_out.is_empty()) {
            trouble.way_out = remedy::of_text(kind, text, position);
        }
        let (position, elsewhere, path) = match into_prelude(error) {
            Some((position, source)) => (position, source, Vec::new()),
            None => (position, source_of(error), refusal_path(inner)),
        };
        let exact = ast.and_then(|ast| find_member(ast, position, &path)).unwrap_or(position);
        trouble.place = place(exact, text, elsewhere);
        trouble
    }
}

/// The error under the calls that led to it.
fn innermost(error: &EvalAltResult) -> &EvalAltResult {
    match error {
        EvalAltResult::ErrorInFunctionCall(_, _, inner, _) | EvalAltResult::ErrorInModule(_, inner, _) => {
            innermost(inner)
        }
        other => other,
    }
}

/// The name of the source that the failing function came from, if it was another one.
fn source_of(error: &EvalAltResult) -> Option<String> {
    match error {
        EvalAltResult::ErrorInFunctionCall(_, source, inner, _) => {
            source_of(inner).or_else(|| (!source.is_empty()).then(|| source.clone()))
        }
        _ => None,
    }
}

/// Where a script called a function of the prelude in which the error came about, and in which source. What is inside
/// the prelude is nobody's line.
fn into_prelude(error: &EvalAltResult) -> Option<(Position, Option<String>)> {
    let mut error = error;
    let mut caller = None;
    while let EvalAltResult::ErrorInFunctionCall(_, source, inner, position) = error {
        if source == super::engine::PRELUDE_NAME {
            return Some((*position, caller));
        }
        caller = Some(source.clone()).filter(|source| !source.is_empty());
        error = inner;
    }
    None
}

fn describe(error: &EvalAltResult, engine: &Engine) -> Trouble {
    match error {
        EvalAltResult::ErrorParsing(ParseErrorType::ForbiddenVariable(name), _) => taken(name),
        EvalAltResult::ErrorParsing(ParseErrorType::MissingToken(token, _), _) if token == ";" => {
            Trouble::new(Kind::Syntax, "this does not belong behind what stands before it")
        }
        EvalAltResult::ErrorParsing(kind, _) => Trouble::new(Kind::Syntax, kind.to_string()),
        EvalAltResult::ErrorTerminated(reason, _) => terminated(reason),
        EvalAltResult::ErrorRuntime(value, _) => runtime(value),
        EvalAltResult::ErrorFunctionNotFound(signature, _) => function_not_found(signature, engine),
        EvalAltResult::ErrorUnboundThis(_) => Trouble {
            way_out: "call it on something, as in let lot = cluster(\"lot\"); lot.render()".to_owned(),
            ..Trouble::new(Kind::Script, "this is a method, and it was called on nothing")
        },
        EvalAltResult::ErrorVariableNotFound(name, _) => variable_not_found(name, engine),
        EvalAltResult::ErrorPropertyNotFound(name, _) => Trouble {
            way_out: "list the names that are there with keys(), or ask with \"name\" in map".to_owned(),
            ..Trouble::new(Kind::Script, format!("there is no member `{name}` here"))
        },
        EvalAltResult::ErrorIndexingType(kind, _) | EvalAltResult::ErrorDotExpr(kind, _) if kind.contains("handle") => {
            on_handle_only_operations()
        }
        EvalAltResult::ErrorForbiddenVariable(name, _) => taken(name),
        EvalAltResult::ErrorTooManyOperations(_)
        | EvalAltResult::ErrorTooManyModules(_)
        | EvalAltResult::ErrorTooManyVariables(_)
        | EvalAltResult::ErrorStackOverflow(_)
        | EvalAltResult::ErrorDataTooLarge(..) => Trouble {
            way_out: "a line of script has a limit on everything: do it in smaller pieces".to_owned(),
            ..Trouble::new(Kind::Limit, plain(error))
        },
        _ => Trouble { way_out: remedy::while_running(error), ..Trouble::new(Kind::Script, plain(error)) },
    }
}

/// Some names are taken.
fn taken(name: &str) -> Trouble {
    let what = if name == super::LAST { "always the last value" } else { "a handle" };
    Trouble {
        way_out: format!("pick another name, such as `my_{name}`"),
        ..Trouble::new(Kind::Script, format!("`{name}` is {what} and cannot be a variable"))
    }
}

/// Rhai's sentence without the position, which is shown by a caret.
fn plain(error: &EvalAltResult) -> String {
    let text = error.to_string();
    let cut = text.rfind(" (line ").unwrap_or(text.len());
    text[..cut].to_owned()
}

fn terminated(reason: &Dynamic) -> Trouble {
    let reason = reason.to_string();
    if reason == INTERRUPTED {
        return Trouble::new(Kind::Interrupted, "the line was stopped: you interrupted it");
    }
    Trouble {
        way_out: "look for a loop that does not end".to_owned(),
        ..Trouble::new(Kind::Limit, format!("the line was stopped: {reason}"))
    }
}

/// A refusal comes as a map; everything else was thrown by the script itself.
fn runtime(value: &Dynamic) -> Trouble {
    let map = value.read_lock::<rhai::Map>();
    let Some(map) = map.filter(|map| map.contains_key("wayOut")) else {
        return Trouble::new(Kind::Script, format!("{THREW}{value}"));
    };
    let text = |key: &str| map.get(key).map(Dynamic::to_string).unwrap_or_default();
    let (code, operation, service) = (text("code"), text("operation"), text("service"));
    let kind = match code.as_str() {
        "LabLimit" => Kind::Limit,
        "Interrupted" => Kind::Interrupted,
        "ScriptError" => Kind::Script,
        _ => Kind::Refused,
    };
    let message = match (code.as_str(), operation.as_str()) {
        ("ScriptError" | "LabLimit" | "Interrupted" | "UnknownOperation" | "NotModelled", _) => text("message"),
        ("Invalid" | refuse::CLIENT | refuse::UNREACHABLE, _) if service == "k8s" => text("message"),
        // The sentence that kubectl prints.
        (reason, _) if service == "k8s" => format!("Error from server ({reason}): {}", text("message")),
        (_, "") => format!("{code}: {}", text("message")),
        // The sentence that the AWS command line prints.
        (code, operation) => {
            format!("An error occurred ({code}) when calling the {operation} operation: {}", text("message"))
        }
    };
    Trouble { kind, message, because: text("because"), way_out: text("wayOut"), place: None }
}

fn function_not_found(signature: &str, engine: &Engine) -> Trouble {
    let (name, arguments) = signature.split_once(" (").unwrap_or((signature, ""));
    let on_handle = arguments.starts_with("handle");
    let known: Vec<String> = if on_handle {
        api::all().map(Entry::method).collect()
    } else {
        let mut names = functions(engine);
        names.retain(|name| {
            name.chars().all(|c| c.is_alphanumeric() || c == '_') && !name.starts_with(super::words::INSIDE_PRELUDE)
        });
        names
    };
    let is_name = name.chars().all(|c| c.is_alphanumeric() || c == '_');
    let forms: Vec<String> = words().iter().filter(|word| word.name == name).map(Word::example).collect();
    let message = if on_handle && !is_name {
        return on_handle_only_operations();
    } else if !forms.is_empty() {
        format!("`{name}` does not take ({}", plain_types(arguments.trim_start_matches("map, ")))
    } else if on_handle {
        format!("there is no operation `{name}`")
    } else {
        format!("there is no function `{name}` for ({}", plain_types(arguments))
    };
    let way_out = if !forms.is_empty() {
        format!("write it like {}", forms.join(" or "))
    } else if known.iter().any(|known| known == name) {
        format!("`{name}` exists, but takes other arguments")
    } else {
        meant::way_out(name, known.iter().map(String::as_str), || ":help lists what there is".to_owned())
    };
    Trouble { way_out, ..Trouble::new(Kind::Script, message) }
}

/// What a service handle is not made for.
fn on_handle_only_operations() -> Trouble {
    Trouble {
        way_out: "call one of its operations, as in ecs.list_clusters(); :help ecs lists them".to_owned(),
        ..Trouble::new(Kind::Script, "a service handle has operations and nothing else")
    }
}

/// Rhai's names of types in words for people.
fn plain_types(types: &str) -> String {
    let texts = ["&str | ImmutableString | String", "ImmutableString", "string"];
    let types = texts.iter().fold(types.to_owned(), |types, text| types.replace(text, "text"));
    types.replace("i64", "number").replace("f64", "number").replace("Fn", "closure").replace("()", "nothing")
}

/// The names of all functions, those of the prelude as well if it is not there yet.
fn functions(engine: &Engine) -> Vec<String> {
    let mut names: Vec<String> = reading::of_prelude().iter().map(|&name| name.to_owned()).collect();
    names.extend(engine.collect_fn_metadata(None, |info| Some(info.metadata.name.to_string()), true));
    names
}

fn variable_not_found(name: &str, engine: &Engine) -> Trouble {
    let functions = functions(engine);
    let way_out = match meant::similar(name, api::services()) {
        Some(similar) => format!("did you mean `{similar}`?"),
        None if functions.iter().any(|function| function == name) => {
            format!("`{name}` is a function: call it with brackets, as in {name}()")
        }
        None => {
            format!("if it is a text, put it in quotes: \"{name}\"; if it is a variable, set it first: let {name} = 1")
        }
    };
    Trouble { way_out, ..Trouble::new(Kind::Script, format!("there is no variable `{name}`")) }
}

fn refusal_path(error: &EvalAltResult) -> Vec<String> {
    let EvalAltResult::ErrorRuntime(value, _) = error else { return Vec::new() };
    let Some(map) = value.read_lock::<rhai::Map>() else { return Vec::new() };
    let Some(path) = map.get("path").and_then(|path| path.read_lock::<rhai::Array>()) else { return Vec::new() };
    path.iter().map(Dynamic::to_string).collect()
}

/// The position of the wrong member in the request's literal, if the request was written there.
fn find_member(ast: &AST, call: Position, path: &[String]) -> Option<Position> {
    if path.is_empty() {
        return None;
    }
    let mut found = None;
    ast.walk(&mut |nodes: &[ASTNode]| {
        if let Some(ASTNode::Expr(Expr::FnCall(function, position) | Expr::MethodCall(function, position))) =
            nodes.last()
            && *position == call
        {
            found = function.args.iter().find_map(|argument| dig(argument, path));
        }
        found.is_none()
    });
    found
}

/// Follows a path of members and indexes into literals, as far as they were written out.
fn dig(expression: &Expr, path: &[String]) -> Option<Position> {
    match (expression, path) {
        (Expr::Map(map, start), [key, rest @ ..]) => {
            let Some((name, value)) = map.0.iter().find(|(name, _)| name.name == *key) else { return Some(*start) };
            match value {
                Expr::Map(..) | Expr::Array(..) if !rest.is_empty() => dig(value, rest),
                _ => Some(name.pos),
            }
        }
        (Expr::Array(items, start), [index, rest @ ..]) => {
            let item = index.parse::<usize>().ok().and_then(|index| items.get(index));
            item.and_then(|item| dig(item, rest)).or(Some(*start))
        }
        (other, []) => Some(other.position()),
        _ => None,
    }
}

fn place(position: Position, text: &str, source: Option<String>) -> Option<Box<Place>> {
    let line = position.line()?;
    let column = position.position().unwrap_or(1).max(1);
    let mut place = Place { source, line, column, text: String::new(), length: 1 };
    if place.source.is_none() {
        place.read(text);
    }
    Some(Box::new(place))
}

impl Place {
    /// Fills in the line that the place is about, and how much of it is meant.
    pub(crate) fn read(&mut self, text: &str) {
        let line = text.lines().nth(self.line - 1).unwrap_or_default();
        let word = line.chars().skip(self.column - 1).take_while(|c| c.is_alphanumeric() || *c == '_').count();
        line.clone_into(&mut self.text);
        self.length = word.max(1);
    }
}

/// Whether a text breaks off in the middle of something: Rhai's parser wants more, or finds its error past the end.
pub(super) fn is_incomplete(error: Option<ParseError>, text: &str) -> bool {
    let Some(ParseError(kind, position)) = error else { return ends_in_a_comment(text) };
    let lines: Vec<&str> = text.split('\n').collect();
    let (line, column) = (position.line().unwrap_or(usize::MAX), position.position().unwrap_or(0));
    match *kind {
        ParseErrorType::UnexpectedEOF => true,
        // A text in back-ticks goes on over lines, one in quotes does not.
        ParseErrorType::BadInput(LexError::UnterminatedString) => {
            let opened = lines.get(line.wrapping_sub(1)).and_then(|text| text.chars().nth(column.saturating_sub(1)));
            position.is_none() || opened == Some('`')
        }
        _ => line > lines.len() || (line == lines.len() && column > lines[line - 1].trim_end().chars().count()),
    }
}
