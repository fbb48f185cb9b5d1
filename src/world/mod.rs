//! Floor 2: all simulated state, as one plain value.
//!
//! A [`World`] can be cloned, hashed and compared; nothing outside it takes part in the simulation. A status changes
//! only through [`transition`], which holds the legal edges and records a [`fact::Fact`] for each change. Facts are
//! output: people, `why` and graders read them, the simulation never does.

pub mod ecs;
pub mod eks;
pub mod elb;

pub mod fact;
pub mod iam;
pub mod images;
pub mod invariant;
pub mod kubernetes;
pub mod launch_template;
pub mod names;
pub mod network;
pub mod prices;
mod rest;
pub mod says;
pub mod timer;
pub mod transition;
pub mod tuning;

use std::collections::BTreeSet;
use std::hash::{Hash, Hasher};

use siphasher::sip::SipHasher13;

use crate::kernel::agenda::Agenda;
use crate::kernel::timers::Timers;
use crate::model::id::{FactId, Id};
use crate::model::subject::Subject;
use crate::model::time::{Millis, Moment};
use ecs::Ecs;
use eks::Eks;
use elb::Elb;
use fact::{Fact, What};
use iam::Iam;
use images::Images;
use kubernetes::Kubernetes;
use launch_template::LaunchTemplates;
use network::Vpc;
use timer::{Due, Timer};
use tuning::Tuning;

/// Everything that is simulated.
#[derive(Clone, Debug, Hash)]
pub struct World {
    /// What chance and the derived ids depend on.
    pub seed: u64,
    /// The present moment.
    pub now: Moment,
    /// What is due later.
    pub timers: Timers<Timer>,
    /// What awaits a reconciler before time moves on.
    pub agenda: Agenda<Due>,
    /// Delays, rates and limits.
    pub tuning: Tuning,
    /// The default VPC.
    pub vpc: Vpc,
    /// How the programs inside the images behave.
    pub images: Images,
    /// Amazon ECS.
    pub ecs: Ecs,
    /// Elastic Load Balancing.
    pub elb: Elb,
    /// AWS IAM and STS.
    pub iam: Iam,
    /// How EC2 launches instances.
    pub launch_templates: LaunchTemplates,
    /// Amazon EKS.
    pub eks: Eks,
    /// What runs in the clusters of EKS.
    pub kubernetes: Kubernetes,
    /// Clusters of ECS and of EKS, and node groups, that have not come to rest.
    restless: BTreeSet<Subject>,
    /// Facts recorded since the session last took them.
    outbox: Vec<Fact>,
    /// How many facts there have been.
    recorded: u32,
}

impl World {
    /// An empty account at 09:00 on a Monday morning.
    pub fn new(seed: u64) -> World {
        let now = Moment::START;
        let tuning = Tuning::default();
        World {
            seed,
            now,
            timers: Timers::default(),
            agenda: Agenda::default(),
            vpc: Vpc::default_vpc(seed),
            images: Images::default(),
            ecs: Ecs::new(&tuning, now),
            elb: Elb::default(),
            iam: Iam::new(),
            launch_templates: LaunchTemplates::default(),
            eks: Eks::default(),
            kubernetes: Kubernetes::default(),
            tuning,
            restless: BTreeSet::new(),
            outbox: Vec::new(),
            recorded: 0,
        }
    }

    /// Records that something happened, and why.
    pub fn record(&mut self, cause: Option<FactId>, what: What) -> FactId {
        let id = FactId::new(self.recorded);
        self.recorded += 1;
        self.outbox.push(Fact { id, at: self.now, cause, what });
        id
    }

    /// Takes back the fact of a request that was refused: it must be the latest.
    pub fn unrecord(&mut self, id: FactId) {
        let last = self.outbox.pop();
        assert_eq!(last.map(|fact| fact.id), Some(id), "a refused operation has changed something");
        self.recorded -= 1;
    }

    /// Takes back every fact after one of a request that is refused half-way.
    pub fn unrecord_after(&mut self, id: FactId) {
        while self.outbox.last().is_some_and(|fact| fact.id > id) {
            self.outbox.pop();
            self.recorded -= 1;
        }
    }

    /// Takes the facts recorded since the last time.
    pub fn take_facts(&mut self) -> Vec<Fact> {
        std::mem::take(&mut self.outbox)
    }

    /// How many facts there have been since the beginning.
    pub fn facts_recorded(&self) -> u32 {
        self.recorded
    }

    /// Sets a timer that is due after this delay.
    pub fn set_timer(&mut self, delay: Millis, timer: Timer) {
        self.timers.set(self.now + delay, timer);
    }

    /// A number that two worlds share only if they are equal in every bit that can show.
    pub fn digest(&self) -> u64 {
        let mut hasher = SipHasher13::new();
        self.hash(&mut hasher);
        hasher.finish()
    }
}
