//! The kinds of objects that longshore has, and the names that people call them.

use crate::api::refusal::Refusal;
use crate::model::meant;

use super::{kinds_not_modelled, refuse};

/// A kind of object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Namespace,
    Node,
    Pod,
    ServiceAccount,
}

/// A kind with its names: the kind itself, plural and singular, the short one.
const NAMES: &[(Kind, &str, [&str; 3])] = &[
    (Kind::Namespace, "Namespace", ["namespaces", "namespace", "ns"]),
    (Kind::Node, "Node", ["nodes", "node", "no"]),
    (Kind::Pod, "Pod", ["pods", "pod", "po"]),
    (Kind::ServiceAccount, "ServiceAccount", ["serviceaccounts", "serviceaccount", "sa"]),
];

impl Kind {
    /// Every kind, by name.
    pub(crate) const ALL: [Kind; 4] = [Kind::Namespace, Kind::Node, Kind::Pod, Kind::ServiceAccount];

    /// Such as `pod`.
    pub(crate) fn singular(self) -> &'static str {
        self.row().2[1]
    }

    /// What else it is called: plural and short name.
    pub(crate) fn others(self) -> [&'static str; 2] {
        let [plural, _, short] = self.row().2;
        [plural, short]
    }

    /// Such as `Pod`.
    pub(crate) fn name(self) -> &'static str {
        self.row().1
    }

    /// Such as `pods`.
    pub(crate) fn plural(self) -> &'static str {
        self.row().2[0]
    }

    /// Whether its objects live in namespaces.
    pub(crate) fn is_namespaced(self) -> bool {
        matches!(self, Kind::Pod | Kind::ServiceAccount)
    }

    fn row(self) -> &'static (Kind, &'static str, [&'static str; 3]) {
        NAMES.iter().find(|row| row.0 == self).expect("each kind has a row")
    }

    /// The kind that a manifest names; people do not write nodes.
    pub(crate) fn of_manifest(api_version: &str, kind: &str) -> Option<Kind> {
        let known = NAMES.iter().find(|row| row.1 == kind).map(|row| row.0);
        known.filter(|&known| api_version == "v1" && known != Kind::Node)
    }

    /// The kinds that manifests may have.
    pub(crate) fn manifests() -> impl Iterator<Item = &'static str> {
        NAMES.iter().filter(|row| row.0 != Kind::Node).map(|row| row.1)
    }

    /// The kind that somebody calls `po`, `pods` or `Pod`.
    pub(crate) fn of_resource(typed: &str) -> Result<Kind, Refusal> {
        let lower = typed.to_lowercase();
        let found = NAMES.iter().find(|row| row.2.contains(&lower.as_str()));
        found.map(|row| row.0).ok_or_else(|| {
            if let Some(refusal) = kinds_not_modelled::resource(&lower) {
                return refusal;
            }
            let known = || NAMES.iter().map(|row| row.2[0]);
            let way_out = meant::way_out(&lower, NAMES.iter().flat_map(|row| row.2.iter().copied()), || {
                format!("there are: {}", known().collect::<Vec<_>>().join(", "))
            });
            refuse::client(format!("the server doesn't have a resource type \"{typed}\""))
                .because("longshore knows no such kind of object, or Kubernetes does not")
                .way_out(way_out)
                .at(["resource"])
        })
    }
}
