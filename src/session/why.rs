//! `why`: from something that is so, back along the causes to what a person did, and on to what would help.
//!
//! A crash loop has a long history, and all of its rounds are alike: one of them is told, and the rest are counted.

use std::mem::discriminant;

use super::{Session, about, narrate, standing};
use crate::api::stalled;
use crate::model::id::{DeploymentId, FactId, Id, ServiceId, TaskId};
use crate::model::status::RolloutState;
use crate::model::subject::Subject;
use crate::model::time::Moment;
use crate::world::fact::{Fact, What};

/// Steps that a chain may have; longer ones are cut in the middle of nowhere, and say so.
const LONGEST: usize = 60;

/// Facts that a round of a loop may have.
const LONGEST_ROUND: usize = 8;

/// An answer to `why`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// What is so.
    pub subject: String,
    /// One chain for each thing that there is to explain.
    pub chains: Vec<Chain>,
}

/// One chain: of causes, or of what was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// What it explains.
    pub about: String,
    /// From the effect back to the first cause; or part by part.
    pub steps: Vec<Step>,
}

/// One step of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Something that happened.
    Happened {
        /// When.
        at: Moment,
        /// What.
        what: String,
    },
    /// Something that is so.
    Said(String),
    /// What a policy expects beside what there is.
    Compared {
        /// What is compared; empty where it is the same as before.
        what: String,
        /// Who brings what there is: `the token has`, or `the request has`.
        label: &'static str,
        /// The value that there is.
        actual: String,
        /// The value that would match.
        expected: String,
        /// The first character that differs, from 0.
        differs_at: Option<usize>,
    },
}

impl Session {
    /// Explains something: how it stands, how it came to that, and, where it does not go on, what would help.
    pub fn why(&self, subject: Subject) -> Explanation {
        let mut sentence = standing::sentence(&self.world, subject);
        let stall = stalled::of(&self.world, subject);
        let mut chains = Vec::new();
        let said = |about: &str, sentences: Vec<String>| {
            let steps = sentences.into_iter().map(Step::Said).collect();
            Chain { about: about.to_owned(), steps }
        };
        let because = stall.as_ref().map(|stall| stall.because.clone()).filter(|because| !because.is_empty());
        chains.extend(because.map(|because| said("what keeps it", because)));
        match subject {
            Subject::Task(task) => chains.extend(self.chains_of_task(task)),
            Subject::Service(service) => chains.extend(self.chains_of_service(service, &mut sentence)),
            other => chains.extend(self.latest(other).map(|fact| self.changed(fact))),
        }
        chains.extend(stall.map(|stall| said("way out", vec![stall.way_out])));
        Explanation { subject: sentence, chains }
    }

    /// The facts about something and its parts, oldest first.
    pub fn facts_about(&self, subject: Subject) -> impl Iterator<Item = &Fact> {
        self.history.iter().filter(move |fact| about::subjects(&self.world, fact.what).any(|about| about == subject))
    }

    fn chains_of_task(&self, id: TaskId) -> Vec<Chain> {
        let of_task = |wanted: What| self.facts_about(Subject::Task(id)).find(|fact| fact.what == wanted);
        let chain = |about: &str, fact: &Fact| Chain { about: about.to_owned(), steps: self.chain(fact.id) };
        let stop = of_task(What::TaskStopRequested(id)).map(|fact| chain("it stops because", fact));
        let start = of_task(What::TaskCreated(id)).map(|fact| chain("it was started because", fact));
        stop.into_iter().chain(start).collect()
    }

    fn chains_of_service(&self, id: ServiceId, sentence: &mut String) -> Vec<Chain> {
        let mut chains = vec![self.changed(self.world.ecs.services[id].trigger)];
        if let Some((failed, fact)) = self.failed_deployment(id) {
            let deployment = &self.world.ecs.deployments[failed];
            let name = |id| self.world.definition_name(self.world.ecs.deployments[id].definition);
            sentence.push_str(&format!("; its latest deployment, of {}, FAILED", name(failed)));
            let about = match deployment.rolled_back_to {
                Some(target) => {
                    sentence.push_str(&format!(" and was rolled back to {}", name(target)));
                    "its latest deployment was rolled back because"
                }
                None => "its latest deployment failed because",
            };
            chains.insert(0, Chain { about: about.to_owned(), steps: self.chain(fact) });
        }
        chains
    }

    /// The chain that leads to the latest change of something.
    fn changed(&self, fact: FactId) -> Chain {
        Chain { about: "the latest change came because".to_owned(), steps: self.chain(fact) }
    }

    /// The latest fact that happened to something itself, or else to a part of it. What a pod's program does is no
    /// change of the pod, nor of its service account.
    fn latest(&self, subject: Subject) -> Option<FactId> {
        match subject {
            Subject::Pod(id) => return Some(self.world.kubernetes.pods[id].meta.last_fact),
            Subject::ServiceAccount(id) => return Some(self.world.kubernetes.accounts[id].meta.last_fact),
            _ => {}
        }
        let itself = |fact: &&Fact| {
            let (first, second) = about::itself(&self.world, fact.what);
            first == Some(subject) || second == Some(subject)
        };
        let part = |fact: &&Fact| about::subjects(&self.world, fact.what).any(|about| about == subject);
        let newest = || self.history.iter().rev();
        newest().find(itself).or_else(|| newest().find(part)).map(|fact| fact.id)
    }

    /// The latest deployment of a service and the fact that it failed, if it did.
    fn failed_deployment(&self, service: ServiceId) -> Option<(DeploymentId, FactId)> {
        let mut deployments = self.world.ecs.deployments.iter().rev();
        let (latest, _) = deployments.find(|(_, deployment)| deployment.service == service)?;
        let failed = What::DeploymentMoved(latest, RolloutState::Failed);
        self.history.iter().rev().find(|fact| fact.what == failed).map(|fact| (latest, fact.id))
    }

    /// From a fact back to the first cause, a loop shown once.
    fn chain(&self, from: FactId) -> Vec<Step> {
        let facts = self.causes(from);
        let step = |fact: &Fact| Step::Happened { at: fact.at, what: narrate::sentence(&self.world, fact) };
        let mut steps = Vec::new();
        let mut at = 0;
        while at < facts.len() && steps.len() < LONGEST {
            let (length, again) = self.round(&facts[at..]);
            steps.extend(facts[at..at + length].iter().map(|fact| step(fact)));
            at += length * (1 + again);
            if again > 0 {
                let what = format!("… the same again, {again} times");
                steps.push(Step::Happened { at: facts[at - 1].at, what });
            }
        }
        if let Some(fact) = facts.get(at) {
            steps.push(Step::Happened { at: fact.at, what: "… and so on, further back".to_owned() });
        }
        steps
    }

    /// From a fact back to the first cause. A status that follows from something else about the same task is left out:
    /// the next fact says it better.
    fn causes(&self, from: FactId) -> Vec<&Fact> {
        let mut facts = Vec::new();
        let mut next = self.history.get(from.index());
        while let Some(fact) = next {
            let cause = fact.cause.and_then(|id| self.history.get(id.index()));
            let task_of = |fact: &Fact| about::task_of(&self.world, fact.what);
            let follows = matches!(fact.what, What::TaskMoved(task, _) if cause.and_then(task_of) == Some(task));
            if facts.is_empty() || !follows {
                facts.push(fact);
            }
            next = cause;
        }
        facts
    }

    /// How many of the first facts make a round of a loop, and how often the same round follows; one fact and never if
    /// there is no loop.
    fn round(&self, facts: &[&Fact]) -> (usize, usize) {
        let rounds = (1..=LONGEST_ROUND.min(facts.len())).map(|length| {
            let (first, rest) = facts.split_at(length);
            let same = |round: &&[&Fact]| first.iter().zip(*round).all(|(one, other)| self.alike(one, other));
            (length, rest.chunks_exact(length).take_while(same).count())
        });
        rounds.into_iter().find(|(_, again)| *again >= 2).unwrap_or((1, 0))
    }

    /// Whether two facts say the same of different tasks.
    fn alike(&self, one: &Fact, other: &Fact) -> bool {
        let stop = |task: TaskId| self.world.ecs.tasks[task].stop.as_ref().map(|stop| stop.code);
        match (one.what, other.what) {
            (What::TaskStopRequested(one), What::TaskStopRequested(other)) => stop(one) == stop(other),
            (What::TaskVerdict(_, one), What::TaskVerdict(_, other))
            | (What::ContainerHealth(_, one), What::ContainerHealth(_, other)) => one == other,
            (
                What::ContainerExited { code: one, ending: first, .. },
                What::ContainerExited { code: other, ending: second, .. },
            ) => (one, first) == (other, second),
            (one, other) => discriminant(&one) == discriminant(&other),
        }
    }
}
