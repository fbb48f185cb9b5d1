//! Lessons and exercises at the prompt: each in a lab of its own, and the way back to the learner's own labs.

use std::path::Path;

use super::exercise::Practice;
use super::forks::Forks;
use super::lesson::{Class, Turn};
use super::screen::Screen;
use super::shell::{Next, Shell};
use crate::course::{Exercise, Lesson};
use crate::grade;
use crate::script::{Bench, Interpreter};
use crate::session::Session;
use crate::view;
use crate::view::help::{self, Item};

/// A title in quotes, which need none around the code in it.
fn quoted(title: &str) -> String {
    format!("\"{}\"", title.replace('`', ""))
}

fn left(title: &str) -> String {
    format!("you left {}; your own lab is back", quoted(title))
}

/// A lab beside the learner's own, and what it is for.
pub(super) struct Room {
    work: Work,
    /// What to go back to.
    own: Bench,
    forks: Forks,
}

enum Work {
    Lesson(Class),
    Exercise(Practice),
}

impl Room {
    /// Where in a lesson one is: what it is called, and how many steps lie behind.
    pub(super) fn step(&self) -> Option<(String, usize)> {
        match &self.work {
            Work::Lesson(class) => Some((class.lesson().folder(), class.done())),
            Work::Exercise(_) => None,
        }
    }
}

impl Shell {
    pub(super) fn lessons(&self) {
        let look = self.screen.look();
        self.screen.say(&view::lesson::catalogue(&self.course, look));
        if let Some(exercise) = self.course.exercises.first() {
            let note = format!(
                ":lesson 1 begins the first lesson, :exercise {} an exercise",
                self.course.short_name(exercise)
            );
            self.screen.say(&view::trouble::note(&note, look));
        }
    }

    pub(super) fn lesson(&mut self, name: &str) {
        let Some(lesson) = self.course.lesson(name).cloned() else {
            return self.tell(Err(format!("there is no lesson `{name}`; :lessons lists them")));
        };
        let lab = Session::new(self.own_seed());
        self.enter(lab, |screen| Work::Lesson(Class::begin(lesson, screen)));
    }

    pub(super) fn exercise(&mut self, name: &str) {
        let prepared = self.course.exercise_at(name).and_then(|exercise| {
            let lab = grade::set_up(&exercise, Session::new(self.own_seed()))?;
            Ok((exercise, lab))
        });
        match prepared {
            Ok((exercise, lab)) => self.enter(lab, |screen| Work::Exercise(Practice::begin(exercise, screen))),
            Err(sentence) => self.tell(Err(sentence)),
        }
    }

    /// The seed of the learner's own lab.
    fn own_seed(&self) -> u64 {
        match &self.room {
            Some(room) => room.own.session().world().seed,
            None => self.interpreter.borrow().session().world().seed,
        }
    }

    /// Goes into another lab. The one that is left for it, with its variables, functions and forks, stays as it is.
    fn enter(&mut self, lab: Session, begin: impl FnOnce(&Screen) -> Work) {
        if self.room.is_some() {
            self.leave();
        }
        let own = self.interpreter.borrow().bench();
        self.interpreter.borrow_mut().replace_bench(Bench::new(lab));
        self.interpreter.borrow_mut().settle();
        let forks = std::mem::take(&mut self.forks);
        self.facts = 0..0;
        self.room = Some(Room { work: begin(&self.screen), own, forks });
    }

    pub(super) fn leave(&mut self) {
        let Some(Room { work, own, forks, .. }) = self.room.take() else {
            return self.note("neither a lesson nor an exercise is open");
        };
        self.interpreter.borrow_mut().replace_bench(own);
        self.forks = forks;
        self.facts = 0..0;
        match work {
            Work::Lesson(class) if class.finished() => {
                self.note(&format!("the end of {}; your own lab is back", quoted(&class.lesson().title)));
                self.offer_exercises(class.lesson());
            }
            Work::Lesson(class) => self.note(&left(&class.lesson().title)),
            Work::Exercise(practice) => self.note(&left(&practice.exercise().title)),
        }
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
        let Some(Room { work: Work::Lesson(class), .. }) = &mut self.room else {
            return self.note("no lesson is being played; :lessons lists them");
        };
        let facts = self.interpreter.borrow().session().history().len();
        let turn = turn(class, &mut self.interpreter.borrow_mut(), &self.screen);
        let finished = class.finished();
        self.settle_step(facts);
        if finished {
            self.leave();
        } else if turn == Turn::Stopped {
            self.stopped = self.room.as_ref().and_then(Room::step);
        }
    }

    /// What a step did is the lesson's: `:undo` takes back what was typed after it, and `:facts` shows what it did.
    fn settle_step(&mut self, facts: usize) {
        self.interpreter.borrow_mut().settle();
        let interpreter = self.interpreter.borrow();
        let session = interpreter.session();
        if session.history().len() > facts {
            self.facts = facts..session.history().len();
        }
    }

    pub(super) fn check(&mut self, file: Option<&Path>) {
        self.practise(|practice, lab, screen| practice.check(file, lab, screen));
    }

    pub(super) fn hint(&mut self) {
        self.practise(Practice::hint);
    }

    /// Does something with the exercise that is open.
    fn practise(&mut self, work: impl FnOnce(&mut Practice, &Session, &Screen) -> Result<(), String>) {
        let Some(Room { work: Work::Exercise(practice), .. }) = &mut self.room else {
            return self.note("no exercise is open; :exercise NAME opens one, :lessons lists them");
        };
        let done = work(practice, &self.interpreter.borrow().session(), &self.screen);
        if let Err(sentence) = done {
            self.tell(Err(sentence));
        }
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
        if stopped.is_some() && stopped == self.room.as_ref().and_then(Room::step) {
            self.note("the step is stopped, and what it did is taken back; Enter runs it again");
        }
        Next::Read
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::rc::Rc;
    use std::sync::Arc;

    use super::super::question::Typed;
    use super::super::screen::testing::Paper;
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
        let paper = Paper::default();
        let interpreter = super::super::interpreter(Session::new(42), Arc::default(), &paper.screen());
        (Shell::new(Rc::new(RefCell::new(interpreter)), course, paper.screen()), paper)
    }

    /// Submits each line and compares the end of what is shown.
    #[track_caller]
    fn submit(shell: &mut Shell, paper: &Paper, rows: &[(&str, &str)]) {
        for (line, shown) in rows {
            shell.submit(line);
            let all = paper.take();
            assert!(all.ends_with(shown) && shown.is_empty() == all.is_empty(), "{line}\n{all}");
        }
    }

    const ONE: &str = "    say(\"made\");\n";
    const TWO: &str = "    predict(\"How many?\", [0, 1, 2]);\n";
    const THREE: &str = "    ecs.run_task(#{ cluster: \"prod\", taskDefinition: \"f\", launchType:\n        \"FARGATE\", networkConfiguration: network });\n";

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
                (":leave", "note: you left \"Two names\"; your own lab is back\n"),
                ("mine + own()", "11\n"),
                (":switch", "copy (here)\nmain\n"),
                (":undo", "took back: ecs.create_cluster(#{ clusterName: \"own\" });\n  09:00:00\n"),
            ],
        );
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

    #[test]
    fn a_question_takes_commands_and_can_be_stopped() {
        let (mut shell, paper) = shell();
        let typed = Rc::new(RefCell::new(Vec::new()));
        let next = Rc::clone(&typed);
        shell.ask_through(Box::new(move |_| next.borrow_mut().pop().expect("something is typed")));
        let line = |text: &str| Typed::Line(text.to_owned());
        submit(&mut shell, &paper, &[(":lesson 1", ONE), ("", TWO)]);
        let again = "note: the step is stopped, and what it did is taken back; Enter runs it again\n";
        for (answers, shown) in [
            (vec![Typed::Interrupted], format!("  c  2\n\n{again}")),
            (
                vec![line("what?"), Typed::Interrupted],
                format!("note: type a letter from a to c, or a command such as :leave\n\n{again}"),
            ),
            (vec![line(":udno"), Typed::Interrupted], format!("way out: did you mean `:undo`?\n\n{again}")),
            (
                vec![line("?:skip"), Typed::Interrupted],
                format!("  :skip  goes on in the lesson without showing the step; it is run all the same\n\n{again}"),
            ),
            (vec![line(":facts")], format!("09:00:00  you called ecs.create_cluster\n{again}")),
            (
                vec![line(":next"), line(":find nonesuch"), Typed::Interrupted],
                format!("nonesuch`\n:help shows everything\n\n{again}"),
            ),
            (vec![line("B")], THREE.to_owned()),
        ] {
            typed.replace(answers.into_iter().rev().collect());
            submit(&mut shell, &paper, &[("", &shown)]);
        }
        submit(&mut shell, &paper, &[("ecs.list_clusters().clusterArns.len()", "2\n"), (":lesson 1", ONE), ("", TWO)]);
        typed.replace(vec![line(":leave")]);
        submit(&mut shell, &paper, &[("", "note: you left \"Two names\"; your own lab is back\n")]);
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
                    (":leave", "note: you left \"the web\"; your own lab is back\n"),
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
                    (":leave", "your own lab is back\n"),
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
