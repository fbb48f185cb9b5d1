//! What `:help` and `:find` answer. Operations describe themselves in the table; the few words of the language that
//! are no operations are described here.

use super::command;
use crate::api::refusal::did_you_mean;
use crate::api::{self, Entry};
use crate::view::Look;
use crate::view::help::{self, Item};
use crate::view::trouble;

/// A word of the script surface that is no operation.
pub(super) struct Word {
    /// The function's name.
    pub(super) name: &'static str,
    /// How it is written.
    form: &'static str,
    summary: &'static str,
}

/// The words, in the order of help.
pub(super) const WORDS: &[Word] = &[
    Word { name: "wait", form: "wait(\"10m\")", summary: "lets time pass; nothing moves before" },
    Word {
        name: "wait_until",
        form: "wait_until(|| condition, \"10m\")",
        summary: "lets time pass until the condition holds; false if it never did",
    },
    Word { name: "settle", form: "settle()", summary: "lets time pass until nothing is on its way any more" },
    Word { name: "now", form: "now()", summary: "the lab's time" },
    Word { name: "why", form: "why(task_or_service)", summary: "why it is as it is, back to what you did" },
    Word { name: "facts", form: "facts(task_or_service)", summary: "what happened to it; facts() for everything" },
    Word {
        name: "advise",
        form: "advise(service, \"140s\")",
        summary: "health settings that carry a boot; without a time the boot of its images",
    },
    Word { name: "cost", form: "cost()", summary: "the bill so far" },
    Word {
        name: "answer",
        form: "answer(\"question\", value)",
        summary: "answers a question of an exercise; the last answer counts",
    },
    Word { name: "show", form: "show(value)", summary: "lays a value out as the prompt does" },
    Word { name: "print", form: "print(text)", summary: "prints a text" },
];

/// Help about some words; the front page without any.
pub(super) fn about(words: &str, look: Look) -> String {
    let words = words.trim().trim_start_matches(':').trim_end_matches("()");
    if words.is_empty() {
        return front(look);
    }
    let operations: Vec<&Entry> = match words.split_once('.') {
        Some((service, method)) => api::find(service, method).into_iter().collect(),
        None => api::all().filter(|entry| entry.method() == words || entry.name == words).collect(),
    };
    if !operations.is_empty() {
        let pages: Vec<String> = operations.iter().map(|entry| help::operation(entry, look)).collect();
        return pages.join("\n\n");
    }
    if api::services().any(|service| service == words.trim_end_matches('.')) {
        return service(words.trim_end_matches('.'), look);
    }
    if let Some(word) = WORDS.iter().find(|word| word.name == words) {
        return help::list("", &[item(word)], look).trim_start_matches('\n').to_owned();
    }
    find(words, look)
}

/// What has all of these words in its name, its summary or its search words.
pub(super) fn find(words: &str, look: Look) -> String {
    let wanted: Vec<String> = words.to_lowercase().split_whitespace().map(str::to_owned).collect();
    let has_all = |text: String| wanted.iter().all(|word| text.contains(word.as_str()));
    let operations = api::all()
        .filter(|entry| has_all(format!("{} {} {}", full(entry), entry.summary, entry.search.join(" ")).to_lowercase()))
        .map(|entry| Item { name: full(entry), summary: entry.summary.to_owned() });
    let others =
        WORDS.iter().filter(|word| has_all(format!("{} {}", word.form, word.summary).to_lowercase())).map(item);
    let found: Vec<Item> = operations.chain(others).collect();
    if !found.is_empty() {
        return help::list(&format!("What has to do with `{words}`"), &found, look);
    }
    let names: Vec<String> = api::all().flat_map(|entry| [full(entry), entry.method()]).collect();
    let known = names.iter().map(String::as_str).chain(WORDS.iter().map(|word| word.name));
    let way_out = match did_you_mean(words, known) {
        Some(similar) => format!("did you mean `{similar}`?"),
        None => ":help shows everything".to_owned(),
    };
    format!("{}\n{way_out}", trouble::note(&format!("there is nothing about `{words}`"), look))
}

fn front(look: Look) -> String {
    let services: Vec<Item> = api::services()
        .map(|service| {
            let methods: Vec<String> = api::all().filter(|entry| entry.service == service).map(Entry::method).collect();
            Item { name: service.to_owned(), summary: methods.join(", ") }
        })
        .collect();
    let words: Vec<Item> = WORDS.iter().map(item).collect();
    let commands: Vec<Item> = command::FORMS
        .iter()
        .map(|form| Item {
            name: format!(":{} {}", form.name, form.argument).trim_end().to_owned(),
            summary: form.summary.to_owned(),
        })
        .collect();
    let sections = [
        help::list("Operations, as in ecs.create_cluster(#{ clusterName: \"prod\" })", &services, look),
        help::list("Words", &words, look),
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
        item("Tab", "completes operations and their members"),
        item("Ctrl-C", "stops what runs, or drops the line; the lab stays"),
        item("Ctrl-R", "searches earlier lines"),
        item("Enter twice", "submits a text that looks unfinished"),
    ]
}

fn service(service: &str, look: Look) -> String {
    let entries = api::all().filter(|entry| entry.service == service);
    let items: Vec<Item> = entries.map(|entry| Item { name: full(entry), summary: entry.summary.to_owned() }).collect();
    help::list(service, &items, look)
}

fn full(entry: &Entry) -> String {
    format!("{}.{}", entry.service, entry.method())
}

fn item(word: &Word) -> Item {
    Item { name: word.form.to_owned(), summary: word.summary.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::Interpreter;
    use crate::session::Session;
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
            ("keep", "ecs.create_service"),
            ("ecs.create_servce", "did you mean `ecs.create_service`?"),
            ("zzzz", ":help shows everything"),
        ] {
            let text = about(words, LOOK);
            assert!(text.contains(part), "{words}: {text}");
        }
    }

    #[test]
    fn every_word_is_there() {
        let mut interpreter = Interpreter::new(Session::new(1), Box::new(|_| {}));
        let engine = interpreter.engine_mut();
        let known = engine.collect_fn_metadata(None, |info| Some(info.metadata.name.to_string()), true);
        for word in WORDS {
            // `print` is part of the engine itself.
            assert!(word.name == "print" || known.iter().any(|name| name == word.name), "{}", word.name);
        }
    }
}
