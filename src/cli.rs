//! The command line: what the arguments mean, and which way a call goes.
//!
//! A new subcommand is a variant of [`Command`] and an arm in [`dispatch`].

mod course;
pub mod crew;
mod grade;
mod meter;
mod restrain;

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsStr;
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand, ValueEnum};
use rustyline::Behavior;

use crate::course::{Catalogue, Player};
use crate::grade::{self as grading, class, hint, set_up};
use crate::repl::batch::{self, Echo};
use crate::repl::screen::Screen;
use crate::repl::{self, crash};
use crate::script::{self, SOURCE_BYTES};
use crate::session::{DEFAULT_SEED, Session, file as files};
use crate::view::paint::{Paint, Surroundings, Wish};
use crate::view::{self, Look};
use course::Course;
use crew::WORKER;
use grade::Grade;

/// A laboratory for container orchestration: Amazon ECS, Fargate and EKS, simulated.
///
/// Without a command it opens a prompt, or evaluates what is piped into it.
#[derive(Parser)]
#[command(version, max_term_width = 100)]
struct Arguments {
    /// Evaluate this text and show its value
    #[arg(short, long, value_name = "CODE", allow_hyphen_values = true)]
    evaluate: Option<String>,
    /// The seed of the lab: the same seed and the same script give the same world
    #[arg(long, global = true, default_value_t = DEFAULT_SEED)]
    seed: u64,
    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: Color,
    /// A folder of lessons instead of the built-in ones
    #[arg(long = "course", global = true, value_name = "DIR")]
    folder: Option<PathBuf>,
    /// Neither colours nor signs that are not ASCII
    #[arg(long, global = true)]
    plain: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

impl Arguments {
    /// The course that is meant.
    fn course(&self) -> Result<Catalogue, String> {
        let read = self.folder.as_deref().map_or_else(Catalogue::embedded, Catalogue::load);
        read.map_err(|error| error.to_string())
    }
}

#[derive(Subcommand)]
enum Command {
    /// Run a script; only what it prints is shown
    Run {
        /// The script; `-` reads it from standard input
        file: PathBuf,
    },
    /// List the lessons and their exercises
    Lessons,
    /// Play a lesson step by step
    Lesson {
        /// Its number, or its name
        lesson: String,
    },
    /// Run a script in the lab of an exercise, and say how it stands then; without one, what the exercise begins with
    Try {
        /// The exercise, such as keep-two
        exercise: String,
        /// The script; `-` reads it from standard input
        file: Option<PathBuf>,
    },
    /// Print an exercise: its task, and where to begin
    Exercise {
        /// The exercise, such as keep-two
        exercise: String,
    },
    /// Give a hint for a script: what it has made of the exercise's lab so far, and what comes next
    Hint {
        /// The exercise, such as keep-two
        exercise: String,
        /// The script; `-` reads it from standard input
        file: PathBuf,
        /// Which hint: each says more than the one before
        #[arg(default_value_t = 1)]
        number: usize,
    },
    /// For those who write lessons and exercises
    #[command(subcommand)]
    Course(Course),
    /// Grade a submission or a class: exits 0 passed, 1 failed, 2 cannot be graded, 3 the grader's fault
    Grade(Box<Grade>),
    /// Be a process that grades what its parent sends
    #[command(name = WORKER, hide = true)]
    GradeWorker,
}

#[derive(Clone, Copy, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

/// The exit code, or a sentence about why there is nothing to show.
type Done = Result<ExitCode, String>;

/// Does what the arguments say.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if arguments.evaluate.is_some() && arguments.command.is_some() {
        let message = "--evaluate cannot be used with a command";
        Arguments::command().error(ErrorKind::ArgumentConflict, message).exit();
    }
    crash::quiet();
    if matches!(arguments.command, Some(Command::GradeWorker)) {
        let done = class::work(io::BufReader::new(io::stdin()), io::stdout(), restrain::restrain);
        return code(done.is_ok());
    }
    script::on_big_stack(|| {
        let (out, err) = screens(&arguments);
        let done = crash::catch(|| dispatch(&arguments, &out, &err)).unwrap_or_else(|crash| Err(crash.sentence()));
        match done {
            Ok(code) => code,
            Err(sentence) => {
                err.say(&view::trouble::error(&sentence, err.look()));
                ExitCode::FAILURE
            }
        }
    })
}

fn dispatch(arguments: &Arguments, out: &Screen, err: &Screen) -> Done {
    let new = || Session::new(arguments.seed);
    let evaluate =
        |script: &Script, echo, lab| code(batch::evaluate(&script.text, script.name.as_deref(), echo, lab, out, err));
    match &arguments.command {
        Some(Command::Run { file }) => Ok(evaluate(&Script::from(file)?, Echo::Nothing, new())),
        Some(Command::Try { exercise, file }) => {
            let exercise = arguments.course()?.exercise_at(exercise)?;
            let script = match file {
                Some(file) => Script::from(file)?,
                None => Script { text: exercise.starter.clone(), name: Some(exercise.starter_file()) },
            };
            let report = |lab: &Session| {
                let report = grading::report(&grading::grade_lab(&exercise, lab));
                err.say(&view::lesson::said(report.trim_end(), err.look()));
            };
            let (name, lab) = (script.name.as_deref(), set_up(&exercise, new())?);
            Ok(code(batch::evaluate_and(&script.text, name, Echo::Nothing, lab, (out, err), report)))
        }
        Some(Command::Lessons) => {
            out.say(&view::lesson::catalogue(&arguments.course()?, &BTreeMap::new(), out.look()));
            Ok(ExitCode::SUCCESS)
        }
        Some(Command::Lesson { lesson }) => play(arguments, lesson, out),
        Some(Command::Exercise { exercise }) => {
            let handout = arguments.course()?.exercise_at(exercise)?.handout(exercise);
            out.say(&view::lesson::script(handout.trim_end(), out.look()));
            Ok(ExitCode::SUCCESS)
        }
        Some(Command::Hint { exercise, file, number }) => {
            let exercise = arguments.course()?.exercise_at(exercise)?;
            let hint = hint(&exercise, &Script::from(file)?.text, arguments.seed, *number)?;
            let hint = hint.ok_or_else(|| format!("{} has no hint {number}", exercise.name()))?;
            out.say(&view::lesson::said(&format!("hint {number}: {hint}"), out.look()));
            Ok(ExitCode::SUCCESS)
        }
        Some(Command::Course(course)) => Ok(course.run(arguments.course(), out, err)),
        Some(Command::Grade(grade)) => Ok(grade.run(arguments.course(), arguments.seed, out, err)),
        Some(Command::GradeWorker) => Err("a grading process has no screen".to_owned()),
        None => match &arguments.evaluate {
            Some(code) => Ok(evaluate(&Script { text: code.clone(), name: None }, Echo::Value, new())),
            None if io::stdin().is_terminal() => prompt(arguments, arguments.course()?, None, out),
            None => Ok(evaluate(&Script::standard_input()?, Echo::Value, new())),
        },
    }
}

fn code(well: bool) -> ExitCode {
    if well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Plays a lesson at the prompt, or through to its end where nobody can type.
fn play(arguments: &Arguments, name: &str, out: &Screen) -> Done {
    let catalogue = arguments.course()?;
    let Some(lesson) = catalogue.lesson(name) else {
        return Err(format!("there is no lesson `{name}`; `longshore lessons` lists them"));
    };
    if io::stdin().is_terminal() {
        let folder = lesson.folder();
        return prompt(arguments, catalogue, Some(&folder), out);
    }
    let session = Session::new(arguments.seed);
    let mut interpreter = repl::interpreter(session, Arc::default(), out);
    let mut player = Player::new(lesson.clone());
    Ok(code(repl::lesson::read_through(&mut player, &mut interpreter, out)))
}

fn prompt(arguments: &Arguments, course: Catalogue, lesson: Option<&str>, out: &Screen) -> Done {
    /// The most rows of one value; more is cut, and said to be.
    const ROWS: usize = 50;
    let look = Look { most: ROWS, ..out.look() };
    let screen = Screen::new(Box::new(io::stdout()), look);
    let screen = if arguments.plain { screen.plain() } else { screen };
    repl::open(Session::new(arguments.seed), course, lesson, &screen).map(|()| ExitCode::SUCCESS)
}

/// A script, and what trouble calls it.
struct Script {
    text: String,
    name: Option<String>,
}

impl Script {
    /// The script in a file; `-` is standard input.
    fn from(file: &Path) -> Result<Script, String> {
        if file.as_os_str() == OsStr::new("-") {
            return Script::standard_input();
        }
        Ok(Script { text: read(file)?, name: Some(file.display().to_string()) })
    }

    fn standard_input() -> Result<Script, String> {
        let text = whole(io::stdin().lock()).map_err(|error| format!("cannot read standard input: {error}"))?;
        Ok(Script { text, name: None })
    }
}

fn read(path: &Path) -> Result<String, String> {
    files::open(path).and_then(whole).map_err(|error| format!("cannot read {}: {error}", path.display()))
}

/// Reads a script to its end, or until it is certainly too long.
fn whole(from: impl Read) -> io::Result<String> {
    let mut bytes = Vec::new();
    from.take(SOURCE_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > SOURCE_BYTES {
        // The last character may be cut in two; that it is too long is what will be said.
        return Ok(String::from_utf8_lossy(&bytes).into_owned());
    }
    String::from_utf8(bytes).map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8 text"))
}

/// Standard output and standard error, each with its own look.
fn screens(arguments: &Arguments) -> (Screen, Screen) {
    let color = if arguments.plain { Color::Never } else { arguments.color };
    let look = |terminal: bool| {
        let width = if terminal { terminal_width() } else { Look::PIPE.width };
        Look { paint: paint(color, terminal), width, fold: terminal, ..Look::PIPE }
    };
    let screen = |out: Box<dyn io::Write>, terminal: bool| {
        let screen = Screen::new(out, look(terminal));
        if arguments.plain { screen.plain() } else { screen }
    };
    let out = screen(Box::new(io::stdout()), io::stdout().is_terminal());
    let err = screen(Box::new(io::stderr()), io::stderr().is_terminal());
    (out, err)
}

fn paint(color: Color, terminal: bool) -> Paint {
    let wish = match color {
        Color::Auto => Wish::Auto,
        Color::Always => Wish::Always,
        Color::Never => Wish::Never,
    };
    let get = |name: &str| env::var(name).ok();
    let around = Surroundings {
        no_color: get("NO_COLOR"),
        clicolor_force: get("CLICOLOR_FORCE"),
        clicolor: get("CLICOLOR"),
        term: get("TERM"),
        terminal,
    };
    Paint::decide(wish, &around)
}

/// The width of the terminal, wherever standard output goes; rustyline knows how to ask for it.
fn terminal_width() -> usize {
    let behavior = if io::stdout().is_terminal() { Behavior::Stdio } else { Behavior::PreferTerm };
    let editor = rustyline::DefaultEditor::with_config(rustyline::Config::builder().behavior(behavior).build());
    let dimensions = editor.ok().and_then(|mut editor| editor.dimensions());
    dimensions.filter(|(columns, _)| *columns > 0).map_or(80, |(columns, _)| usize::from(columns))
}
