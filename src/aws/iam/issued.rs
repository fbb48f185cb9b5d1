//! The credentials that AWS itself gets for tasks and instances, and renews long before they end.
//!
//! Trust is asked for when a session begins, and never again: who changes a trust policy does not end what has begun,
//! and what a session may do is asked at each call. Nobody counts the renewals: which session is in use follows from
//! when the first one began and from what the role's trust policy said at each renewal.

use crate::aws::iam::authorize;
use crate::model::id::RoleId;
use crate::model::time::{Millis, Moment};
use crate::world::World;
use crate::world::iam::RoleSession;

/// How long such credentials last. [semantics/eks.md 6.4 for six hours; UNSOURCED]
const LASTS: Millis = Millis::minutes(6 * 60);
/// How long after the last time they are renewed. [semantics/eks.md 6.4, renewal 3 h: PIA; SIM for tasks and instances]
const RENEWED: Millis = Millis::minutes(3 * 60);

/// The session of a role that a service began at `since` for somebody and has renewed ever after. One that could not be
/// renewed before it ended begins again as soon as the role exists and trusts the service; until then there is none.
pub fn session(world: &World, role: RoleId, service: &str, since: Moment, name: String) -> Option<RoleSession> {
    let renewals = world.now.since(since).0 / RENEWED.0;
    let begins = (0..=renewals).rev().map(|nth| since + Millis(nth * RENEWED.0));
    let in_use = |at: &Moment| world.now < *at + LASTS;
    let trusted = |at: &Moment| authorize::trusted_service_at(world, role, service, *at);
    let now = || Some(world.now).filter(|at| world.iam.role_exists(role) && trusted(at));
    begins.take_while(in_use).find(trusted).or_else(now).map(|since| begin(role, since, name))
}

/// The session of a role that a service begins at this moment.
pub fn begin(role: RoleId, since: Moment, name: String) -> RoleSession {
    RoleSession { role, name: name.into(), since, until: since + LASTS, policies: Vec::new() }
}
