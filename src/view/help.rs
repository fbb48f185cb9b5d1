//! Help: pages about operations, lists of them, and the front page.

use super::Look;
use super::code::fold_code;
use super::members::{self, Member};
use super::paint::Role;
use super::text::{cut, hang, pad, width, wrap};
use crate::api::{Entry, Kind};

/// A name and what it is, for lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// How it is written.
    pub name: String,
    /// One sentence.
    pub summary: String,
}

/// The page about an operation.
pub fn operation(entry: &Entry, look: Look) -> String {
    let name = format!("{}.{}", entry.service, entry.method());
    let what = match entry.kind {
        Kind::Query(_) => "reads",
        Kind::Change(_) => "changes the lab",
    };
    let what = entry.iam_action().map_or_else(|| what.to_owned(), |action| format!("{action}, {what}"));
    let joint = if width(&name) + 2 + width(&what) <= look.width { "  " } else { "\n" };
    let mut lines = vec![
        format!("{}{joint}{}", look.paint.on(Role::Strong, &name), look.paint.on(Role::Dim, &what)),
        hang("", 0, entry.summary, look.width),
    ];
    let members = members::members(&(entry.schema)());
    if !members.is_empty() {
        lines.push(String::new());
        lines.extend(member_lines(&members, look));
    }
    if let [first, rest @ ..] = entry.arguments {
        let short = format!("{name}({})", entry.arguments.join(", "));
        lines.push(look.paint.on(Role::Dim, &format!("short: {short}")));
        if entry.is_method {
            let method =
                format!("as a method of the {first}'s description: it.{}({})", entry.method(), rest.join(", "));
            lines.push(look.paint.on(Role::Dim, &method));
        }
    }
    lines.push(String::new());
    let example = format!("  {}", entry.example.trim().replace('\n', "\n  "));
    lines.extend(fold_code(&example, look).iter().map(|line| look.paint.on(Role::Text, line)));
    lines.join("\n")
}

/// A row for each member, deeper ones indented.
fn member_lines(members: &[Member], look: Look) -> Vec<String> {
    let mut rows = Vec::new();
    collect(members, 0, &mut rows);
    let column =
        |text: fn(&Row) -> &str, most: usize| rows.iter().map(|row| width(text(row))).max().unwrap_or(0).min(most);
    let (names, kinds) = (column(|row| &row.name, 36), column(|row| &row.kind, 24));
    let head = 2 + names + 2 + kinds + 2;
    let beneath = head + LEAST > look.width;
    let row = |row: &Row| {
        let name = pad(&row.name, names);
        let painted = look.paint.on(if row.required { Role::Strong } else { Role::Key }, &name);
        let begins = format!("  {painted}  ");
        if !beneath && width(&row.name) <= names && width(&row.kind) <= kinds {
            let kind = look.paint.on(Role::Dim, &pad(&row.kind, kinds));
            return hang(&format!("{begins}{kind}  "), head, &row.doc, look.width).trim_end().to_owned();
        }
        // What is too long for its column, or a screen that is too narrow: the sentence goes beneath, in line.
        let kind = hang(&begins, width(&name) + 4, &row.kind, look.width);
        let indent = if beneath { 2 * row.depth + 6 } else { head };
        let doc = hang(&" ".repeat(indent), indent, &row.doc, look.width);
        format!("{kind}\n{doc}").trim_end().to_owned()
    };
    let mut lines: Vec<String> = rows.iter().map(row).collect();
    if rows.iter().any(|row| row.required) {
        lines.push(look.paint.on(Role::Dim, "  * required"));
    }
    lines
}

struct Row {
    name: String,
    depth: usize,
    kind: String,
    doc: String,
    required: bool,
}

fn collect(members: &[Member], depth: usize, rows: &mut Vec<Row>) {
    for member in members {
        let star = if member.required { "*" } else { "" };
        let choices: Vec<&str> = member.choices.iter().filter(|c| c.is_text).map(|c| c.text.as_str()).collect();
        let kind = if choices.is_empty() { member.kind.clone() } else { choices.join(" | ") };
        rows.push(Row {
            name: format!("{}{}{star}", "  ".repeat(depth), member.name),
            depth,
            kind,
            doc: member.doc.clone(),
            required: member.required,
        });
        collect(&member.members, depth + 1, rows);
    }
}

/// Columns that a sentence takes at least: beside a name that leaves fewer, it stands below.
const LEAST: usize = 24;

/// A list of names with their sentences, under a heading.
pub fn list(heading: &str, items: &[Item], look: Look) -> String {
    let column = items.iter().map(|item| width(&item.name)).max().unwrap_or(0).min(34);
    let heading = wrap(heading, look.width);
    let mut lines: Vec<String> = heading.iter().map(|line| look.paint.on(Role::Strong, line)).collect();
    for item in items {
        let name = pad(&item.name, column);
        let head = format!("  {}  ", look.paint.on(Role::Key, &name));
        let line = match width(&name) > column && width(&name) + 4 + LEAST > look.width {
            true => format!("{head}\n{}", hang(&" ".repeat(column + 4), column + 4, &item.summary, look.width)),
            false => hang(&head, width(&name) + 4, &item.summary, look.width),
        };
        lines.extend(line.lines().map(|line| line.trim_end().to_owned()));
    }
    lines.join("\n")
}

/// Rows for what could be typed, each with a few words about it, as wide as the screen at most. Where there are many,
/// or nothing is to be said, they are the bare names.
pub fn candidates(items: &[Item], columns: usize) -> Vec<String> {
    if items.len() > DESCRIBED || items.iter().all(|item| item.summary.is_empty()) {
        return items.iter().map(|item| item.name.clone()).collect();
    }
    let column = items.iter().map(|item| width(&item.name)).max().unwrap_or(0);
    let row = |item: &Item| {
        let text = cut(&format!("{}  {}", pad(&item.name, column), item.summary), columns.saturating_sub(1));
        // More than half of the screen: the editor puts one on a line.
        pad(&text, columns / 2)
    };
    items.iter().map(row).collect()
}

/// Candidates that are described; more of them would fill the screen.
const DESCRIBED: usize = 18;

#[cfg(test)]
mod tests {
    use super::super::testing::plain;
    use super::*;
    use crate::api;

    #[test]
    fn the_page_of_an_operation_says_it_all() {
        let page = operation(api::find("ecs", "create_service").expect("it is in the table"), plain(100));
        let page = page.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
        let page = page.collect::<Vec<_>>().join("\n");
        for part in [
            "ecs.create_service ecs:CreateService, changes the lab\nCreates a service",
            "serviceName* string The service's name",
            "launchType EC2 | FARGATE",
            "awsvpcConfiguration* map",
            "subnets array of string",
            "* required",
            "ecs.create_cluster(#{",
        ] {
            assert!(page.contains(part), "`{part}` is not in\n{page}");
        }
    }

    #[test]
    fn sentences_stand_in_line_beside_long_choices() {
        let entry = api::find("ecs", "create_service").expect("it is in the table");
        let page = operation(entry, plain(100));
        let column =
            |text: &str| page.lines().find_map(|line| line.find(text)).unwrap_or_else(|| panic!("{text}\n{page}"));
        assert_eq!(column("BOUNDED_PERCENT, UNBOUNDED_PERCENT or"), column("A percentage from 1 to 100"));
        let page = operation(entry, plain(60));
        for line in [
            "    capacityProvider*",
            "        FARGATE or FARGATE_SPOT",
            "        type*",
            "            BOUNDED_PERCENT,",
        ] {
            assert!(page.contains(&format!("\n{line}")), "`{line}` is not in\n{page}");
        }
    }

    #[test]
    fn no_page_is_wider_than_the_screen_but_for_its_example() {
        for entry in api::all() {
            let page = operation(entry, plain(80));
            let prose = page.rsplit_once("\n\n").map_or("", |(prose, _)| prose);
            assert!(prose.lines().all(|line| width(line) <= 80), "{page}");
        }
    }

    #[test]
    fn candidates_are_described_as_far_as_there_is_room() {
        let item = |name: &str, summary: &str| Item { name: name.to_owned(), summary: summary.to_owned() };
        let shown = candidates(&[item("a", "one two three"), item("long", "four")], 16);
        assert_eq!(shown, ["a     one two …", "long  four"].map(|row| pad(row, 8)));
        assert_eq!(candidates(&[item("a", ""), item("b", "")], 20), ["a", "b"]);
        assert_eq!(candidates(&vec![item("a", "one"); DESCRIBED + 1], 20)[0], "a");
    }

    #[test]
    fn lists_hang() {
        let item = |name: &str, summary: &str| Item { name: name.to_owned(), summary: summary.to_owned() };
        let text = list("Words", &[item("a", "one two three four five six"), item("long", "x")], plain(28));
        assert_eq!(text, "Words\n  a     one two three four\n        five six\n  long  x");
    }
}
