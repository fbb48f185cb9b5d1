//! The only writers of Kubernetes objects: they keep the indexes of names, nodes and pods on the move.
//!
//! The phase of a pod follows from its containers, so the one place that changes a container also works the phase out.

use super::{Edges, go, legal};
use crate::model::id::{EksClusterId, FactId, NamespaceId, NodeId, PodId, RoleSessionId, ServiceAccountId};
use crate::model::kubernetes::{NamespacePhase, PodPhase, RestartPolicy, WaitingReason};
use crate::model::time::Moment;
use crate::world::World;
use crate::world::fact::What;
use crate::world::kubernetes::room::{Load, Misfit};
use crate::world::kubernetes::{Container, ControlPlane, Meta, Namespace, Node, Pod, ServiceAccount, State};
use crate::world::timer::Due;

/// [semantics/eks.md 1.1]
const PHASE: &Edges<PodPhase> = {
    use PodPhase::*;
    &[(Pending, &[Running]), (Running, &[Succeeded, Failed]), (Succeeded, &[]), (Failed, &[])]
};

/// A namespace that is going does not come back, and leaves without a phase for that. [semantics/eks.md 1]
const NAMESPACE: &Edges<NamespacePhase> = {
    use NamespacePhase::*;
    &[(Active, &[Terminating]), (Terminating, &[])]
};

/// Whether a container may go from one state to the other. One that waits may come to wait for another reason.
/// [semantics/eks.md 1.1]
fn state_edge(from: State, to: State) -> bool {
    matches!(
        (from, to),
        (State::Waiting(_), State::Waiting(_) | State::Running(_))
            | (State::Running(_), State::Terminated(_))
            | (State::Terminated(_), State::Waiting(_) | State::Running(_))
    )
}

/// Whether a pod may go from one phase to the other.
pub fn phase_edge(from: PodPhase, to: PodPhase) -> bool {
    legal(PHASE, from, to)
}

impl World {
    /// A cluster has an API from now on.
    pub fn open_control_plane(&mut self, cluster: EksClusterId) {
        self.kubernetes.control_planes.insert(cluster, ControlPlane::default());
    }

    /// A cluster has no API any longer, and none of its objects exists.
    pub fn close_control_plane(&mut self, cluster: EksClusterId) {
        let Some(plane) = self.kubernetes.control_planes.remove(&cluster) else { return };
        for namespace in plane.namespaces.into_values() {
            for pod in std::mem::take(&mut self.kubernetes.namespaces[namespace].pods).into_values() {
                self.kubernetes.pods[pod].gone = true;
            }
        }
    }

    /// Counts a write to a cluster's objects: the `resourceVersion` of what is written.
    pub fn next_version(&mut self, cluster: EksClusterId) -> u64 {
        let plane = self.kubernetes.control_planes.get_mut(&cluster).expect("a cluster that is written to has an API");
        plane.writes += 1;
        plane.writes
    }

    /// Adds a namespace.
    pub fn add_namespace(&mut self, cluster: EksClusterId, meta: Meta, cause: FactId) -> NamespaceId {
        let id = self.kubernetes.namespaces.next_id();
        let fact = self.record(Some(cause), What::NamespaceMoved(id, NamespacePhase::Active));
        let version = self.next_version(cluster);
        let name = meta.name.clone();
        let meta = Meta { last_fact: fact, version, ..meta };
        let (accounts, pods) = Default::default();
        self.kubernetes.namespaces.add(Namespace { cluster, meta, phase: NamespacePhase::Active, accounts, pods });
        self.plane(cluster).namespaces.insert(name, id);
        id
    }

    /// A namespace is to go.
    pub fn end_namespace(&mut self, id: NamespaceId, cause: FactId) -> FactId {
        let fact = self.record(Some(cause), What::NamespaceMoved(id, NamespacePhase::Terminating));
        let version = self.next_version(self.kubernetes.namespaces[id].cluster);
        let namespace = &mut self.kubernetes.namespaces[id];
        go(NAMESPACE, &mut namespace.phase, NamespacePhase::Terminating, id);
        (namespace.meta.last_fact, namespace.meta.version) = (fact, version);
        fact
    }

    /// A namespace without content is there no longer.
    pub fn remove_namespace(&mut self, id: NamespaceId) {
        let namespace = &self.kubernetes.namespaces[id];
        assert!(namespace.pods.is_empty() && namespace.accounts.is_empty(), "{id:?} still has content");
        let (cluster, name, cause) = (namespace.cluster, namespace.meta.name.clone(), namespace.meta.last_fact);
        self.plane(cluster).namespaces.remove(&name);
        self.record(Some(cause), What::NamespaceGone(id));
    }

    /// Changes what people may change of a namespace: its notes.
    pub fn relabel_namespace(&mut self, id: NamespaceId, change: impl FnOnce(&mut Meta)) {
        let version = self.next_version(self.kubernetes.namespaces[id].cluster);
        let meta = &mut self.kubernetes.namespaces[id].meta;
        change(meta);
        meta.version = version;
    }

    /// Adds a service account to its namespace.
    pub fn add_account(&mut self, account: ServiceAccount, cause: FactId) -> ServiceAccountId {
        let id = self.kubernetes.accounts.next_id();
        let fact = self.record(Some(cause), What::AccountWritten(id));
        let version = self.next_version(self.kubernetes.namespaces[account.namespace].cluster);
        let meta = Meta { last_fact: fact, version, ..account.meta.clone() };
        self.kubernetes.namespaces[account.namespace].accounts.insert(meta.name.clone(), id);
        self.kubernetes.accounts.add(ServiceAccount { meta, ..account })
    }

    /// Changes a service account. Pods that exist already do not notice.
    pub fn change_account(&mut self, id: ServiceAccountId, cause: FactId, change: impl FnOnce(&mut ServiceAccount)) {
        let fact = self.record(Some(cause), What::AccountWritten(id));
        let version = self.next_version(self.kubernetes.namespaces[self.kubernetes.accounts[id].namespace].cluster);
        let account = &mut self.kubernetes.accounts[id];
        change(account);
        (account.meta.last_fact, account.meta.version) = (fact, version);
    }

    /// A service account is there no longer.
    pub fn remove_account(&mut self, id: ServiceAccountId, cause: FactId) -> FactId {
        let account = &self.kubernetes.accounts[id];
        let name = account.meta.name.clone();
        self.kubernetes.namespaces[account.namespace].accounts.remove(&name);
        self.record(Some(cause), What::AccountGone(id))
    }

    /// A node joins its cluster.
    pub fn add_node(&mut self, node: Node, cause: FactId) -> NodeId {
        let id = self.kubernetes.nodes.next_id();
        let fact = self.record(Some(cause), What::NodeJoined(id));
        let (cluster, nodegroup) = (node.cluster, node.nodegroup);
        let open = node.open();
        self.kubernetes.nodes.add(Node { last_fact: fact, ..node });
        self.plane(cluster).nodes.insert(id);
        self.plane(cluster).room.note(id, None, open);
        self.eks.nodegroups[nodegroup].nodes.push(id);
        self.node_room_appeared(cluster);
        id
    }

    /// A node takes no pods from now on; it keeps those that it has.
    pub fn cordon_node(&mut self, id: NodeId) {
        self.change_node(id, |node| node.cordoned = true);
    }

    /// A node leaves its cluster; it has no pods any longer.
    pub fn remove_node(&mut self, id: NodeId, cause: FactId) {
        assert!(self.kubernetes.nodes[id].pods.is_empty(), "{id:?} still has pods");
        self.change_node(id, |node| node.gone = true);
        let node = &self.kubernetes.nodes[id];
        let (cluster, nodegroup) = (node.cluster, node.nodegroup);
        self.plane(cluster).nodes.remove(&id);
        self.eks.nodegroups[nodegroup].nodes.retain(|&other| other != id);
        self.kubernetes.nodes[id].last_fact = self.record(Some(cause), What::NodeLeft(id));
    }

    /// Adds a pod, which no node has yet.
    pub fn add_pod(&mut self, pod: Pod, cause: FactId) -> PodId {
        let id = self.kubernetes.pods.next_id();
        let fact = self.record(Some(cause), What::PodCreated(id));
        let version = self.next_version(self.kubernetes.namespaces[pod.namespace].cluster);
        let meta = Meta { last_fact: fact, version, ..pod.meta.clone() };
        self.kubernetes.namespaces[pod.namespace].pods.insert(meta.name.clone(), id);
        self.kubernetes.pods.add(Pod { meta, ..pod })
    }

    /// Changes what people may change of a pod: its notes.
    pub fn relabel_pod(&mut self, id: PodId, change: impl FnOnce(&mut Meta)) {
        let version = self.next_version(self.kubernetes.cluster_of(id));
        let meta = &mut self.kubernetes.pods[id].meta;
        change(meta);
        meta.version = version;
    }

    /// Gives a pod to a node.
    pub fn bind_pod(&mut self, id: PodId, node: NodeId, cause: FactId) {
        let now = self.now;
        self.forget_unscheduled(id);
        let pod = &mut self.kubernetes.pods[id];
        assert_eq!(pod.node, None, "{id:?} has a node already");
        (pod.node, pod.started_at) = (Some(node), Some(now));
        let load = Load::of(&pod.spec);
        self.change_node(node, |node| {
            node.pods.insert(id);
            node.standing.take(load);
        });
        self.note_pod(id, cause, What::PodScheduled(id));
    }

    /// No node has room for a pod, for these reasons. It is looked at again when there is more room, unless no node of
    /// this lab could ever have what it asks for.
    pub fn leave_unscheduled(&mut self, id: PodId, why: Misfit, cause: FactId) {
        let cluster = self.kubernetes.cluster_of(id);
        let spec = &self.kubernetes.pods[id].spec;
        let (load, hopeless) = (Load::of(spec), !spec.requests_foreign().is_empty());
        let plane = self.plane(cluster);
        if plane.unscheduled.insert(id) {
            if !hopeless {
                plane.wanting.entry(load).or_default().insert(id);
            }
            self.kubernetes.pods[id].misfit = Some(Box::new(why));
            self.note_pod(id, cause, What::PodUnschedulable(id));
        }
    }

    /// A pod waits for a node no longer.
    fn forget_unscheduled(&mut self, id: PodId) {
        let cluster = self.kubernetes.cluster_of(id);
        let load = Load::of(&self.kubernetes.pods[id].spec);
        let plane = self.plane(cluster);
        if plane.unscheduled.remove(&id)
            && let Some(alike) = plane.wanting.get_mut(&load)
        {
            alike.remove(&id);
            if alike.is_empty() {
                plane.wanting.remove(&load);
            }
        }
    }

    /// Changes a node, and what is known of its room.
    fn change_node(&mut self, id: NodeId, change: impl FnOnce(&mut Node)) {
        let node = &mut self.kubernetes.nodes[id];
        let before = node.open();
        change(node);
        let (now, cluster) = (node.open(), node.cluster);
        self.plane(cluster).room.note(id, before, now);
    }

    /// A pod holds nothing of its node any longer: it is over, or gone.
    fn release_node(&mut self, id: PodId) {
        let pod = &self.kubernetes.pods[id];
        let Some(node) = pod.node else { return };
        let load = Load::of(&pod.spec);
        self.change_node(node, |node| node.standing.give_back(load));
        self.node_room_appeared(self.kubernetes.nodes[node].cluster);
    }

    /// Lets the scheduler look again at the pods that wait for room.
    fn node_room_appeared(&mut self, cluster: EksClusterId) {
        if !self.plane(cluster).wanting.is_empty() {
            self.agenda.put(Due::ScheduleWaiting(cluster));
        }
    }

    /// Moves a container to another state, and its pod to the phase that follows from it. `what` says what happened;
    /// `change` is what else becomes of the container.
    pub fn move_container(&mut self, id: PodId, index: u8, to: State, what: What, change: impl FnOnce(&mut Container)) {
        let cause = self.kubernetes.pods[id].meta.last_fact;
        let container = &mut self.kubernetes.pods[id].containers[usize::from(index)];
        assert!(state_edge(container.state, to), "{id:?} cannot go from {:?} to {to:?}", container.state);
        container.state = to;
        container.session = None;
        change(container);
        self.note_pod(id, cause, what);
        let to = phase(&self.kubernetes.pods[id]);
        let from = self.kubernetes.pods[id].phase;
        if from != to {
            go(PHASE, &mut self.kubernetes.pods[id].phase, to, id);
            let cause = self.kubernetes.pods[id].meta.last_fact;
            self.note_pod(id, cause, What::PodMoved(id, to));
            if to.is_over() {
                self.release_node(id);
            }
        }
    }

    /// Somebody wants a pod gone, by this moment at the latest.
    pub fn delete_pod(&mut self, id: PodId, by: Moment, cause: FactId) {
        self.kubernetes.pods[id].deletion = Some(by);
        self.note_pod(id, cause, What::PodDeleting(id));
    }

    /// A pod is there no longer.
    pub fn remove_pod(&mut self, id: PodId) {
        let cause = self.kubernetes.pods[id].meta.last_fact;
        self.forget_unscheduled(id);
        if !self.kubernetes.pods[id].phase.is_over() {
            self.release_node(id);
        }
        let pod = &mut self.kubernetes.pods[id];
        pod.gone = true;
        let (namespace, node, name) = (pod.namespace, pod.node, pod.meta.name.clone());
        self.kubernetes.namespaces[namespace].pods.remove(&name);
        if let Some(node) = node {
            self.kubernetes.nodes[node].pods.remove(&id);
        }
        self.note_pod(id, cause, What::PodGone(id));
    }

    /// The SDK in a container of a pod uses another session from now on.
    pub fn give_session(&mut self, id: PodId, container: usize, session: RoleSessionId, cause: FactId) {
        self.kubernetes.pods[id].containers[container].session = Some(session);
        self.record(Some(cause), What::PodAssumed(id, session));
    }

    /// Records what happened to a pod, and whether it is on its way somewhere.
    fn note_pod(&mut self, id: PodId, cause: FactId, what: What) {
        let fact = self.record(Some(cause), what);
        let cluster = self.kubernetes.cluster_of(id);
        let version = self.next_version(cluster);
        let pod = &mut self.kubernetes.pods[id];
        (pod.meta.last_fact, pod.meta.version) = (fact, version);
        let moving = is_moving(pod);
        let plane = self.plane(cluster);
        match moving {
            true => plane.moving.insert(id),
            false => plane.moving.remove(&id),
        };
        self.note_eks_cluster(cluster);
    }

    fn plane(&mut self, cluster: EksClusterId) -> &mut ControlPlane {
        self.kubernetes.control_planes.get_mut(&cluster).expect("objects exist only where there is an API")
    }
}

/// Whether a pod will be somewhere else soon: one that is being deleted, or whose containers are being made.
pub(in crate::world) fn is_moving(pod: &Pod) -> bool {
    let made = |container: &Container| container.state == State::Waiting(WaitingReason::ContainerCreating);
    !pod.gone && (pod.deletion.is_some() || pod.node.is_some() && pod.containers.iter().any(made))
}

/// The phase of a pod, from its containers. [semantics/eks.md 1.1: getPhase]
pub(in crate::world) fn phase(pod: &Pod) -> PodPhase {
    let states = || pod.containers.iter();
    let unborn = |c: &Container| matches!(c.state, State::Waiting(_)) && c.last.is_none();
    let ended = |c: &Container| match c.state {
        State::Terminated(exit) => Some(exit.code),
        State::Waiting(_) => c.last.map(|exit| exit.code),
        State::Running(_) => None,
    };
    if pod.phase.is_over() {
        return pod.phase;
    }
    if states().any(unborn) {
        return PodPhase::Pending.max(pod.phase);
    }
    let codes: Option<Vec<u8>> = states().map(ended).collect();
    let Some(codes) = codes else { return PodPhase::Running };
    let clean = codes.iter().all(|&code| code == 0);
    match (pod.spec.restarts(), clean, pod.deletion.is_some()) {
        (RestartPolicy::Always, _, false) | (RestartPolicy::OnFailure, false, false) => PodPhase::Running,
        (_, true, _) => PodPhase::Succeeded,
        (_, false, _) => PodPhase::Failed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pod_never_goes_back() {
        for &from in PodPhase::ALL {
            for &to in PodPhase::ALL {
                assert!(!phase_edge(from, to) || from < to, "{from} -> {to}");
            }
        }
    }
}
