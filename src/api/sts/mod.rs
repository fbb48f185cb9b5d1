//! AWS Security Token Service: who am I, and whom may I become?

pub(super) mod assume_role;
pub(super) mod assume_role_with_web_identity;
mod get_caller_identity;
mod identity;
pub(super) mod session;

use super::{Entry, change, query};

/// The operations of STS, in the order of help.
pub(super) const TABLE: &[Entry] = &[
    query::<get_caller_identity::GetCallerIdentity>(),
    change::<assume_role::AssumeRole>(),
    change::<assume_role_with_web_identity::AssumeRoleWithWebIdentity>(),
];
