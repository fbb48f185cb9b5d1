//! YAML as kubectl reads it, and in kubectl's words what is wrong with it.
//!
//! That is YAML 1.1 where it differs from 1.2: `0644` is 420, and yes, no, on and off are booleans.
//! [kubernetes-sigs/yaml goyaml.v2]
//!
//! Two things are found otherwise than there. A key that is there twice is refused in the words of `kubectl apply -k`;
//! `kubectl apply -f` takes the last one and says nothing. And the line that is named is the line in the text: kubectl
//! counts from the document's own first line, leaves that one unnamed, and is one line off where its parser complains.

use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::Value;
use serde_saphyr::budget::BudgetBreach;
use serde_saphyr::granit_parser::{Event, Parser, Span, StructureStyle};
use serde_saphyr::{Error, budget, options};

use super::refuse;
use crate::api::refusal::Refusal;

/// What no token begins with, a tab before all: YAML is indented with blanks. [goyaml.v2 scannerc.go]
const NO_TOKEN: &str = "found character that cannot start any token";

/// What the YAML library says, or the beginning of it, and what kubectl's says. [goyaml.v2 parserc.go, scannerc.go]
const WORDS: &[(&str, &str)] = &[
    ("tabs disallowed", NO_TOKEN),
    ("unexpected character", NO_TOKEN),
    ("unclosed bracket '['", "did not find expected ',' or ']'"),
    ("unclosed bracket '{'", "did not find expected ',' or '}'"),
    ("unclosed quote", "found unexpected end of stream"),
];

/// The documents of a text.
///
/// # Errors
/// What kubectl says.
pub(super) fn read(text: &str) -> Result<Vec<Value>, Refusal> {
    if let Some(line) = wrong_tab(text) {
        return Err(wrong(Some(line), NO_TOKEN));
    }
    // How many documents there may be is for the caller to say.
    let options = options! { legacy_octal_numbers: true, budget: budget! { max_documents: usize::MAX } };
    serde_saphyr::from_multiple_with_options::<Value>(text, options).map_err(|error| explain(text, &error))
}

fn explain(text: &str, error: &Error) -> Refusal {
    let error = error.without_snippet();
    let line = error.location().and_then(|location| usize::try_from(location.line()).ok());
    match error {
        Error::DuplicateMappingKey { .. } => twice(text),
        Error::Budget { breach, .. } => too_much(breach),
        Error::UnknownAnchor { location } => {
            let rest = text.lines().nth(line.unwrap_or(1).saturating_sub(1)).unwrap_or_default();
            let rest: String = rest.chars().skip(usize::try_from(location.column()).unwrap_or_default()).collect();
            let name = rest.split([' ', ',', ']', '}']).next().unwrap_or_default();
            wrong(None, &format!("unknown anchor '{name}' referenced"))
        }
        Error::AliasReplayLimitExceeded { .. } | Error::AliasExpansionLimitExceeded { .. } => {
            wrong(None, "document contains excessive aliasing")
        }
        other => {
            let said = other.to_string();
            let said = said.split(" at line ").next().unwrap_or_default();
            let known = WORDS.iter().find(|(theirs, _)| said.starts_with(theirs)).map(|(_, words)| *words);
            // They also say in the middle of what they are.
            let problem =
                || if said.starts_with("while ") { said.split_once(", ").map(|(_, problem)| problem) } else { None };
            wrong(line, known.or_else(problem).unwrap_or(said))
        }
    }
}

fn wrong(line: Option<usize>, what: &str) -> Refusal {
    let place = line.map(|line| format!("line {line}: ")).unwrap_or_default();
    let refusal = refuse::client(format!("error parsing STDIN: error converting YAML to JSON: yaml: {place}{what}"));
    let refusal = refusal.because("the text is no YAML");
    match what {
        NO_TOKEN => refusal.way_out("look at the line that is named: YAML is indented with blanks, never with tabs"),
        _ => refusal.way_out(
            "look at the line that is named: most often it is indented wrongly, or a colon needs a space after it",
        ),
    }
}

/// A limit of longshore's own.
fn too_much(breach: &BudgetBreach) -> Refusal {
    let what = match breach {
        BudgetBreach::Depth { .. } => "deep",
        BudgetBreach::Aliases { .. } | BudgetBreach::Anchors { .. } | BudgetBreach::AliasAnchorRatio { .. } => {
            "full of anchors and aliases"
        }
        _ => "large",
    };
    Refusal::new("LabLimit", format!("This manifest is too {what} for the lab."))
        .because("longshore reads so much of a text and no more, so that no text can stop it")
        .way_out("apply it in several calls, or write it plainer")
}

/// Keys that are there twice in a map. [goyaml.v3 decode.go, which kustomize uses]
fn twice(text: &str) -> Refusal {
    let found = duplicates(text)
        .into_iter()
        .map(|(line, key, first)| format!("\n  line {line}: mapping key \"{key}\" already defined at line {first}"));
    let list: String = found.take(10).collect();
    refuse::client(format!("error parsing STDIN: error converting YAML to JSON: yaml: unmarshal errors:{list}"))
        .because("a map has each key once; kubectl apply -f would take the last one and say nothing")
        .way_out("remove one of the two, or join what they hold")
}

/// A map or a list that is open while a text is read.
struct Open {
    /// The keys so far with their lines, if it is a map.
    keys: Option<BTreeMap<String, usize>>,
    awaits_key: bool,
}

fn duplicates(text: &str) -> Vec<(usize, String, usize)> {
    let mut found = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    for (event, span) in events(text) {
        if matches!(event, Event::SequenceEnd | Event::MappingEnd) {
            open.pop();
            continue;
        }
        let is_node =
            matches!(event, Event::Scalar(..) | Event::Alias(..) | Event::SequenceStart(..) | Event::MappingStart(..));
        if let Some(Open { keys: Some(keys), awaits_key }) = open.last_mut().filter(|_| is_node) {
            if *awaits_key && let Event::Scalar(key, ..) = &event {
                let line = span.start.line();
                match keys.get(&**key) {
                    Some(&first) => found.push((line, key.to_string(), first)),
                    None => {
                        keys.insert(key.to_string(), line);
                    }
                }
            }
            *awaits_key = !*awaits_key;
        }
        match event {
            Event::SequenceStart(..) => open.push(Open { keys: None, awaits_key: false }),
            Event::MappingStart(..) => open.push(Open { keys: Some(BTreeMap::new()), awaits_key: true }),
            _ => {}
        }
    }
    found
}

/// The line of the first tab among the blanks before a line, where kubectl's library allows none: everywhere but in
/// texts that go over several lines and between brackets.
fn wrong_tab(text: &str) -> Option<usize> {
    if !text.contains('\t') {
        return None;
    }
    let mut free: Vec<Range<usize>> = Vec::new();
    let mut brackets: Vec<Option<usize>> = Vec::new();
    for (event, span) in events(text) {
        let end = span.end.index();
        match event {
            Event::Scalar(..) => free.push(span.start.index()..end),
            Event::SequenceStart(style, ..) | Event::MappingStart(style, ..) => {
                brackets.push((style == StructureStyle::Flow).then(|| span.start.index()));
            }
            Event::SequenceEnd | Event::MappingEnd => free.extend(brackets.pop().flatten().map(|from| from..end)),
            _ => {}
        }
    }
    let mut start = 0;
    for (line, number) in text.split('\n').zip(1..) {
        let mut blanks = line.chars().take_while(|c| matches!(c, ' ' | '\t'));
        if let Some(at) = blanks.position(|c| c == '\t').map(|column| start + column)
            && !free.iter().any(|range| range.start < at && at < range.end)
        {
            return Some(number);
        }
        start += line.chars().count() + 1;
    }
    None
}

/// What a text consists of, as far as it is YAML.
fn events(text: &str) -> impl Iterator<Item = (Event<'_>, Span)> {
    Parser::new_from_str(text).map_while(Result::ok)
}
