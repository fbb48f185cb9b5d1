//! What has come to rest, and what has not: what `settle()` waits for, asked after every moment.
//!
//! Kept where statuses are written, so that asking costs nothing however large the lab is; `invariant` looks again at
//! everything.

use std::collections::BTreeSet;

use crate::model::eks::{EksClusterStatus, NodegroupStatus};
use crate::model::id::{ClusterId, EksClusterId, NodegroupId, ServiceId};
use crate::model::status::{RolloutState, ServiceStatus};
use crate::model::subject::Subject;
use crate::world::World;
use crate::world::ecs::Service;

impl World {
    /// Whether everything has come to rest: no task on its way up or down, every service steady or unable to go on, no
    /// cluster or node group of EKS being made or deleted, and no pod on its way up or down.
    pub fn is_at_rest(&self) -> bool {
        self.restless.is_empty()
    }

    /// The same of one ECS cluster, whatever goes on beside it.
    pub fn cluster_is_at_rest(&self, id: ClusterId) -> bool {
        !self.restless.contains(&Subject::Cluster(id))
    }

    /// Something about a service has changed that its rest depends on.
    pub(in crate::world) fn note_service(&mut self, id: ServiceId) {
        let service = &self.ecs.services[id];
        let (cluster, rests) = (service.cluster, self.service_rests(service));
        keep(&mut self.ecs.clusters[cluster].restless, id, !rests);
        self.note_cluster(cluster);
    }

    /// A task of a cluster is in another status, or a service of it has come to rest or gone on.
    pub(in crate::world) fn note_cluster(&mut self, id: ClusterId) {
        let cluster = &self.ecs.clusters[id];
        let rests = cluster.live.len() as u32 == cluster.running && cluster.restless.is_empty();
        keep(&mut self.restless, Subject::Cluster(id), !rests);
    }

    /// A cluster of EKS is in another status, or a pod in it.
    pub(in crate::world) fn note_eks_cluster(&mut self, id: EksClusterId) {
        let rests = self.eks_cluster_rests(id);
        keep(&mut self.restless, Subject::EksCluster(id), !rests);
    }

    /// A node group is in another status.
    pub(in crate::world) fn note_nodegroup(&mut self, id: NodegroupId) {
        let rests = self.nodegroup_rests(id);
        keep(&mut self.restless, Subject::Nodegroup(id), !rests);
    }

    fn service_rests(&self, service: &Service) -> bool {
        let newest = || service.deployments.first().map(|&id| self.ecs.deployments[id].rollout);
        let failed = || newest() == Some(RolloutState::Failed);
        let rests = || service.steady_since.is_some() || service.complaint.is_some() || failed();
        service.status != ServiceStatus::Active || service.pass.is_none() && rests()
    }

    fn eks_cluster_rests(&self, id: EksClusterId) -> bool {
        let cluster = &self.eks.clusters[id];
        let plane = self.kubernetes.control_planes.get(&id);
        let moving = || plane.is_some_and(|plane| !plane.moving.is_empty());
        self.eks.cluster(&cluster.name) != Some(id) || cluster.status == EksClusterStatus::Active && !moving()
    }

    fn nodegroup_rests(&self, id: NodegroupId) -> bool {
        let group = &self.eks.nodegroups[id];
        let there = self.eks.clusters[group.cluster].nodegroups.get(&group.name) == Some(&id);
        !there || group.status == NodegroupStatus::Active
    }

    /// What has been kept, and what there is when one looks at everything.
    pub(in crate::world) fn rest_looked_for(&self) -> (&BTreeSet<Subject>, BTreeSet<Subject>) {
        let mut found = BTreeSet::new();
        for (id, cluster) in self.ecs.clusters.iter() {
            let mut services = cluster.services.values().map(|&id| &self.ecs.services[id]);
            let rests = services.all(|service| self.service_rests(service));
            keep(&mut found, Subject::Cluster(id), !rests || cluster.live.len() as u32 != cluster.running);
        }
        for (id, _) in self.eks.clusters.iter() {
            keep(&mut found, Subject::EksCluster(id), !self.eks_cluster_rests(id));
        }
        for (id, _) in self.eks.nodegroups.iter() {
            keep(&mut found, Subject::Nodegroup(id), !self.nodegroup_rests(id));
        }
        (&self.restless, found)
    }
}

/// Keeps something in a set, or out of it.
pub(in crate::world) fn keep<T: Ord>(set: &mut BTreeSet<T>, one: T, wanted: bool) {
    if wanted {
        set.insert(one);
    } else {
        set.remove(&one);
    }
}
