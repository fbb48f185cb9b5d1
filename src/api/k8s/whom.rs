//! Which pod or service account is meant: by its description, or by its name.

use serde_json::Value;

use super::{context, refuse};
use crate::api::refusal::Refusal;
use crate::model::id::{NamespaceId, PodId, ServiceAccountId};
use crate::model::meant;
use crate::world::World;

/// Whether a value looks like the description of a pod.
pub(crate) fn is_pod(value: &Value) -> bool {
    value.get("kind").and_then(Value::as_str) == Some("Pod")
}

/// The existing pod that a description is about: the same one, not one that has its name now.
pub(crate) fn described(world: &World, value: &Value) -> Result<PodId, Refusal> {
    let text = |path: &str| value.pointer(path).and_then(Value::as_str);
    let name = text("/metadata/name").unwrap_or_default();
    match text("/metadata/uid").and_then(|uid| world.find_pod(uid)) {
        Some(id) if !world.kubernetes.pods[id].gone => Ok(id),
        Some(_) => Err(refuse::not_found("pods", name)
            .because("this pod has been deleted; another one may have its name, but is not the same")
            .way_out(format!("read it again: k8s.get(\"pod\", \"{name}\")"))),
        None => Err(refuse::not_found("pods", name)
            .because("the description does not come from this lab")
            .way_out(format!("read it again: k8s.get(\"pod\", \"{name}\")"))),
    }
}

/// The existing pod called `NAME` or `NAMESPACE/NAME`, in the newest cluster.
pub(crate) fn named(world: &World, name: &str) -> Result<PodId, Refusal> {
    let (namespace, name) = name.split_once('/').unwrap_or(("default", name));
    let cluster = context::cluster(world, None)?;
    let namespace = context::namespace(world, cluster, namespace)?;
    pod(world, namespace, name)
}

/// The existing pod of a namespace with this name.
pub(super) fn pod(world: &World, namespace: NamespaceId, name: &str) -> Result<PodId, Refusal> {
    world.kubernetes.pod(namespace, name).ok_or_else(|| {
        let record = &world.kubernetes.namespaces[namespace];
        missing("pods", name, &record.meta.name, record.pods.keys())
    })
}

/// The existing service account of a namespace with this name.
pub(super) fn account(world: &World, namespace: NamespaceId, name: &str) -> Result<ServiceAccountId, Refusal> {
    world.kubernetes.account(namespace, name).ok_or_else(|| {
        let record = &world.kubernetes.namespaces[namespace];
        missing("serviceaccounts", name, &record.meta.name, record.accounts.keys())
    })
}

/// There is no such object in a namespace.
pub(super) fn missing<'a>(
    resource: &str,
    name: &str,
    namespace: &str,
    known: impl Iterator<Item = &'a Box<str>>,
) -> Refusal {
    let way_out = meant::another(name, known.map(|name| &**name), "k8s.apply(…), or name another namespace");
    refuse::not_found(resource, name)
        .because(format!("namespace `{namespace}` has no `{name}`"))
        .way_out(way_out)
        .at(["name"])
}
