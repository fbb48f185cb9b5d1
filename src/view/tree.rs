//! What `why` answers, as a tree: the subject, and beneath it each chain of causes.

use serde_json::Value;

use super::Look;
use super::facts::{self, Line};
use super::paint::Role;
use super::text::{clocks, hang, width, wrap};

/// The lines of an explanation: a map with `subject` and `chains`.
pub(super) fn explanation(value: &Value, look: Look) -> Option<Vec<String>> {
    let map = value.as_object().filter(|map| map.len() == 2)?;
    let subject = map.get("subject")?.as_str()?;
    let chains: Vec<(&str, Vec<Line>)> = map.get("chains")?.as_array()?.iter().map(chain).collect::<Option<_>>()?;
    let mut lines: Vec<String> = wrap(subject, look.room()).iter().map(|line| look.paint.states(line)).collect();
    let count = chains.len();
    for (index, (about, steps)) in chains.iter().enumerate() {
        let (fork, side) = if index + 1 == count { ("└─ ", "   ") } else { ("├─ ", "│  ") };
        let (fork, side) = (look.paint.on(Role::Dim, fork), look.paint.on(Role::Dim, side));
        lines.push(format!("{fork}{}", look.paint.on(Role::Strong, about)));
        for step in causes(steps, look.narrower(3)) {
            lines.extend(step.lines().map(|line| format!("{side}{line}")));
        }
    }
    Some(lines)
}

fn chain(value: &Value) -> Option<(&str, Vec<Line>)> {
    let map = value.as_object().filter(|map| map.len() == 2)?;
    let steps = map.get("steps")?.as_array()?.iter().map(facts::fact).collect::<Option<_>>()?;
    Some((map.get("about")?.as_str()?, steps))
}

/// From the effect back to the first cause, each step after the first introduced by `because`.
fn causes(steps: &[Line], look: Look) -> Vec<String> {
    let clocks = clocks(steps.iter().map(|step| step.at.as_str()));
    let mut lines = Vec::new();
    for (index, (step, clock)) in steps.iter().zip(clocks).enumerate() {
        let because = if index == 0 { "" } else { "because " };
        let head = format!("{}  {}", look.paint.on(Role::Dim, &clock), look.paint.on(Role::Dim, because));
        let room = width(&clock) + 2 + width(because);
        lines.push(look.paint.states(&hang(&head, room, &step.what, look.room())));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::super::testing::plain;
    use serde_json::json;

    #[test]
    fn an_explanation_is_a_tree() {
        let step = |second: u32, what: &str| json!({ "at": format!("2026-01-05T09:00:{second:02}Z"), "what": what });
        let value = json!({
            "subject": "task 1a2b3c4d is STOPPED",
            "chains": [
                { "about": "it stops because", "steps": [step(30, "container web exited"), step(10, "it ran")] },
                { "about": "it was started because", "steps": [step(0, "you called ecs.run_task with many words")] },
            ],
        });
        let expected = "\
task 1a2b3c4d is STOPPED
├─ it stops because
│  09:00:30  container web exited
│  09:00:10  because it ran
└─ it was started because
   09:00:00  you called ecs.run_task
             with many words";
        assert_eq!(super::super::value::value(&value, plain(38)), expected);
    }
}
