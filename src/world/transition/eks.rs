//! The life of EKS clusters and node groups.

use super::{Edges, go};
use crate::model::eks::{EksClusterStatus, NodegroupStatus};
use crate::model::id::{EksClusterId, FactId, NodegroupId};
use crate::world::World;
use crate::world::eks::{Cluster, Nodegroup};
use crate::world::fact::What;

/// A deleted cluster leaves; there is no status for that. [semantics/eks.md 5.1]
const CLUSTER: &Edges<EksClusterStatus> = {
    use EksClusterStatus::*;
    &[(Creating, &[Active]), (Active, &[Deleting]), (Deleting, &[])]
};

/// [semantics/eks.md 5.3]
const NODEGROUP: &Edges<NodegroupStatus> = {
    use NodegroupStatus::*;
    &[(Creating, &[Active, Deleting]), (Active, &[Deleting]), (Deleting, &[])]
};

impl World {
    /// Adds a cluster in its first status.
    pub fn add_eks_cluster(&mut self, cluster: Cluster, cause: FactId) -> EksClusterId {
        let (name, status) = (cluster.name.clone(), cluster.status);
        let id = self.eks.clusters.add(cluster);
        self.eks.cluster_by_name.insert(name, id);
        self.eks.clusters[id].last_fact = self.record(Some(cause), What::EksClusterMoved(id, status));
        self.note_eks_cluster(id);
        id
    }

    /// Moves a cluster to its next status.
    pub fn move_eks_cluster(&mut self, id: EksClusterId, to: EksClusterStatus, cause: FactId) -> FactId {
        let fact = self.record(Some(cause), What::EksClusterMoved(id, to));
        let cluster = &mut self.eks.clusters[id];
        go(CLUSTER, &mut cluster.status, to, id);
        cluster.last_fact = fact;
        self.note_eks_cluster(id);
        fact
    }

    /// A deleted cluster is there no longer.
    pub fn remove_eks_cluster(&mut self, id: EksClusterId) {
        let cluster = &self.eks.clusters[id];
        assert_eq!(cluster.status, EksClusterStatus::Deleting, "{id:?} was not deleted");
        let cause = cluster.last_fact;
        let name = cluster.name.clone();
        self.eks.cluster_by_name.remove(&name);
        self.eks.clusters[id].last_fact = self.record(Some(cause), What::EksClusterGone(id));
        self.note_eks_cluster(id);
    }

    /// Adds a node group in its first status.
    pub fn add_nodegroup(&mut self, group: Nodegroup, cause: FactId) -> NodegroupId {
        let (cluster, name, status) = (group.cluster, group.name.clone(), group.status);
        let id = self.eks.nodegroups.add(group);
        self.eks.clusters[cluster].nodegroups.insert(name, id);
        self.eks.nodegroups[id].last_fact = self.record(Some(cause), What::NodegroupMoved(id, status));
        self.note_nodegroup(id);
        id
    }

    /// Moves a node group to its next status.
    pub fn move_nodegroup(&mut self, id: NodegroupId, to: NodegroupStatus, cause: FactId) -> FactId {
        let fact = self.record(Some(cause), What::NodegroupMoved(id, to));
        let group = &mut self.eks.nodegroups[id];
        go(NODEGROUP, &mut group.status, to, id);
        group.last_fact = fact;
        self.note_nodegroup(id);
        fact
    }

    /// A deleted node group is there no longer.
    pub fn remove_nodegroup(&mut self, id: NodegroupId) {
        let group = &self.eks.nodegroups[id];
        assert_eq!(group.status, NodegroupStatus::Deleting, "{id:?} was not deleted");
        let (cluster, name, cause) = (group.cluster, group.name.clone(), group.last_fact);
        self.eks.clusters[cluster].nodegroups.remove(&name);
        self.eks.nodegroups[id].last_fact = self.record(Some(cause), What::NodegroupGone(id));
        self.note_nodegroup(id);
    }
}
