//! What of the facts stands beneath a result: the headlines, many of a kind in one line, the middle of many left out.

use std::collections::VecDeque;

use crate::model::status::TaskStatus;
use crate::session::{Session, narrate};
use crate::view::facts::Line;
use crate::world::fact::{Fact, What};

/// Lines at the beginning and at the end that are shown.
const FIRST: usize = 12;
const LAST: usize = 8;
/// Characters of a line; the rest is in `:facts`. What AWS gives as a reason is shorter.
const LONGEST: usize = 320;
/// How a task is called in an event, and how many of a list of them are shown.
const TASK: &str = "(task ";
const TASKS: usize = 2;

/// The first and the last headlines among some facts, and how many lines stand between them.
#[derive(Debug, Default)]
pub(super) struct Headlines {
    pub(super) first: Vec<Line>,
    pub(super) between: usize,
    pub(super) last: Vec<Line>,
}

/// Tasks that came into the same state at the same moment are one line.
struct Group<'a> {
    fact: &'a Fact,
    count: usize,
}

impl Headlines {
    /// Picks the headlines.
    pub(super) fn of(session: &Session, facts: &[Fact]) -> Headlines {
        let (mut first, mut last, mut between) = (Vec::new(), VecDeque::new(), 0);
        for group in groups(session, facts) {
            if first.len() < FIRST {
                first.push(group.line(session));
                continue;
            }
            last.push_back(group);
            if last.len() > LAST {
                last.pop_front();
                between += 1;
            }
        }
        Headlines { first, between, last: last.into_iter().map(|group| group.line(session)).collect() }
    }
}

impl Group<'_> {
    fn line(&self, session: &Session) -> Line {
        let what = match (self.count, state(session, self.fact)) {
            (2.., Some((status, Some(service)))) => {
                format!("{} tasks of service {service} are {status}", self.count)
            }
            (2.., Some((status, None))) => format!("{} tasks are {status}", self.count),
            _ => narrate::sentence(session.world(), self.fact),
        };
        Line { at: self.fact.at.to_string(), what: shorten(what) }
    }
}

/// A fact as a line, with all of its text.
pub(super) fn line(session: &Session, fact: &Fact) -> Line {
    Line { at: fact.at.to_string(), what: narrate::sentence(session.world(), fact) }
}

fn groups<'a>(session: &Session, facts: &'a [Fact]) -> impl Iterator<Item = Group<'a>> {
    let mut headlines = facts.iter().filter(|fact| narrate::is_headline(session.world(), fact)).peekable();
    std::iter::from_fn(move || {
        let fact = headlines.next()?;
        let state_of_first = state(session, fact);
        let alike =
            |next: &&Fact| state_of_first.is_some() && next.at == fact.at && state(session, next) == state_of_first;
        let mut count = 1;
        while headlines.next_if(alike).is_some() {
            count += 1;
        }
        Some(Group { fact, count })
    })
}

/// The state that a task came into, and the service it belongs to.
fn state<'a>(session: &'a Session, fact: &Fact) -> Option<(TaskStatus, Option<&'a str>)> {
    match fact.what {
        What::TaskMoved(task, status) => Some((status, narrate::owner(session.world(), task))),
        _ => None,
    }
}

/// A line without most of a long list of tasks, and without the words that are too many.
fn shorten(text: String) -> String {
    let tasks = text.match_indices(TASK).nth(TASKS).map(|(at, _)| at);
    let long = text.char_indices().nth(LONGEST).map(|(at, _)| text[..at].rfind(' ').unwrap_or(at));
    match tasks.into_iter().chain(long).min() {
        Some(end) => format!("{} … (:facts)", text[..end].trim_end()),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::Interpreter;

    #[test]
    fn tasks_of_a_kind_are_one_line() {
        let mut interpreter = Interpreter::new(Session::new(42), Box::new(|_| {}));
        let script = r#"
            ecs.create_cluster(#{ clusterName: "prod" });
            ecs.register_task_definition(#{ family: "web", networkMode: "awsvpc", cpu: "256", memory: "512",
                requiresCompatibilities: ["FARGATE"], containerDefinitions: [#{ name: "web", image: "nginx" }] });
            let subnet = ec2.describe_subnets().Subnets[0].SubnetId;
            ecs.create_service(#{ cluster: "prod", serviceName: "web", taskDefinition: "web", desiredCount: 4,
                launchType: "FARGATE", networkConfiguration: #{ awsvpcConfiguration: #{ subnets: [subnet] } } });
            wait("10m");"#;
        interpreter.eval(script, "").expect("the script is right");
        let session = interpreter.session();
        let headlines = Headlines::of(&session, session.history());
        let lines: Vec<&str> = headlines.first.iter().map(|line| line.what.as_str()).collect();
        assert!(lines.contains(&"4 tasks of service web are RUNNING"), "{lines:#?}");
        assert!(lines.iter().any(|line| line.starts_with("(service web) has started 4 tasks: (task ")));
        assert!(lines.iter().all(|line| line.matches(TASK).count() <= TASKS));
        assert_eq!((headlines.between, headlines.last.len()), (0, 0));
    }

    #[test]
    fn long_lines_are_shortened() {
        assert_eq!(shorten("short".to_owned()), "short");
        assert!((LONGEST..LONGEST + 15).contains(&shorten("é ".repeat(200)).chars().count()));
        let started = "has started 3 tasks: (task a) (task b) (task c).".to_owned();
        assert_eq!(shorten(started), "has started 3 tasks: (task a) (task b) … (:facts)");
    }
}
