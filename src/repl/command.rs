//! Lines for the prompt itself, such as `:undo`: which there are, and how a line becomes one.

use std::path::PathBuf;

use crate::model::meant;
use crate::script::trouble::{Kind, Trouble};

/// What the prompt can be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Command {
    /// Show help about these words; the front page without any.
    Help(String),
    /// Search operations and words.
    Find(String),
    /// Take lines back.
    Undo(usize),
    /// Do them again.
    Redo(usize),
    /// All facts of the last line.
    Facts,
    /// Write the lab to a file.
    Save(PathBuf),
    /// Go on in a lab from a file.
    Load(PathBuf),
    /// Keep what is typed and shown in a file; end that without one.
    Transcript(Option<PathBuf>),
    /// Go on in a copy of the lab.
    Fork(String),
    /// Go on in another lab; list them without a name.
    Switch(Option<String>),
    /// Show what differs from another lab, or from so many lines ago.
    Compare(String),
    /// List the lessons.
    Lessons,
    /// Go on in a lesson, or begin it anew.
    Lesson(String, bool),
    /// Run the lesson's step and go on.
    Next,
    /// Go on without showing it.
    Skip,
    /// Go on with an exercise, or begin it anew.
    Exercise(String, bool),
    /// Grade the exercise: a script, or the lab as it stands.
    Check(Option<PathBuf>),
    /// Give a hint.
    Hint,
    /// Leave the lesson or the exercise.
    Leave,
    /// Leave.
    Quit,
}

/// A command as help shows it: its name, its argument, what it does.
pub(super) struct Form {
    pub(super) name: &'static str,
    pub(super) argument: &'static str,
    pub(super) summary: &'static str,
    make: fn(&str) -> Result<Command, Trouble>,
}

/// The commands, in the order of help.
pub(super) const FORMS: &[Form] = &[
    Form {
        name: "help",
        argument: "[words]",
        summary: "this page, or help about an operation: :help ecs.create_service, or ?ecs.create_service",
        make: |words| Ok(Command::Help(words.to_owned())),
    },
    Form {
        name: "find",
        argument: "words",
        summary: "searches operations and words",
        make: |words| Ok(Command::Find(given(words, ":find deploy")?.to_owned())),
    },
    Form {
        name: "undo",
        argument: "[n]",
        summary: "takes back the last line that changed the lab, with its variables; a line that fails has changed \
                  nothing, and one that let time pass until it failed or was stopped stays as far as it came",
        make: |n| times(n, ":undo 3").map(Command::Undo),
    },
    Form {
        name: "redo",
        argument: "[n]",
        summary: "does again what was undone",
        make: |n| times(n, ":redo 3").map(Command::Redo),
    },
    Form {
        name: "facts",
        argument: "",
        summary: "everything that happened in the last line in which anything did",
        make: |_| Ok(Command::Facts),
    },
    Form {
        name: "save",
        argument: "FILE",
        summary: "writes the lab to a file",
        make: |file| given(file, ":save web.lab").map(|file| Command::Save(path(file))),
    },
    Form {
        name: "load",
        argument: "FILE",
        summary: "goes on in a lab that was saved; the lab you are in stays beside it",
        make: |file| given(file, ":load web.lab").map(|file| Command::Load(path(file))),
    },
    Form {
        name: "transcript",
        argument: "[FILE]",
        summary: "keeps what is typed and shown in a file too; ends that without one",
        make: |file| Ok(Command::Transcript(named(file).map(path))),
    },
    Form {
        name: "fork",
        argument: "NAME",
        summary: "goes on in a copy of the lab; the lab as it is stays",
        make: |name| given(name, ":fork what-if").map(|name| Command::Fork(name.to_owned())),
    },
    Form {
        name: "switch",
        argument: "[NAME]",
        summary: "goes on in another lab, such as `main`; lists them without a name",
        make: |name| Ok(Command::Switch(named(name).map(str::to_owned))),
    },
    Form {
        name: "compare",
        argument: "[NAME|n]",
        summary: "what differs from another lab, or from n lines ago; without either from the lab you came from",
        make: |with| Ok(Command::Compare(with.to_owned())),
    },
    Form {
        name: "lessons",
        argument: "",
        summary: "lists the lessons and their exercises",
        make: |_| Ok(Command::Lessons),
    },
    Form {
        name: "lesson",
        argument: "N [anew]",
        summary: "begins a lesson in a lab of its own, or goes on where you left it; anew drops that lab",
        make: |name| given(name, ":lesson 1").map(anew).map(|(name, anew)| Command::Lesson(name, anew)),
    },
    Form {
        name: "next",
        argument: "",
        summary: "runs the lesson's step and goes on; so does Enter",
        make: |_| Ok(Command::Next),
    },
    Form {
        name: "skip",
        argument: "",
        summary: "goes on in the lesson without showing the step; it is run all the same",
        make: |_| Ok(Command::Skip),
    },
    Form {
        name: "exercise",
        argument: "NAME [anew]",
        summary: "opens an exercise: its task, and its lab to try things in, as you left it; anew drops that lab",
        make: |name| given(name, ":exercise keep-two").map(anew).map(|(name, anew)| Command::Exercise(name, anew)),
    },
    Form {
        name: "check",
        argument: "[FILE]",
        summary: "grades what you have done in the exercise's lab, or a script",
        make: |file| Ok(Command::Check(named(file).map(path))),
    },
    Form {
        name: "hint",
        argument: "",
        summary: "a hint for the exercise, and another one each time",
        make: |_| Ok(Command::Hint),
    },
    Form {
        name: "leave",
        argument: "",
        summary: "leaves the lesson or the exercise, whose lab stays as it is; your own lab comes back",
        make: |_| Ok(Command::Leave),
    },
    Form { name: "quit", argument: "", summary: "leaves; so does Ctrl-D", make: |_| Ok(Command::Quit) },
];

/// Whether a line is for the prompt and not a script.
pub(super) fn is_command(line: &str) -> bool {
    let line = line.trim();
    let bare = line.trim_end_matches(';').trim_end_matches("()");
    line.starts_with([':', '?']) || ["exit", "quit", "help"].contains(&bare)
}

/// Reads a line for which [`is_command`] holds.
pub(super) fn parse(line: &str) -> Result<Command, Trouble> {
    let line = line.trim();
    if let Some(words) = line.strip_prefix('?') {
        return Ok(Command::Help(words.trim().to_owned()));
    }
    let bare = line.trim_start_matches(':').trim();
    let (name, argument) = bare.split_once(char::is_whitespace).unwrap_or((bare, ""));
    match name.trim_end_matches(';').trim_end_matches("()") {
        "exit" | "q" => Ok(Command::Quit),
        "h" | "" => Ok(Command::Help(argument.trim().to_owned())),
        name => match FORMS.iter().find(|form| form.name == name) {
            Some(form) => (form.make)(argument.trim()),
            None => Err(unknown(name)),
        },
    }
}

fn unknown(name: &str) -> Trouble {
    let way_out = match meant::similar(name, FORMS.iter().map(|form| form.name)) {
        Some(similar) => format!("did you mean `:{similar}`?"),
        None => ":help shows what there is".to_owned(),
    };
    trouble(format!("there is no command `:{name}`"), way_out)
}

fn trouble(message: String, way_out: String) -> Trouble {
    Trouble { kind: Kind::Script, message, because: String::new(), way_out, place: None }
}

/// The argument, which must be there.
fn given<'a>(argument: &'a str, example: &str) -> Result<&'a str, Trouble> {
    let argument = argument.trim_matches('"');
    if argument.is_empty() {
        let name = example.split(' ').next().unwrap_or_default();
        return Err(trouble(format!("`{name}` needs to know what"), format!("write it like {example}")));
    }
    Ok(argument)
}

/// A name, and whether `anew` follows it.
fn anew(argument: &str) -> (String, bool) {
    match argument.strip_suffix(" anew") {
        Some(name) => (name.trim().to_owned(), true),
        None => (argument.to_owned(), false),
    }
}

/// The argument, if there is one.
fn named(argument: &str) -> Option<&str> {
    Some(argument.trim_matches('"')).filter(|argument| !argument.is_empty())
}

fn times(argument: &str, example: &str) -> Result<usize, Trouble> {
    match argument {
        "" => Ok(1),
        number => {
            number.parse().ok().filter(|&number| number > 0).ok_or_else(|| {
                trouble(format!("`{number}` is not a number of lines"), format!("write it like {example}"))
            })
        }
    }
}

/// The path of a file; `~/` is the home directory, as in a shell.
fn path(text: &str) -> PathBuf {
    match text.strip_prefix("~/").and_then(|rest| Some(etcetera::home_dir().ok()?.join(rest))) {
        Some(path) => path,
        None => PathBuf::from(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_become_commands() {
        let text = |text: &str| text.to_owned();
        let rows = [
            (":help", Command::Help(text(""))),
            ("?", Command::Help(text(""))),
            ("help", Command::Help(text(""))),
            ("help()", Command::Help(text(""))),
            ("?ecs.create_service", Command::Help(text("ecs.create_service"))),
            (":help  ecs.create_service ", Command::Help(text("ecs.create_service"))),
            (":find keep tasks", Command::Find(text("keep tasks"))),
            (":undo", Command::Undo(1)),
            ("  :undo 3", Command::Undo(3)),
            (":redo 2", Command::Redo(2)),
            (":facts", Command::Facts),
            (":save web.lab", Command::Save("web.lab".into())),
            (":load \"a b.lab\"", Command::Load("a b.lab".into())),
            (":transcript", Command::Transcript(None)),
            (":transcript t.txt", Command::Transcript(Some("t.txt".into()))),
            (":fork what-if", Command::Fork(text("what-if"))),
            (":switch", Command::Switch(None)),
            (":compare main", Command::Compare(text("main"))),
            (":exercise keep-two", Command::Exercise(text("keep-two"), false)),
            (":lesson 1  anew", Command::Lesson(text("1"), true)),
            (":check", Command::Check(None)),
            (":check my.rhai", Command::Check(Some("my.rhai".into()))),
            (":quit", Command::Quit),
            (":q", Command::Quit),
            ("exit", Command::Quit),
            ("quit;", Command::Quit),
            ("exit()", Command::Quit),
        ];
        for (line, expected) in rows {
            assert!(is_command(line), "{line}");
            assert_eq!(parse(line), Ok(expected), "{line}");
        }
        for script in ["ecs.list_clusters()", "let quit = 1", "exit(7)", "a ? b : c", "helper()"] {
            assert!(!is_command(script), "{script}");
        }
    }

    #[test]
    fn wrong_commands_have_a_way_out() {
        for (line, message, way_out) in [
            (":udno", "there is no command `:udno`", "did you mean `:undo`?"),
            (":xyzzy", "there is no command `:xyzzy`", ":help shows what there is"),
            (":save", "`:save` needs to know what", "write it like :save web.lab"),
            (":find", "`:find` needs to know what", "write it like :find deploy"),
            (":undo two", "`two` is not a number of lines", "write it like :undo 3"),
            (":undo 0", "`0` is not a number of lines", "write it like :undo 3"),
        ] {
            let trouble = parse(line).expect_err(line);
            assert_eq!((trouble.message.as_str(), trouble.way_out.as_str()), (message, way_out), "{line}");
        }
    }
}
