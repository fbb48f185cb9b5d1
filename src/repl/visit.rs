//! Lessons and exercises at the prompt: each in a lab of its own, which stays as it is when one leaves it, and the way
//! back to the learner's own labs.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use super::exercise::Practice;
use super::forks::Forks;
use super::lesson::{Class, Turn};
use super::room::{Answered, FINISHED, Labs, Room, SOLVED};
use super::screen::Screen;
use super::shell::{Next, Shell};
use crate::course::{Exercise, Lesson};
use crate::grade;
use crate::script::{Bench, Interpreter, letter};
use crate::session::Session;
use crate::view;
use crate::view::help::{self, Item};

impl Shell {
    pub(super) fn lessons(&self) {
        let look = self.screen.look();
        self.screen.say(&view::lesson::catalogue(&self.course, &self.rooms.standing(), look));
        if let Some(exercise) = self.course.exercises.first() {
            let note = format!(
                ":lesson 1 begins the first lesson, :exercise {} an exercise",
                self.course.short_name(exercise)
            );
            self.screen.say(&view::trouble::note(&note, look));
        }
    }

    pub(super) fn lesson(&mut self, name: &str, anew: bool) {
        let Some(lesson) = self.course.lesson(name).cloned() else {
            return self.tell(Err(format!("there is no lesson `{name}`; :lessons lists them")));
        };
        let begin = |seed| Ok((Room::Lesson(Class::new(lesson.clone())), Session::new(seed)));
        self.enter(&lesson.folder(), anew, begin);
    }

    pub(super) fn exercise(&mut self, name: &str, anew: bool) {
        match self.course.exercise_at(name) {
            Err(sentence) => self.tell(Err(sentence)),
            Ok(exercise) => self.enter(&exercise.name(), anew, |seed| {
                let lab = grade::set_up(&exercise, Session::new(seed))?;
                Ok((Room::Exercise(Practice::new(exercise.clone())), lab))
            }),
        }
    }

    /// The seed of the learner's own lab.
    fn own_seed(&self) -> u64 {
        match &self.rooms.own {
            Some(labs) => labs.bench.session().world().seed,
            None => self.interpreter.borrow().session().world().seed,
        }
    }

    /// Goes into a room: on where one left it, or from its beginning. The labs that are left for it stay as they are.
    fn enter(&mut self, name: &str, anew: bool, begin: impl FnOnce(u64) -> Result<(Room, Session), String>) {
        let is_here = self.rooms.here.as_ref().is_some_and(|room| room.name() == name);
        if is_here && !anew {
            return self.go_on();
        }
        if let Some((room, labs)) = self.rooms.left.remove(name).filter(|_| !anew) {
            self.put_aside();
            self.take_up(labs);
            self.rooms.here = Some(room);
            return self.go_on();
        }
        match begin(self.own_seed()) {
            Err(sentence) => self.tell(Err(sentence)),
            Ok((room, lab)) => {
                self.put_aside();
                self.rooms.left.remove(name);
                self.take_up(Labs { bench: Bench::new(lab), forks: Forks::default() });
                self.interpreter.borrow_mut().keep_from_undo();
                room.show(&self.screen);
                self.rooms.here = Some(room);
            }
        }
    }

    /// Shows the room again in which one has been before.
    fn go_on(&self) {
        let Some(room) = &self.rooms.here else { return };
        room.show(&self.screen);
        let way = room.way(&self.course);
        self.note(&match room {
            Room::Lesson(class) if class.finished() => {
                format!("this is the lab as the lesson left it; {way} anew begins the lesson anew")
            }
            _ => format!("you go on in the lab as you left it; {way} anew begins anew and drops it"),
        });
        self.say_how_to_answer();
    }

    /// Puts the labs aside in which one is.
    fn put_aside(&mut self) {
        let labs = Labs { bench: self.interpreter.borrow().bench(), forks: std::mem::take(&mut self.forks) };
        match self.rooms.here.take() {
            Some(room) => drop(self.rooms.left.insert(room.name(), (room, labs))),
            None => self.rooms.own = Some(labs),
        }
    }

    fn take_up(&mut self, Labs { bench, forks }: Labs) {
        self.interpreter.borrow_mut().replace_bench(bench);
        self.forks = forks;
        self.facts = 0..0;
    }

    pub(super) fn leave(&mut self) {
        let Some(room) = &self.rooms.here else {
            return self.note("neither a lesson nor an exercise is open");
        };
        let (name, quoted, way) = (room.name(), room.quoted(), room.way(&self.course));
        let finished = match room {
            Room::Lesson(class) if class.finished() => Some(class.lesson().clone()),
            _ => None,
        };
        self.put_aside();
        if let Some(own) = self.rooms.own.take() {
            self.take_up(own);
        }
        let Some(lesson) = finished else {
            return self.note(&format!("you left {quoted}; your own lab is back, and {way} goes on there"));
        };
        self.rooms.done.insert(name, FINISHED);
        self.note(&format!("the end of {quoted}; your own lab is back"));
        self.offer_exercises(&lesson);
    }

    /// What one may do after a lesson.
    fn offer_exercises(&self, lesson: &Lesson) {
        let look = self.screen.look();
        let item = |exercise: &Exercise| Item {
            name: format!(":exercise {}", self.course.short_name(exercise)),
            summary: view::lesson::headline(exercise, look),
        };
        let items: Vec<Item> = self.course.exercises_of(lesson).map(item).collect();
        if !items.is_empty() {
            self.screen.say(&help::list("Exercises to go with it", &items, look));
        }
    }

    /// Goes on in the lesson, by running a step or without showing it; ends it where there is no further step.
    pub(super) fn turn_page(&mut self, turn: impl FnOnce(&mut Class, &mut Interpreter, &Screen) -> Turn) {
        let Some(Room::Lesson(class)) = &mut self.rooms.here else {
            return self.note("no lesson is being played; :lessons lists them");
        };
        let facts = self.interpreter.borrow().session().history().len();
        let turn = turn(class, &mut self.interpreter.borrow_mut(), &self.screen);
        let finished = class.finished();
        self.settle_step(facts, turn);
        if finished {
            self.leave();
        } else if turn == Turn::Stopped {
            self.stopped = self.rooms.step();
        } else if turn == Turn::Asks {
            self.say_how_to_answer();
        }
    }

    /// What was typed is no answer to the question at which the lesson stands.
    pub(super) fn ask_again(&self) -> Next {
        self.say_how_to_answer();
        Next::Read
    }

    /// Says how the question is answered at which the lesson stands.
    fn say_how_to_answer(&self) {
        if let Some(question) = self.rooms.question() {
            let letters = match question.choices.len() {
                2 => "a or b".to_owned(),
                count => format!("a letter from a to {}", letter(count - 1)),
            };
            self.note(&format!(
                "type {letters} to predict it, or Enter to just see; until then you may type whatever you like"
            ));
        }
    }

    /// Takes a line that is a letter as the answer to the question at which the lesson stands. Says whether it is one.
    /// One that is no choice, and no variable either, is told so.
    pub(super) fn answer(&mut self, line: &str) -> Option<Answered> {
        let mut letters = line.trim().chars();
        let (Some(said), None) = (letters.next().map(|c| c.to_ascii_lowercase()), letters.next()) else { return None };
        let choices = self.rooms.question()?.choices.len();
        if let Some(choice) = (0..choices).find(|choice| letter(*choice) == said) {
            if let Some(Room::Lesson(class)) = &mut self.rooms.here {
                class.answer(choice);
            }
            return Some(Answered::ByChoice);
        }
        let is_variable = self.interpreter.borrow().scope().contains(line.trim());
        (said.is_ascii_alphabetic() && !is_variable).then_some(Answered::ByNone)
    }

    /// What a step did is the lesson's: `:undo` takes back what was typed after it, and `:facts` shows what it did.
    fn settle_step(&mut self, facts: usize, turn: Turn) {
        // A step that is taken back leaves to the learner what was typed in it.
        if !matches!(turn, Turn::Stopped | Turn::Failed) {
            self.interpreter.borrow_mut().keep_from_undo();
        }
        let interpreter = self.interpreter.borrow();
        let session = interpreter.session();
        if session.history().len() > facts {
            self.facts = facts..session.history().len();
        }
    }

    /// The answers so far, in an exercise that takes any.
    pub(super) fn answers(&self) -> BTreeMap<String, Value> {
        match &self.rooms.here {
            Some(Room::Exercise(practice)) if practice.asks() => self.interpreter.borrow().session().answers(),
            _ => BTreeMap::new(),
        }
    }

    /// Says which answers since then are to questions that the exercise does not ask.
    pub(super) fn check_answers(&self, before: &BTreeMap<String, Value>) {
        let Some(Room::Exercise(practice)) = &self.rooms.here else { return };
        let answers = self.answers();
        let new = answers.keys().filter(|question| !before.contains_key(*question));
        for sentence in new.filter_map(|question| practice.not_asked(question)) {
            self.note(&sentence);
        }
    }

    pub(super) fn check(&mut self, file: Option<&Path>) {
        if let Some(true) = self.practise(|practice, lab, screen| practice.check(file, lab, screen)) {
            let name = self.rooms.here.as_ref().map(Room::name);
            self.rooms.done.extend(name.map(|name| (name, SOLVED)));
        }
    }

    pub(super) fn hint(&mut self) {
        let _ = self.practise(Practice::hint);
    }

    /// Does something with the exercise that is open.
    fn practise<T>(&mut self, work: impl FnOnce(&mut Practice, &Session, &Screen) -> Result<T, String>) -> Option<T> {
        let Some(Room::Exercise(practice)) = &mut self.rooms.here else {
            self.note("no exercise is open; :exercise NAME opens one, :lessons lists them");
            return None;
        };
        let done = work(practice, &self.interpreter.borrow().session(), &self.screen);
        done.map_err(|sentence| self.tell(Err(sentence))).ok()
    }

    /// Does what was typed where an answer was due, now that what asked has ended. Who still stands before the step
    /// that was stopped is told so.
    pub(super) fn turn_aside(&mut self) -> Next {
        while let Some(text) = self.aside.take() {
            if self.command(&text) == Next::Leave {
                return Next::Leave;
            }
        }
        let stopped = self.stopped.take();
        if stopped.is_some() && stopped == self.rooms.step() {
            self.note("the step is stopped, and what it did is taken back; Enter runs it again");
        }
        Next::Read
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::rc::Rc;

    use super::super::question::Typed;
    use super::super::screen::testing::Paper;
    use super::super::testing::submit;
    use super::*;
    use crate::course::Catalogue;
    use crate::script::on_big_stack;

    const LESSON: &str = "\
//! # Two `names`
//# One
let a = 1;
fn twice(x) { 2 * x }
let network = #{ awsvpcConfiguration: #{ subnets: [ec2.describe_subnets().Subnets[0].SubnetId] } };
ecs.create_cluster(#{ clusterName: \"prod\" });
say(\"made\");
//# Two
ecs.create_cluster(#{ clusterName: \"other\" });
predict(\"How many?\", [0, 1, 2]);
//# Three
expect(ecs.list_clusters().clusterArns.len());
ecs.register_task_definition(#{ family: \"f\", networkMode: \"awsvpc\", cpu: \"256\", memory: \"512\",
    containerDefinitions: [#{ name: \"c\", image: \"unheard-of\" }] });
ecs.run_task(#{ cluster: \"prod\", taskDefinition: \"f\", launchType: \"FARGATE\", networkConfiguration: network });
//# Four
//! The end.
";

    const STARTER: &str = concat!("//! # Repair: the `web`\n//! Make `web`.\n\nlet x = 1;\n// TO", "DO: make it.\n");

    const CHECKS: &str = "
        fn setup() { ecs.create_cluster(#{ clusterName: \"prod\" }); }
        /// There is `web`.
        fn check_web() {
            let clusters = ecs.list_clusters().clusterArns.len();
            if clusters != 2 { fail(2, clusters, \"make it\"); }
        }
        fn hint(n) { [\"A nudge.\", \"There are \" + ecs.list_clusters().clusterArns.len() + \".\"].get(n - 1) }
    ";

    fn shell() -> (Shell, Paper) {
        let files = [
            ("010-names/lesson.rhai", LESSON),
            ("010-names/web/starter.rhai", STARTER),
            ("010-names/web/solution.rhai", "ecs.create_cluster(#{ clusterName: \"web\" });"),
            ("010-names/web/checks.rhai", CHECKS),
        ];
        let files = files.map(|(path, text)| (path.to_owned(), text.to_owned())).into();
        let course = Catalogue::from_files(&files).expect("it is well formed");
        super::super::testing::shell(course)
    }

    const ONE: &str = "    say(\"made\");\n";
    const TWO: &str = "    predict(\"How many?\", [0, 1, 2]);\n";
    const THREE: &str = "    ecs.run_task(#{ cluster: \"prod\", taskDefinition: \"f\", launchType: \"FARGATE\",\n        networkConfiguration: network });\n";

    #[test]
    fn a_lesson_leaves_nothing_behind() {
        let (mut shell, paper) = shell();
        submit(
            &mut shell,
            &paper,
            &[("let mine = 5; fn own() { 6 }", ""), ("ecs.create_cluster(#{ clusterName: \"own\" });", "")],
        );
        submit(
            &mut shell,
            &paper,
            &[
                (":fork copy", "tells them apart\n"),
                (":lesson 1", ONE),
                ("mine", "set it\n         first: let mine = 1\n"),
                (":switch", "main (here)\n"),
                ("", TWO),
                ("twice(a)", "2\n"),
                (":undo", "note: there is nothing to undo\n"),
                ("let there = 9;", ""),
                (":exercise web", "goes back\n"),
                (":leave", "your own lab is back, and :exercise web goes on there\n"),
                ("mine + own()", "11\n"),
                (
                    ":lesson 1",
                    "note: you go on in the lab as you left it; :lesson 1 anew begins anew and drops\n      it\n",
                ),
                (":lessons", "note: :lesson 1 begins the first lesson, :exercise web an exercise\n"),
                ("there + twice(a)", "11\n"),
                (":leave", "your own lab is back, and :lesson 1 goes on there\n"),
                (":switch", "copy (here)\nmain\n"),
                (":undo", "took back: ecs.create_cluster(#{ clusterName: \"own\" });\n  09:00:00\n"),
            ],
        );
        shell.submit(":lessons");
        let shown = paper.take();
        assert!(shown.contains("Two `names` (at step 2 of 4)\n") && shown.contains("the `web` (begun)\n"), "{shown}");
        shell.submit("twice(a)");
        assert!(paper.take().starts_with("error: there is no variable `a`"));
        shell.submit("twice(1)");
        assert!(paper.take().starts_with("error: there is no function `twice`"));
    }

    #[test]
    fn a_step_that_is_skipped_is_run_and_its_notices_are_its_own() {
        let (mut shell, paper) = shell();
        shell.submit(":lesson 1");
        assert!(paper.take().contains("─ 1 of 4\n"));
        submit(&mut shell, &paper, &[(":skip", TWO), (":skip", THREE)]);
        shell.submit(":next");
        let shown = paper.take();
        assert!(shown.starts_with("it is 2\nnote: image `unheard-of` is not known here"), "{shown}");
        assert!(shown.ends_with("─ 4 of 4\n\nThe end.\n"), "{shown}");
        submit(
            &mut shell,
            &paper,
            &[
                ("1 + 1", "2\n"),
                ("", "your own lab is back\nExercises to go with it\n  :exercise web  Repair: the `web`\n"),
            ],
        );
    }

    const HOW: &str = "note: type a letter from a to c to predict it, or Enter to just see; until then\n      you may type whatever you like\n";

    #[test]
    fn at_a_question_one_may_type_whatever_one_likes() {
        let (mut shell, paper) = shell();
        submit(
            &mut shell,
            &paper,
            &[
                (":lesson 1", ONE),
                ("", TWO),
                ("", HOW),
                ("ecs.list_clusters().clusterArns.len()", "2\n"),
                ("d", HOW),
                (":udno", "way out: did you mean `:undo`?\n"),
                (":undo", "note: there is nothing to undo\n"),
                (":lesson 1", HOW),
                ("predict(\"Mine?\", [7, 8]); expect(8);", "it is 8\n"),
                ("let d = 4;", ""),
                ("d", "4\n"),
                ("B", THREE),
            ],
        );
        shell.submit("");
        assert!(paper.take().starts_with("it is 2; you said 1\n"));
        submit(&mut shell, &paper, &[(":lesson 1 anew", ONE), ("", TWO), ("", HOW), ("", THREE)]);
        shell.submit("");
        assert!(paper.take().starts_with("it is 2\n"));
    }

    #[test]
    fn a_question_in_a_line_takes_commands_and_can_be_stopped() {
        let (mut shell, paper) = shell();
        let typed = Rc::new(RefCell::new(Vec::new()));
        let next = Rc::clone(&typed);
        shell.ask_through(Box::new(move |_| next.borrow_mut().pop().expect("something is typed")));
        let line = |text: &str| Typed::Line(text.to_owned());
        for (answers, shown) in [
            (vec![line("what?"), line("b")], "or a command such as :leave\nit is 2: you were right\n"),
            (vec![line(":udno"), line("a")], "did you mean `:undo`?\nit is 2; you said 1\n"),
            (vec![line("?quit"), line("")], "  :quit  leaves; so does Ctrl-D\nit is 2\n"),
            (vec![line(":find nonesuch"), line("b")], "\nit is 2: you were right\n"),
            (vec![line(":facts")], "note: nothing has happened since the last line; facts() shows what did before\n"),
        ] {
            typed.replace(answers.into_iter().rev().collect());
            submit(&mut shell, &paper, &[("predict(\"?\", [1, 2]); expect(2);", shown)]);
        }
        typed.replace(vec![Typed::End]);
        assert_eq!(shell.submit("predict(\"?\", [1, 2])"), Next::Leave, "Ctrl-D leaves");
    }

    #[test]
    fn an_exercise_has_a_lab_of_its_own() {
        on_big_stack(|| {
            let (mut shell, paper) = shell();
            let file = std::env::temp_dir().join(format!("longshore-web-{}.rhai", std::process::id()));
            std::fs::write(&file, "ecs.create_cluster(#{ clusterName: \"web\" });").expect("it can be written");
            submit(
                &mut shell,
                &paper,
                &[
                    (":hint", "note: no exercise is open; :exercise NAME opens one, :lessons lists them\n"),
                    (":exercise webb", "error: there is no exercise `webb`; did you mean `web`?\n"),
                ],
            );
            shell.submit(":exercise web");
            assert!(paper.take().starts_with(concat!(
                "Repair: the `web`\n\nMake `web`.\n\n    let x = 1;\n    // TO",
                "DO: make it.\n\nnote: "
            )));
            submit(
                &mut shell,
                &paper,
                &[
                    (":undo", "note: there is nothing to undo\n"),
                    ("ecs.list_clusters().clusterArns.len()", "1\n"),
                    (
                        ":check",
                        "  ✗ There is `web`. (0/1)\n      expected 2, and it is 1\n      → make it\nNot yet: 0 of 1 points.\n",
                    ),
                    (":hint", "hint 1: A nudge.\n"),
                    (":hint", "hint 2: There are 1.\n"),
                    (&format!(":check {}", file.display()), "Passed: 1 of 1 points.\n"),
                    (
                        ":check /nowhere.rhai",
                        "error: cannot read /nowhere.rhai: No such file or directory (os error 2)\n",
                    ),
                    ("ecs.create_cluster(#{ clusterName: \"web\" });", ""),
                    (":check", "Passed: 1 of 1 points.\n"),
                    (":hint", "hint 1: A nudge.\n"),
                    (":leave", "note: you left \"the web\"; your own lab is back, and :exercise web goes on there\n"),
                    ("ecs.list_clusters().clusterArns.len()", "0\n"),
                    (":leave", "note: neither a lesson nor an exercise is open\n"),
                ],
            );
            std::fs::remove_file(file).expect("it was written");
        });
    }

    #[test]
    fn what_is_saved_in_an_exercise_comes_back_with_its_variables() {
        on_big_stack(|| {
            let (mut shell, paper) = shell();
            let file = std::env::temp_dir().join(format!("longshore-exercise-{}.lab", std::process::id()));
            for line in [":exercise web", "let x = 5;", "ecs.create_cluster(#{ clusterName: `n${x}` });"] {
                shell.submit(line);
            }
            shell.submit(&format!(":save {}", file.display()));
            assert!(paper.take().ends_with(".lab\n"));
            submit(
                &mut shell,
                &paper,
                &[
                    (":leave", "goes on there\n"),
                    (&format!(":load {}", file.display()), "variables and\nfunctions\n  09:00:00\n"),
                    ("x + ecs.list_clusters().clusterArns.len()", "7\n"),
                    (":undo", "took back: ecs.create_cluster(#{ clusterName: `n${x}` });\n  09:00:00\n"),
                    (":undo", "note: there is nothing to undo\n"),
                ],
            );
            std::fs::remove_file(file).expect("it was written");
        });
    }
}
