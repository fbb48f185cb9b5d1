//! Clusters, their container instances, and the revisions of task definitions.

use super::{CLUSTER, DEFINITION, INSTANCE, go};
use crate::model::id::{ClusterId, DefinitionId, FactId, Id, InstanceId, ServiceId};
use crate::model::status::{ClusterStatus, DefinitionStatus, InstanceStatus};
use crate::world::World;
use crate::world::ecs::Instance;
use crate::world::fact::What;

impl World {
    /// Adds an instance to its cluster; services that wait for room look again.
    pub fn add_instance(&mut self, instance: Instance, cause: FactId) -> InstanceId {
        let cluster = instance.cluster;
        self.vpc.subnets[instance.subnet].instance_came();
        let id = self.ecs.instances.add(instance);
        self.ecs.clusters[cluster].instances.insert(id);
        self.note_room(id);
        self.room_appeared(cluster, cause);
        id
    }

    /// Takes an instance out of its cluster.
    pub fn deregister_instance(&mut self, id: InstanceId, cause: FactId) -> FactId {
        let instance = &mut self.ecs.instances[id];
        go(INSTANCE, &mut instance.status, InstanceStatus::Inactive, id);
        instance.version += 1;
        self.ecs.clusters[instance.cluster].instances.remove(&id);
        self.note_room(id);
        let Instance { subnet, ref tasks, .. } = self.ecs.instances[id];
        self.vpc.subnets[subnet].instance_left();
        for deployment in tasks.iter().filter_map(|&task| self.ecs.tasks[task].deployment) {
            self.ecs.deployments[deployment].spread.entry(subnet).or_default().forget(id);
        }
        self.record(Some(cause), What::InstanceMoved(id, InstanceStatus::Inactive))
    }

    /// Notes what an instance has left, where placement looks; one that is deregistered has no room.
    pub(super) fn note_room(&mut self, id: InstanceId) {
        let Instance { cluster, status, subnet, remaining, .. } = self.ecs.instances[id];
        let room = (status == InstanceStatus::Active).then_some([remaining.cpu, remaining.memory]);
        self.ecs.clusters[cluster].room.entry(subnet).or_default().set(id.index(), room);
    }

    /// Deletes a cluster.
    pub fn delete_cluster(&mut self, id: ClusterId, cause: FactId) -> FactId {
        go(CLUSTER, &mut self.ecs.clusters[id].status, ClusterStatus::Inactive, id);
        self.record(Some(cause), What::ClusterMoved(id, ClusterStatus::Inactive))
    }

    /// Retires a revision of a task definition.
    pub fn deregister_definition(&mut self, id: DefinitionId, cause: FactId) -> FactId {
        let definition = &mut self.ecs.definitions[id];
        go(DEFINITION, &mut definition.status, DefinitionStatus::Inactive, id);
        definition.deregistered_at = Some(self.now);
        self.record(Some(cause), What::DefinitionMoved(id, DefinitionStatus::Inactive))
    }

    /// Deletes a revision of a task definition that has been retired.
    pub fn delete_definition(&mut self, id: DefinitionId, cause: FactId) -> FactId {
        go(DEFINITION, &mut self.ecs.definitions[id].status, DefinitionStatus::DeleteInProgress, id);
        self.record(Some(cause), What::DefinitionMoved(id, DefinitionStatus::DeleteInProgress))
    }

    /// Lets every service of a cluster that lacks room look again.
    pub fn room_appeared(&mut self, cluster: ClusterId, cause: FactId) {
        let waiting: Vec<ServiceId> = self.ecs.clusters[cluster].waiting.iter().copied().collect();
        for service in waiting {
            self.look_at(service, cause);
        }
    }
}
