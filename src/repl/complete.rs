//! Completion: what could stand at the cursor. Pure; the line editor asks.

use super::command;
use super::context::{Context, InRequest};
use super::manual;
use crate::api::{self, Entry};
use crate::view::members::{self, Member};

/// What could be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    /// How a list shows it.
    pub(super) display: String,
    /// What it writes.
    pub(super) replacement: String,
}

/// What could stand at the end of `text`, and where in it the word begins that it would replace.
/// `variables` are the names that the script has so far.
pub(super) fn complete(text: &str, variables: &[String]) -> (usize, Vec<Candidate>) {
    if let Some(found) = in_command(text) {
        return found;
    }
    let context = Context::read(text);
    if context.comment {
        return (text.len(), Vec::new());
    }
    if let Some(place) = context.in_request()
        && let Some((service, method)) = place.call.split_once('.')
        && let Some(entry) = api::find(service, method)
    {
        let start = context.quoted.unwrap_or_else(|| word_start(text));
        let found = in_request(entry, &place, context.quoted.is_some());
        if !found.is_empty() || place.used.is_some() {
            return (start, starting(&text[start..], found));
        }
    }
    if context.quoted.is_some() {
        return (text.len(), Vec::new());
    }
    let start = word_start(text);
    let found = match text[..start].strip_suffix('.') {
        Some(before) => methods(&before[word_start(before)..]),
        None => words(variables),
    };
    (start, starting(&text[start..], found))
}

/// Lines for the prompt: the commands themselves, and what help can be about.
fn in_command(text: &str) -> Option<(usize, Vec<Candidate>)> {
    let line = text.trim_start();
    let indent = text.len() - line.len();
    if let Some(typed) = line.strip_prefix(':').filter(|rest| !rest.contains(char::is_whitespace)) {
        let forms =
            command::FORMS.iter().map(|form| candidate(form.name, if form.argument.is_empty() { "" } else { " " }));
        return Some((indent + 1, starting(typed, forms.collect())));
    }
    let topic = line.strip_prefix('?').or_else(|| line.strip_prefix(":help ")).or_else(|| line.strip_prefix(":h "))?;
    let operations = api::all().map(|entry| format!("{}.{}", entry.service, entry.method()));
    let names = operations.chain(manual::WORDS.iter().map(|word| word.name.to_owned()));
    let topic = topic.trim_start();
    Some((text.len() - topic.len(), starting(topic, names.map(|name| candidate(&name, "")).collect())))
}

/// Members of a request, or the choices for one of them.
fn in_request(entry: &Entry, place: &InRequest<'_>, quoted: bool) -> Vec<Candidate> {
    let all = members::members(&(entry.schema)());
    match (place.used, place.path.split_last()) {
        (Some(used), _) if !quoted => {
            let free = |member: &&Member| !used.contains(&member.name);
            members::inside(&all, &place.path).iter().filter(free).map(|member| candidate(&member.name, ": ")).collect()
        }
        (None, Some((name, parents))) => {
            let member = members::inside(&all, parents).iter().find(|member| member.name == *name);
            let choices = member.map(|member| member.choices.as_slice()).unwrap_or_default();
            let written = |choice: &String| if quoted { format!("{choice}\"") } else { format!("\"{choice}\"") };
            choices.iter().map(|choice| Candidate { display: choice.clone(), replacement: written(choice) }).collect()
        }
        _ => Vec::new(),
    }
}

/// The operations of a service, opened as far as they must be.
fn methods(service: &str) -> Vec<Candidate> {
    let entries = api::all().filter(|entry| entry.service == service);
    let open = |entry: &Entry| {
        let needs = members::members(&(entry.schema)()).iter().any(|member| member.required);
        if needs && entry.arguments.is_empty() { "(#{ " } else { "(" }
    };
    entries.map(|entry| candidate(&entry.method(), open(entry))).collect()
}

/// Handles, words and variables.
fn words(variables: &[String]) -> Vec<Candidate> {
    let handles = api::services().map(|service| candidate(service, "."));
    let words = manual::WORDS.iter().map(|word| candidate(word.name, "("));
    let own = variables.iter().filter(|name| api::services().all(|service| service != name.as_str()));
    let mut found: Vec<Candidate> = handles.chain(words).chain(own.map(|name| candidate(name, ""))).collect();
    found.sort_by(|a, b| a.display.cmp(&b.display));
    found.dedup();
    found
}

fn candidate(name: &str, then: &str) -> Candidate {
    Candidate { display: name.to_owned(), replacement: format!("{name}{then}") }
}

fn starting(typed: &str, found: Vec<Candidate>) -> Vec<Candidate> {
    found.into_iter().filter(|candidate| candidate.display.starts_with(typed)).collect()
}

/// Where the word begins that ends the text.
fn word_start(text: &str) -> usize {
    let word = text.chars().rev().take_while(|c| c.is_alphanumeric() || *c == '_').map(char::len_utf8);
    text.len() - word.sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn completes_what_is_meant() {
        let rows: [(&str, usize, &[&str]); 17] = [
            (":un", 1, &["undo "]),
            (":q", 1, &["quit"]),
            ("?ecs.create_s", 1, &["ecs.create_service"]),
            (":help wait_", 6, &["wait_until"]),
            ("ecs", 0, &["ecs."]),
            ("ecs.create_c", 4, &["create_cluster("]),
            ("let x = ecs.create_s", 12, &["create_service(#{ "]),
            ("ecs.create_service(#{ serv", 22, &["serviceName: "]),
            ("ecs.create_service(#{ serviceName: \"a\", serv", 40, &[]),
            ("ecs.create_service(#{ networkConfiguration: #{ a", 47, &["awsvpcConfiguration: "]),
            ("ecs.create_service(#{ launchType: F", 34, &["\"FARGATE\""]),
            ("ecs.create_service(#{ launchType: \"F", 35, &["FARGATE\""]),
            ("ecs.create_service(#{ cluster: mi", 31, &["mine"]),
            ("wait_u", 0, &["wait_until("]),
            ("x + mi", 4, &["mine"]),
            ("\"ec", 3, &[]),
            ("// ec", 5, &[]),
        ];
        for (text, start, expected) in rows {
            let (found_start, found) = complete(text, &["mine".to_owned()]);
            let found: Vec<&str> = found.iter().map(|candidate| candidate.replacement.as_str()).collect();
            assert_eq!((found_start, found.as_slice()), (start, expected), "{text}");
        }
    }
}
