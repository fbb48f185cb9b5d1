//! EKS clusters, node groups, and the objects of Kubernetes in them.

use super::{Beside, Known};
use crate::api::k8s::kind::Kind;
use crate::model::id::EksClusterId;
use crate::model::noun::Noun;
use crate::world::World;
use crate::world::kubernetes::Namespace;
use crate::world::names::last_part;

/// EKS clusters by name.
pub(super) fn clusters(world: &World) -> impl Iterator<Item = Known> {
    world.eks.cluster_by_name.iter().map(|(name, &id)| {
        let cluster = &world.eks.clusters[id];
        Known::new(&**name, format!("{}, Kubernetes {}", cluster.status, cluster.version))
    })
}

/// Node groups by name.
pub(super) fn nodegroups<'a>(world: &'a World, beside: Beside<'a>) -> impl Iterator<Item = Known> + 'a {
    let named = beside.name(Noun::EksCluster).map(last_part);
    let clusters =
        world.eks.cluster_by_name.iter().filter(move |(name, _)| named.is_none_or(|named| named == &***name));
    clusters.flat_map(move |(cluster, &id)| {
        let groups = world.eks.clusters[id].nodegroups.iter();
        groups.map(move |(name, &id)| {
            Known::new(&**name, format!("{}, of cluster {cluster}", world.eks.nodegroups[id].status))
        })
    })
}

/// Namespaces by name.
pub(super) fn namespaces<'a>(world: &'a World, beside: Beside<'a>) -> impl Iterator<Item = Known> + 'a {
    cluster_meant(world, beside).into_iter().flat_map(|cluster| {
        world.kubernetes.control_planes[&cluster].namespaces.iter().map(|(name, &id)| {
            let namespace = &world.kubernetes.namespaces[id];
            Known::new(&**name, format!("{}, {} pods", namespace.phase, namespace.pods.len()))
        })
    })
}

/// The kinds that kubectl would list.
pub(super) fn kinds() -> impl Iterator<Item = Known> {
    Kind::ALL.into_iter().map(|kind| Known::new(kind.singular(), format!("also {}", kind.others().join(", "))))
}

/// The objects of the kind, the namespace and the cluster that a request names.
pub(super) fn objects<'a>(world: &'a World, beside: Beside<'a>) -> Box<dyn Iterator<Item = Known> + 'a> {
    let kind = beside.name(Noun::KubernetesKind).and_then(|typed| Kind::of_resource(typed).ok());
    let Some((kind, cluster)) = kind.zip(cluster_meant(world, beside)) else { return Box::new(std::iter::empty()) };
    let namespace = world.kubernetes.namespace(cluster, beside.name(Noun::Namespace).unwrap_or("default"));
    let namespace = namespace.map(|id| &world.kubernetes.namespaces[id]);
    match kind {
        Kind::Namespace => Box::new(namespaces(world, beside)),
        Kind::Node => {
            let nodes = world.kubernetes.nodes.iter().filter(move |(_, node)| node.cluster == cluster && !node.gone);
            Box::new(nodes.map(|(id, node)| Known::new(world.node_name(id), format!("{} pods", node.pods.len()))))
        }
        Kind::Pod => {
            let pods = namespace.into_iter().flat_map(|namespace| namespace.pods.iter());
            Box::new(pods.map(|(name, &id)| Known::new(&**name, world.kubernetes.pods[id].phase.to_string())))
        }
        Kind::ServiceAccount => {
            let accounts = namespace.into_iter().flat_map(|namespace| namespace.accounts.keys());
            Box::new(accounts.map(|name| Known::new(&**name, "a service account")))
        }
    }
}

/// Pods of the newest cluster, as `program.call` takes them: those outside `default` with their namespace.
pub(super) fn pods(world: &World) -> impl Iterator<Item = Known> {
    namespaces_of_newest(world).flat_map(move |namespace| {
        namespace.pods.iter().map(move |(name, &pod)| {
            let about = format!("pod, {}", world.kubernetes.pods[pod].phase);
            Known::new(in_namespace(namespace, name), about)
        })
    })
}

/// Service accounts of the newest cluster, but for those that every namespace has.
pub(super) fn accounts(world: &World) -> impl Iterator<Item = Known> {
    namespaces_of_newest(world).flat_map(|namespace| {
        let own = namespace.accounts.keys().filter(|name| &***name != "default");
        own.map(move |name| Known::new(in_namespace(namespace, name), "service account"))
    })
}

/// Nodes of the newest cluster by name.
pub(super) fn nodes(world: &World) -> impl Iterator<Item = Known> {
    let nodes = newest(world).map(|cluster| world.kubernetes.control_planes[&cluster].nodes.iter().copied());
    nodes
        .into_iter()
        .flatten()
        .map(|id| Known::new(world.node_name(id), format!("node, {} pods", world.kubernetes.nodes[id].pods.len())))
}

fn namespaces_of_newest(world: &World) -> impl Iterator<Item = &Namespace> {
    let namespaces = |cluster: EksClusterId| world.kubernetes.control_planes[&cluster].namespaces.values().copied();
    newest(world).into_iter().flat_map(namespaces).map(|id| &world.kubernetes.namespaces[id])
}

fn in_namespace(namespace: &Namespace, name: &str) -> String {
    match &*namespace.meta.name {
        "default" => name.to_owned(),
        other => format!("{other}/{name}"),
    }
}

/// The cluster that a request names, or the newest, as `k8s` takes it.
fn cluster_meant(world: &World, beside: Beside<'_>) -> Option<EksClusterId> {
    match beside.name(Noun::EksCluster) {
        Some(name) => world.eks.cluster(last_part(name)).filter(|id| world.kubernetes.control_planes.contains_key(id)),
        None => newest(world),
    }
}

fn newest(world: &World) -> Option<EksClusterId> {
    world.kubernetes.control_planes.keys().max().copied()
}
