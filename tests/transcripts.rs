//! Transcripts: what somebody types at the prompt and what the screen then shows, word for word.
//!
//! Each file in `tests/transcripts` is a list of lines; an indented line goes on with the one before. The whole screen is
//! the snapshot: 100 columns, no colours, the usual seed.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use longshore::course::Catalogue;
use longshore::repl::screen::Screen;
use longshore::repl::shell::Shell;
use longshore::repl::{self};
use longshore::script::on_big_stack;
use longshore::session::Session;
use longshore::view::Look;
use longshore::view::paint::Paint;

const LOOK: Look = Look { paint: Paint::Plain, width: 100, most: 50, fold: true };

/// A screen that can be read back.
#[derive(Clone, Default)]
struct Paper(Rc<RefCell<Vec<u8>>>);

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn transcript(typed: &str) -> String {
    let paper = Paper::default();
    let screen = Screen::new(Box::new(paper.clone()), LOOK);
    let course = Catalogue::embedded().unwrap();
    let mut shell = Shell::new(repl::interpreter_for(Session::new(42), &screen), course, screen.clone());
    for line in inputs(typed) {
        screen.line(&format!("longshore[{}]> {line}", shell.number()));
        shell.submit(&line);
    }
    String::from_utf8(paper.0.take()).unwrap()
}

/// The lines of a file; an indented one goes on with the one before.
fn inputs(typed: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in typed.lines().filter(|line| !line.trim().is_empty() && !line.starts_with("//")) {
        match lines.last_mut().filter(|_| line.starts_with([' ', '}', ')', ']'])) {
            Some(last) => *last += &format!("\n{line}"),
            None => lines.push(line.to_owned()),
        }
    }
    lines
}

#[test]
fn the_screen_shows_what_it_showed() {
    insta::glob!("transcripts/*.rhai", |path| {
        let typed = std::fs::read_to_string(path).unwrap();
        insta::assert_snapshot!(on_big_stack(|| transcript(&typed)));
    });
}

/// The transcript in the README is what the screen shows.
#[test]
fn the_readme_tells_the_truth() {
    let readme = include_str!("../README.md");
    let start = readme.find("longshore[1]> ").unwrap();
    let shown = &readme[start..start + readme[start..].find("```").unwrap()];
    let typed: String = shown
        .lines()
        .filter(|line| line.starts_with("longshore["))
        .map(|line| format!("{}\n", line.split_once("]> ").unwrap().1))
        .collect();
    assert_eq!(on_big_stack(|| transcript(&typed)), shown);
}
