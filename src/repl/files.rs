//! The commands that read and write files: saved labs, and transcripts.

use std::path::Path;

use super::paste;
use super::shell::Shell;
use crate::session::{Limits, file as files};
use crate::view;

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
                let lines = view::count(lines, "line");
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

    /// Keeps a transcript in a file from now on, at its end if it is one already; ends it without a file.
    pub(super) fn transcript(&self, path: Option<&Path>) {
        let Some(path) = path else {
            self.screen.set_transcript(None);
            return self.tell(Ok("no transcript is kept any more".to_owned()));
        };
        let is_other = |first: String| !first.is_empty() && !paste::is_prompted(first.trim_end());
        if files::first_line(path).is_ok_and(is_other) {
            let no = format!("{} is there already, and is no transcript: choose another name", path.display());
            return self.tell(Err(no));
        }
        match files::append(path) {
            Ok(file) => {
                self.tell(Ok(format!("a transcript is kept in {}", path.display())));
                self.screen.set_transcript(Some(file));
            }
            Err(error) => self.tell(Err(format!("cannot write {}: {error}", path.display()))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{shell, unfolded};
    use crate::course::Catalogue;

    #[test]
    fn variables_and_functions_come_back_from_a_file() {
        let (mut shell, paper) = shell(Catalogue::default());
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
        let (mut shell, paper) = shell(Catalogue::default());
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

    /// What a step of a lesson did is not undone, in a file neither.
    #[test]
    fn a_saved_lesson_keeps_its_steps() {
        let (mut shell, paper) = shell(Catalogue::embedded().expect("a test proves it"));
        let path = std::env::temp_dir().join(format!("longshore-test-{}-step.lab", std::process::id()));
        for line in [":lesson 1", "", "", ":undo"] {
            paper.take();
            shell.submit(line);
        }
        let nothing = paper.take();
        assert!(nothing.contains("nothing to undo"), "{nothing}");
        for line in [format!(":save {}", path.display()), format!(":load {}", path.display()), ":undo".to_owned()] {
            paper.take();
            shell.submit(&line);
        }
        assert_eq!(paper.take(), nothing);
        std::fs::remove_file(path).expect("it was written");
    }

    #[test]
    fn only_a_saved_lab_is_written_over() {
        let (mut shell, paper) = shell(Catalogue::default());
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
    fn a_transcript_keeps_what_was_typed_and_shown() {
        let (mut shell, paper) = shell(Catalogue::default());
        let path = std::env::temp_dir().join(format!("longshore-test-{}.txt", std::process::id()));
        shell.submit("1");
        shell.submit(&format!(":transcript {}", path.display()));
        shell.submit("#{ a: 1 }");
        shell.submit("fn f() {\n  2\n}");
        shell.submit(":transcript");
        shell.submit("3");
        let kept = std::fs::read_to_string(&path).expect("it was written");
        assert_eq!(kept, "longshore[3]> #{ a: 1 }\na: 1\nlongshore[4]> fn f() {\n  2\n}\nlongshore[5]> :transcript\n");
        // It goes on there; what is no transcript is left alone.
        shell.submit(&format!(":transcript {}", path.display()));
        shell.submit(":transcript");
        assert!(std::fs::read_to_string(&path).expect("it is there").starts_with(&kept));
        std::fs::write(&path, "let a = [1]; a[0]> 3\n").expect("it can be written");
        paper.take();
        shell.submit(&format!(":transcript {}", path.display()));
        assert!(unfolded(&paper.take()).ends_with("is there already, and is no transcript: choose another name"));
        shell.submit("4");
        assert_eq!(std::fs::read_to_string(&path).expect("it is there"), "let a = [1]; a[0]> 3\n");
        std::fs::remove_file(path).expect("it was written");
    }
}
