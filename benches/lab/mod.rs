//! The lab of the tests, for fleets: it may cost what it takes, and is waited for.

#[allow(dead_code, clippy::unwrap_used, reason = "tests use more of it, and stop where they cannot go on")]
#[path = "../../tests/lab.rs"]
pub(crate) mod of_the_tests;

use longshore::model::time::Millis;
use longshore::session::{Limits, Session};

use of_the_tests::Lab;

impl Lab {
    /// A lab for more than one line may usually cost.
    pub(crate) fn unbounded(seed: u64) -> Lab {
        let limits = Limits { steps_per_line: u64::MAX, facts: u32::MAX, ..Limits::default() };
        let mut session = Session::with_limits(seed, limits);
        session.begin_line("benchmark");
        Lab { session }
    }

    /// Waits until nothing moves any more, looking once a minute. How long that was.
    pub(crate) fn come_to_rest(&mut self) -> Millis {
        let began = self.session.world().now;
        while !self.session.world().is_at_rest() {
            self.wait("1m");
        }
        self.session.world().now.since(began)
    }
}
