//! Help: pages about operations, lists of them, and the front page.

use super::Look;
use super::members::{self, Member};
use super::paint::Role;
use super::text::{hang, pad, width};
use crate::api::{Entry, Kind};

/// The most columns for what a member takes.
const KIND: usize = 24;
/// The least room for what a member means, beside its name.
const DOC: usize = 36;

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
    let action = look.paint.on(Role::Dim, &format!("{}, {what}", entry.action()));
    let wide = width(&name) + 2 + entry.action().len() + 2 + what.len() > look.width;
    let gap = if wide { "\n  " } else { "  " };
    let mut lines =
        vec![format!("{}{gap}{action}", look.paint.on(Role::Strong, &name)), hang("", 0, entry.summary, look.width)];
    let members = members::members(&(entry.schema)());
    if !members.is_empty() {
        lines.push(String::new());
        lines.extend(member_lines(&members, look));
    }
    if !entry.arguments.is_empty() {
        let short = format!("{name}({})", entry.arguments.join(", "));
        lines.push(look.paint.on(Role::Dim, &format!("short: {short}")));
    }
    lines.push(String::new());
    lines.extend(entry.example.trim().lines().map(|line| look.paint.on(Role::Text, &format!("  {line}"))));
    lines.join("\n")
}

/// A row for each member, deeper ones indented.
fn member_lines(members: &[Member], look: Look) -> Vec<String> {
    let mut rows = Vec::new();
    collect(members, 0, &mut rows);
    let column =
        |text: fn(&Row) -> &str, most: usize| rows.iter().map(|row| width(text(row))).max().unwrap_or(0).min(most);
    let (names, kinds) = (column(|row| &row.name, 36), column(|row| &row.kind, KIND));
    let row = |row: &Row| {
        let name = pad(&row.name, names);
        let name = look.paint.on(if row.required { Role::Strong } else { Role::Key }, &name);
        let kind = look.paint.on(Role::Dim, &pad(&row.kind, kinds));
        let head = 2 + width(&pad(&row.name, names)) + 2 + width(&pad(&row.kind, kinds)) + 2;
        if head + DOC > look.width {
            let doc = hang("      ", 6, &row.doc, look.width);
            return format!("  {name}  {}\n{doc}", kind.trim_end());
        }
        hang(&format!("  {name}  {kind}  "), head, &row.doc, look.width).trim_end().to_owned()
    };
    let mut lines: Vec<String> = rows.iter().map(row).collect();
    if rows.iter().any(|row| row.required) {
        lines.push(look.paint.on(Role::Dim, "  * required"));
    }
    lines
}

struct Row {
    name: String,
    kind: String,
    doc: String,
    required: bool,
}

fn collect(members: &[Member], depth: usize, rows: &mut Vec<Row>) {
    for member in members {
        let star = if member.required { "*" } else { "" };
        let choices = member.choices.join(" | ");
        let (kind, doc) = match &member.choices[..] {
            [] => (member.kind.clone(), member.doc.clone()),
            _ if width(&choices) <= KIND => (choices, member.doc.clone()),
            many => (member.kind.clone(), format!("{} One of {}.", member.doc, many.join(", "))),
        };
        rows.push(Row {
            name: format!("{}{}{star}", "  ".repeat(depth), member.name),
            kind,
            doc: doc.trim().to_owned(),
            required: member.required,
        });
        collect(&member.members, depth + 1, rows);
    }
}

/// A list of names with their sentences, under a heading.
pub fn list(heading: &str, items: &[Item], look: Look) -> String {
    let column = items.iter().map(|item| width(&item.name)).max().unwrap_or(0).min(34);
    let mut lines = vec![look.paint.on(Role::Strong, heading)];
    for item in items {
        let name = pad(&item.name, column);
        let head = format!("  {}  ", look.paint.on(Role::Key, &name));
        lines.push(hang(&head, width(&name) + 4, &item.summary, look.width).trim_end().to_owned());
    }
    lines.join("\n")
}

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
    fn no_page_is_wider_than_the_screen_but_for_its_example() {
        for entry in api::all() {
            let page = operation(entry, plain(80));
            let prose = page.rsplit_once("\n\n").map_or("", |(prose, _)| prose);
            assert!(prose.lines().all(|line| width(line) <= 80), "{page}");
        }
    }

    #[test]
    fn lists_hang() {
        let item = |name: &str, summary: &str| Item { name: name.to_owned(), summary: summary.to_owned() };
        let text = list("Words", &[item("a", "one two three four five six"), item("long", "x")], plain(28));
        assert_eq!(text, "Words\n  a     one two three four\n        five six\n  long  x");
    }
}
