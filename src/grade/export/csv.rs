//! A table for spreadsheets: a line for each learner, with the points of each check in a column.
//!
//! As in RFC 4180. Spreadsheets take a cell that begins with `=` or the like for a formula, and a learner may be called
//! anything, so such a text gets an apostrophe in front of it.

use serde_json::Value;

use super::Graded;
use crate::grade::record::Record;

pub(super) fn export(results: &[Graded<'_>]) -> String {
    let ids = columns(results);
    let mut head = vec!["learner", "status", "points", "max"];
    head.extend(&ids);
    head.push("reason");
    let mut text = row(head.into_iter().map(str::to_owned));
    for Graded { learner, record } in results {
        let mut cells = vec![learner.unwrap_or_default().to_owned(), word(record)];
        cells.extend([record.points.to_string(), record.max.to_string()]);
        let points =
            |id: &&str| record.checks.iter().find(|check| check.id == **id).map(|check| check.points.to_string());
        cells.extend(ids.iter().map(|id| points(id).unwrap_or_default()));
        cells.push(record.reason.clone().unwrap_or_default());
        text.push_str(&row(cells.into_iter()));
    }
    text
}

/// The checks that any of the records has, in their order.
fn columns<'a>(results: &[Graded<'a>]) -> Vec<&'a str> {
    let longest = results.iter().max_by_key(|graded| graded.record.checks.len());
    longest.map(|graded| graded.record.checks.iter().map(|check| check.id.as_str()).collect()).unwrap_or_default()
}

/// The status as it is called in the record.
fn word(record: &Record) -> String {
    serde_json::to_value(record.status).ok().as_ref().and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn row(cells: impl Iterator<Item = String>) -> String {
    let cells: Vec<String> = cells.map(|text| cell(&text)).collect();
    format!("{}\r\n", cells.join(","))
}

fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '|', '%']);
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    match text.contains([',', '"', '\n', '\'', ';']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text,
    }
}
