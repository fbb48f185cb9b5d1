//! The specification of a pod: containers, their environment, and the volumes that bring tokens.
//!
//! Everything has a default here, so that a missing member is named by validation in Kubernetes's own words instead of
//! by the decoder.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::RestartPolicy;
use super::resources::{self, Amounts, Resources};

/// `spec` of a pod.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct PodSpec {
    /// What runs.
    pub containers: Vec<Container>,
    /// Files for the containers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub volumes: Vec<Volume>,
    /// Who the pod is; `default` where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_account_name: Option<String>,
    /// The older name of `serviceAccountName`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_account: Option<String>,
    /// What happens when a container ends; Always where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restart_policy: Option<RestartPolicy>,
    /// Whether it uses the node's own network.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host_network: Option<bool>,
    /// Seconds from SIGTERM to SIGKILL; 30 where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub termination_grace_period_seconds: Option<i64>,
    /// Whether a token for the Kubernetes API is mounted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub automount_service_account_token: Option<bool>,
}

/// A container of a pod.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Container {
    /// Its name, one in its pod.
    pub name: String,
    /// The image.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub image: String,
    /// The entry point instead of the image's.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub command: Vec<String>,
    /// Arguments of the entry point.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<String>,
    /// Environment variables, in their order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub env: Vec<EnvVar>,
    /// What it may use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resources: Option<Resources>,
    /// The ports that it says it listens on: for people to read.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ports: Vec<ContainerPort>,
    /// Where its volumes are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub volume_mounts: Vec<VolumeMount>,
}

/// An environment variable.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct EnvVar {
    /// Its name.
    pub name: String,
    /// Its value.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub value: String,
}

/// A port of a container.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ContainerPort {
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its number.
    pub container_port: i32,
    /// TCP where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub protocol: Option<String>,
}

/// Where a volume appears in a container.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct VolumeMount {
    /// The volume.
    pub name: String,
    /// The folder.
    pub mount_path: String,
    /// Whether it can only be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_only: Option<bool>,
}

/// A volume of a pod.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Volume {
    /// Its name, one in its pod.
    pub name: String,
    /// A folder that lives as long as the pod: what a volume is that says nothing else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub empty_dir: Option<EmptyDir>,
    /// What the kubelet puts together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub projected: Option<Projected>,
}

/// An empty folder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct EmptyDir {}

/// Files that the kubelet puts together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Projected {
    /// From where.
    pub sources: Vec<Projection>,
    /// Permissions of the files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_mode: Option<i32>,
}

/// One source of a projected volume.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Projection {
    /// A token of the pod's service account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_account_token: Option<TokenProjection>,
}

/// A token that the kubelet asks for and keeps fresh.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct TokenProjection {
    /// Whom it is for; the Kubernetes API where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
    /// How long each one holds, in seconds: 600 at least.
    pub expiration_seconds: i64,
    /// The file.
    pub path: String,
}

impl Default for TokenProjection {
    /// [semantics/eks.md 1.1: projected service account token expiry]
    fn default() -> Self {
        TokenProjection { audience: None, expiration_seconds: 3600, path: String::new() }
    }
}

impl PodSpec {
    /// What happens when a container ends.
    pub fn restarts(&self) -> RestartPolicy {
        self.restart_policy.unwrap_or(RestartPolicy::Always)
    }

    /// The service account's name.
    pub fn account(&self) -> &str {
        self.service_account_name.as_deref().unwrap_or("default")
    }

    /// What its containers ask for together: what a node must have left for it. [semantics/eks.md 1.1]
    pub fn requests(&self) -> Amounts {
        self.sum(Resources::amounts)
    }

    /// The same, as the scheduler reckons where it compares nodes. [semantics/eks.md 4.4]
    pub fn requests_scored(&self) -> Amounts {
        self.sum(Resources::amounts_scored)
    }

    fn sum(&self, of: fn(&Resources) -> Amounts) -> Amounts {
        let nothing = Resources::default();
        let each = self.containers.iter().map(|container| of(container.resources.as_ref().unwrap_or(&nothing)));
        each.fold(Amounts::default(), Amounts::plus)
    }

    /// The resources that it asks for and that no node of this lab has, such as `nvidia.com/gpu`.
    pub fn requests_foreign(&self) -> BTreeSet<&str> {
        let lists = self.containers.iter().filter_map(|container| container.resources.as_ref());
        let asked = lists.flat_map(|resources| &resources.requests);
        let foreign = asked.filter(|(name, amount)| !resources::is_counted(name) && amount.value() > 0);
        foreign.map(|(name, _)| name.as_str()).collect()
    }

    /// `status.qosClass`. [semantics/eks.md 1.1]
    pub fn quality_of_service(&self) -> &'static str {
        let nothing = Resources::default();
        let each = || self.containers.iter().map(|container| container.resources.as_ref().unwrap_or(&nothing));
        if each().all(Resources::is_guaranteed) {
            "Guaranteed"
        } else if each().all(Resources::is_best_effort) {
            "BestEffort"
        } else {
            "Burstable"
        }
    }

    /// Seconds from SIGTERM to SIGKILL. [semantics/eks.md 1.1]
    pub fn grace_seconds(&self) -> u64 {
        u64::try_from(self.termination_grace_period_seconds.unwrap_or(30)).unwrap_or(1)
    }
}

impl Container {
    /// The value of an environment variable; the last one counts.
    pub fn env(&self, name: &str) -> Option<&str> {
        self.env.iter().rev().find(|var| var.name == name).map(|var| var.value.as_str())
    }

    /// The memory that it may use, in whole MiB; none where there is no limit, which a limit of 0 also says.
    pub fn memory_limit_mib(&self) -> Option<u32> {
        let bytes = self.resources.as_ref()?.limits.get(resources::MEMORY)?.value();
        (bytes > 0).then(|| u32::try_from(bytes >> 20).unwrap_or(u32::MAX))
    }

    /// The volume and the path in it that a file of this container stands for.
    pub fn mount_of<'a>(&self, file: &'a str) -> Option<(&str, &'a str)> {
        self.volume_mounts.iter().find_map(|mount| {
            let folder = mount.mount_path.trim_end_matches('/');
            Some((mount.name.as_str(), file.strip_prefix(folder)?.strip_prefix('/')?))
        })
    }
}
