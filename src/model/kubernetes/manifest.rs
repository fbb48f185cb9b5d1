//! Manifests: what somebody wants to be so, as core/v1 writes it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::pod::PodSpec;

/// Labels or annotations.
pub type Strings = BTreeMap<String, String>;

/// `metadata`, as far as people write it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ObjectMeta {
    /// The name, one of its kind in its namespace.
    pub name: String,
    /// The namespace; `default` where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// What selectors match.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: Strings,
    /// Notes, for people and programs.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: Strings,
}

/// A Namespace: a room of names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct NamespaceManifest {
    /// Whose.
    pub metadata: ObjectMeta,
}

/// A ServiceAccount: who a pod is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ServiceAccountManifest {
    /// Whose.
    pub metadata: ObjectMeta,
    /// Whether pods get a token for the Kubernetes API mounted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub automount_service_account_token: Option<bool>,
}

/// A Pod: containers that live and die together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct PodManifest {
    /// Whose.
    pub metadata: ObjectMeta,
    /// What it consists of.
    pub spec: PodSpec,
}
