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
use super::paste::Pasted;
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
    /// Whether somebody interrupted what was submitted.
    interrupted: bool,
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
            interrupted: false,
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

    /// Takes what was typed or pasted, and shows what comes of each text in it.
    pub fn submit(&mut self, text: &str) -> Next {
        let label = self.label();
        self.labels.insert(label);
        let is_incomplete = |text: &str| self.interpreter.borrow().is_incomplete(text);
        let is_incomplete = |text: &str| crash::catch(|| is_incomplete(text)).unwrap_or(false);
        let Pasted { texts, left_out } = Pasted::read(text, &self.labels, &is_incomplete);
        if left_out > 0 {
            let lines = view::count(left_out, "line");
            self.note(&format!("{lines} beneath a prompt left out: a screen showed that, nobody typed it"));
        }
        if texts.is_empty() && self.rooms.step().is_some() {
            return self.take(":next");
        }
        self.interrupted = false;
        for text in &texts {
            if self.take(text) == Next::Leave {
                return Next::Leave;
            }
            if self.interrupted {
                break;
            }
        }
        Next::Read
    }

    /// Takes a text and shows what comes of it. A bug costs the text, not the lab.
    fn take(&mut self, text: &str) -> Next {
        self.screen.typed(&format!("{}> {text}", self.prompt()));
        let lines = self.interpreter.borrow().session().journal().lines().len();
        let next = crash::catch(|| {
            let next = match self.answer(text) {
                Some(Answered::ByChoice) => self.command(":next"),
                Some(Answered::ByNone) => self.ask_again(),
                None if command::is_command(text) => self.command(text),
                None if let Some(trouble) = foreign::foreign(text) => self.refuse(&trouble),
                None => self.evaluate(text),
            };
            if next == Next::Leave { next } else { self.turn_aside() }
        });
        self.number += 1;
        next.unwrap_or_else(|crash| {
            self.recover(&crash, text, lines);
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
            self.interrupted = true;
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
                Left::Part if trouble.way_out.contains(":undo") => {}
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

    /// Says what time it is in the lab.
    pub(super) fn say_now(&self) {
        let now = self.interpreter.borrow().session().world().now;
        self.screen.say(&facts::now(now, Millis::ZERO, self.screen.look()));
    }

    /// Says what came of something.
    pub(super) fn tell(&self, result: Result<String, String>) {
        match result {
            Ok(text) => self.screen.say(&view::lesson::said(&text, self.screen.look())),
            Err(sentence) => self.screen.say(&view::trouble::error(&sentence, self.screen.look())),
        }
    }

    /// Says something to know.
    pub(super) fn note(&self, sentence: &str) {
        self.screen.say(&view::trouble::note(sentence, self.screen.look()));
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

#[cfg(test)]
mod tests {
    use super::super::testing::shell;
    use super::*;

    #[test]
    fn lines_and_what_they_show() {
        let (mut shell, paper) = shell(Catalogue::default());
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
                "error: Division by zero: 1 / 0\n --> longshore[16]:1:16\n  |\n1 | fn half(x) { x / 0 }\n  |                ^\n\
                 way out: ask first whether what stands below is 0\n",
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
    fn a_line_that_fails_leaves_nothing_unless_time_has_passed() {
        let (mut shell, paper) = shell(Catalogue::default());
        let nothing = "note: nothing of the line stays: lab and variables are as they were before it\n";
        let part = "note: what the line did until then stays; :undo takes it back\n";
        let make = "ecs.create_cluster(#{ clusterName: \"prod\" })";
        for (text, end) in [
            ("let x = 1; let shop = eks_cluster(\"shop\");", "later\n"),
            ("let y = 2;", ""),
            ("wait(\"1m\");", "later\n"),
            (":undo", "took back: wait(\"1m\");\n  09:13:00\n"),
            (&format!("x = 5; {make}; nonesuch()"), nothing),
            ("shop.add_nodes(0)", "way out: write a count of 1 or more: shop.add_nodes(2)\n"),
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
        let (mut shell, paper) = shell(Catalogue::default());
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
    fn a_bug_costs_the_line_and_not_the_lab() {
        let (mut shell, paper) = shell(Catalogue::default());
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
