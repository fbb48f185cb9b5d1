//! Which cluster and which namespace are meant, as a kubeconfig's context says.

use super::refuse;
use crate::api::refusal::Refusal;
use crate::model::eks::EksClusterStatus;
use crate::model::id::{EksClusterId, NamespaceId};
use crate::world::World;
use crate::world::names::last_part;

/// The cluster with this name or ARN; without one, the newest that is ACTIVE.
pub(super) fn cluster(world: &World, named: Option<&str>) -> Result<EksClusterId, Refusal> {
    let reachable = |id: &EksClusterId| world.kubernetes.control_planes.contains_key(id);
    let Some(name) = named else {
        return world.kubernetes.control_planes.keys().max().copied().ok_or_else(|| none(world));
    };
    let found = world.eks.cluster(last_part(name));
    match found {
        Some(id) if reachable(&id) => Ok(id),
        Some(id) => {
            Err(refused().because(format!("cluster `{name}` is {}", world.eks.clusters[id].status)).way_out(WAIT))
        }
        None => {
            let known: Vec<&str> = world.eks.cluster_by_name.keys().map(|name| &**name).collect();
            Err(refuse::client(format!("context \"{name}\" does not exist"))
                .because(format!("EKS has no cluster `{name}`"))
                .way_out(match known.as_slice() {
                    [] => "create it first: eks.create_cluster(#{ … })".to_owned(),
                    known => format!("name one that is there: {}", known.join(", ")),
                })
                .at(["cluster"]))
        }
    }
}

const WAIT: &str = "wait until it is ACTIVE: wait(\"10m\")";

/// No cluster has an API.
fn none(world: &World) -> Refusal {
    let newest = world.eks.cluster_by_name.values().max().map(|&id| &world.eks.clusters[id]);
    match newest {
        Some(cluster) if cluster.status == EksClusterStatus::Creating => {
            refused().because(format!("cluster `{}` is {}", cluster.name, cluster.status)).way_out(WAIT)
        }
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

/// The namespace with this name.
pub(super) fn namespace(world: &World, cluster: EksClusterId, name: &str) -> Result<NamespaceId, Refusal> {
    world.kubernetes.namespace(cluster, name).ok_or_else(|| {
        let plane = &world.kubernetes.control_planes[&cluster];
        let known: Vec<&str> = plane.namespaces.keys().map(|name| &**name).collect();
        refuse::not_found("namespaces", name)
            .because(format!("cluster `{}` has no namespace `{name}`", world.eks.clusters[cluster].name))
            .way_out(format!("create it first, or name one that is there: {}", known.join(", ")))
            .at(["namespace"])
    })
}
