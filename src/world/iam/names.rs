//! IAM's names: ARNs, unique ids, access keys. Like all ids they are derived from (seed, kind, number).
//!
//! An access key id holds a permutation of its session's number, so reading it back needs no index.

use super::{ManagedPolicy, Owner, Provider, Role, RoleSession};
use crate::kernel::chance;
use crate::model::id::{Id, PolicyId, RoleId, RoleSessionId};
use crate::world::World;
use crate::world::names::ACCOUNT;

/// The digits of IAM's ids.
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// Base32 digits that a 32-bit number takes.
const HEAD: usize = 7;

/// The name of the user whom the lab's operations belong to.
const USER: &str = "learner";

/// A prefix and base32 digits; the first seven are a permutation of the number. [IAM-UG reference_identifiers]
fn iam_id<I: Id>(prefix: &str, seed: u64, id: I, digits: usize) -> String {
    let head = u64::from(chance::shuffle(id.number(), seed, prefix));
    let tail = |nth: usize| chance::roll(seed, prefix, "digit", (u64::from(id.number()) << 8) | nth as u64);
    let digit = |nth: usize| if nth < HEAD { head >> (5 * (HEAD - 1 - nth)) } else { tail(nth) };
    let letters = (0..digits).map(|nth| char::from(BASE32[(digit(nth) % 32) as usize]));
    prefix.chars().chain(letters).collect()
}

impl Role {
    /// `arn:aws:iam::ACCOUNT:role/PATH/NAME`
    pub fn arn(&self) -> String {
        format!("arn:aws:iam::{ACCOUNT}:role{}{}", self.path, self.name)
    }
}

impl ManagedPolicy {
    /// `arn:aws:iam::ACCOUNT:policy/PATH/NAME`; AWS's own have `aws` for the account.
    pub fn arn(&self) -> String {
        let account = match self.owner {
            Owner::Aws => "aws",
            Owner::Account => ACCOUNT,
        };
        format!("arn:aws:iam::{account}:policy{}{}", self.path, self.name)
    }
}

impl Provider {
    /// `arn:aws:iam::ACCOUNT:oidc-provider/URL`
    pub fn arn(&self) -> String {
        format!("arn:aws:iam::{ACCOUNT}:oidc-provider/{}", self.url)
    }
}

impl World {
    /// The ARN of the user whom the lab's operations belong to.
    pub fn user_arn(&self) -> String {
        format!("arn:aws:iam::{ACCOUNT}:user/{USER}")
    }

    /// The unique id of that user, `AIDA…`.
    pub fn user_id(&self) -> String {
        iam_id("AIDA", self.seed, RoleId::new(0), 17)
    }

    /// The unique id of a role, `AROA…`: a role that is created again gets another one.
    pub fn role_id(&self, id: RoleId) -> String {
        iam_id("AROA", self.seed, id, 17)
    }

    /// The unique id of a managed policy, `ANPA…`.
    pub fn policy_id(&self, id: PolicyId) -> String {
        iam_id("ANPA", self.seed, id, 17)
    }

    /// `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`: the path of the role is not in it. [semantics/eks.md 6.1]
    pub fn session_arn(&self, id: RoleSessionId) -> String {
        self.arn_of_session(&self.iam.sessions[id])
    }

    /// The ARN of a session, begun or not.
    pub fn arn_of_session(&self, session: &RoleSession) -> String {
        format!("arn:aws:sts::{ACCOUNT}:assumed-role/{}/{}", self.iam.roles[session.role].name, session.name)
    }

    /// `AROA…:SESSION`
    pub fn assumed_role_id(&self, session: &RoleSession) -> String {
        format!("{}:{}", self.role_id(session.role), session.name)
    }

    /// The access key id of a session, `ASIA…`.
    pub fn access_key_id(&self, id: RoleSessionId) -> String {
        iam_id("ASIA", self.seed, id, 16)
    }

    /// Forty characters that only look secret.
    pub fn secret_access_key(&self, id: RoleSessionId) -> String {
        self.opaque(id, "secret access key", 40)
    }

    /// The token that goes with a session's keys.
    pub fn session_token(&self, id: RoleSessionId) -> String {
        format!("IQoJb3JpZ2luX2Vj{}", self.opaque(id, "session token", 120))
    }

    fn opaque(&self, id: RoleSessionId, what: &str, letters: usize) -> String {
        const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let roll = |nth: usize| chance::roll(self.seed, (RoleSessionId::KIND, id), what, nth as u64);
        (0..letters).map(|nth| char::from(BASE64[(roll(nth) % 64) as usize])).collect()
    }

    /// The session that an access key id stands for, ended or not.
    pub fn find_session(&self, access_key_id: &str) -> Option<RoleSessionId> {
        let digits = access_key_id.strip_prefix("ASIA")?.as_bytes().get(..HEAD)?;
        let head = digits.iter().try_fold(0_u64, |head, digit| {
            Some((head << 5) | BASE32.iter().position(|known| known == digit)? as u64)
        })?;
        let id = RoleSessionId::new(chance::unshuffle(u32::try_from(head).ok()?, self.seed, "ASIA"));
        let known = self.iam.sessions.get(id).is_some() && self.access_key_id(id) == access_key_id;
        known.then_some(id)
    }

    /// The key with which an issuer signs its tokens: whoever has it can make tokens that STS believes.
    pub fn signing_key(&self, issuer: &str) -> u64 {
        chance::roll(self.seed, super::host_and_path(issuer), "signing key", 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::iam::{Role, RoleSession};
    use std::collections::BTreeMap;

    #[test]
    fn an_access_key_id_leads_back_to_its_session() {
        let mut world = World::new(42);
        let policy = world.iam.policies.iter().next().expect("AWS has policies").1.document.clone();
        let role = world.iam.add_role(Role {
            name: "app".into(),
            path: "/teams/".into(),
            description: None,
            trust: policy,
            earlier_trust: Vec::new(),
            attached: Vec::new(),
            inline: BTreeMap::new(),
            boundary: None,
            max_session_seconds: 3600,
            tags: Vec::new(),
            created_at: world.now,
            deleted_at: None,
        });
        for nth in 0..50 {
            let (since, until) = (world.now, world.now);
            let name = format!("s{nth}").into();
            let id = world.iam.sessions.add(RoleSession { role, name, since, until, policies: Vec::new() });
            let key = world.access_key_id(id);
            assert_eq!(key.len(), 20);
            assert_eq!(world.find_session(&key), Some(id));
            assert_eq!(world.session_arn(id), format!("arn:aws:sts::{ACCOUNT}:assumed-role/app/s{nth}"));
        }
        assert_eq!(world.iam.roles[role].arn(), format!("arn:aws:iam::{ACCOUNT}:role/teams/app"));
        for nobody in ["", "ASIA", "ASIAAAAAAAAAAAAAAAAA", "AKIA2345672345672345", "ASIAé"] {
            assert_eq!(world.find_session(nobody), None, "{nobody}");
        }
    }
}
