//! Completion: what could stand at the cursor, with a few words about it. Pure; the line editor asks.

use super::command;
use super::context::{Context, Place, Spot};
use crate::api::known::{Beside, Known, known};
use crate::api::{self, Entry};
use crate::course::{Catalogue, Exercise, Lesson};
use crate::model::noun::Noun;
use crate::script::Part;
use crate::script::words::words;
use crate::view::members::{self, Choice, Member};
use crate::world::World;

/// The most names of the lab that are offered for one word.
const MOST: usize = 60;

/// What could be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    /// How a list shows it.
    pub(super) display: String,
    /// What it writes.
    pub(super) replacement: String,
    /// A few words about it; none where the name says it all.
    pub(super) about: String,
}

/// What is there to be named.
#[derive(Clone, Copy)]
pub(super) struct Lab<'a> {
    /// The lab.
    pub(super) world: &'a World,
    /// The names that the script has so far.
    pub(super) variables: &'a [String],
    /// What there is to learn.
    pub(super) course: &'a Catalogue,
    /// What is in a variable.
    pub(super) inside: &'a dyn Fn(&str) -> Vec<Part>,
    /// The names of the labs beside this one.
    pub(super) labs: &'a [String],
}

/// What could stand at the end of `text`, and where in it the word begins that it would replace.
pub(super) fn complete(text: &str, lab: Lab<'_>) -> (usize, Vec<Candidate>) {
    if let Some(found) = in_command(text, lab) {
        return found;
    }
    let context = Context::read(text);
    if context.comment {
        return (text.len(), Vec::new());
    }
    let start = context.quoted.unwrap_or_else(|| word_start(text));
    let typed = &text[start..];
    if context.quoted.is_none() && typed.is_empty() && text.trim_end().ends_with(['"', '`', ')', ']', '}']) {
        return (start, Vec::new());
    }
    // Behind a dot stands what is in a thing, whatever is due where the thing stands.
    let behind_dot = context.quoted.is_none() && text[..start].ends_with('.');
    if let Some(due) = context.place().filter(|_| !behind_dot).and_then(|place| Due::at(&place)) {
        let quote = context.quoted.and_then(|start| text[..start].chars().next_back());
        let begins = text[..start].trim_end().ends_with(':');
        let mut found = due.candidates(lab.world, typed, quote, begins);
        if context.quoted.is_none() && due.takes_expression() && !typed.is_empty() {
            found.extend(starting(typed, names(lab.variables)));
        }
        if !found.is_empty() || context.quoted.is_some() || !due.takes_expression() {
            return (start, found);
        }
    }
    if context.quoted.is_some() {
        return (text.len(), Vec::new());
    }
    let found = match text[..start].strip_suffix('.') {
        Some(before) => members_of(&before[word_start(before)..], lab),
        None => names(lab.variables),
    };
    (start, starting(typed, found))
}

/// Lines for the prompt: the commands themselves, what the course has, labs, and what help can be about.
fn in_command(text: &str, lab: Lab<'_>) -> Option<(usize, Vec<Candidate>)> {
    let line = text.trim_start();
    let indent = text.len() - line.len();
    if let Some(typed) = line.strip_prefix(':').filter(|rest| !rest.contains(char::is_whitespace)) {
        let forms = command::FORMS.iter().map(|form| {
            let then = if form.argument.is_empty() { "" } else { " " };
            candidate(form.name, then, form.summary)
        });
        return Some((indent + 1, starting(typed, forms.collect())));
    }
    for (command, names) in [(":lesson ", lessons as fn(&Catalogue) -> _), (":exercise ", exercises)] {
        if let Some(typed) = line.strip_prefix(command).map(str::trim_start) {
            // The shortest way to name it, unless another one was begun.
            let ways: [Vec<Candidate>; 3] = names(lab.course);
            let found = ways.into_iter().map(|names| starting(typed, names)).find(|found| !found.is_empty());
            return Some((text.len() - typed.len(), found.unwrap_or_default()));
        }
    }
    let of_labs = [":compare ", ":switch "].iter().find_map(|command| line.strip_prefix(command));
    if let Some(typed) = of_labs.map(str::trim_start) {
        let labs = lab.labs.iter().map(|name| candidate(name, "", "another lab"));
        return Some((text.len() - typed.len(), starting(typed, labs.collect())));
    }
    let topic = line.strip_prefix('?').or_else(|| line.strip_prefix(":help ")).or_else(|| line.strip_prefix(":h "))?;
    let operations =
        api::all().map(|entry| candidate(&format!("{}.{}", entry.service, entry.method()), "", entry.summary));
    let words = words().iter().map(|word| candidate(&word.name, "", &word.summary));
    let topic = topic.trim_start();
    Some((text.len() - topic.len(), starting(topic, operations.chain(words).collect())))
}

/// The ways to name the lessons: by place, by name, by folder.
fn lessons(course: &Catalogue) -> [Vec<Candidate>; 3] {
    let named = |name: fn(usize, &Lesson) -> String| {
        let lessons = course.lessons.iter().enumerate();
        lessons.map(|(index, lesson)| candidate(&name(index, lesson), "", &lesson.title)).collect()
    };
    [named(|index, _| (index + 1).to_string()), named(|_, lesson| lesson.slug.clone()), named(|_, l| l.folder())]
}

/// The ways to name the exercises: where it is enough by their own name, and by their lesson's and their own.
fn exercises(course: &Catalogue) -> [Vec<Candidate>; 3] {
    let about = |exercise: &Exercise| format!("{}: {}", exercise.kind.as_str(), exercise.title.replace('`', ""));
    let named = |name: &dyn Fn(&Exercise) -> String| {
        course.exercises.iter().map(|exercise| candidate(&name(exercise), "", &about(exercise))).collect()
    };
    [named(&|exercise| course.short_name(exercise)), named(&Exercise::name), Vec::new()]
}

/// What is due at a place in a call.
pub(super) enum Due<'a> {
    /// One of these members of a request; those that are there already are left out.
    Member(Vec<Member>),
    /// A value: one of the choices, or the name of something that the lab has.
    Value {
        /// The choices.
        choices: Vec<Choice>,
        /// What it may name.
        nouns: Vec<Noun>,
        /// What else the call names.
        beside: Vec<(Noun, &'a str)>,
        /// Whether it is a list that has not begun.
        in_list: bool,
    },
}

impl<'a> Due<'a> {
    /// What is due at a place, if its call is known.
    pub(super) fn at(place: &Place<'a>) -> Option<Due<'a>> {
        let entry = place.call.split_once('.').and_then(|(service, method)| api::find(service, method));
        match (entry, &place.spot) {
            (None, Spot::Argument([])) => {
                let word = words().iter().find(|word| word.name == place.call)?;
                Some(Due::Value { choices: Vec::new(), nouns: word.takes.clone(), beside: Vec::new(), in_list: false })
            }
            (None, _) => None,
            (Some(entry), Spot::Argument(given)) => {
                let all = members::members(&(entry.schema)());
                let named = |name: &str| all.iter().find(|member| member.name == name);
                let member = named(entry.arguments.get(given.len())?)?;
                let before = entry.arguments.iter().zip(*given);
                let beside = before.filter_map(|(name, text)| Some((named(name)?.noun?, text.as_deref()?))).collect();
                Some(Due::value(member, beside))
            }
            (Some(entry), Spot::Member { path, used, texts }) => {
                let all = members::members(&(entry.schema)());
                if let Some(used) = used {
                    let inside = members::inside(&all, path).iter();
                    return Some(Due::Member(inside.filter(|member| !used.contains(&member.name)).cloned().collect()));
                }
                let member =
                    |path: &[&str], name: &str| members::inside(&all, path).iter().find(|member| member.name == name);
                let (name, parents) = path.split_last()?;
                let nouns = texts.iter().filter_map(|(path, key, text)| Some((member(path, key)?.noun?, *text)));
                Some(Due::value(member(parents, name)?, nouns.collect()))
            }
        }
    }

    fn value(member: &Member, beside: Vec<(Noun, &'a str)>) -> Due<'a> {
        let in_list = member.kind.starts_with("array");
        Due::Value { choices: member.choices.clone(), nouns: member.noun.into_iter().collect(), beside, in_list }
    }

    /// Whether any expression may stand here.
    fn takes_expression(&self) -> bool {
        matches!(self, Due::Value { .. })
    }

    /// What begins with what is typed; `quote` is the sign that opened it, if one did, and `begins` says that it stands
    /// right behind the name of its member.
    fn candidates(&self, world: &World, typed: &str, quote: Option<char>, begins: bool) -> Vec<Candidate> {
        match self {
            Due::Member(_) if quote.is_some() => Vec::new(),
            Due::Member(members) => {
                let about = |member: &Member| {
                    let required = if member.required { ", required" } else { "" };
                    format!("{}{required}: {}", member.kind, member.doc)
                };
                let all = members.iter().map(|member| candidate(&member.name, ": ", &about(member)));
                starting(typed, all.collect())
            }
            Due::Value { choices, nouns, beside, in_list } => {
                let written = |name: &str| match quote {
                    Some(quote) => format!("{name}{quote}"),
                    None if *in_list && begins => format!("[\"{name}\"]"),
                    None => format!("\"{name}\""),
                };
                let named = nouns.iter().flat_map(|&noun| known(world, noun, Beside::new(beside), typed));
                let named: Vec<Known> = named.collect();
                let more = named.len().checked_sub(MOST).filter(|more| *more > 0).map(|more| Candidate {
                    display: format!("… {more} more"),
                    replacement: format!("{}{typed}", if quote.is_none() && !typed.is_empty() { "\"" } else { "" }),
                    about: "type more of the name".to_owned(),
                });
                let named = named.into_iter().map(|known| (written(&known.name), known.name, known.about)).take(MOST);
                let chosen = choices.iter().filter(|choice| choice.text.starts_with(typed));
                let chosen = chosen.filter(|choice| choice.is_text || quote.is_none()).map(|choice| {
                    let written = if choice.is_text { written(&choice.text) } else { choice.text.clone() };
                    (written, choice.text.clone(), choice.about.clone())
                });
                let candidate = |(replacement, display, about)| Candidate { display, replacement, about };
                chosen.chain(named).map(candidate).chain(more).collect()
            }
        }
    }
}

/// What may stand behind a dot: the operations of a handle, or what is in a variable.
fn members_of(name: &str, lab: Lab<'_>) -> Vec<Candidate> {
    if api::services().any(|service| service == name) {
        return methods(name);
    }
    let mut found: Vec<Candidate> = (lab.inside)(name)
        .into_iter()
        .map(|part| match part {
            Part::Member(name, kind) => candidate(&name, "", kind),
            Part::Method(name, summary) => candidate(&name, "(", &summary),
        })
        .collect();
    found.dedup();
    found
}

/// The operations of a service, opened as far as they must be.
fn methods(service: &str) -> Vec<Candidate> {
    let entries = api::all().filter(|entry| entry.service == service);
    let open = |entry: &Entry| {
        let needs = members::members(&(entry.schema)()).iter().any(|member| member.required);
        if needs && entry.arguments.is_empty() { "(#{ " } else { "(" }
    };
    entries.map(|entry| candidate(&entry.method(), open(entry), entry.summary)).collect()
}

/// Handles, words and variables.
fn names(variables: &[String]) -> Vec<Candidate> {
    let handles = api::services().map(|service| candidate(service, ".", "a service"));
    let words = words().iter().filter(|word| word.of.is_none());
    let words = words.map(|word| candidate(&word.name, "(", &word.summary));
    let own = variables.iter().filter(|name| api::services().all(|service| service != name.as_str()));
    let mut found: Vec<Candidate> =
        handles.chain(words).chain(own.map(|name| candidate(name, "", "a variable"))).collect();
    found.sort_by(|a, b| a.display.cmp(&b.display));
    found.dedup();
    found
}

fn candidate(name: &str, then: &str, about: &str) -> Candidate {
    Candidate { display: name.to_owned(), replacement: format!("{name}{then}"), about: about.to_owned() }
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
    use crate::script::Interpreter;
    use crate::session::Session;

    /// A lab with two clusters, a service and a role.
    fn session() -> Session {
        let mut interpreter = Interpreter::new(Session::new(42), Box::new(|_| {}));
        let script = r#"
            for name in ["prod", "test"] { ecs.create_cluster(#{ clusterName: name }); }
            ecs.register_container_instance(#{ cluster: "prod", totalResources: [
                #{ name: "CPU", type: "INTEGER", integerValue: 2048 },
                #{ name: "MEMORY", type: "INTEGER", integerValue: 7680 },
            ] });
            let web = #{ name: "web", image: "nginx", memory: 128 };
            ecs.register_task_definition(#{ family: "web", containerDefinitions: [web] });
            ecs.create_service(#{ cluster: "prod", serviceName: "web-api", taskDefinition: "web", desiredCount: 1 });
            wait("2m");"#;
        interpreter.eval(script, "").expect("the script is right");
        interpreter.into_session()
    }

    #[test]
    fn completes_what_is_meant() {
        let session = session();
        let task = session.world().task_name(crate::model::id::Id::new(0))[..8].to_owned();
        let instance = format!("{}\"", &session.world().instance_name(crate::model::id::Id::new(0))[..8]);
        let (short, crash) = (format!("{task}\""), format!("\"{task}\""));
        let rows: [(&str, &str, &[&str]); 51] = [
            (":un", "un", &["undo "]),
            (":q", "q", &["quit"]),
            (":lesson ", "", &["1", "2", "3", "4"]),
            (":lesson irs", "irs", &["irsa-trust-checks"]),
            (":lesson 01", "01", &["010-task-vs-service"]),
            (":exercise keep", "keep", &["keep-two"]),
            (":exercise 010-task-vs-service/k", "010-task-vs-service/k", &["010-task-vs-service/keep-two"]),
            (":exercise nothing", "nothing", &[]),
            ("?ecs.create_s", "ecs.create_s", &["ecs.create_service"]),
            (":help wait_", "wait_", &["wait_until"]),
            (":compare ", "", &["main", "what-if"]),
            (":switch w", "w", &["what-if"]),
            ("mine.", "", &["spec", "call("]),
            ("fault.crash(mine.", "", &["spec", "call("]),
            ("ecs.describe_services(#{ cluster: mine.s", "s", &["spec"]),
            ("ecs.update_service(#{ forceNewDeployment: ", "", &["true", "false"]),
            ("ecs.update_service(#{ forceNewDeployment: tr", "tr", &["true"]),
            ("ecs.update_service(#{ forceNewDeployment: \"t", "t", &[]),
            ("x + mine.c", "c", &["call("]),
            ("lau", "lau", &[]),
            ("ec", "ec", &["ec2.", "ecs."]),
            ("ecs.create_cl", "create_cl", &["create_cluster("]),
            ("let x = ecs.create_s", "create_s", &["create_service(#{ "]),
            ("ecs.create_service(#{ serv", "serv", &["serviceName: "]),
            ("ecs.create_service(#{ serviceName: \"a\", serv", "serv", &[]),
            ("ecs.create_service(#{ networkConfiguration: #{ a", "a", &["awsvpcConfiguration: "]),
            ("ecs.create_service(#{ launchType: F", "F", &["\"FARGATE\""]),
            ("ecs.create_service(#{ launchType: \"F", "F", &["FARGATE\""]),
            ("ecs.create_service(#{ cluster: mi", "mi", &["mine"]),
            ("ecs.create_service(#{ cluster: ", "", &["\"prod\"", "\"test\""]),
            ("ecs.create_service(#{ cluster: \"", "", &["prod\"", "test\""]),
            ("ecs.create_service(#{ cluster: `p", "p", &["prod`"]),
            ("ecs.create_service(#{ serviceName: \"", "", &[]),
            ("ecs.create_service(#{ taskDefinition: \"web", "web", &["web\"", "web:1\""]),
            ("ecs.describe_services(#{ cluster: \"prod\", services: [\"", "", &["web-api\""]),
            ("ecs.describe_services(#{ cluster: \"prod\", services: [", "", &["\"web-api\""]),
            ("ecs.describe_services(#{ cluster: \"prod\", services: ", "", &["[\"web-api\"]"]),
            ("ecs.describe_services(#{ cluster: \"test\", services: [\"", "", &[]),
            ("ecs.update_service(#{ service: \"web-", "web-", &["web-api\""]),
            ("ecs.stop_task(#{ cluster: \"prod\", task: \"", "", &[&short]),
            ("fault.crash(", "", &[&crash]),
            ("fault.crash(\"", "", &[&short]),
            ("fault.crash(\"x\"", "", &[]),
            ("why(\"web", "web", &["web-api\""]),
            ("facts(\"", "", &["web-api\"", &short, "prod\"", "test\"", &instance]),
            ("print(\"web", "web", &[]),
            ("wait_u", "wait_u", &["wait_until("]),
            ("x + mi", "mi", &["mine"]),
            ("\"ec", "", &[]),
            ("// ec", "", &[]),
            (
                "iam.attach_role_policy(#{ PolicyArn: \"arn:aws:iam::aws:policy/AmazonS3R",
                "arn:aws:iam::aws:policy/AmazonS3R",
                &["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess\""],
            ),
        ];
        let variables = ["mine".to_owned()];
        let course = Catalogue::embedded().expect("a test proves it");
        let labs = ["main".to_owned(), "what-if".to_owned()];
        let inside = |name: &str| match name {
            "mine" => vec![Part::Member("spec".to_owned(), "map"), Part::Method("call".to_owned(), String::new())],
            _ => Vec::new(),
        };
        for (text, typed, expected) in rows {
            let lab =
                Lab { world: session.world(), variables: &variables, course: &course, inside: &inside, labs: &labs };
            let (start, found) = complete(text, lab);
            let found: Vec<&str> = found.iter().map(|candidate| candidate.replacement.as_str()).collect();
            assert_eq!((&text[start..], found.as_slice()), (typed, expected), "{text}");
        }
    }

    #[test]
    fn candidates_say_what_they_are() {
        let session = session();
        for (text, about) in [
            ("ecs.create_cl", "Creates a cluster"),
            ("ecs.create_service(#{ launchType: \"F", "On capacity that AWS runs"),
            ("ecs.create_service(#{ serv", "string, required: The service's name"),
            ("ecs.delete_cluster(#{ cluster: \"pr", "1 service, 1 task running"),
            ("why(\"web", "ACTIVE, 1 of 1 running, in cluster prod"),
            (":und", "takes back"),
        ] {
            let course = Catalogue::default();
            let lab =
                Lab { world: session.world(), variables: &[], course: &course, inside: &|_| Vec::new(), labs: &[] };
            let (_, found) = complete(text, lab);
            assert!(found[0].about.starts_with(about), "{text}: {found:?}");
        }
    }
}
