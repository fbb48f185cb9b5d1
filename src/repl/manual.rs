//! What `:help` and `:find` answer. Operations describe themselves in the table, and the words that are no operations
//! in the script floor's list.

use super::command::{self, Form};
use crate::api::refusal::did_you_mean;
use crate::api::{self, Entry};
use crate::script::words::{Group, Word, words};
use crate::view::Look;
use crate::view::help::{self, Item};
use crate::view::trouble;

/// Help about some words; the front page without any.
pub(super) fn about(topic: &str, look: Look) -> String {
    let topic = topic.trim().trim_start_matches(':').trim_end_matches("()");
    if topic.is_empty() {
        return front(look);
    }
    let operations: Vec<&Entry> = match topic.split_once('.') {
        Some((service, method)) => api::find(service, method).into_iter().collect(),
        None => api::all().filter(|entry| entry.method() == topic || entry.name == topic).collect(),
    };
    if !operations.is_empty() {
        let pages: Vec<String> = operations.iter().map(|entry| help::operation(entry, look)).collect();
        return pages.join("\n\n");
    }
    if api::services().any(|service| service == topic.trim_end_matches('.')) {
        return service(topic.trim_end_matches('.'), look);
    }
    if let Some(form) = command::FORMS.iter().find(|form| form.name == topic) {
        return help::list("", &[command_item(form)], look).trim_start_matches('\n').to_owned();
    }
    let meant: Vec<Item> = words().iter().filter(|word| word.name == topic.trim_start_matches('.')).map(item).collect();
    if !meant.is_empty() {
        return help::list("", &meant, look).trim_start_matches('\n').to_owned();
    }
    find(topic, look)
}

/// What has all of these words in its name, its summary or its search words.
pub(super) fn find(sought: &str, look: Look) -> String {
    let wanted: Vec<String> = sought.to_lowercase().split_whitespace().map(str::to_owned).collect();
    let has_all = |text: String| wanted.iter().all(|word| text.contains(word.as_str()));
    let operations = api::all()
        .filter(|entry| has_all(format!("{} {} {}", full(entry), entry.summary, entry.search.join(" ")).to_lowercase()))
        .map(|entry| Item { name: full(entry), summary: entry.summary.to_owned() });
    let others =
        words().iter().filter(|word| has_all(format!("{} {}", word.form, word.summary).to_lowercase())).map(item);
    let commands = command::FORMS
        .iter()
        .filter(|form| has_all(format!(":{} {}", form.name, form.summary).to_lowercase()))
        .map(command_item);
    let found: Vec<Item> = operations.chain(others).chain(commands).collect();
    if !found.is_empty() {
        return help::list(&format!("What has to do with `{sought}`"), &found, look);
    }
    let names: Vec<String> = api::all().flat_map(|entry| [full(entry), entry.method()]).collect();
    let known = names.iter().map(String::as_str).chain(words().iter().map(|word| word.name.as_str()));
    let way_out = match did_you_mean(sought, known) {
        Some(similar) => format!("did you mean `{similar}`?"),
        None => ":help shows everything".to_owned(),
    };
    format!("{}\n{way_out}", trouble::note(&format!("there is nothing about `{sought}`"), look))
}

fn front(look: Look) -> String {
    let services: Vec<Item> = api::services()
        .map(|service| {
            let methods: Vec<String> = api::all().filter(|entry| entry.service == service).map(Entry::method).collect();
            Item { name: service.to_owned(), summary: methods.join(", ") }
        })
        .collect();
    let group = |group: Group| words().iter().filter(|word| word.group == group).map(item).collect::<Vec<Item>>();
    let commands: Vec<Item> = command::FORMS.iter().map(command_item).collect();
    let to_play_with = |maker: &str| {
        let words = words().iter().filter(|word| word.of.as_deref() == Some(maker) || word.name == maker);
        words.map(item).collect::<Vec<Item>>()
    };
    let sections = [
        help::list("Operations, as in ecs.create_cluster(#{ clusterName: \"prod\" })", &services, look),
        help::list("Time", &group(Group::Time), look),
        help::list("Insight", &group(Group::Insight), look),
        help::list("Output", &group(Group::Output), look),
        help::list("A pod or a task", &methods(), look),
        help::list(
            "An ECS cluster to play with, as in let lot = cluster(\"lot\"); lot.launch(…)",
            &to_play_with("cluster"),
            look,
        ),
        help::list(
            "An EKS cluster to play with, as in let shop = eks_cluster(\"shop\"); shop.run(…)",
            &to_play_with("eks_cluster"),
            look,
        ),
        help::list("Lessons and exercises", &group(Group::Lesson), look),
        help::list("Commands", &commands, look),
        help::list("Good to know", &good_to_know(), look),
    ];
    sections.join("\n\n")
}

fn good_to_know() -> Vec<Item> {
    let item = |name: &str, summary: &str| Item { name: name.to_owned(), summary: summary.to_owned() };
    vec![
        item("ans", "the last value"),
        item(";", "at the end of a line keeps its value quiet"),
        item("Tab", "completes operations, their members, and the names of what the lab has"),
        item("Ctrl-C", "stops what runs, or drops the line; the lab stays"),
        item("Ctrl-R", "searches earlier lines"),
        item("Enter twice", "submits a text that looks unfinished"),
    ]
}

/// Operations that are methods of a description: `pod.call(…)`.
fn methods() -> Vec<Item> {
    let entries = api::all().filter(|entry| entry.is_method);
    let named = entries.flat_map(|entry| {
        let rest = entry.arguments.get(1..).unwrap_or_default().join(", ");
        let summary = entry.summary.to_owned();
        [("pod", summary), ("task", format!("the same; in full {}", full(entry)))]
            .map(|(on, summary)| Item { name: format!("{on}.{}({rest})", entry.method()), summary })
    });
    named.collect()
}

fn service(service: &str, look: Look) -> String {
    let entries = api::all().filter(|entry| entry.service == service);
    let items: Vec<Item> = entries.map(|entry| Item { name: full(entry), summary: entry.summary.to_owned() }).collect();
    help::list(service, &items, look)
}

fn full(entry: &Entry) -> String {
    format!("{}.{}", entry.service, entry.method())
}

fn command_item(form: &Form) -> Item {
    let name = format!(":{} {}", form.name, form.argument).trim_end().to_owned();
    Item { name, summary: form.summary.to_owned() }
}

fn item(word: &Word) -> Item {
    let dot = if word.of.is_some() { "." } else { "" };
    Item { name: format!("{dot}{}", word.form), summary: word.summary.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::paint::Paint;

    const LOOK: Look = Look { paint: Paint::Plain, width: 80, fold: true, most: 50 };

    #[test]
    fn help_finds_what_was_meant() {
        for (words, part) in [
            ("", "Commands"),
            ("ecs.create_service", "ecs:CreateService, changes the lab"),
            ("create_service", "ecs:CreateService, changes the lab"),
            ("CreateService", "ecs:CreateService, changes the lab"),
            ("ecs", "ecs.create_service"),
            ("wait()", "lets time pass"),
            ("", "Insight"),
            ("", "scale_to(image, runtime, cpu, mem, count)"),
            ("launch", ".launch(image, runtime, cpu, mem)"),
            ("run", ".run(name, image, account)"),
            ("", "pod.call(action, resource)"),
            ("", "task.call(action, resource)"),
            ("", "eks_cluster(name)"),
            ("", "predict(\"question\", [choices])"),
            ("call", "program.call(program, action, resource)"),
            ("keep", "ecs.create_service"),
            (":leave", ":leave  leaves the lesson or the exercise"),
            ("exercise", ":exercise NAME"),
            ("ecs.create_servce", "did you mean `ecs.create_service`?"),
            ("zzzz", ":help shows everything"),
        ] {
            let text = about(words, LOOK);
            assert!(text.contains(part), "{words}: {text}");
        }
    }
}
