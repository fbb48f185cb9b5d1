//! `why`: from something that is so, back along the causes to what a person did.
//!
//! A crash loop has a long history, and all of its rounds are alike: one of them is told, and the rest are counted.

use std::mem::discriminant;

use crate::model::id::{DeploymentId, FactId, Id, PodId, ServiceId, TaskId};
use crate::model::status::RolloutState;
use crate::model::time::Moment;
use crate::session::Session;
use crate::session::narrate;
use crate::world::fact::{Fact, What};

/// Steps that a chain may have; longer ones are cut in the middle of nowhere, and say so.
const LONGEST: usize = 60;

/// Facts that a round of a loop may have.
const LONGEST_ROUND: usize = 8;

/// What `why` can be asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A task.
    Task(TaskId),
    /// A service.
    Service(ServiceId),
    /// A pod.
    Pod(PodId),
}

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
        /// What there is: a `claim` of a token, or something that the `request` has.
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
    /// Explains a task, a service or a pod.
    pub fn why(&self, subject: Subject) -> Explanation {
        match subject {
            Subject::Task(task) => self.why_task(task),
            Subject::Service(service) => self.why_service(service),
            Subject::Pod(pod) => self.why_pod(pod),
        }
    }

    /// The facts about a task, a service or a pod itself, oldest first.
    pub fn facts_about(&self, subject: Subject) -> impl Iterator<Item = &Fact> {
        self.history.iter().filter(move |fact| self.is_about(fact, subject))
    }

    fn why_task(&self, id: TaskId) -> Explanation {
        let world = &self.world;
        let task = &world.ecs.tasks[id];
        let find = |wanted: What| self.facts_about(Subject::Task(id)).find(|fact| fact.what == wanted);
        let mut chains = Vec::new();
        if let Some(fact) = find(What::TaskStopRequested(id)) {
            chains.push(Chain { about: "it stops because".to_owned(), steps: self.chain(fact.id) });
        }
        if let Some(fact) = find(What::TaskCreated(id)) {
            chains.push(Chain { about: "it was started because".to_owned(), steps: self.chain(fact.id) });
        }
        let of = narrate::owner(world, id).map(|name| format!(" of service {name}")).unwrap_or_default();
        let subject = match &task.stop {
            Some(_) => format!(
                "{}{of} is {}: {}",
                narrate::task_name(world, id),
                task.last_status,
                narrate::stop_text(world, id)
            ),
            None => format!("{}{of} is {}", narrate::task_name(world, id), task.last_status),
        };
        Explanation { subject, chains }
    }

    fn why_service(&self, id: ServiceId) -> Explanation {
        let service = &self.world.ecs.services[id];
        let count = |of: fn(&crate::world::ecs::Deployment) -> u32| -> u32 {
            service.deployments.iter().map(|&d| of(&self.world.ecs.deployments[d])).sum()
        };
        let mut subject = format!(
            "service {} is {}: it wants {} tasks, {} are running ({} of them count as healthy), {} are starting, {} are stopping",
            service.name,
            service.status,
            service.desired,
            count(|d| d.running),
            count(|d| d.healthy),
            count(|d| d.starting),
            count(|d| d.stopping)
        );
        match (service.steady_since, service.pass.map(|(at, _)| at)) {
            (Some(since), _) => subject.push_str(&format!("; steady since {since}")),
            (None, Some(at)) => subject.push_str(&format!("; the scheduler gets to it at {at}")),
            (None, None) => {}
        }
        if let Some(complaint) = service.complaint {
            subject.push_str(&format!("; blocked: {}", self.world.event_text(&service.name, &complaint.says())));
        }
        let mut chains =
            vec![Chain { about: "the latest change came because".to_owned(), steps: self.chain(service.trigger) }];
        if let Some((failed, fact)) = self.failed_deployment(id) {
            let deployment = &self.world.ecs.deployments[failed];
            let name = |id| self.world.definition_name(self.world.ecs.deployments[id].definition);
            subject.push_str(&format!("; its latest deployment, of {}, FAILED", name(failed)));
            let about = match deployment.rolled_back_to {
                Some(target) => {
                    subject.push_str(&format!(" and was rolled back to {}", name(target)));
                    "its latest deployment was rolled back because"
                }
                None => "its latest deployment failed because",
            };
            chains.insert(0, Chain { about: about.to_owned(), steps: self.chain(fact) });
        }
        Explanation { subject, chains }
    }

    /// The latest deployment of a service and the fact that it failed, if it did.
    fn failed_deployment(&self, service: ServiceId) -> Option<(DeploymentId, FactId)> {
        let mut deployments = self.world.ecs.deployments.iter().rev();
        let (latest, _) = deployments.find(|(_, deployment)| deployment.service == service)?;
        let failed = What::DeploymentMoved(latest, RolloutState::Failed);
        self.history.iter().rev().find(|fact| fact.what == failed).map(|fact| (latest, fact.id))
    }

    fn why_pod(&self, id: PodId) -> Explanation {
        let pod = &self.world.kubernetes.pods[id];
        let state = match (pod.gone, pod.deletion) {
            (true, _) => "gone".to_owned(),
            (false, Some(_)) => "Terminating".to_owned(),
            (false, None) => pod.phase.to_string(),
        };
        let about = "the latest change came because".to_owned();
        let chains = vec![Chain { about, steps: self.chain(pod.meta.last_fact) }];
        Explanation { subject: format!("pod {} is {state}", self.world.pod_name(id)), chains }
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
            let follows =
                matches!(fact.what, What::TaskMoved(task, _) if cause.and_then(|f| self.task_of(f)) == Some(task));
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

    /// The task that a fact is about.
    fn task_of(&self, fact: &Fact) -> Option<TaskId> {
        match fact.what {
            What::TaskCreated(task)
            | What::TaskMoved(task, _)
            | What::TaskStopRequested(task)
            | What::SpotWarning(task)
            | What::TaskVerdict(task, _) => Some(task),
            What::TargetRegistered(target) | What::TargetMoved(target, _) | What::TargetGone(target) => {
                self.world.elb.targets[target].behind.map(|(task, _)| task)
            }
            What::ContainerHealth(container, _)
            | What::ContainerStarted(container)
            | What::ContainerExited { container, .. } => Some(self.world.ecs.containers[container].task),
            _ => None,
        }
    }

    fn is_about(&self, fact: &Fact, subject: Subject) -> bool {
        let service_of = |task: TaskId| {
            let deployment = self.world.ecs.tasks[task].deployment;
            deployment.map(|deployment| self.world.ecs.deployments[deployment].service)
        };
        let task = self.task_of(fact);
        match (subject, fact.what) {
            (Subject::Task(wanted), _) => task == Some(wanted),
            (Subject::Pod(wanted), _) => pod_of(fact) == Some(wanted),
            (Subject::Service(wanted), What::ServiceEvent(service, _) | What::ServiceMoved(service, _)) => {
                service == wanted
            }
            (Subject::Service(wanted), What::DeploymentCreated(deployment) | What::DeploymentMoved(deployment, _)) => {
                self.world.ecs.deployments[deployment].service == wanted
            }
            (Subject::Service(wanted), _) => task.and_then(service_of) == Some(wanted),
        }
    }
}

/// The pod that a fact is about.
fn pod_of(fact: &Fact) -> Option<PodId> {
    match fact.what {
        What::PodCreated(pod)
        | What::PodInjected(pod)
        | What::PodScheduled(pod)
        | What::PodUnschedulable(pod)
        | What::PodMoved(pod, _)
        | What::PodContainerStarted(pod, ..)
        | What::PodContainerWaits(pod, ..)
        | What::PodContainerExited { pod, .. }
        | What::PodDeleting(pod)
        | What::PodGone(pod)
        | What::PodAssumed(pod, _) => Some(pod),
        _ => None,
    }
}
