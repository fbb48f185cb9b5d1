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
    let chains: Vec<(&str, Steps)> = map.get("chains")?.as_array()?.iter().map(chain).collect::<Option<_>>()?;
    let mut lines: Vec<String> = wrap(subject, look.room()).iter().map(|line| look.paint.states(line)).collect();
    let count = chains.len();
    for (index, (about, steps)) in chains.iter().enumerate() {
        let (fork, side) = if index + 1 == count { ("└─ ", "   ") } else { ("├─ ", "│  ") };
        let (fork, side) = (look.paint.on(Role::Dim, fork), look.paint.on(Role::Dim, side));
        let mut head = wrap(about, look.narrower(3).room()).into_iter();
        lines.push(format!("{fork}{}", look.paint.on(Role::Strong, &head.next().unwrap_or_default())));
        lines.extend(head.map(|line| format!("{side}{}", look.paint.on(Role::Strong, &line))));
        let shown = match steps {
            Steps::Causes(steps) => causes(steps, look.narrower(3)),
            Steps::Parts(parts) => parts.iter().flat_map(|part| part_lines(part, look.narrower(3))).collect(),
        };
        for step in shown {
            lines.extend(step.lines().map(|line| format!("{side}{line}")));
        }
    }
    Some(lines)
}

/// The steps of a chain: what happened, or what was looked at.
enum Steps<'a> {
    Causes(Vec<Line>),
    Parts(Vec<Part<'a>>),
}

/// Something that was looked at; two values stand beside each other where there are two.
struct Part<'a> {
    what: &'a str,
    compared: Option<Compared<'a>>,
}

struct Compared<'a> {
    label: &'a str,
    actual: &'a str,
    expected: &'a str,
    differs_at: Option<usize>,
}

fn chain(value: &Value) -> Option<(&str, Steps<'_>)> {
    let map = value.as_object().filter(|map| map.len() == 2)?;
    let steps = map.get("steps")?.as_array()?;
    let causes = steps.iter().map(facts::fact).collect::<Option<Vec<_>>>().filter(|steps| !steps.is_empty());
    let steps = match causes {
        Some(causes) => Steps::Causes(causes),
        None => Steps::Parts(steps.iter().map(part).collect::<Option<_>>()?),
    };
    Some((map.get("about")?.as_str()?, steps))
}

fn part(value: &Value) -> Option<Part<'_>> {
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    let compared = text("actual").zip(text("expected")).map(|(actual, expected)| Compared {
        label: text("is").unwrap_or("request"),
        actual,
        expected,
        differs_at: value.get("differsAt").and_then(Value::as_u64).and_then(|at| usize::try_from(at).ok()),
    });
    Some(Part { what: text("what")?, compared })
}

/// Columns of the labels in front of compared values.
const LABEL: usize = 15;

/// A part; below it the two values, the first differing character of both marked.
fn part_lines(part: &Part, look: Look) -> Vec<String> {
    let indent = part.what.chars().take_while(|c| *c == ' ').count();
    let marked = part.what.split_once(' ').filter(|(mark, _)| matches!(*mark, "yes" | "NO"));
    let mut lines = match marked {
        Some((mark, what)) => vec![hang(&format!("{mark:5}"), 5, what, look.room())],
        None if part.what.is_empty() => Vec::new(),
        None => vec![hang(&" ".repeat(indent), indent, part.what, look.room())],
    };
    let Some(compared) = &part.compared else { return lines };
    let room = look.room().saturating_sub(LABEL).max(20);
    let (actual, expected, caret) = window(compared, room);
    let label = |label: &str| look.paint.on(Role::Dim, &format!("     {label:10}"));
    lines.push(format!("{}{actual}", label(compared.label)));
    lines.push(format!("{}{expected}", label("policy")));
    if let (Some(caret), Some(at)) = (caret, compared.differs_at) {
        let mark = look.paint.on(Role::Error, "^");
        let about = format!("character {} differs", at + 1);
        let column = LABEL + caret;
        lines.push(match column + 2 + width(&about) > look.room() && column > width(&about) {
            true => format!("{}{about} {mark}", " ".repeat(column - width(&about) - 1)),
            false => format!("{}{mark} {about}", " ".repeat(column)),
        });
    }
    lines
}

/// Both values, cut so that the first differing character can be seen, and the column of that character.
fn window(compared: &Compared, room: usize) -> (String, String, Option<usize>) {
    let at = compared.differs_at;
    let longest = compared.actual.chars().count().max(compared.expected.chars().count());
    let start = at.filter(|_| longest > room).map_or(0, |at| at.saturating_sub(room / 2));
    let before = if start > 0 { "…" } else { "" };
    let cut = |text: &str| {
        let rest: Vec<char> = text.chars().skip(start).collect();
        let fits = room - before.chars().count();
        match rest.len() > fits {
            true => format!("{before}{}…", rest[..fits - 1].iter().collect::<String>()),
            false => format!("{before}{}", rest.iter().collect::<String>()),
        }
    };
    (cut(compared.actual), cut(compared.expected), at.map(|at| at - start + before.chars().count()))
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
