//! `longshore course`: what those need who write lessons and exercises.
//!
//! ```text
//! longshore course check [--course DIR] [WORDS]…
//! ```

use std::process::ExitCode;

use crate::course::Catalogue;
use crate::grade::lint;
use crate::repl::screen::Screen;
use crate::view;

/// The exit code where something is wrong with the course.
const WRONG: u8 = 1;
/// The exit code where the course cannot be read.
const UNREADABLE: u8 = 2;

#[derive(clap::Subcommand)]
pub(super) enum Course {
    /// Prove that lessons run and exercises can be trusted: exits 0 proved, 1 something is wrong, 2 cannot be read
    Check {
        /// Only what has one of these words in its name
        words: Vec<String>,
    },
}

impl Course {
    pub(super) fn run(&self, course: Result<Catalogue, String>, out: &Screen, err: &Screen) -> ExitCode {
        let Course::Check { words } = self;
        match course.and_then(|course| check(&course, words, out)) {
            Ok(true) => ExitCode::SUCCESS,
            Ok(false) => ExitCode::from(WRONG),
            Err(sentence) => {
                err.say(&view::trouble::error(&sentence, err.look()));
                ExitCode::from(UNREADABLE)
            }
        }
    }
}

/// Proves what is wanted, and says so one by one. Gives back whether nothing is wrong.
fn check(course: &Catalogue, words: &[String], out: &Screen) -> Result<bool, String> {
    let wanted = |name: &str| words.is_empty() || words.iter().any(|word| name.contains(word.as_str()));
    let (mut proved, mut wrong) = (0, 0);
    for proof in lint::course(course, wanted) {
        out.say(&view::lesson::proof(&proof, out.look()));
        if proof.holds() {
            proved += 1;
        } else {
            wrong += 1;
        }
    }
    if proved + wrong == 0 {
        return Err(format!(
            "nothing has `{}` in its name; `longshore lessons` lists everything",
            words.join("` or `")
        ));
    }
    out.say(&view::lesson::proved(proved, wrong, out.look()));
    Ok(wrong == 0)
}
