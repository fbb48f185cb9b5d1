//! How far a grading is, on one line of the terminal that writes over itself: how many, how fast, how long still.

use std::io::Write;
use std::time::{Duration, Instant};

use crate::grade::class::Progress;

/// How often the line is written at most.
const EVERY: Duration = Duration::from_millis(100);

/// The line. Where `out` is no terminal, nothing is written.
pub(super) struct Meter<W: Write> {
    out: Option<W>,
    begun: Instant,
    shown: Option<Instant>,
    /// Columns of the terminal.
    columns: usize,
    /// Columns of what was written last.
    width: usize,
}

impl<W: Write> Meter<W> {
    pub(super) fn new(out: Option<W>, columns: usize) -> Meter<W> {
        Meter { out, begun: Instant::now(), shown: None, columns, width: 0 }
    }

    pub(super) fn show(&mut self, progress: Progress) {
        let now = Instant::now();
        if self.shown.is_some_and(|last| now - last < EVERY) && progress.done < progress.total {
            return;
        }
        self.shown = Some(now);
        self.write(&line(progress, now - self.begun, self.columns));
    }

    /// Takes the line away.
    pub(super) fn clear(&mut self) {
        self.write("");
        self.write("");
    }

    fn write(&mut self, text: &str) {
        if let Some(out) = &mut self.out {
            // A terminal that is gone is no reason not to grade.
            let _ = write!(out, "\r{text:<width$}", width = self.width).and_then(|()| out.flush());
            self.width = text.chars().count();
        }
    }
}

/// As much as stands before the last column: a line that goes on in the next row cannot be written over.
fn line(progress: Progress, elapsed: Duration, columns: usize) -> String {
    let Progress { done, resumed, total } = progress;
    let graded = done - resumed;
    let millis = elapsed.as_millis().max(1);
    let mut parts = vec![format!("{done} of {total} graded")];
    if resumed > 0 {
        parts.push(format!(" ({resumed} before)"));
    }
    if graded > 0 {
        let rate = graded as u128 * 10_000 / millis;
        parts.push(format!(", {}.{} a second", rate / 10, rate % 10));
        let left = (total - done) as u128 * millis / graded as u128 / 1000;
        parts.push(format!(", {} left", humantime::format_duration(Duration::from_secs(left as u64))));
    }
    let mut text = String::new();
    for part in parts {
        if text.len() + part.len() >= columns {
            break;
        }
        text.push_str(&part);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rate_and_time_left() {
        for (done, resumed, total, seconds, columns, text) in [
            (0, 0, 400, 0, 80, "0 of 400 graded"),
            (100, 0, 400, 2, 80, "100 of 400 graded, 50.0 a second, 6s left"),
            (60, 50, 400, 4, 80, "60 of 400 graded (50 before), 2.5 a second, 2m 16s left"),
            (60, 50, 400, 4, 55, "60 of 400 graded (50 before), 2.5 a second"),
            (60, 50, 400, 4, 30, "60 of 400 graded (50 before)"),
            (60, 50, 400, 4, 5, ""),
            (400, 0, 400, 3, 80, "400 of 400 graded, 133.3 a second, 0s left"),
        ] {
            assert_eq!(line(Progress { done, resumed, total }, Duration::from_secs(seconds), columns), text);
        }
    }

    #[test]
    fn the_line_is_written_over() {
        let mut out = Vec::new();
        let mut meter = Meter::new(Some(&mut out), 80);
        meter.show(Progress { done: 0, resumed: 0, total: 1 });
        meter.clear();
        assert_eq!(String::from_utf8(out).unwrap(), format!("\r0 of 1 graded\r{}\r", " ".repeat(13)));
    }
}
