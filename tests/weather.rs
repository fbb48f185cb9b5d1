//! What all storms share: a lab, chance from a seed, and a step of which everything is checked that must always hold.

use longshore::kernel::chance;
use longshore::session::Session;
use longshore::world::fact::{Fact, What};
use serde_json::Value;

use crate::lab::Lab;

/// A lab that random things happen to.
pub(crate) struct Storm {
    pub(crate) lab: Lab,
    pub(crate) seed: u64,
    pub(crate) step: u64,
}

impl Storm {
    /// A number below a bound, the same for the same seed, step and reason.
    pub(crate) fn roll(&self, why: &str, bound: u64) -> u64 {
        chance::below(bound, self.seed, self.step, why, 0)
    }

    /// One step: something random, then one of the waits, each followed by the check. Says whether it was refused.
    pub(crate) fn strike(
        &mut self,
        step: u64,
        blow: fn(&mut Storm) -> (&'static str, Value),
        waits: [u64; 7],
        check: fn(&Session, &str),
    ) -> bool {
        self.step = step;
        let (name, request) = blow(self);
        let context = format!("seed {}, step {step}: {name} {request}", self.seed);
        self.lab.session.begin_line(&context);
        let before = self.lab.session.world().digest();
        let refused = self.lab.call(name, request).is_err();
        if refused {
            assert_eq!(self.lab.session.world().digest(), before, "{context}: refused, and changed something");
        }
        check(&self.lab.session, &context);
        let span = waits[self.roll("wait", 7) as usize];
        self.lab.wait(&format!("{span}s"));
        check(&self.lab.session, &context);
        self.lab.session.end_line();
        refused
    }
}

/// What must hold in every world.
pub(crate) fn check_world(session: &Session, context: &str) {
    let wrong = session.world().violations();
    assert!(wrong.is_empty(), "{context}\n{}", wrong.join("\n"));
}

/// Every fact but a person's input has an earlier cause.
pub(crate) fn check_cause(fact: &Fact, seed: u64) {
    let asked = matches!(fact.what, What::Asked { .. });
    assert_eq!(fact.cause.is_none(), asked, "seed {seed}: {fact:?}");
    assert!(fact.cause.is_none_or(|cause| cause < fact.id), "seed {seed}: {fact:?}");
}
