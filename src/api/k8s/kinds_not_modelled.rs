//! The kinds that Kubernetes has and longshore does not: who asks for one is told so, and not that there is none.

use super::kind::Kind;
use crate::api::refusal::Refusal;

/// Kind, version, plural, and the short name where there is one. [K32 `kubectl api-resources`]
const KINDS: &[(&str, &str, &str, &str)] = &[
    ("ConfigMap", "v1", "configmaps", "cm"),
    ("CronJob", "batch/v1", "cronjobs", "cj"),
    ("CustomResourceDefinition", "apiextensions.k8s.io/v1", "customresourcedefinitions", "crd"),
    ("DaemonSet", "apps/v1", "daemonsets", "ds"),
    ("Deployment", "apps/v1", "deployments", "deploy"),
    ("EndpointSlice", "discovery.k8s.io/v1", "endpointslices", ""),
    ("Endpoints", "v1", "endpoints", "ep"),
    ("Event", "v1", "events", "ev"),
    ("HorizontalPodAutoscaler", "autoscaling/v2", "horizontalpodautoscalers", "hpa"),
    ("Ingress", "networking.k8s.io/v1", "ingresses", "ing"),
    ("Job", "batch/v1", "jobs", ""),
    ("LimitRange", "v1", "limitranges", "limits"),
    ("NetworkPolicy", "networking.k8s.io/v1", "networkpolicies", "netpol"),
    ("PersistentVolume", "v1", "persistentvolumes", "pv"),
    ("PersistentVolumeClaim", "v1", "persistentvolumeclaims", "pvc"),
    ("PodDisruptionBudget", "policy/v1", "poddisruptionbudgets", "pdb"),
    ("PriorityClass", "scheduling.k8s.io/v1", "priorityclasses", "pc"),
    ("ReplicaSet", "apps/v1", "replicasets", "rs"),
    ("ResourceQuota", "v1", "resourcequotas", "quota"),
    ("Role", "rbac.authorization.k8s.io/v1", "roles", ""),
    ("RoleBinding", "rbac.authorization.k8s.io/v1", "rolebindings", ""),
    ("ClusterRole", "rbac.authorization.k8s.io/v1", "clusterroles", ""),
    ("ClusterRoleBinding", "rbac.authorization.k8s.io/v1", "clusterrolebindings", ""),
    ("Secret", "v1", "secrets", ""),
    ("Service", "v1", "services", "svc"),
    ("StatefulSet", "apps/v1", "statefulsets", "sts"),
    ("StorageClass", "storage.k8s.io/v1", "storageclasses", "sc"),
];

/// What somebody is told who asks for a resource by one of its names: `services`, `service`, `svc`.
pub(super) fn resource(typed: &str) -> Option<Refusal> {
    let is = |row: &&(&str, &str, &str, &str)| {
        [row.2, row.3].contains(&typed) && !typed.is_empty() || row.0.to_lowercase() == typed
    };
    let (_, _, plural, _) = KINDS.iter().find(is)?;
    let known: Vec<&str> = Kind::ALL.iter().map(|kind| kind.plural()).collect();
    Some(
        Refusal::not_modelled(plural)
            .because(format!("Kubernetes has {plural}; longshore has {}", known.join(", ")))
            .way_out(format!("read one of those: k8s.get(\"{}\")", Kind::Pod.plural()))
            .at(["resource"]),
    )
}

/// What somebody is told who writes a manifest of such a kind in its version.
pub(super) fn manifest(version: &str, kind: &str) -> Option<Refusal> {
    KINDS.iter().find(|row| (row.1, row.0) == (version, kind))?;
    let known: Vec<&str> = Kind::manifests().collect();
    Some(
        Refusal::not_modelled(format_args!("the kind {kind}"))
            .because(format!("Kubernetes has it in {version}; longshore has, of v1, {}", known.join(", ")))
            .way_out("leave the document away, or write pods in its stead"),
    )
}
