//! AWS Identity and Access Management: roles, managed policies, identity providers, and the sessions that STS began.
//!
//! What is deleted leaves the index of names and stays in its arena, so that sessions of a role that is gone can still
//! say whose they were. Whether a document allows something is decided above, in `aws::iam`.
//! [semantics/eks.md 6.1 to 6.3]

mod managed;
mod names;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use managed::is_of_aws;

use crate::kernel::arena::Arena;
use crate::model::id::{PolicyId, ProviderId, RoleId, RoleSessionId};
use crate::model::policy::Document;
use crate::model::tag::Tag;
use crate::model::time::Moment;

/// The state of IAM and STS.
#[derive(Clone, Debug, Hash)]
pub struct Iam {
    /// Every role there ever was.
    pub roles: Arena<RoleId, Role>,
    /// The roles that exist.
    pub role_by_name: BTreeMap<Box<str>, RoleId>,
    /// The last role of each name, deleted or not: whose sessions may still be in use.
    pub last_role_by_name: BTreeMap<Box<str>, RoleId>,
    /// Managed policies: AWS's own first.
    pub policies: Arena<PolicyId, ManagedPolicy>,
    /// The managed policies that exist.
    pub policy_by_arn: BTreeMap<Box<str>, PolicyId>,
    /// Every OpenID Connect provider there ever was.
    pub providers: Arena<ProviderId, Provider>,
    /// The providers that exist, by their URL without `https://`.
    pub provider_by_url: BTreeMap<Box<str>, ProviderId>,
    /// Sessions of roles.
    pub sessions: Arena<RoleSessionId, RoleSession>,
}

/// A role.
#[derive(Clone, Debug, Hash)]
pub struct Role {
    /// Its name, without the path.
    pub name: Box<str>,
    /// Such as `/` or `/teams/web/`.
    pub path: Box<str>,
    /// What it is for.
    pub description: Option<Box<str>>,
    /// Who may assume it.
    pub trust: Arc<Document>,
    /// Who could before, each until this moment: sessions that began then go on.
    pub earlier_trust: Vec<(Moment, Arc<Document>)>,
    /// Managed policies, in the order in which they were attached.
    pub attached: Vec<PolicyId>,
    /// Inline policies by name.
    pub inline: BTreeMap<Box<str>, Arc<Document>>,
    /// A ceiling on what it may do.
    pub boundary: Option<PolicyId>,
    /// The longest session, in seconds.
    pub max_session_seconds: u32,
    /// Tags, in the order in which they were given.
    pub tags: Vec<Tag>,
    /// When it was created.
    pub created_at: Moment,
    /// When it was deleted.
    pub deleted_at: Option<Moment>,
}

/// A managed policy.
#[derive(Clone, Debug, Hash)]
pub struct ManagedPolicy {
    /// Its name, without the path.
    pub name: Box<str>,
    /// Such as `/service-role/`.
    pub path: Box<str>,
    /// Who keeps it.
    pub owner: Owner,
    /// What it says.
    pub document: Arc<Document>,
    /// What it is for.
    pub description: Option<Box<str>>,
    /// When it was created.
    pub created_at: Moment,
}

/// Who keeps a managed policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Owner {
    /// AWS: the same in every account.
    Aws,
    /// This account.
    Account,
}

/// An OpenID Connect identity provider: whose tokens this account believes.
#[derive(Clone, Debug, Hash)]
pub struct Provider {
    /// The issuer without `https://`.
    pub url: Box<str>,
    /// The audiences that are accepted.
    pub client_ids: Vec<Box<str>>,
    /// Certificate thumbprints; AWS does not use them for EKS.
    /// [IAM-UG id_roles_providers_create_oidc_verify-thumbprint]
    pub thumbprints: Vec<Box<str>>,
    /// When it was created.
    pub created_at: Moment,
}

/// A session of a role: what temporary credentials stand for.
#[derive(Clone, Debug, Hash)]
pub struct RoleSession {
    /// Whose it is.
    pub role: RoleId,
    /// The name that the caller gave it.
    pub name: Box<str>,
    /// When it began.
    pub since: Moment,
    /// When its credentials end.
    pub until: Moment,
    /// Ceilings that were given when it began.
    pub policies: Vec<Arc<Document>>,
}

/// What may be created. [IAM-UG reference_iam-quotas]
#[derive(Clone, Debug, Hash)]
pub struct Quotas {
    /// Roles in an account.
    pub roles: usize,
    /// Customer managed policies in an account.
    pub policies: usize,
    /// Managed policies attached to a role.
    pub policies_per_role: usize,
    /// Characters of a trust policy.
    pub trust_size: usize,
    /// Characters of all inline policies of a role.
    pub inline_size: usize,
    /// Characters of a managed policy.
    pub managed_size: usize,
    /// OpenID Connect providers in an account.
    pub providers: usize,
    /// Client IDs of a provider. [semantics/eks.md 6.2]
    pub client_ids: usize,
    /// Thumbprints of a provider. [semantics/eks.md 6.2]
    pub thumbprints: usize,
    /// Things of one kind that one world may create, deleted ones and sessions included: a limit of longshore's own.
    pub ever: usize,
}

impl Default for Quotas {
    fn default() -> Self {
        Quotas {
            roles: 1_000,
            policies: 1_500,
            policies_per_role: 10,
            trust_size: 2_048,
            inline_size: 10_240,
            managed_size: 6_144,
            providers: 100,
            client_ids: 100,
            thumbprints: 5,
            ever: 100_000,
        }
    }
}

impl Iam {
    /// An account with nothing but AWS's own policies.
    pub fn new() -> Iam {
        let mut iam = Iam {
            roles: Arena::default(),
            role_by_name: BTreeMap::new(),
            last_role_by_name: BTreeMap::new(),
            policies: Arena::default(),
            policy_by_arn: BTreeMap::new(),
            providers: Arena::default(),
            provider_by_url: BTreeMap::new(),
            sessions: Arena::default(),
        };
        for policy in managed::policies() {
            iam.add_policy(policy.clone());
        }
        iam
    }

    /// Adds a managed policy.
    pub fn add_policy(&mut self, policy: ManagedPolicy) -> PolicyId {
        let arn = policy.arn();
        let id = self.policies.add(policy);
        self.policy_by_arn.insert(arn.into(), id);
        id
    }

    /// Adds a role.
    pub fn add_role(&mut self, role: Role) -> RoleId {
        let name = role.name.clone();
        let id = self.roles.add(role);
        self.last_role_by_name.insert(name.clone(), id);
        self.role_by_name.insert(name, id);
        id
    }

    /// A role is there no longer.
    pub fn remove_role(&mut self, id: RoleId, now: Moment) {
        self.roles[id].deleted_at = Some(now);
        self.role_by_name.remove(&self.roles[id].name);
    }

    /// The role with this name, if it exists.
    pub fn role(&self, name: &str) -> Option<RoleId> {
        self.role_by_name.get(name).copied()
    }

    /// The existing role with this ARN.
    pub fn role_with_arn(&self, arn: &str) -> Option<RoleId> {
        let name = arn.rsplit('/').next()?;
        self.role(name).filter(|&id| self.roles[id].arn() == arn)
    }

    /// The last role of this name, deleted or not.
    pub fn last_role(&self, name: &str) -> Option<RoleId> {
        self.last_role_by_name.get(name).copied()
    }

    /// Whether a role has not been deleted.
    pub fn role_exists(&self, id: RoleId) -> bool {
        self.role(&self.roles[id].name) == Some(id)
    }

    /// The existing provider of an issuer, given with or without `https://`.
    pub fn provider(&self, issuer: &str) -> Option<ProviderId> {
        self.provider_by_url.get(host_and_path(issuer)).copied()
    }

    /// How many roles a managed policy is attached to.
    pub fn attachments(&self, policy: PolicyId) -> usize {
        self.role_by_name.values().filter(|&&role| self.roles[role].attached.contains(&policy)).count()
    }
}

impl Role {
    /// Another trust policy from now on.
    pub fn replace_trust(&mut self, trust: Arc<Document>, now: Moment) {
        let earlier = std::mem::replace(&mut self.trust, trust);
        self.earlier_trust.push((now, earlier));
    }

    /// The trust policies that were in force at some time of a moment; none while there was no such role.
    pub fn trusts_at(&self, at: Moment) -> impl Iterator<Item = &Arc<Document>> {
        let earlier = self.earlier_trust.iter().map(|(until, trust)| (Some(*until), trust));
        let from = [self.created_at].into_iter().chain(self.earlier_trust.iter().map(|(until, _)| *until));
        let spans = from.zip(earlier.chain([(self.deleted_at, &self.trust)]));
        let spans = spans.filter(move |(from, (until, _))| *from <= at && until.is_none_or(|until| at <= until));
        spans.map(|(_, (_, trust))| trust)
    }
}

impl Default for Iam {
    fn default() -> Self {
        Iam::new()
    }
}

/// An issuer's URL as IAM keeps it: without `https://` and without a slash at the end.
pub fn host_and_path(issuer: &str) -> &str {
    issuer.strip_prefix("https://").unwrap_or(issuer).trim_end_matches('/')
}
