//! Which cluster and which namespace are meant, as a kubeconfig's context says.

use super::refuse;
use crate::api::refusal::Refusal;
use crate::model::eks::EksClusterStatus;
use crate::model::id::{EksClusterId, NamespaceId};
use crate::model::meant;
use crate::world::World;
use crate::world::names::last_part;

/// The cluster with this name or ARN; without one, the newest that is ACTIVE.
pub(super) fn cluster(world: &World, named: Option<&str>) -> Result<EksClusterId, Refusal> {
    let Some(name) = named else {
        let active = |id: &&EksClusterId| world.eks.clusters[**id].status == EksClusterStatus::Active;
        return world.kubernetes.control_planes.keys().filter(active).max().copied().ok_or_else(|| none(world));
    };
    let Some(id) = world.eks.cluster(last_part(name)) else {
        let known = world.eks.cluster_by_name.keys().map(|name| &**name);
        let way_out = meant::another(name, known, "eks.create_cluster(#{ … })");
        return Err(no_context(name).because(format!("EKS has no cluster `{name}`")).way_out(way_out));
    };
    match world.eks.clusters[id].status {
        EksClusterStatus::Active => Ok(id),
        // There is no context without `aws eks update-kubeconfig`, which wants the cluster to be ACTIVE.
        // [aws-cli awscli/customizations/eks/update_kubeconfig.py]
        EksClusterStatus::Creating => Err(no_context(name)
            .because(format!(
                "cluster `{name}` is CREATING: update-kubeconfig would say \"Cluster status is CREATING\""
            ))
            .way_out(WAIT)),
        EksClusterStatus::Deleting => Err(deleting(world, id)),
    }
}

const WAIT: &str = "wait until it is ACTIVE: wait(\"10m\")";

/// No cluster has an API.
fn none(world: &World) -> Refusal {
    let newest = world.eks.cluster_by_name.values().max().map(|&id| (id, &world.eks.clusters[id]));
    match newest {
        Some((_, cluster)) if cluster.status == EksClusterStatus::Creating => {
            refused().because(format!("cluster `{}` is {}", cluster.name, cluster.status)).way_out(WAIT)
        }
        Some((id, cluster)) if cluster.status == EksClusterStatus::Deleting => deleting(world, id),
        _ => refused().because("there is no Kubernetes cluster").way_out("create one: eks.create_cluster(#{ … })"),
    }
}

/// [semantics/eks.md 1.6]
fn refused() -> Refusal {
    Refusal::new(
        refuse::UNREACHABLE,
        "The connection to the server localhost:8080 was refused - did you specify the right host or port?",
    )
}

/// kubectl knows no such cluster. [client-go tools/clientcmd/client_config.go getContext]
fn no_context(name: &str) -> Refusal {
    refuse::client(format!("context \"{name}\" does not exist")).at(["cluster"])
}

/// A cluster on its way out answers nobody. kubectl's words for a name that is gone; that the name goes as soon as the
/// cluster is DELETING is UNSOURCED.
fn deleting(world: &World, id: EksClusterId) -> Refusal {
    let endpoint = world.endpoint(id);
    let host = endpoint.trim_start_matches("https://");
    Refusal::new(refuse::UNREACHABLE, format!("Unable to connect to the server: dial tcp: lookup {host}: no such host"))
        .because(format!("cluster `{}` is DELETING, and its API with it", world.eks.clusters[id].name))
        .way_out("name another cluster, or create one: eks.create_cluster(#{ … })")
}

/// The namespace with this name.
pub(super) fn namespace(world: &World, cluster: EksClusterId, name: &str) -> Result<NamespaceId, Refusal> {
    world.kubernetes.namespace(cluster, name).ok_or_else(|| {
        let plane = &world.kubernetes.control_planes[&cluster];
        let known = plane.namespaces.keys().map(|name| &**name);
        refuse::not_found("namespaces", name)
            .because(format!("cluster `{}` has no namespace `{name}`", world.eks.clusters[cluster].name))
            .way_out(meant::another(name, known, "k8s.apply(…)"))
            .at(["namespace"])
    })
}
