//! Which name somebody may have meant who typed one that nothing has: one judgement of likeness, and one way to say it.

use std::fmt::Display;

/// How many names are listed before the rest is counted.
const LISTED: usize = 8;

/// Whether one text becomes the other by one letter more, less, other, or swapped with its neighbour.
fn is_slip(typed: &str, name: &str) -> bool {
    typed.len() > 2 && strsim::osa_distance(typed, name) == 1
}

/// The most similar of the known names, if one is similar enough to be meant.
pub fn similar<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = typed.to_lowercase();
    known
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&lower, &name.to_lowercase()), name))
        .filter(|(similarity, name)| *similarity > 0.84 || is_slip(&lower, &name.to_lowercase()))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

/// The way out of a name that nothing has: the similar one, or what else there is to do.
pub fn way_out<'a>(
    typed: &str,
    known: impl IntoIterator<Item = &'a str>,
    otherwise: impl FnOnce() -> String,
) -> String {
    similar(typed, known).map_or_else(otherwise, |similar| format!("did you mean `{similar}`?"))
}

/// The way out of a name out of a set that never grows: the similar one, or all of them, after words like `use one of`.
pub fn one_of<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>, otherwise: impl Display) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    way_out(typed, known.iter().copied(), || format!("{otherwise}: {}", known.join(", ")))
}

/// The way out of the name of a thing that learners make: the similar one, those that are there, or how to make one.
pub fn another<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>, create: impl Display) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    way_out(typed, known.iter().copied(), || match known.as_slice() {
        [] => format!("create it first: {create}"),
        known => format!("name one that is there: {}", listed(known)),
    })
}

/// Some names, and how many more there are.
fn listed(names: &[&str]) -> String {
    match names.split_at_checked(LISTED) {
        Some((first, rest)) if !rest.is_empty() => format!("{} and {} more", first.join(", "), rest.len()),
        _ => names.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_nothing_has_leads_to_one_that_something_has() {
        let many: Vec<String> = (1..=20).map(|number| format!("shop-{number}")).collect();
        let table: [(&str, Vec<&str>, &str); 5] = [
            ("wbe", vec!["web", "api"], "did you mean `web`?"),
            ("WEB", vec!["web", "api"], "did you mean `web`?"),
            ("zebra", vec!["web", "api"], "name one that is there: web, api"),
            ("zebra", vec![], "create it first: make()"),
            (
                "zebra",
                many.iter().map(String::as_str).collect(),
                "name one that is there: shop-1, shop-2, shop-3, shop-4, shop-5, shop-6, shop-7, shop-8 and 12 more",
            ),
        ];
        for (typed, known, expected) in table {
            assert_eq!(another(typed, known, "make()"), expected, "{typed}");
        }
    }
}
