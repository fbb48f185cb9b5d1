//! What stands grey behind the cursor: the rest of the only word that could stand there, what a request still needs, or
//! the brackets that close it. Pure; the line editor asks.

use rustyline::hint::Hint;

use super::complete::{self, Lab};
use super::context::{Context, Spot};
use crate::api;
use crate::script::words::{Word, words};
use crate::view::members;

/// A text behind the cursor, and as much of it as an arrow to the right writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ghost {
    shown: String,
    written: bool,
}

impl Ghost {
    /// A text that can be written as it stands.
    pub(super) fn written(shown: String) -> Ghost {
        Ghost { shown, written: true }
    }

    /// A text that says what is to come.
    fn said(shown: String) -> Ghost {
        Ghost { shown, written: false }
    }
}

impl Hint for Ghost {
    fn display(&self) -> &str {
        &self.shown
    }

    fn completion(&self) -> Option<&str> {
        self.written.then_some(&self.shown)
    }
}

/// What should stand behind the end of `text`.
pub(super) fn hint(text: &str, lab: Lab<'_>) -> Option<Ghost> {
    if text.trim().is_empty() {
        return None;
    }
    if let Some(rest) = only_completion(text, lab) {
        return Some(Ghost::written(rest));
    }
    let context = Context::read(text);
    if context.comment || context.quoted.is_some() {
        return None;
    }
    let place = context.place()?;
    match &place.spot {
        Spot::Argument(given) if text.trim_end().ends_with(['(', ',']) => arguments(place.call, given.len()),
        Spot::Argument(_) => None,
        Spot::Member { path, used, .. } => {
            let at_key = used.is_some() && text.trim_end().ends_with(['{', ',']);
            let after_value = used.is_none() && text.ends_with(|c: char| "\"`]}".contains(c) || c.is_ascii_digit());
            if !at_key && !after_value || context.in_list() {
                return None;
            }
            let entry = place.call.split_once('.').and_then(|(service, method)| api::find(service, method))?;
            let all = members::members(&(entry.schema)());
            let map = if after_value { path.split_last()?.1 } else { path };
            let used = context.used();
            let missing = members::inside(&all, map).iter().filter(|m| m.required && !used.contains(&m.name));
            let missing: Vec<String> = missing.map(|member| format!("{}: …", member.name)).collect();
            match (missing.is_empty(), at_key) {
                (false, true) => {
                    let space = if text.ends_with(' ') { "" } else { " " };
                    Some(Ghost::said(format!("{space}{}", missing.join(", "))))
                }
                (false, false) => Some(Ghost::said(format!(", {}", missing.join(", ")))),
                (true, false) => Some(Ghost::written(context.closers())),
                (true, true) => None,
            }
        }
    }
}

/// What is left to write of the only thing that could stand here.
fn only_completion(text: &str, lab: Lab<'_>) -> Option<String> {
    let (start, found) = complete::complete(text, lab);
    let [only] = found.as_slice() else { return None };
    let rest = only.replacement.strip_prefix(&text[start..])?;
    // A lone closing quote helps nobody who may be writing a longer name.
    (rest.len() > 1 || !rest.starts_with(['"', '`'])).then(|| rest.to_owned())
}

/// The arguments that an operation or a word takes by position, from this one on.
fn arguments(call: &str, from: usize) -> Option<Ghost> {
    let entry = call.split_once('.').and_then(|(service, method)| api::find(service, method));
    if let Some(entry) = entry {
        let rest = entry.arguments.get(from..).filter(|rest| !rest.is_empty())?;
        return Some(Ghost::said(format!("{})", rest.join(", "))));
    }
    let (on, name) = call.rsplit_once('.').map_or((None, call), |(on, name)| (Some(on), name));
    let called = |word: &&Word| word.name == name && word.of.is_some() == on.is_some() && from == 0;
    let Some(word) = words().iter().rfind(called) else {
        // An operation that is a method has what it is called on before the dot.
        let entry = api::all().find(|entry| on.is_some() && entry.is_method && entry.method() == name)?;
        let rest = entry.arguments.get(1 + from..).filter(|rest| !rest.is_empty())?;
        return Some(Ghost::said(format!("{})", rest.join(", "))));
    };
    let (_, inside) = word.form.split_once('(')?;
    Some(if inside == ")" { Ghost::written(inside.to_owned()) } else { Ghost::said(inside.to_owned()) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::course::Catalogue;
    use crate::script::Interpreter;
    use crate::session::Session;

    #[test]
    fn ghosts_tell_what_is_to_come() {
        let mut interpreter = Interpreter::new(Session::new(42), Box::new(|_| {}));
        interpreter.eval("ecs.create_cluster(#{ clusterName: \"prod\" })", "").expect("it is right");
        let session = interpreter.session();
        for (text, shown, written) in [
            ("ecs.create_cl", "uster(", true),
            (":und", "o ", true),
            ("ecs.create_service(#{ serv", "iceName: ", true),
            ("ecs.create_service(#{ cluster: ", "\"prod\"", true),
            ("ecs.create_service(#{ cluster: \"p", "rod\"", true),
            ("ecs.create_service(#{ cluster: \"prod", "", false),
            ("ecs.create_service(#{", " serviceName: …, taskDefinition: …", false),
            ("ecs.create_service(#{ ", "serviceName: …, taskDefinition: …", false),
            ("ecs.create_service(#{ serviceName: \"a\"", ", taskDefinition: …", false),
            ("ecs.create_service(#{ serviceName: \"a\", ", "taskDefinition: …", false),
            ("ecs.create_service(#{ serviceName: \"a\", taskDefinition: \"b\"", " })", true),
            ("ecs.create_service(#{ serviceName: \"a\", taskDefinition: \"b\", desiredCount: 12", " })", true),
            ("ecs.create_service(#{ tags: [#{ ", "key: …", false),
            ("ecs.describe_clusters(#{ clusters: [\"prod\"", "", false),
            ("fault.crash(", "task, code)", false),
            ("fault.crash(\"x\", ", "code)", false),
            ("why(", "\"prod\"", true),
            ("lot.launch(", "image, runtime, cpu, mem)", false),
            ("shop.run(", "name, image, account)", false),
            ("pod.call(", "action, resource)", false),
            ("launch(", "", false),
            ("wait(", "\"10m\")", false),
            ("settle", "(", true),
            ("settle(", ")", true),
            ("1 + 2", "", false),
            ("", "", false),
            ("// ecs.create_cl", "", false),
        ] {
            let course = Catalogue::default();
            let lab =
                Lab { world: session.world(), variables: &[], course: &course, inside: &|_| Vec::new(), labs: &[] };
            let ghost = hint(text, lab);
            let found = ghost.as_ref().map_or(("", false), |ghost| (ghost.display(), ghost.completion().is_some()));
            assert_eq!(found, (shown, written), "{text}");
        }
    }
}
