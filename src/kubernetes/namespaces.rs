//! Namespaces and the service accounts that come with them. A namespace that is to go takes everything in it along
//! first. [semantics/eks.md 1.7]

use crate::kubernetes::kubelet;
use crate::model::id::{EksClusterId, FactId, NamespaceId};
use crate::model::kubernetes::NamespacePhase;
use crate::model::kubernetes::manifest::Strings;
use crate::world::World;
use crate::world::kubernetes::{FIRST_NAMESPACES, Meta, ServiceAccount};
use crate::world::timer::Due;

/// The namespaces that every cluster has from the beginning.
pub fn begin(world: &mut World, cluster: EksClusterId, cause: FactId) {
    for name in FIRST_NAMESPACES {
        create(world, cluster, meta(world, name, cause), cause);
    }
}

/// Creates a namespace, with its label and its service account `default`.
pub fn create(world: &mut World, cluster: EksClusterId, mut meta: Meta, cause: FactId) -> NamespaceId {
    label(&meta.name, &mut meta.labels);
    let id = world.add_namespace(cluster, meta, cause);
    let fact = world.kubernetes.namespaces[id].meta.last_fact;
    add_default_account(world, id, fact);
    id
}

/// The label that every namespace has, whatever people write. [K32 pkg/registry/core/namespace Canonicalize]
pub fn label(name: &str, labels: &mut Strings) {
    labels.insert("kubernetes.io/metadata.name".to_owned(), name.to_owned());
}

/// The service account controller keeps a `default` in every namespace.
fn add_default_account(world: &mut World, namespace: NamespaceId, cause: FactId) {
    let meta = meta(world, "default", cause);
    world.add_account(ServiceAccount { namespace, meta, automount: None }, cause);
}

/// Deletes a service account; a `default` comes back at once.
pub fn delete_account(world: &mut World, id: crate::model::id::ServiceAccountId, cause: FactId) {
    let account = &world.kubernetes.accounts[id];
    let (namespace, is_default) = (account.namespace, &*account.meta.name == "default");
    let fact = world.remove_account(id, cause);
    if is_default && world.kubernetes.namespaces[namespace].phase == NamespacePhase::Active {
        add_default_account(world, namespace, fact);
    }
}

/// Wants a namespace gone.
pub fn delete(world: &mut World, id: NamespaceId, cause: FactId) {
    if world.kubernetes.namespaces[id].phase == NamespacePhase::Active {
        world.end_namespace(id, cause);
        world.agenda.put(Due::EmptyNamespace(id));
    }
}

/// Removes what is in a namespace that is to go, and then the namespace.
pub fn empty(world: &mut World, id: NamespaceId) {
    let namespace = &world.kubernetes.namespaces[id];
    let plane = world.kubernetes.control_planes.get(&namespace.cluster);
    if plane.and_then(|plane| plane.namespaces.get(&namespace.meta.name)) != Some(&id) {
        return;
    }
    let cause = namespace.meta.last_fact;
    let pods: Vec<_> = namespace.pods.values().copied().collect();
    for pod in pods {
        kubelet::delete(world, pod, None, cause);
    }
    if !world.kubernetes.namespaces[id].pods.is_empty() {
        return;
    }
    let accounts: Vec<_> = world.kubernetes.namespaces[id].accounts.values().copied().collect();
    for account in accounts {
        delete_account(world, account, cause);
    }
    world.remove_namespace(id);
}

/// A new object without notes.
fn meta(world: &World, name: &str, cause: FactId) -> Meta {
    Meta {
        name: name.into(),
        labels: Strings::new(),
        annotations: Strings::new(),
        created_at: world.now,
        version: 0,
        last_fact: cause,
    }
}
