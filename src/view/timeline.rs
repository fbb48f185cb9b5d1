//! What `timeline` answers, drawn: one row for each task, time from left to right, deployments marked above.

use serde::Deserialize;
use serde_json::Value;

use super::Look;
use super::paint::Role;
use super::text::{clocks, count, cut, pad, width, wrap};
use crate::model::time::Moment;

/// Columns that time takes at most: wider ones are hard to follow with the eye.
const WIDEST: usize = 100;
/// Columns that time takes at least, whatever the names take.
const NARROWEST: usize = 16;
/// Columns of what stands beside a task's name.
const ABOUT: usize = 20;

/// The answer, as plain data.
#[derive(Deserialize)]
struct Timeline {
    timeline: String,
    from: String,
    to: String,
    marks: Vec<Mark>,
    rows: Vec<Row>,
    earlier: usize,
}

#[derive(Deserialize)]
struct Mark {
    at: String,
    what: String,
}

#[derive(Deserialize)]
struct Row {
    name: String,
    about: String,
    states: Vec<Step>,
}

#[derive(Deserialize)]
struct Step {
    at: String,
    state: String,
}

/// How a state is drawn, in the order of the legend.
const STATES: &[(&str, char, Role)] = &[
    ("STARTING", '·', Role::Busy),
    ("RUNNING", '━', Role::Good),
    ("HEALTHY", '█', Role::Good),
    ("UNHEALTHY", '×', Role::Bad),
    ("STOPPING", '░', Role::Dim),
];

/// The lines of a timeline: a map that has exactly its members.
pub(super) fn of(value: &Value, look: Look) -> Option<Vec<String>> {
    value.as_object().filter(|map| map.len() == 6 && map.contains_key("timeline"))?;
    let timeline = Timeline::deserialize(value).ok()?;
    let (from, to) = (millis(&timeline.from)?, millis(&timeline.to)?);
    Some(draw(&timeline, from, to.max(from + 1), look))
}

fn draw(timeline: &Timeline, from: i64, to: i64, look: Look) -> Vec<String> {
    let skipped = timeline.rows.len().saturating_sub(look.most);
    let rows = &timeline.rows[skipped..];
    let skipped = skipped + timeline.earlier;
    let widest = |text: fn(&Row) -> &str| rows.iter().map(|row| width(text(row))).max().unwrap_or(0);
    let name = widest(|row| &row.name);
    let about = widest(|row| &row.about).min(ABOUT);
    let label = name + 1 + about + 2;
    let room = look.width.saturating_sub(label + 1).clamp(NARROWEST, WIDEST);
    let scale = Scale { from, to, room };
    let dim = |text: &str| look.paint.on(Role::Dim, text);
    let mut lines = vec![look.paint.on(Role::Strong, &timeline.timeline)];
    let clocks: Vec<String> = clocks([timeline.from.as_str(), timeline.to.as_str()].into_iter()).collect();
    let gap = room.saturating_sub(width(&clocks[0]) + width(&clocks[1]));
    let ends = format!("{}{}{}{}", " ".repeat(label), clocks[0], " ".repeat(gap.max(1)), clocks[1]);
    lines.push(dim(&ends));
    if !timeline.marks.is_empty() {
        lines.push(format!("{}{}", " ".repeat(label), scale.marks(&timeline.marks)));
    }
    if skipped > 0 {
        lines.push(dim(&format!("… {skipped} earlier")));
    }
    for row in rows {
        let label = format!("{} {}  ", pad(&row.name, name), dim(&pad(&cut(&row.about, about), about)));
        lines.push(format!("{label}{}", scale.row(row, look)).trim_end().to_owned());
    }
    if rows.is_empty() {
        lines.push(dim("no tasks and no pods"));
    }
    let drawn = |state: &str| rows.iter().any(|row| row.states.iter().any(|step| step.state == state));
    let legend = STATES.iter().filter(|(state, ..)| drawn(state));
    let legend = legend.map(|(state, sign, role)| {
        format!("{} {}", look.paint.on(*role, &sign.to_string()), dim(&state.to_lowercase()))
    });
    lines.push(legend.collect::<Vec<_>>().join("  "));
    lines.extend(mark_lines(&timeline.marks, look));
    if rows.iter().any(|row| row.states.last().is_some_and(|newest| scale.is_new(newest))) {
        let more = "this ends at a change: there is nothing more yet; wait(\"1m\"), then ask again";
        lines.extend(wrap(more, look.width).iter().map(|line| dim(line)));
    }
    lines.retain(|line| !line.is_empty());
    lines
}

/// What the marks say, each with its time.
fn mark_lines(marks: &[Mark], look: Look) -> Vec<String> {
    let facts: Vec<super::facts::Line> =
        marks.iter().map(|mark| super::facts::Line { at: mark.at.clone(), what: mark.what.clone() }).collect();
    let skipped = facts.len().saturating_sub(look.most);
    let mut lines: Vec<String> = super::facts::lines(&facts[skipped..], look.narrower(2));
    for line in &mut lines {
        *line = format!("▼ {}", line.replace('\n', "\n  "));
    }
    if skipped > 0 {
        lines.insert(0, look.paint.on(Role::Dim, &format!("… {}", count(skipped, "earlier mark"))));
    }
    lines
}

/// From time to columns.
struct Scale {
    from: i64,
    to: i64,
    room: usize,
}

impl Scale {
    /// When a column begins.
    fn moment(&self, column: usize) -> i64 {
        self.from + (self.to - self.from) * column as i64 / self.room as i64
    }

    /// The column that a moment falls into.
    fn column(&self, at: i64) -> usize {
        let column = (at - self.from).max(0) * self.room as i64 / (self.to - self.from);
        (column as usize).min(self.room - 1)
    }

    fn marks(&self, marks: &[Mark]) -> String {
        let mut line = vec![' '; self.room];
        for at in marks.iter().filter_map(|mark| millis(&mark.at)) {
            line[self.column(at)] = '▼';
        }
        line.iter().collect::<String>().trim_end().to_owned()
    }

    /// A row: in each column what lasted longest there, but for bad health, which is never hidden.
    fn row(&self, row: &Row, look: Look) -> String {
        let mut painted = String::new();
        let mut run: (Option<&str>, String) = (None, String::new());
        for column in 0..self.room {
            let state = self.state(row, self.moment(column), self.moment(column + 1).max(self.moment(column) + 1));
            let newest = row.states.last().filter(|newest| column + 1 == self.room && self.is_new(newest));
            let state = newest.map(|newest| newest.state.as_str()).filter(|state| *state != "STOPPED").or(state);
            if run.0 != state {
                painted.push_str(&paint(&run, look));
                run = (state, String::new());
            }
            run.1.push(state.and_then(sign).map_or(' ', |(sign, _)| sign));
        }
        painted.push_str(&paint(&run, look));
        painted
    }

    /// Whether a state has only begun where the drawing ends.
    fn is_new(&self, step: &Step) -> bool {
        millis(&step.at).is_some_and(|at| at >= self.to)
    }

    fn state<'a>(&self, row: &'a Row, from: i64, to: i64) -> Option<&'a str> {
        let ends = row.states.iter().skip(1).filter_map(|step| millis(&step.at)).chain([i64::MAX]);
        let spans = row.states.iter().zip(ends).filter_map(|(step, end)| {
            let lasted = end.min(to) - millis(&step.at)?.max(from);
            (lasted > 0 && step.state != "STOPPED").then_some((step.state.as_str(), lasted))
        });
        let longest = spans.max_by_key(|(state, lasted)| (*state == "UNHEALTHY", *lasted));
        longest.map(|(state, _)| state)
    }
}

fn millis(moment: &str) -> Option<i64> {
    i64::try_from(Moment::parse(moment)?.unix_millis()).ok()
}

fn paint((state, text): &(Option<&str>, String), look: Look) -> String {
    match state.and_then(sign) {
        Some((_, role)) => look.paint.on(role, text),
        None => text.clone(),
    }
}

fn sign(state: &str) -> Option<(char, Role)> {
    STATES.iter().find(|(name, ..)| *name == state).map(|(_, sign, role)| (*sign, *role))
}

#[cfg(test)]
mod tests {
    use super::super::testing::plain;
    use serde_json::json;

    fn timeline() -> serde_json::Value {
        let at = |seconds: u32| format!("2026-01-05T09:{:02}:{:02}Z", seconds / 60, seconds % 60);
        let step = |seconds, state: &str| json!({ "at": at(seconds), "state": state });
        json!({
            "timeline": "service web", "from": at(0), "to": at(200), "earlier": 0,
            "marks": [
                { "at": at(0), "what": "deployment of web:1" },
                { "at": at(100), "what": "deployment of web:2" },
            ],
            "rows": [
                { "name": "1a2b3c4d", "about": "web:1", "states": [
                    step(0, "STARTING"), step(30, "RUNNING"), step(50, "HEALTHY"), step(140, "UNHEALTHY"),
                    step(145, "STOPPING"), step(175, "STOPPED"),
                ] },
                { "name": "5e6f7081", "about": "web:2", "states": [step(100, "STARTING"), step(130, "RUNNING")] },
            ],
        })
    }

    #[test]
    fn a_timeline_is_drawn_to_the_width() {
        let shown = super::super::value::value(&timeline(), plain(60));
        assert_eq!(
            shown,
            "service web\n                09:00:00                           09:03:20\n                \
             ▼                    ▼\n\
             1a2b3c4d web:1  ······━━━━━███████████████████××░░░░░░\n\
             5e6f7081 web:2                       ·······━━━━━━━━━━━━━━━\n\
             · starting  ━ running  █ healthy  × unhealthy  ░ stopping\n\
             ▼ 09:00:00  deployment of web:1\n▼ 09:01:40  deployment of web:2"
        );
        for columns in [20, 40, 60, 80, 200] {
            let shown = super::super::value::value(&timeline(), plain(columns));
            let most = columns.max(36);
            assert!(shown.lines().take(5).all(|line| super::width(line) <= most), "{columns}\n{shown}");
        }
    }

    #[test]
    fn who_asks_at_a_change_is_told_how_to_go_on() {
        let mut value = timeline();
        value["rows"][1]["states"][1]["at"] = json!("2026-01-05T09:03:20Z");
        let shown = super::super::value::value(&value, plain(60));
        let second = shown.lines().find(|line| line.starts_with("5e6f7081"));
        assert!(second.is_some_and(|line| line.ends_with("···━")), "{shown}");
        assert!(shown.ends_with("nothing more yet;\nwait(\"1m\"), then ask again"), "{shown}");
    }

    #[test]
    fn what_only_resembles_one_is_a_map() {
        let mut value = timeline();
        value["rows"][0]["states"] = json!("none");
        assert!(super::of(&value, plain(60)).is_none());
    }
}
