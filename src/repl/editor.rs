//! The line editor: rustyline, told what completes, what is unfinished, and how a line looks.
//!
//! There is one for the prompt and for questions: what somebody types ahead waits in its buffer, and whoever reads next
//! gets it, in the order in which it was typed.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::io::IsTerminal;
use std::rc::Rc;

use rustyline::completion::{Completer, FilenameCompleter, Pair};
use rustyline::config::Builder;
use rustyline::error::ReadlineError;
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::{Hinter, HistoryHinter};
use rustyline::history::FileHistory;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Behavior, ColorMode, CompletionType, Config, Context, Helper};

use super::complete::{self, Lab};
use super::hint::{self, Ghost};
use super::history::History;
use super::paste::Pasted;
use super::question::{Reader, Typed};
use super::screen::Screen;
use super::{command, crash, foreign, highlight};
use crate::course::Catalogue;
use crate::script::Interpreter;
use crate::view;
use crate::view::help::{self, Item};
use crate::view::paint::{Paint, Role};

/// Earlier lines that are kept.
const LINES: usize = 10_000;

/// The reader of all lines.
type Lines = Rc<RefCell<rustyline::Editor<Assistant, FileHistory>>>;

/// Reads texts from a terminal.
pub(super) struct Editor {
    rustyline: Lines,
    history: History,
    screen: Screen,
}

impl Editor {
    /// An editor that asks the interpreter what is unfinished and which names there are.
    pub(super) fn new(
        interpreter: Rc<RefCell<Interpreter>>,
        course: Rc<Catalogue>,
        screen: &Screen,
    ) -> Result<Editor, String> {
        let paint = screen.look().paint;
        let config = config(paint).max_history_size(LINES).map_err(failed)?;
        let mut rustyline = rustyline::Editor::with_config(config.build()).map_err(failed)?;
        rustyline.set_helper(Some(Assistant {
            interpreter,
            course,
            screen: screen.clone(),
            paint,
            done: Cell::new(false),
            answering: false,
            earlier: HistoryHinter::new(),
            files: FilenameCompleter::new(),
            labs: Vec::new(),
        }));
        let (mut history, trouble) = History::find();
        let trouble = trouble.or_else(|| history.with(|path| rustyline.load_history(path)));
        let editor = Editor { rustyline: Rc::new(RefCell::new(rustyline)), history, screen: screen.clone() };
        if let Some(sentence) = trouble {
            note(&sentence, screen);
        }
        Ok(editor)
    }

    /// Reads the next text behind a prompt; `None` when somebody leaves. Ctrl-C drops the line and begins anew.
    /// `labs` are those that one can go to.
    pub(super) fn read(&mut self, prompt: &str, labs: Vec<String>) -> Result<Option<String>, String> {
        let mut rustyline = self.rustyline.borrow_mut();
        if let Some(assistant) = rustyline.helper_mut() {
            assistant.labs = labs;
        }
        loop {
            let read = rustyline.readline(&styled(prompt, self.screen.look().paint));
            if let Some((columns, _)) = rustyline.dimensions().filter(|(columns, _)| *columns > 0) {
                self.screen.set_width(usize::from(columns));
            }
            match read {
                Ok(text) => {
                    // Only what cannot be kept is refused, such as a line that begins with a space.
                    let _ = rustyline.add_history_entry(&text);
                    if let Some(sentence) = self.history.with(|path| rustyline.append_history(path)) {
                        note(&sentence, &self.screen);
                    }
                    return Ok(Some(text));
                }
                Err(ReadlineError::Eof) => return Ok(None),
                Err(ReadlineError::Interrupted | ReadlineError::Signal(_)) => {}
                Err(error) => return Err(format!("cannot read from the terminal: {error}")),
            }
        }
    }

    /// Reads answers to questions, which are neither completed nor kept.
    pub(super) fn answers(&self) -> Reader {
        let rustyline = Rc::clone(&self.rustyline);
        Box::new(move |prompt| {
            let mut rustyline = rustyline.borrow_mut();
            if let Some(assistant) = rustyline.helper_mut() {
                assistant.answering = true;
            }
            let read = rustyline.readline(prompt);
            if let Some(assistant) = rustyline.helper_mut() {
                assistant.answering = false;
            }
            match read {
                Ok(line) => Typed::Line(line),
                Err(ReadlineError::Interrupted | ReadlineError::Signal(_)) => Typed::Interrupted,
                Err(_) => Typed::End,
            }
        })
    }
}

/// A prompt as it is, and as it looks.
fn styled(raw: &str, paint: Paint) -> (String, String) {
    let (name, rest) = raw.split_at(raw.rfind('[').unwrap_or(raw.len()));
    let styled = format!("{}{} ", paint.on(Role::Handle, name), paint.on(Role::Dim, &format!("{rest}>")));
    (format!("{raw}> "), styled)
}

fn note(sentence: &str, screen: &Screen) {
    screen.say(&view::trouble::note(sentence, screen.look()));
}

/// How lines are read on this terminal.
fn config(paint: Paint) -> Builder {
    // With standard output elsewhere the prompt belongs to the terminal all the same.
    let behavior = if std::io::stdout().is_terminal() { Behavior::Stdio } else { Behavior::PreferTerm };
    Config::builder()
        .history_ignore_space(true)
        .completion_type(CompletionType::List)
        .completion_show_all_if_ambiguous(true)
        .color_mode(if paint == Paint::Plain { ColorMode::Disabled } else { ColorMode::Enabled })
        .behavior(behavior)
}

fn failed(error: ReadlineError) -> String {
    format!("cannot use the terminal: {error}")
}

/// What rustyline asks while somebody types.
struct Assistant {
    interpreter: Rc<RefCell<Interpreter>>,
    course: Rc<Catalogue>,
    screen: Screen,
    paint: Paint,
    /// Whether the line is submitted and only shown once more.
    done: Cell<bool>,
    /// Whether an answer is read: then the lab is in use, and nothing can be asked of it.
    answering: bool,
    earlier: HistoryHinter,
    files: FilenameCompleter,
    /// The labs beside this one.
    labs: Vec<String>,
}

impl Helper for Assistant {}

impl Completer for Assistant {
    type Candidate = Pair;

    fn complete(&self, line: &str, position: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<Pair>)> {
        if self.answering {
            return Ok((position, Vec::new()));
        }
        if [":save ", ":load ", ":transcript ", ":check "].iter().any(|command| line.trim_start().starts_with(command))
        {
            return self.files.complete_path(line, position);
        }
        // A bug in here must not cost the session.
        let found = crash::catch(|| self.with_lab(|lab| complete::complete(&line[..position], lab)));
        let (start, mut candidates) = found.unwrap_or((position, Vec::new()));
        for candidate in &mut candidates {
            // The closing quote may be there already.
            let closing = candidate.replacement.chars().next_back().filter(|quote| "\"`".contains(*quote));
            if closing.is_some_and(|quote| line[position..].starts_with(quote)) {
                candidate.replacement.pop();
            }
        }
        let items: Vec<Item> =
            candidates.iter().map(|c| Item { name: c.display.clone(), summary: c.about.clone() }).collect();
        let rows = help::candidates(&items, self.screen.look().width);
        let pairs = rows.into_iter().zip(candidates);
        Ok((
            start,
            pairs
                .map(|(display, c)| Pair {
                    display: self.screen.shows(&display).into_owned(),
                    replacement: c.replacement,
                })
                .collect(),
        ))
    }
}

impl Assistant {
    /// Asks something about the lab as it is.
    fn with_lab<T>(&self, ask: impl FnOnce(Lab<'_>) -> T) -> T {
        let interpreter = self.interpreter.borrow();
        let variables: Vec<String> = interpreter.scope().iter().map(|(name, ..)| name.to_owned()).collect();
        let session = interpreter.session();
        let inside = |name: &str| interpreter.inside(name);
        ask(Lab {
            world: session.world(),
            variables: &variables,
            course: &self.course,
            inside: &inside,
            labs: &self.labs,
        })
    }
}

impl Hinter for Assistant {
    type Hint = Ghost;

    fn hint(&self, line: &str, position: usize, context: &Context<'_>) -> Option<Ghost> {
        // Without colours one could not tell a hint from what was typed.
        if self.answering || self.paint == Paint::Plain || position < line.len() {
            return None;
        }
        let found = crash::catch(|| self.with_lab(|lab| hint::hint(line, lab))).unwrap_or(None);
        found.or_else(|| {
            let earlier = self.earlier.hint(line, position, context)?;
            (!earlier.contains('\n')).then(|| Ghost::written(earlier))
        })
    }
}

impl Highlighter for Assistant {
    fn highlight<'l>(&self, line: &'l str, position: usize) -> Cow<'l, str> {
        if self.answering || self.paint == Paint::Plain {
            return Cow::Borrowed(line);
        }
        // Where nothing is edited any more, no bracket looks for its partner.
        let cursor = if self.done.get() { usize::MAX } else { position };
        let painted = crash::catch(|| highlight::highlight(line, cursor, self.paint));
        painted.map_or(Cow::Borrowed(line), Cow::Owned)
    }

    fn highlight_candidate<'c>(&self, candidate: &'c str, _: CompletionType) -> Cow<'c, str> {
        match candidate.split_once("  ") {
            Some((name, about)) => Cow::Owned(format!("{name}  {}", self.paint.on(Role::Dim, about))),
            None => Cow::Borrowed(candidate),
        }
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        Cow::Owned(self.paint.on(Role::Dim, hint))
    }

    fn highlight_char(&self, _: &str, _: usize, kind: CmdKind) -> bool {
        self.done.set(kind == CmdKind::ForcedRefresh);
        self.paint == Paint::Colours
    }
}

impl Validator for Assistant {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        let text = context.input();
        if self.answering {
            return Ok(ValidationResult::Valid(None));
        }
        // An empty last line submits whatever there is, so that nobody is trapped.
        if text.ends_with('\n') {
            return Ok(ValidationResult::Valid(None));
        }
        let is_incomplete = |text: &str| {
            let script = !command::is_command(text) && foreign::foreign(text).is_none();
            script && crash::catch(|| self.interpreter.borrow().is_incomplete(text)).unwrap_or(false)
        };
        let last = Pasted::read(text, &BTreeSet::new(), &is_incomplete).texts.pop();
        let incomplete = last.is_some_and(|last| is_incomplete(&last));
        Ok(if incomplete { ValidationResult::Incomplete } else { ValidationResult::Valid(None) })
    }
}
