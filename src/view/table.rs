//! Lists of like maps as tables, without frames.

use comfy_table::{CellAlignment, ContentArrangement, Table, TableStyle};
use serde_json::{Map, Value};

use super::Look;
use super::paint::Role;
use super::text::width;
use super::value::inline;

/// The least room for a column whose text is wrapped.
const WRAPPED: usize = 30;
/// Space between columns.
const GAP: u16 = 2;

/// The table of a list, if its elements are like maps of plain values and it fits.
pub(super) fn table(items: &[Value], look: Look) -> Option<Vec<String>> {
    let rows: Vec<&Map<String, Value>> = items.iter().map(Value::as_object).collect::<Option<_>>()?;
    let names = columns(&rows)?;
    let cells: Vec<Vec<String>> = rows
        .iter()
        .map(|row| names.iter().map(|name| cell(row.get(name.as_str()))).collect())
        .collect::<Option<_>>()?;
    if !fits(&names, &cells, look.width) {
        return None;
    }
    let mut table = Table::new();
    table.load_style(TableStyle::new());
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(look.width).unwrap_or(u16::MAX));
    table.set_header(names.iter().map(|name| (*name).clone()));
    table.add_rows(cells);
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, if index + 1 == names.len() { 0 } else { GAP }));
        let numbers = rows.iter().all(|row| row.get(names[index].as_str()).is_some_and(Value::is_number));
        column.set_cell_alignment(if numbers { CellAlignment::Right } else { CellAlignment::Left });
    }
    let mut lines = table.lines().map(|line| line.trim_end().to_owned());
    let header = lines.next().map(|line| look.paint.on(Role::Dim, &line));
    Some(header.into_iter().chain(lines.map(|line| look.paint.states(&line))).collect())
}

/// The names of all columns, if the maps are alike: most of the names are in all of them.
fn columns<'a>(rows: &[&'a Map<String, Value>]) -> Option<Vec<&'a String>> {
    let mut names: Vec<&String> = Vec::new();
    for name in rows.iter().flat_map(|row| row.keys()) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let shared = names.iter().filter(|name| rows.iter().all(|row| row.contains_key(**name))).count();
    (shared > 0 && shared * 2 >= names.len()).then_some(names)
}

/// The text of a cell; `None` for what has no place in one.
fn cell(value: Option<&Value>) -> Option<String> {
    match value {
        None | Some(Value::Null) => Some(String::new()),
        Some(Value::String(text)) if text.contains('\n') => None,
        Some(Value::String(text)) => Some(text.clone()),
        Some(value) => inline(value),
    }
}

/// Whether a table would fit: columns of words may be wrapped, others may not.
fn fits(names: &[&String], cells: &[Vec<String>], room: usize) -> bool {
    let need = |index: usize| {
        let texts = || cells.iter().map(|row| row[index].as_str());
        let widest = texts().chain([names[index].as_str()]).map(width).max().unwrap_or(0);
        let words = texts().any(|text| text.contains(' '));
        if words { widest.min(WRAPPED.max(width(names[index]))) } else { widest }
    };
    let gaps = usize::from(GAP) * names.len().saturating_sub(1);
    (0..names.len()).map(need).sum::<usize>() + gaps <= room
}
