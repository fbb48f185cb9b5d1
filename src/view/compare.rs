//! What differs between two labs: a table where it fits, else a line for each difference.

use serde_json::{Map, Value};

use super::Look;
use super::paint::Role;
use super::table::table;
use super::text::hang;

/// What differs, and how it is in the first and in the second lab, which are called so. `None` is for what is not
/// there.
pub fn compared(labs: [&str; 2], rows: &[(String, [Option<String>; 2])], look: Look) -> String {
    let cell = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
    let row = |(what, [first, second]): &(String, [Option<String>; 2])| {
        let cells = [("what", what.clone()), (labs[0], cell(first)), (labs[1], cell(second))];
        let cells: Map<String, Value> = cells.into_iter().map(|(name, text)| (name.to_owned(), text.into())).collect();
        Value::Object(cells)
    };
    if let Some(lines) = table(&rows.iter().map(row).collect::<Vec<_>>(), look) {
        return lines.join("\n");
    }
    let line = |(what, [first, second]): &(String, [Option<String>; 2])| {
        hang("", 2, &format!("{what}: {} → {}", cell(first), cell(second)), look.width)
    };
    let head = look.paint.on(Role::Dim, &format!("what: {} → {}", labs[0], labs[1]));
    std::iter::once(head).chain(rows.iter().map(line)).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::super::testing::plain;
    use super::*;

    #[test]
    fn differences_are_a_table_or_lines() {
        let rows = [
            ("time".to_owned(), [Some("2026-01-05T09:00:00Z".to_owned()), Some("2026-01-05T09:01:00Z".to_owned())]),
            ("tasks".to_owned(), [None, Some("3".to_owned())]),
        ];
        assert_eq!(
            compared(["main", "b"], &rows, plain(60)),
            "what   main                  b\n\
             time   2026-01-05T09:00:00Z  2026-01-05T09:01:00Z\n\
             tasks  -                     3"
        );
        assert_eq!(
            compared(["main", "b"], &rows, plain(40)),
            "what: main → b\ntime: 2026-01-05T09:00:00Z →\n  2026-01-05T09:01:00Z\ntasks: - → 3"
        );
    }
}
