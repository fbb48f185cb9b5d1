//! AWS's own managed policies, as far as containers need them: names and statements are AWS's, as data in
//! `aws_managed.json`. [AWS Managed Policy Reference Guide]

use std::sync::{Arc, OnceLock};

use serde::Deserialize;
use serde_json::Value;

use super::{ManagedPolicy, Owner};
use crate::model::policy::{Document, Purpose};
use crate::model::time::Moment;

#[derive(Deserialize)]
struct Entry {
    name: Box<str>,
    path: Box<str>,
    description: Box<str>,
    document: Value,
}

/// Every one that longshore knows. Their statements are read once and shared by all worlds.
pub(super) fn policies() -> &'static [ManagedPolicy] {
    static POLICIES: OnceLock<Vec<ManagedPolicy>> = OnceLock::new();
    POLICIES.get_or_init(|| {
        let entries: Vec<Entry> =
            serde_json::from_str(include_str!("aws_managed.json")).expect("a test reads the data file");
        entries.into_iter().map(policy).collect()
    })
}

/// Whether a policy of this name is one of AWS's.
pub fn is_of_aws(name: &str) -> bool {
    policies().iter().any(|policy| &*policy.name == name)
}

fn policy(entry: Entry) -> ManagedPolicy {
    let document = Document::parse(&entry.document, Purpose::Identity).expect("a test reads the data file");
    ManagedPolicy {
        name: entry.name,
        path: entry.path,
        owner: Owner::Aws,
        document: Arc::new(document),
        description: Some(entry.description),
        created_at: Moment::START,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_file_holds_policies() {
        let execution = policies().iter().find(|policy| &*policy.name == "AmazonECSTaskExecutionRolePolicy");
        let arn = execution.map(ManagedPolicy::arn);
        assert_eq!(arn.as_deref(), Some("arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"));
    }
}
