//! A prompt without a terminal, for tests: what is submitted, and what is shown.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use super::screen::testing::Paper;
use super::shell::Shell;
use crate::course::Catalogue;
use crate::session::Session;

/// A shell with a course, and what it writes to.
pub(super) fn shell(course: Catalogue) -> (Shell, Paper) {
    let paper = Paper::default();
    let interpreter = super::interpreter(Session::new(42), Arc::default(), &paper.screen());
    (Shell::new(Rc::new(RefCell::new(interpreter)), course, paper.screen()), paper)
}

/// Submits each line and compares the end of what is shown.
#[track_caller]
pub(super) fn submit(shell: &mut Shell, paper: &Paper, rows: &[(&str, &str)]) {
    for (line, shown) in rows {
        shell.submit(line);
        let all = paper.take();
        assert!(all.ends_with(shown) && shown.is_empty() == all.is_empty(), "{line}\n{all}");
    }
}

/// Sentences as they were before they were folded.
pub(super) fn unfolded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
