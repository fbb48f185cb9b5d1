//! What `:help` answers: a first page, a page for each topic, and one for each operation and word. Operations describe
//! themselves in the table, and the words that are no operations in the script floor's list.

use super::command::{self, Form};
use super::find;
use crate::api::{self, Entry};
use crate::model::meant;
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
    if let Some((.., page)) = TOPICS.iter().find(|(name, ..)| *name == topic) {
        return page(look);
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
    let names: Vec<String> = api::all().flat_map(|entry| [full(entry), entry.method()]).collect();
    let known = names.iter().map(String::as_str).chain(words().iter().map(|word| word.name.as_str()));
    if let Some(similar) = meant::similar(topic, known).filter(|_| topic.contains(['.', '_'])) {
        return format!(
            "{}\n?{similar} shows it",
            trouble::note(&format!("there is no `{topic}`; did you mean `{similar}`?"), look)
        );
    }
    find::find(topic, look)
}

/// The first page: as much as fits on one screen.
fn front(look: Look) -> String {
    let begin = [
        (":lesson 1", "the first of the lessons; :lessons lists all"),
        ("let lot = cluster(\"lot\")", "a cluster to play with"),
        ("ecs.list_clusters()", "asks AWS: operations are called so"),
        ("wait(\"1m\")", "nothing moves before"),
        ("why(\"lot\")", "why anything is as it is"),
        (":undo", "takes the last line back"),
    ];
    let topics: Vec<Item> = TOPICS.iter().map(|(name, summary, _)| pair(&format!(":help {name}"), summary)).collect();
    let one = [("?ecs.create_service", "all about one operation or word"), (":find keep tasks", "searches all of it")];
    let items = |rows: &[(&str, &str)]| rows.iter().map(|(name, summary)| pair(name, summary)).collect::<Vec<Item>>();
    [
        help::list("To begin with", &items(&begin), look),
        help::list("There is more about", &topics, look),
        help::list("And about anything", &items(&one), look),
    ]
    .join("\n")
}

fn pair(name: &str, summary: &str) -> Item {
    Item { name: name.to_owned(), summary: summary.to_owned() }
}

/// A page about some of what there is: its name, what it is about, how it is made.
type Topic = (&'static str, &'static str, fn(Look) -> String);

/// The pages, in the order of the first one.
const TOPICS: &[Topic] = &[
    ("operations", "what AWS and Kubernetes can be asked", operations),
    ("words", "time, insight, output", of_groups),
    ("play", "clusters to play with, pods, tasks", to_play_with),
    ("learning", "words and commands of lessons", learning),
    ("commands", ":undo, :save, :fork and the others", commands),
    ("rhai", "the language of scripts", rhai),
    ("keys", "Tab, Ctrl-C, Enter", keys),
];

fn operations(look: Look) -> String {
    let services = api::services().map(|service| {
        let methods: Vec<String> = api::all().filter(|entry| entry.service == service).map(Entry::method).collect();
        Item { name: service.to_owned(), summary: methods.join(", ") }
    });
    let heading = "Operations, as in ecs.create_cluster(#{ clusterName: \"prod\" }); ?ecs says what each does";
    help::list(heading, &services.collect::<Vec<_>>(), look)
}

fn group(group: Group) -> Vec<Item> {
    words().iter().filter(|word| word.group == group).map(item).collect()
}

fn of_groups(look: Look) -> String {
    let groups = [("Time", Group::Time), ("Insight", Group::Insight), ("Output", Group::Output)];
    groups.map(|(heading, kind)| help::list(heading, &group(kind), look)).join("\n\n")
}

fn to_play_with(look: Look) -> String {
    let made_by = |maker: &str| {
        let words = words().iter().filter(|word| word.of.as_deref() == Some(maker) || word.name == maker);
        words.map(item).collect::<Vec<Item>>()
    };
    [
        help::list("An ECS cluster, as in let lot = cluster(\"lot\"); lot.launch(…)", &made_by("cluster"), look),
        help::list(
            "An EKS cluster, as in let shop = eks_cluster(\"shop\"); shop.run(…)",
            &made_by("eks_cluster"),
            look,
        ),
        help::list("A pod or a task", &methods(), look),
    ]
    .join("\n\n")
}

fn learning(look: Look) -> String {
    let names = ["lessons", "lesson", "next", "skip", "exercise", "check", "hint", "leave"];
    let forms = command::FORMS.iter().filter(|form| names.contains(&form.name));
    let words = help::list("What lessons and exercises are made of", &group(Group::Lesson), look);
    format!("{}\n\n{words}", help::list("At the prompt", &forms.map(command_item).collect::<Vec<_>>(), look))
}

fn commands(look: Look) -> String {
    let items: Vec<Item> = command::FORMS.iter().map(command_item).collect();
    help::list("Commands", &items, look)
}

fn rhai(look: Look) -> String {
    let rows = [
        ("let x = 5;", "sets a variable; x = 6 changes it"),
        ("\"text\", `task ${x}`", "texts; between back-ticks a value can stand in one"),
        ("[1, 2], #{ name: \"web\" }", "lists and maps; list[0], map.name, map[\"a-b\"]"),
        ("if x > 3 { … } else { … }", "decides; ==, !=, &&, ||, ! are as elsewhere"),
        ("for task in tasks { … }", "goes through a list; 0..5 are the numbers from 0 to 4"),
        ("while x < 9 { … }", "goes on as long as it holds; loop { … break; }"),
        ("fn twice(x) { x * 2 }", "defines a function; the last value is the answer"),
        ("list.filter(|t| t.cpu > 1)", "functions without a name; also map, find, all, some, sort, len"),
        ("switch x { 1 => \"one\", _ => … }", "chooses by a value"),
        ("try { … } catch (no) { … }", "goes on after a refusal: no.code, no.message, no.wayOut"),
        ("// to the end of the line", "a comment"),
    ];
    let items = rows.map(|(name, summary)| pair(name, summary));
    help::list("Rhai, the language of scripts (https://rhai.rs/book)", &items, look)
}

fn keys(look: Look) -> String {
    help::list("Keys", &good_to_know(), look)
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

pub(super) fn full(entry: &Entry) -> String {
    format!("{}.{}", entry.service, entry.method())
}

pub(super) fn command_item(form: &Form) -> Item {
    let name = format!(":{} {}", form.name, form.argument).trim_end().to_owned();
    Item { name, summary: form.summary.to_owned() }
}

pub(super) fn item(word: &Word) -> Item {
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
            ("commands", ":undo [n]"),
            ("", ":help commands"),
            ("ecs.create_service", "ecs:CreateService, changes the lab"),
            ("create_service", "ecs:CreateService, changes the lab"),
            ("CreateService", "ecs:CreateService, changes the lab"),
            ("ecs", "ecs.create_service"),
            ("wait()", "lets time pass"),
            ("words", "Insight"),
            ("operations", "create_cluster, "),
            ("rhai", "fn twice(x) { x * 2 }"),
            ("keys", "Ctrl-R"),
            ("play", "scale_to(image, runtime, cpu, mem, count)"),
            ("launch", ".launch(image, runtime, cpu, mem)"),
            ("run", ".run(name, image, account)"),
            ("play", "pod.call(action, resource)"),
            ("play", "task.call(action, resource)"),
            ("play", "eks_cluster(name)"),
            ("learning", "predict(\"question\", [choices])"),
            ("call", "program.call(program, action, resource)"),
            ("keep", "ecs.create_service"),
            (":leave", ":leave  leaves the lesson or the exercise"),
            ("exercise", ":exercise NAME"),
            ("ecs.create_servce", "did you mean `ecs.create_service`?"),
            ("zzzz", ":help shows what there is"),
        ] {
            let text = about(words, LOOK);
            assert!(text.contains(part), "{words}: {text}");
        }
    }

    #[test]
    fn the_first_page_is_one_screen() {
        for width in [60, 80, 120] {
            let page = about("", Look { width, ..LOOK });
            assert!(page.lines().count() < 24, "{width}\n{page}");
            assert!(page.lines().all(|line| line.chars().count() <= width), "{width}\n{page}");
        }
    }
}
