//! The words of the script surface that are no operations: how each is written and what it is for.
//!
//! Help, search and completion read this list. The words of the prelude describe themselves there, in the comments
//! above them.

use std::sync::OnceLock;

use rhai::Engine;

use crate::model::noun::Noun;

/// A word that every script knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The function's name.
    pub name: String,
    /// How it is written.
    pub form: String,
    /// What it is for.
    pub summary: String,
    /// What its first argument may name.
    pub takes: &'static [Noun],
    /// Where it belongs.
    pub group: Group,
}

/// What kind of word it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Lets time pass, or tells it.
    Time,
    /// Explains what happened.
    Insight,
    /// Puts something out.
    Output,
    /// A function of the prelude.
    Prelude,
}

/// Tasks and services.
const SUBJECT: &[Noun] = &[Noun::Service, Noun::Task];

/// Group, how it is written, what it is for, what its first argument may name.
const WORDS: &[(Group, &str, &str, &[Noun])] = &[
    (Group::Time, "wait(\"10m\")", "lets time pass; nothing moves before", &[]),
    (
        Group::Time,
        "wait_until(|| condition, \"10m\")",
        "lets time pass until the condition holds; false if it never did",
        &[],
    ),
    (Group::Time, "settle()", "lets time pass until nothing is on its way any more", &[]),
    (Group::Time, "now()", "the lab's time", &[]),
    (
        Group::Insight,
        "why(task_or_service)",
        "why it is as it is, back to what you did; why() explains the last refusal",
        SUBJECT,
    ),
    (Group::Insight, "facts(task_or_service)", "what happened to it; facts() for everything", SUBJECT),
    (
        Group::Insight,
        "timeline(service, \"10m\")",
        "its tasks and their health over time; of a task or a cluster too, and of all time without a span",
        &[Noun::Service, Noun::Cluster, Noun::Task],
    ),
    (
        Group::Insight,
        "advise(service, \"140s\")",
        "health settings that carry a boot; without a time the boot of its images",
        &[Noun::Service],
    ),
    (Group::Insight, "cost()", "the bill so far", &[]),
    (Group::Output, "answer(\"question\", value)", "answers a question of an exercise; the last answer counts", &[]),
    (Group::Output, "show(value)", "lays a value out as the prompt does", &[]),
    (Group::Output, "print(text)", "prints a text", &[]),
];

/// Every word, in the order of help.
pub fn words() -> &'static [Word] {
    static ALL: OnceLock<Vec<Word>> = OnceLock::new();
    ALL.get_or_init(|| {
        let listed = WORDS.iter().map(|&(group, form, summary, takes)| {
            let name = form.split('(').next().unwrap_or(form).to_owned();
            Word { name, form: form.to_owned(), summary: summary.to_owned(), takes, group }
        });
        listed.chain(of_prelude()).collect()
    })
}

/// The words of the prelude, as its comments describe them; those that begin with `prelude_` are its own business.
fn of_prelude() -> Vec<Word> {
    let source = super::engine::PRELUDE;
    let mut engine = Engine::new();
    super::engine::limit(&mut engine);
    let ast = engine.compile(source).expect("a test runs the prelude");
    let mut words: Vec<Word> = ast
        .iter_functions()
        .filter(|function| !function.name.starts_with("prelude_") && !function.comments.is_empty())
        .map(|function| {
            let lines = function.comments.iter().flat_map(|comment| comment.lines());
            let text: Vec<&str> = lines.map(|line| line.trim().trim_start_matches("///").trim()).collect();
            let first = text.split(|line| line.is_empty()).next().unwrap_or_default().join(" ");
            Word {
                name: function.name.to_owned(),
                form: format!("{}({})", function.name, function.params.join(", ")),
                summary: first,
                takes: &[],
                group: Group::Prelude,
            }
        })
        .collect();
    words.sort_by_key(|word| source.find(&format!("fn {}(", word.name)));
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::Interpreter;
    use crate::session::Session;

    #[test]
    fn every_word_is_there() {
        let mut interpreter = Interpreter::new(Session::new(1), Box::new(|_| {}));
        let engine = interpreter.engine_mut();
        let known = engine.collect_fn_metadata(None, |info| Some(info.metadata.name.to_string()), true);
        for word in words() {
            // `print` is part of the engine itself.
            assert!(word.name == "print" || known.contains(&word.name), "{}", word.name);
            assert!(!word.summary.is_empty(), "{}", word.name);
        }
    }

    #[test]
    fn the_prelude_describes_its_words() {
        let words: Vec<&Word> = words().iter().filter(|word| word.group == Group::Prelude).collect();
        let names: Vec<&str> = words.iter().map(|word| word.name.as_str()).collect();
        assert_eq!(names, ["cluster", "launch", "scale_to", "kill", "render"]);
        assert_eq!(words[1].form, "launch(image, runtime, cpu, mem)");
        assert_eq!(words[4].summary, "The cluster as a table.");
    }
}
