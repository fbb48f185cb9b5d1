//! What a worker process does: it reads an assignment, then submissions, and answers each with its record.
//!
//! It keeps the exercise ready between submissions and nothing else. A panic is caught and becomes the grader's fault
//! in that one record; what cannot be caught (no memory, no stack, no time) ends the process, and the parent notices.

use std::io::{self, BufRead, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::assignment::{Assignment, Job, Reply, WorkerLimits, to_line};
use crate::grade::{Grader, Record};
use crate::script::on_big_stack;

/// Answers until the input ends. `restrain` is called before each submission: it asks the operating system for limits.
///
/// # Errors
/// What is wrong with the streams.
pub fn work(
    input: impl BufRead + Send,
    output: impl Write + Send,
    restrain: impl Fn(&WorkerLimits) -> Result<(), String> + Send,
) -> io::Result<()> {
    on_big_stack(|| serve(input, output, restrain))
}

fn serve(
    mut input: impl BufRead,
    mut output: impl Write,
    restrain: impl Fn(&WorkerLimits) -> Result<(), String>,
) -> io::Result<()> {
    let mut line = String::new();
    input.read_line(&mut line)?;
    let assignment: Assignment = serde_json::from_str(&line)?;
    let exercise = assignment.exercise();
    let ready = restrain(&assignment.limits).and_then(|()| Grader::new(&exercise));
    let mut grader = match ready {
        Ok(grader) => grader,
        Err(sentence) => return answer(&mut output, &Reply::Broken(sentence)),
    };
    answer(&mut output, &Reply::Ready)?;
    for line in input.lines() {
        let Job { number, submission } = serde_json::from_str(&line?)?;
        if let Err(sentence) = restrain(&assignment.limits) {
            return answer(&mut output, &Reply::Broken(sentence));
        }
        let graded = catch_unwind(AssertUnwindSafe(|| {
            grader.grade_with_replays(&submission, assignment.seed, &assignment.hidden)
        }));
        let record = match graded {
            Ok(record) => record,
            Err(_) => {
                // A panic may have left the grader in the middle of something.
                grader = Grader::new(&exercise).map_err(io::Error::other)?;
                Record::fault(&exercise, assignment.seed, "longshore itself failed on this submission".to_owned())
            }
        };
        answer(&mut output, &Reply::Graded { number, record: Box::new(record) })?;
    }
    Ok(())
}

fn answer(output: &mut impl Write, reply: &Reply) -> io::Result<()> {
    output.write_all(to_line(reply).as_bytes())?;
    output.flush()
}
