//! The commands that keep something beside the lab: files, transcripts, forks.

use std::path::Path;

use super::forks::Compared;
use super::shell::Shell;
use crate::model::time::Millis;
use crate::session::{Limits, file as files};
use crate::view;
use crate::view::facts;

impl Shell {
    pub(super) fn save(&self, path: &Path) {
        let saved = self.interpreter.borrow().save(path);
        if let Ok(false) = saved {
            let note = "the lab is in it, but its variables and functions are not: a line was interrupted or stopped, or they \
                        come from another lab";
            self.screen.say(&view::trouble::note(note, self.screen.look()));
        }
        self.tell(saved.map(|_| format!("saved to {}", path.display())));
    }

    pub(super) fn load(&mut self, path: &Path) {
        let here = self.interpreter.borrow().bench();
        let here = Some(here).filter(|bench| !bench.is_untouched());
        if let (Some(_), Err(sentence)) = (&here, self.forks.check_room()) {
            return self.tell(Err(sentence));
        }
        let loaded = self.interpreter.borrow_mut().load(path, Limits::default());
        match loaded {
            Ok(whole) => {
                let lines = self.interpreter.borrow().session().journal().lines().len();
                self.facts = 0..0;
                let lines = if lines == 1 { "1 line".to_owned() } else { format!("{lines} lines") };
                let also = if whole { ", with its variables and functions" } else { "" };
                let loaded = format!("loaded {}: {lines}{also}", path.display());
                self.screen.say(&view::lesson::said(&loaded, self.screen.look()));
                if !whole {
                    let note = "the lab is back, but variables and functions are not: set them again";
                    self.screen.say(&view::trouble::note(note, self.screen.look()));
                }
                if let Some(here) = here {
                    let was = self.forks.current().to_owned();
                    let name = path.file_stem().map_or("loaded".into(), |stem| stem.to_string_lossy());
                    let name = self.forks.came(&name, here);
                    self.note(&format!(
                        "you are in `{name}`; the lab that you come from stays: :switch {was} goes back"
                    ));
                }
                self.say_now();
            }
            Err(sentence) => self.tell(Err(sentence)),
        }
    }

    /// Keeps a transcript in a file from now on, at its end if there is one already; ends it without a file.
    pub(super) fn transcript(&self, path: Option<&Path>) {
        let Some(path) = path else {
            self.screen.set_transcript(None);
            return self.tell(Ok("no transcript is kept any more".to_owned()));
        };
        match files::append(path) {
            Ok(file) => {
                self.tell(Ok(format!("a transcript is kept in {}", path.display())));
                self.screen.set_transcript(Some(file));
            }
            Err(error) => self.tell(Err(format!("cannot write {}: {error}", path.display()))),
        }
    }

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

    fn say_now(&self) {
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
