//! `:find`: what has to do with some words. A word is found by its stem, by what newcomers call the same thing, and
//! where it is misspelt.

use super::command;
use super::manual::{command_item, full, item};
use crate::api;
use crate::model::meant;
use crate::script::words::words;
use crate::view::Look;
use crate::view::help::{self, Item};
use crate::view::trouble;

/// What people look for by words that stand in no description, and what they mean.
const MEANT: &[(&str, &[&str])] = &[
    ("scale replicas resize autoscaling", &["ecs.update_service", "scale_to", "add_nodes"]),
    ("restart reboot bounce", &["ecs.update_service", "ecs.stop_task", "kill", "fault.crash"]),
    ("log output event history status happened debug", &["facts", "why", "timeline"]),
    ("deploy release rollout rollback upgrade revision", &["ecs.register_task_definition", "ecs.update_service"]),
    ("permission access denied forbidden role trust", &["why", "iam.simulate_principal_policy", "iam.create_role"]),
    ("price money dollar spend bill", &["cost"]),
    ("sleep clock time later", &["wait", "wait_until", "settle", "now"]),
    ("kubectl manifest yaml deployment", &["k8s.apply", "k8s.get", "k8s.delete"]),
    ("machine server instance node ec2", &["ecs.register_container_instance", "add_nodes", "eks.create_nodegroup"]),
    ("spot interruption reclaim outage chaos fail", &["fault.crash", "fault.spot_reclaim", "fault.spot_capacity"]),
    ("remove destroy", &["ecs.delete_service", "ecs.delete_cluster", "ecs.stop_task", "k8s.delete", ":undo"]),
    ("container docker image program", &["image.define", "ecs.register_task_definition", "launch", "run"]),
    ("health healthcheck probe unhealthy", &["advise", "elbv2.describe_target_health"]),
    ("copy branch experiment what-if", &[":fork", ":switch", ":compare"]),
    ("back revert mistake", &[":undo", ":redo"]),
    ("exit close", &[":quit", ":leave"]),
    ("begin tutorial learn course teach", &[":lessons", ":lesson", ":exercise"]),
];

/// Something that can be found.
struct Entry {
    /// What it is called in [`MEANT`].
    name: String,
    item: Item,
    /// All that is said of it, in lower case.
    text: String,
}

/// What has all of these words in its name, its summary or its search words; what has some of them where nothing has
/// all.
pub(super) fn find(sought: &str, look: Look) -> String {
    let entries = entries();
    let lower = sought.to_lowercase();
    let mut taken_as = Vec::new();
    let mut wanted: Vec<String> = Vec::new();
    for word in lower.split_whitespace() {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        if word.is_empty() || entries.iter().any(|entry| has(entry, word)) {
            wanted.push(word.to_owned());
        } else if let Some(similar) = meant::similar(word, vocabulary(&entries).iter().map(String::as_str)) {
            taken_as.push(format!("`{word}` taken as `{similar}`"));
            wanted.push(similar.to_owned());
        } else {
            wanted.push(word.to_owned());
        }
    }
    let all = entries.iter().filter(|entry| wanted.iter().all(|word| has(entry, word)));
    let some = entries.iter().filter(|entry| wanted.iter().any(|word| !word.is_empty() && has(entry, word)));
    let (mut found, mut heading): (Vec<&Entry>, _) = (all.collect(), format!("What has to do with `{sought}`"));
    if found.is_empty() {
        found = some.collect();
        heading = format!("What has to do with a part of `{sought}`");
    }
    if found.is_empty() {
        let note = trouble::note(&format!("there is nothing about `{sought}`"), look);
        return format!("{note}\n:help shows what there is");
    }
    if !taken_as.is_empty() {
        heading = format!("{heading} ({})", taken_as.join(", "));
    }
    help::list(&heading, &found.into_iter().map(|entry| entry.item.clone()).collect::<Vec<_>>(), look)
}

/// Everything that can be found, in the order of help.
fn entries() -> Vec<Entry> {
    let entry = |name: String, item: Item, more: String| {
        let text = format!("{} {} {more}", item.name, item.summary).to_lowercase();
        Entry { name, item, text }
    };
    let operations = api::all().map(|operation| {
        let item = Item { name: full(operation), summary: operation.summary.to_owned() };
        entry(full(operation), item, operation.search.join(" "))
    });
    let others = words().iter().map(|word| entry(word.name.clone(), item(word), String::new()));
    let commands =
        command::FORMS.iter().map(|form| entry(format!(":{}", form.name), command_item(form), String::new()));
    operations.chain(others).chain(commands).collect()
}

/// Whether a word has to do with something: it is a part of what is said of it, its stem begins one of those words, or
/// it stands for it.
fn has(entry: &Entry, word: &str) -> bool {
    let sought = stem(word);
    let stands_for = |(said, names): &(&str, &[&str])| {
        said.split(' ').any(|said| stem(said) == sought) && names.contains(&entry.name.as_str())
    };
    entry.text.contains(word)
        || parts(&entry.text).any(|part| stem(part).starts_with(&sought))
        || MEANT.iter().any(stands_for)
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty())
}

/// The words that something can be found by, as far as they are long enough to be misspelt.
fn vocabulary(entries: &[Entry]) -> Vec<String> {
    let said = entries.iter().flat_map(|entry| parts(&entry.text));
    let meant = MEANT.iter().flat_map(|(said, _)| said.split(' '));
    said.chain(meant).filter(|word| word.len() > 3).map(str::to_owned).collect()
}

/// What the forms of an English word have in common, roughly: `scaling`, `scaled` and `scales` are `scal`.
fn stem(word: &str) -> String {
    let endings = ["ing", "ed", "es", "s", "e", "y"];
    let bare = endings.into_iter().find_map(|ending| word.strip_suffix(ending).filter(|bare| bare.len() > 2));
    let mut bare = bare.unwrap_or(word).to_owned();
    let last = bare.chars().next_back();
    if bare.len() > 3 && last.is_some_and(|last| bare[..bare.len() - last.len_utf8()].ends_with(last)) {
        bare.pop();
    }
    bare
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::paint::Paint;

    const LOOK: Look = Look { paint: Paint::Plain, width: 80, fold: true, most: 50 };

    #[test]
    fn words_are_found_by_what_is_meant() {
        for (sought, name) in [
            ("keep", "ecs.create_service"),
            ("scale", "ecs.update_service"),
            ("scaling a service", "ecs.update_service"),
            ("restarting", "ecs.stop_task"),
            ("logs", "facts(anything)"),
            ("stopped", "ecs.stop_task"),
            ("clutser", "ecs.create_cluster"),
            ("permissions", "iam.simulate_principal_policy"),
            ("undo", ":undo"),
            ("create cluster", "eks.create_cluster"),
        ] {
            let found = find(sought, LOOK);
            assert!(found.contains(name), "{sought}: {found}");
        }
        assert!(find("clutser", LOOK).starts_with("What has to do with `clutser` (`clutser` taken as `cluster`)\n"));
        assert_eq!(find("zzzz", LOOK), "note: there is nothing about `zzzz`\n:help shows what there is");
    }

    #[test]
    fn what_is_meant_is_there() {
        let entries = entries();
        for name in MEANT.iter().flat_map(|(_, names)| *names) {
            assert!(entries.iter().any(|entry| entry.name == *name), "{name}");
        }
    }
}
