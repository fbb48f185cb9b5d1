//! Forks: several labs side by side, each with its own variables, under names.

use std::collections::BTreeMap;

use super::shell::Shell;
use crate::model::meant;
use crate::script::{Bench, Interpreter};
use crate::session::compare::{Difference, compare};
use crate::view;

/// The name of the lab that one begins in.
const FIRST: &str = "main";
/// Labs that are kept side by side at most: each is a whole world.
const MOST: usize = 20;

/// The labs that are there beside the one that the interpreter works in.
pub(super) struct Forks {
    current: String,
    /// The lab that one was in before: forked from, or switched from.
    before: Option<String>,
    others: BTreeMap<String, Bench>,
}

/// What came of comparing.
pub(super) struct Compared {
    /// What the first is called.
    pub(super) first: String,
    /// What the second is called.
    pub(super) second: String,
    /// What differs.
    pub(super) differences: Vec<Difference>,
    /// Something to know about what was compared.
    pub(super) note: Option<String>,
}

impl Default for Forks {
    fn default() -> Forks {
        Forks { current: FIRST.to_owned(), before: None, others: BTreeMap::new() }
    }
}

impl Forks {
    /// The name of the lab one is in.
    pub(super) fn current(&self) -> &str {
        &self.current
    }

    /// The name of the lab one is in, if it is not the first one.
    pub(super) fn fork_name(&self) -> Option<&str> {
        Some(self.current()).filter(|name| *name != FIRST)
    }

    /// The names of all labs.
    pub(super) fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.others.keys().map(String::as_str).chain([self.current()]).collect();
        names.sort_unstable();
        names
    }

    /// Goes on in a copy of the lab, under a new name. The lab as it was stays under its own.
    pub(super) fn fork(&mut self, name: &str, interpreter: &Interpreter) -> Result<(), String> {
        if self.names().contains(&name) {
            return Err(format!("there is a lab `{name}` already; :switch {name} goes there"));
        }
        self.check_room()?;
        self.put_beside(name.to_owned(), interpreter.bench());
        Ok(())
    }

    /// Refuses another lab where there are too many.
    pub(super) fn check_room(&self) -> Result<(), String> {
        match self.names().len() >= MOST {
            true => Err(format!("at most {MOST} labs are kept side by side; :save keeps one in a file")),
            false => Ok(()),
        }
    }

    /// Another lab has come in the place of this one, which stays under its name. Returns what the other is called:
    /// this, or this with a number.
    pub(super) fn came(&mut self, name: &str, instead_of: Bench) -> String {
        let numbered = (2..).map(|number| format!("{name}-{number}"));
        let mut names = std::iter::once(name.to_owned()).chain(numbered);
        let name = names.find(|name| !self.names().contains(&name.as_str())).unwrap_or_default();
        self.put_beside(name.clone(), instead_of);
        name
    }

    fn put_beside(&mut self, name: String, bench: Bench) {
        let was = std::mem::replace(&mut self.current, name);
        self.before = Some(was.clone());
        self.others.insert(was, bench);
    }

    /// Goes on in another lab.
    pub(super) fn switch(&mut self, name: &str, interpreter: &mut Interpreter) -> Result<(), String> {
        if name == self.current {
            return Err(format!("you are in `{name}`"));
        }
        let bench = self.others.remove(name).ok_or_else(|| self.unknown(name))?;
        self.put_beside(name.to_owned(), interpreter.bench());
        interpreter.replace_bench(bench);
        Ok(())
    }

    /// What differs between another lab and this one, or between so many lines ago and now.
    /// Without a name it is the lab that one comes from, and where there is none, one line ago.
    pub(super) fn compare(&self, with: &str, interpreter: &Interpreter) -> Result<Compared, String> {
        let session = interpreter.session();
        let with = match (with, &self.before) {
            ("", Some(before)) => before,
            ("", None) => "1",
            (with, _) => with,
        };
        if let Some(bench) = self.others.get(with) {
            let differences = compare(bench.session().world(), session.world());
            return Ok(Compared { first: with.to_owned(), second: self.current.clone(), differences, note: None });
        }
        if with == self.current {
            let others: Vec<&str> = self.others.keys().map(|name| &**name).collect();
            let way_out = match others.as_slice() {
                [] => "fork it first: :fork NAME".to_owned(),
                others => format!("compare it with another: {}", others.join(", ")),
            };
            return Err(format!("you are in `{with}`; {way_out}"));
        }
        let lines: usize = with.parse().map_err(|_| self.unknown(with))?;
        let made = session.journal().lines().len();
        if lines == 0 {
            return Err("0 lines ago is now; :compare 1 goes back by one line".to_owned());
        }
        let mut earlier = session.clone();
        for _ in 0..lines.min(made) {
            earlier.undo();
        }
        let ago = |lines: usize| if lines == 1 { "1 line".to_owned() } else { format!("{lines} lines") };
        let note =
            (lines > made).then(|| format!("only {} changed the lab so far: compared with its beginning", ago(made)));
        let first = if lines > made { "the beginning".to_owned() } else { format!("{} ago", ago(lines)) };
        let differences = compare(earlier.world(), session.world());
        Ok(Compared { first, second: "now".to_owned(), differences, note })
    }

    fn unknown(&self, name: &str) -> String {
        format!("there is no lab `{name}`; {}", meant::one_of(name, self.names(), "there are"))
    }
}

impl Shell {
    /// The names of the labs beside this one.
    pub(super) fn other_labs(&self) -> Vec<String> {
        let here = self.forks.current();
        self.forks.names().into_iter().filter(|name| *name != here).map(str::to_owned).collect()
    }

    pub(super) fn fork(&mut self, name: &str) {
        let was = self.forks.current().to_owned();
        let forked = self.forks.fork(name, &self.interpreter.borrow());
        self.tell(
            forked.map(|()| format!("you are in `{name}`, a copy; :switch {was} goes back, :compare tells them apart")),
        );
    }

    pub(super) fn switch(&mut self, name: Option<&str>) {
        let Some(name) = name else {
            let mark =
                |name: &str| if name == self.forks.current() { format!("{name} (here)") } else { name.to_owned() };
            let names: Vec<String> = self.forks.names().into_iter().map(mark).collect();
            return self.tell(Ok(names.join("\n")));
        };
        let switched = self.forks.switch(name, &mut self.interpreter.borrow_mut());
        let there = switched.is_ok();
        self.tell(switched.map(|()| format!("you are in `{name}` now")));
        if there {
            self.facts = 0..0;
            self.say_now();
        }
    }

    pub(super) fn compare(&self, with: &str) {
        let compared = self.forks.compare(with, &self.interpreter.borrow());
        if let Ok(Compared { note: Some(note), .. }) = &compared {
            self.screen.say(&view::trouble::note(note, self.screen.look()));
        }
        self.tell(compared.map(|Compared { first, second, differences, .. }| {
            if differences.is_empty() {
                return format!("nothing differs between {first} and {second}");
            }
            let rows = differences.into_iter().map(|found| (found.what, [found.first, found.second]));
            view::compare::compared([&first, &second], &rows.collect::<Vec<_>>(), self.screen.look())
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::shell;
    use crate::course::Catalogue;

    #[test]
    fn comparing_says_how_far_it_can_go_back() {
        let (mut shell, paper) = shell(Catalogue::default());
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
    fn labs_stand_side_by_side() {
        let (mut shell, paper) = shell(Catalogue::default());
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
}
