//! One submitted text after the other: what it is, what it did, what to show of it.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::PathBuf;
use std::rc::Rc;

use super::command::{self, Command};
use super::crash::{self, Crash};
use super::find;
use super::foreign;
use super::forks::Forks;
use super::headlines::{self, Headlines};
use super::lesson::Class;
use super::manual;
use super::question::{self, Aside, Reader};
use super::room::{Answered, Rooms};
use super::screen::Screen;
use crate::course::Catalogue;
use crate::model::time::{Millis, Moment};
use crate::script::trouble::{Kind, Place, Trouble};
use crate::script::{Failed, Interpreter, Left, Question};
use crate::session::Session;
use crate::session::journal::Line;
use crate::view;
use crate::view::facts;

/// Facts that `:facts` shows: the first ones.
const ALL: usize = 1000;

/// What is to happen after a submitted text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Read on.
    Read,
    /// Leave.
    Leave,
}

/// The prompt without its terminal.
pub struct Shell {
    pub(super) interpreter: Rc<RefCell<Interpreter>>,
    pub(super) course: Rc<Catalogue>,
    pub(super) screen: Screen,
    number: usize,
    /// The facts of the last line in which anything happened.
    pub(super) facts: Range<usize>,
    /// The labs beside this one.
    pub(super) forks: Forks,
    /// What was submitted, by the name that trouble in its functions has later.
    sources: BTreeMap<String, String>,
    /// The lessons and exercises.
    pub(super) rooms: Rooms,
    /// What stood before the numbers of all prompts so far.
    labels: BTreeSet<String>,
    /// What was typed where an answer was due.
    pub(super) aside: Aside,
    /// The step of a lesson that was stopped by it.
    pub(super) stopped: Option<(String, usize)>,
}

impl Shell {
    /// A shell around an interpreter, writing to a screen.
    pub fn new(interpreter: Rc<RefCell<Interpreter>>, course: impl Into<Rc<Catalogue>>, screen: Screen) -> Shell {
        Shell {
            interpreter,
            course: course.into(),
            screen,
            number: 1,
            facts: 0..0,
            forks: Forks::default(),
            sources: BTreeMap::new(),
            rooms: Rooms::default(),
            labels: BTreeSet::from([NAME.to_owned()]),
            aside: Aside::default(),
            stopped: None,
        }
    }

    /// From now on questions are put to somebody, whose answers come through this.
    pub(super) fn ask_through(&mut self, mut read: Reader) {
        let (screen, aside) = (self.screen.clone(), Aside::clone(&self.aside));
        let ask = move |asked: &Question| question::ask(&mut read, &screen, &aside, asked);
        self.interpreter.borrow_mut().set_asker(Box::new(ask));
    }

    /// The number of the text that is submitted next.
    pub fn number(&self) -> usize {
        self.number
    }

    /// The prompt before the text that is submitted next, which is also its name in trouble.
    pub fn prompt(&self) -> String {
        format!("{}[{}]", self.label(), self.number)
    }

    /// Which lab one is in: `longshore`, `lesson 2`, `keep-two`, each with the name of the fork. It takes a third of
    /// the screen at most.
    fn label(&self) -> String {
        let place = self.rooms.label(&self.course).unwrap_or_else(|| NAME.to_owned());
        let label = match self.forks.fork_name() {
            Some(fork) => format!("{place}/{fork}"),
            None => place,
        };
        let room = (self.screen.look().width / 3).max(NAME.len());
        self.screen.shows(&view::cut(&label, room)).into_owned()
    }

    /// What stands above the first prompt.
    pub fn welcome(&self) -> String {
        let version = env!("CARGO_PKG_VERSION");
        let paint = self.screen.look().paint;
        let name = paint.on(view::paint::Role::Strong, &format!("longshore {version}"));
        format!("{name}  :help shows what there is, :quit leaves")
    }

    /// Takes a text and shows what comes of it. A bug costs the text, not the lab.
    pub fn submit(&mut self, text: &str) -> Next {
        let text = without_prompts(text, &self.labels);
        if text.trim().is_empty() {
            if self.rooms.step().is_some() {
                return self.submit(":next");
            }
            return Next::Read;
        }
        let label = self.label();
        self.screen.typed(&format!("{}> {text}", self.prompt()));
        self.labels.insert(label);
        let lines = self.interpreter.borrow().session().journal().lines().len();
        let next = crash::catch(|| {
            let next = match self.answer(&text) {
                Some(Answered::ByChoice) => self.command(":next"),
                Some(Answered::ByNone) => self.ask_again(),
                None if command::is_command(&text) => self.command(&text),
                None if let Some(trouble) = foreign::foreign(&text) => self.refuse(&trouble),
                None => self.evaluate(&text),
            };
            if next == Next::Leave { next } else { self.turn_aside() }
        });
        self.number += 1;
        next.unwrap_or_else(|crash| {
            self.recover(&crash, &text, lines);
            Next::Read
        })
    }

    fn refuse(&self, trouble: &Trouble) -> Next {
        self.screen.say(&view::trouble::trouble(trouble, None, self.screen.look()));
        Next::Read
    }

    fn evaluate(&mut self, text: &str) -> Next {
        let name = self.prompt();
        let (from, answers) = (self.mark(), self.answers());
        let result = self.interpreter.borrow_mut().eval_or(Failed::StaysIfTimePassed, text, &name);
        self.sources.insert(name, text.to_owned());
        let look = self.screen.look();
        if result.as_ref().is_err_and(|trouble| trouble.kind == Kind::Interrupted) {
            // The terminal has written `^C`.
            self.screen.line("");
        }
        if let Ok(outcome) = &result
            && !outcome.quiet
        {
            self.screen.say(&view::value::value(&outcome.value, look));
        }
        self.beneath(from);
        for notice in self.interpreter.borrow_mut().take_notices() {
            self.screen.say(&view::trouble::note(&notice, look));
        }
        self.check_answers(&answers);
        if let Err(mut trouble) = result {
            if let Some(place) = &mut trouble.place {
                self.locate(place);
            }
            self.screen.say(&view::trouble::trouble(&trouble, None, look));
            match self.interpreter.borrow().left() {
                Left::NothingDone => {}
                Left::Nothing => self.note("nothing of the line stays: lab and variables are as they were before it"),
                Left::Part => self.note("what the line did until then stays; :undo takes it back"),
            }
        }
        Next::Read
    }

    /// Where the lab is: how much has happened, and when it is.
    fn mark(&self) -> (usize, Moment) {
        let interpreter = self.interpreter.borrow();
        let session = interpreter.session();
        (session.history().len(), session.world().now)
    }

    /// Shows what happened since a mark.
    fn beneath(&mut self, (facts, then): (usize, Moment)) {
        let interpreter = self.interpreter.borrow();
        let session = interpreter.session();
        let look = self.screen.look();
        let new = session.history().get(facts..).unwrap_or_default();
        if !new.is_empty() {
            self.facts = facts..session.history().len();
        }
        let Headlines { first, between, last } = Headlines::of(&session, new);
        self.screen.say(&facts::beneath(&first, between, &last, look));
        let passed = session.world().now.since(then);
        if passed > Millis::ZERO {
            self.screen.say(&facts::now(session.world().now, passed, look));
        }
    }

    /// Gives a place in an earlier text the line it is about.
    fn locate(&self, place: &mut Place) {
        let Some(text) = place.source.as_ref().and_then(|name| self.sources.get(name)) else { return };
        place.read(text);
        if place.source == Some(self.prompt()) {
            place.source = None;
        }
    }

    pub(super) fn command(&mut self, text: &str) -> Next {
        let look = self.screen.look();
        match command::parse(text) {
            Err(trouble) => self.screen.say(&view::trouble::trouble(&trouble, None, look)),
            Ok(Command::Help(words)) => self.screen.say(&manual::about(&words, look)),
            Ok(Command::Find(words)) => self.screen.say(&find::find(&words, look)),
            Ok(Command::Undo(times)) => {
                let undo = |interpreter: &mut Interpreter| {
                    let since = interpreter.lines_since();
                    Some(std::iter::once(interpreter.undo()?).chain(since).collect())
                };
                self.again(times, "took back", "there is nothing to undo", undo);
            }
            Ok(Command::Redo(times)) => {
                let redo = |interpreter: &mut Interpreter| Some(vec![interpreter.redo()?]);
                self.again(times, "did again", "there is nothing to redo", redo);
            }
            Ok(Command::Facts) => self.all_facts(),
            Ok(Command::Save(path)) => self.save(&path),
            Ok(Command::Load(path)) => self.load(&path),
            Ok(Command::Transcript(path)) => self.transcript(path.as_deref()),
            Ok(Command::Fork(name)) => self.fork(&name),
            Ok(Command::Switch(name)) => self.switch(name.as_deref()),
            Ok(Command::Compare(with)) => self.compare(&with),
            Ok(Command::Lessons) => self.lessons(),
            Ok(Command::Lesson(name, anew)) => self.lesson(&name, anew),
            Ok(Command::Next) => self.turn_page(Class::next),
            Ok(Command::Skip) => self.turn_page(Class::skip),
            Ok(Command::Exercise(name, anew)) => self.exercise(&name, anew),
            Ok(Command::Check(file)) => self.check(file.as_deref()),
            Ok(Command::Hint) => self.hint(),
            Ok(Command::Leave) => self.leave(),
            Ok(Command::Quit) => return Next::Leave,
        }
        Next::Read
    }

    /// Undo or redo, so many times. A step is the line that changed the lab, and those that went with it.
    fn again(
        &mut self,
        times: usize,
        did: &str,
        nothing: &str,
        step: impl Fn(&mut Interpreter) -> Option<Vec<String>>,
    ) {
        let look = self.screen.look();
        for _ in 0..times {
            let Some(texts) = step(&mut self.interpreter.borrow_mut()) else {
                self.screen.say(&view::trouble::note(nothing, look));
                return;
            };
            for (nth, text) in texts.iter().enumerate() {
                let mut lines = text.trim().lines();
                let more = if lines.clone().count() > 1 { " …" } else { "" };
                let with = if nth == 0 { "" } else { " with it" };
                self.screen.say(&format!("{did}{with}: {}{more}", lines.next().unwrap_or_default()));
            }
        }
        self.facts = 0..0;
        self.screen.say(&facts::now(self.mark().1, Millis::ZERO, look));
    }

    fn all_facts(&self) {
        let interpreter = self.interpreter.borrow();
        let session = interpreter.session();
        let look = self.screen.look();
        let facts = session.history().get(self.facts.clone()).unwrap_or_default();
        if facts.is_empty() {
            return self.screen.say(&view::trouble::note(
                "nothing has happened since the last line; facts() shows what did before",
                look,
            ));
        }
        let shown: Vec<facts::Line> = facts.iter().take(ALL).map(|fact| headlines::line(&session, fact)).collect();
        self.screen.say(&facts::lines(&shown, look).join("\n"));
        if facts.len() > ALL {
            self.screen.say(&format!("… and {} more", facts.len() - ALL));
        }
    }

    /// After a bug: makes the lab anew, and keeps what reproduces the bug. `lines` were in the journal before the text.
    fn recover(&mut self, crash: &Crash, text: &str, lines: usize) {
        self.interpreter.borrow_mut().recover();
        self.facts = 0..0;
        let look = self.screen.look();
        self.screen.say(&view::trouble::error(&crash.sentence(), look));
        let mut before = self.interpreter.borrow().session().clone();
        while before.journal().lines().len() > lines && before.undo().is_some() {}
        match keep(&before, text) {
            Ok(path) => {
                let note =
                    "the lab was made anew from its journal; to see the bug again, load this and repeat the line:";
                self.screen.say(&view::trouble::note(note, look));
                self.screen.say(&format!("      :load {}", path.display()));
            }
            Err(sentence) => {
                let note = format!("the lab was made anew from its journal, which could not be saved: {sentence}");
                self.screen.say(&view::trouble::note(&note, look));
            }
        }
    }
}

/// Saves a lab and the text that made it crash, which is the last line of the file, to a new temporary file.
fn keep(session: &Session, text: &str) -> Result<PathBuf, String> {
    let name = |number: u32| format!("longshore-bug-{}-{number}.lab", std::process::id());
    let mut paths = (1..1000).map(|number| std::env::temp_dir().join(name(number)));
    let path = paths.find(|path| !path.exists()).ok_or("there are too many already")?;
    session.save(&path)?;
    let line = Line { text: text.to_owned(), inputs: Vec::new() };
    let line = serde_json::to_string(&line).map_err(|error| error.to_string())?;
    let mut file = std::fs::File::options().append(true).open(&path).map_err(|error| error.to_string())?;
    std::io::Write::write_all(&mut file, format!("{line}\n").as_bytes()).map_err(|error| error.to_string())?;
    Ok(path)
}

/// What stands in the prompt of the lab that one begins in.
const NAME: &str = "longshore";

/// A text without the prompts that came along when it was copied from a screen. `labels` are what those begin with.
fn without_prompts(text: &str, labels: &BTreeSet<String>) -> String {
    let bare = |line: &str| {
        let parts = line.split_once("]> ").and_then(|(prompt, rest)| Some((prompt.rsplit_once('[')?, rest)));
        match parts {
            Some(((label, number), rest)) if labels.contains(label) && number.parse::<usize>().is_ok() => {
                rest.to_owned()
            }
            _ => line.to_owned(),
        }
    };
    text.split('\n').map(bare).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::super::screen::testing::Paper;
    use super::*;
    use std::sync::Arc;

    /// Sentences as they were before they were folded.
    fn unfolded(text: &str) -> String {
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn shell() -> (Shell, Paper) {
        let paper = Paper::default();
        let interpreter = super::super::interpreter(Session::new(42), Arc::default(), &paper.screen());
        (Shell::new(Rc::new(RefCell::new(interpreter)), Catalogue::default(), paper.screen()), paper)
    }

    #[test]
    fn lines_and_what_they_show() {
        let (mut shell, paper) = shell();
        for (text, shown) in [
            ("1 + 2", "3\n"),
            ("1 + 2;", ""),
            ("ans + 1", "4\n"),
            ("longshore[9]> 2 * 2", "4\n"),
            ("let a = [7]; a[0]> 3", "true\n"),
            ("print(\"hello\")", "hello\n"),
            ("show([1, 2])", "[1, 2]\n"),
            ("wait(\"90s\")", "  09:01:30  now, 1m 30s later\n"),
            ("ecs.create_cluster(#{ clusterName: \"prod\" });", ""),
            (":undo", "took back: ecs.create_cluster(#{ clusterName: \"prod\" });\n  09:01:30\n"),
            (":undo 2", "took back: wait(\"90s\")\nnote: there is nothing to undo\n"),
            (
                ":redo 2",
                "did again: wait(\"90s\")\ndid again: ecs.create_cluster(#{ clusterName: \"prod\" });\n  09:01:30\n",
            ),
            (":facts", "note: nothing has happened since the last line; facts() shows what did before\n"),
            (
                "kubectl get pods",
                "error: this is a line for kubectl, and the prompt takes scripts\n\
                 way out: write it like k8s.get(\"pods\")\n",
            ),
            (":udno", "error: there is no command `:udno`\nway out: did you mean `:undo`?\n"),
            ("fn half(x) { x / 0 }", ""),
            (
                "half(1)",
                "error: Division by zero: 1 / 0\n --> longshore[16]:1:16\n  |\n1 | fn half(x) { x / 0 }\n  |                ^\n",
            ),
            ("  ", ""),
        ] {
            assert_eq!(shell.submit(text), Next::Read, "{text}");
            assert_eq!(paper.take(), shown, "{text}");
        }
        assert_eq!(shell.number(), 18);
        assert_eq!(shell.submit("exit"), Next::Leave);
    }

    #[test]
    fn comparing_says_how_far_it_can_go_back() {
        let (mut shell, paper) = shell();
        shell.submit("wait(\"1m\");");
        shell.submit("wait(\"1m\");");
        paper.take();
        shell.submit(":compare 5");
        assert_eq!(
            paper.take(),
            "note: only 2 lines changed the lab so far: compared with its beginning\n\
             what  the beginning         now\n\
             time  2026-01-05T09:00:00Z  2026-01-05T09:02:00Z\n"
        );
    }

    #[test]
    fn a_line_that_fails_leaves_nothing_unless_time_has_passed() {
        let (mut shell, paper) = shell();
        let nothing = "note: nothing of the line stays: lab and variables are as they were before it\n";
        let part = "note: what the line did until then stays; :undo takes it back\n";
        let make = "ecs.create_cluster(#{ clusterName: \"prod\" })";
        for (text, end) in [
            ("let x = 1; let shop = eks_cluster(\"shop\");", "later\n"),
            ("let y = 2;", ""),
            ("wait(\"1m\");", "later\n"),
            (":undo", "took back: wait(\"1m\");\n  09:13:00\n"),
            (&format!("x = 5; {make}; nonesuch()"), nothing),
            ("shop.add_nodes(0)", nothing),
            ("nonesuch()", "way out: :help lists what there is\n"),
            ("x + y + ecs.list_clusters().clusterArns.len()", "3\n"),
            (":redo", "did again: wait(\"1m\");\n  09:14:00\n"),
            (&format!("x = 5; {make}; wait(\"1m\"); nonesuch()"), part),
            ("x + ecs.list_clusters().clusterArns.len()", "6\n"),
            ("let z = 3;", ""),
            (":undo", "took back with it: let z = 3;\n  09:14:00\n"),
            ("x + ecs.list_clusters().clusterArns.len()", "1\n"),
        ] {
            shell.submit(text);
            let shown = paper.take();
            assert!(shown.ends_with(end) && shown.is_empty() == end.is_empty(), "{text}\n{shown}");
        }
    }

    #[test]
    fn functions_go_and_come_with_their_lines() {
        let (mut shell, paper) = shell();
        for (text, shown) in [
            ("fn one() { 1 }", ""),
            ("fn two() { 2 } let x = 5; ecs.create_cluster(#{ clusterName: \"prod\" });", ""),
            ("two() + one() + x", "8\n"),
            (
                ":undo",
                "took back: fn two() { 2 } let x = 5; ecs.create_cluster(#{ clusterName: \"prod\" });\n  09:00:00\n",
            ),
            ("one()", "1\n"),
            (
                "two()",
                "error: there is no function `two` for ()\n --> 1:1\n  |\n1 | two()\n  | ^^^\nway out: :help lists what there is\n",
            ),
            (
                ":redo",
                "did again: fn two() { 2 } let x = 5; ecs.create_cluster(#{ clusterName: \"prod\" });\n  09:00:00\n",
            ),
            ("two() + x", "7\n"),
        ] {
            shell.submit(text);
            assert_eq!(paper.take(), shown, "{text}");
        }
    }

    #[test]
    fn variables_and_functions_come_back_from_a_file() {
        let (mut shell, paper) = shell();
        let path = std::env::temp_dir().join(format!("longshore-test-{}-variables.lab", std::process::id()));
        let (save, load) = (format!(":save {}", path.display()), format!(":load {}", path.display()));
        for text in [
            "let x = 1;",
            "fn twice(n) { n * 2 }",
            "print(\"once\");",
            "let lot = cluster(\"lot\"); wait(\"1m\");",
            "x = twice(x) + 40;",
        ] {
            shell.submit(text);
        }
        paper.take();
        shell.submit(&save);
        assert_eq!(unfolded(&paper.take()), format!("saved to {}", path.display()));
        shell.submit("x = 0;");
        shell.submit(&load);
        let loaded = format!("loaded {}: 1 line, with its variables and functions", path.display());
        let name = path.file_stem().expect("it has a name").display();
        let beside = format!("note: you are in `{name}`; the lab that you come from stays: :switch main goes back");
        assert_eq!(unfolded(&paper.take()), format!("{loaded} {beside} 09:01:00"));
        shell.submit("[x, twice(4), lot.name]");
        assert_eq!(paper.take(), "[42, 8, lot]\n");
        shell.submit(":undo");
        shell.submit("x");
        assert!(paper.take().ends_with("\n1\n"), "a loaded line is taken back like any other");
        shell.submit(":switch main");
        shell.submit("x");
        assert!(paper.take().ends_with("\n0\n"), "the lab that was there before is there still");
        // What was stopped half-way is not typed again: it would go further.
        shell.submit("let y = 1; wait(\"1m\"); loop {}");
        paper.take();
        shell.submit(&save);
        assert!(unfolded(&paper.take()).starts_with("note: the lab is in it, but its variables and functions are not"));
        shell.submit(&load);
        assert!(
            unfolded(&paper.take())
                .contains("note: the lab is back, but variables and functions are not: set them again")
        );
        std::fs::remove_file(path).expect("it was written");
    }

    #[test]
    fn a_lab_is_saved_and_loaded() {
        let (mut shell, paper) = shell();
        let path = std::env::temp_dir().join(format!("longshore-test-{}.lab", std::process::id()));
        shell.submit("ecs.create_cluster(#{ clusterName: \"prod\" });");
        shell.submit(&format!(":save {}", path.display()));
        shell.submit(":undo");
        paper.take();
        shell.submit(&format!(":load {}", path.display()));
        assert_eq!(
            unfolded(&paper.take()),
            format!("loaded {}: 1 line, with its variables and functions 09:00:00", path.display())
        );
        shell.submit("ecs.list_clusters().clusterArns.len()");
        assert_eq!(paper.take(), "1\n");
        std::fs::remove_file(path).expect("it was written");
        shell.submit(":load /nowhere/at.all");
        assert!(paper.take().starts_with("error: cannot read /nowhere/at.all: "));
    }

    #[test]
    fn only_a_saved_lab_is_written_over() {
        let (mut shell, paper) = shell();
        let path = std::env::temp_dir().join(format!("longshore-test-{}-mine.rhai", std::process::id()));
        std::fs::write(&path, "let mine = 1;\n").expect("it can be written");
        shell.submit(&format!(":save {}", path.display()));
        let no = format!("error: {} is there already, and is no saved lab: choose another name", path.display());
        assert_eq!(unfolded(&paper.take()), no);
        assert_eq!(std::fs::read_to_string(&path).expect("it is there"), "let mine = 1;\n");
        std::fs::remove_file(&path).expect("it was written");
        for _ in 0..2 {
            shell.submit(&format!(":save {}", path.display()));
            assert_eq!(unfolded(&paper.take()), format!("saved to {}", path.display()));
        }
        std::fs::remove_file(path).expect("it was written");
        shell.submit(":load /dev/zero");
        assert_eq!(paper.take(), "error: cannot read /dev/zero: it is not an ordinary file\n");
    }

    #[test]
    fn labs_stand_side_by_side() {
        let (mut shell, paper) = shell();
        shell.submit("let x = 1; ecs.create_cluster(#{ clusterName: \"prod\" });");
        for (text, shown) in [
            (":fork what-if", "you are in `what-if`, a copy; :switch main goes back, :compare tells them apart\n"),
            (":compare main", "nothing differs between main and what-if\n"),
            ("x = 2; wait(\"1m\");", "  09:01:00  now, 1m later\n"),
            (
                ":compare main",
                "what  main                  what-if\ntime  2026-01-05T09:00:00Z  2026-01-05T09:01:00Z\n",
            ),
            (":compare", "what  main                  what-if\ntime  2026-01-05T09:00:00Z  2026-01-05T09:01:00Z\n"),
            (":compare 1", "what  1 line ago            now\ntime  2026-01-05T09:00:00Z  2026-01-05T09:01:00Z\n"),
            (":compare 0", "error: 0 lines ago is now; :compare 1 goes back by one line\n"),
            (":switch", "main\nwhat-if (here)\n"),
            (":compare what-if", "error: you are in `what-if`; compare it with another: main\n"),
            (":switch mian", "error: there is no lab `mian`; did you mean `main`?\n"),
            (":switch main", "you are in `main` now\n  09:00:00\n"),
            ("x", "1\n"),
            (":undo", "took back: let x = 1; ecs.create_cluster(#{ clusterName: \"prod\" });\n  09:00:00\n"),
            (":fork what-if", "error: there is a lab `what-if` already; :switch what-if goes there\n"),
            (":switch what-if", "you are in `what-if` now\n  09:01:00\n"),
            ("x", "2\n"),
        ] {
            shell.submit(text);
            assert_eq!(paper.take(), shown, "{text}");
        }
    }

    #[test]
    fn a_transcript_keeps_what_was_typed_and_shown() {
        let (mut shell, _) = shell();
        let path = std::env::temp_dir().join(format!("longshore-test-{}.txt", std::process::id()));
        shell.submit("1");
        shell.submit(&format!(":transcript {}", path.display()));
        shell.submit("#{ a: 1 }");
        shell.submit("fn f() {\n  2\n}");
        shell.submit(":transcript");
        shell.submit("3");
        let kept = std::fs::read_to_string(&path).expect("it was written");
        assert_eq!(kept, "longshore[3]> #{ a: 1 }\na: 1\nlongshore[4]> fn f() {\n  2\n}\nlongshore[5]> :transcript\n");
        std::fs::remove_file(path).expect("it was written");
    }

    #[test]
    fn a_bug_costs_the_line_and_not_the_lab() {
        let (mut shell, paper) = shell();
        shell.interpreter.borrow_mut().engine_mut().register_fn("boom", || -> i64 { panic!("boom") });
        shell.submit("ecs.create_cluster(#{ clusterName: \"a\" });");
        shell.submit("ecs.create_cluster(#{ clusterName: \"b\" }); boom()");
        let shown = paper.take();
        assert!(shown.starts_with("error: longshore has a bug: boom"), "{shown}");
        let path = shown.split(":load ").nth(1).expect("it names the file").trim();
        shell.submit("ecs.list_clusters().clusterArns.len()");
        assert_eq!(paper.take(), "2\n");
        let text = std::fs::read_to_string(path).expect("it was written");
        assert!(
            text.trim_end().ends_with(r#""text":"ecs.create_cluster(#{ clusterName: \"b\" }); boom()","inputs":[]}"#)
        );
        shell.submit(&format!(":load {path}"));
        shell.submit("ecs.list_clusters().clusterArns.len()");
        assert!(paper.take().ends_with("\n1\n"));
        std::fs::remove_file(path).expect("it was written");
    }
}
