//! Kubernetes's names that are derived: of nodes and pods, and their addresses.

use crate::kernel::chance;
use crate::model::id::{Id, NodeId, PodId};
use crate::world::World;
use crate::world::names::ec2_id;

impl World {
    /// The private address of a node: the third number of its subnet's addresses, and one for each node after it.
    pub fn node_address(&self, id: NodeId) -> [u32; 4] {
        let cidr = self.vpc.subnets[self.kubernetes.nodes[id].subnet].cidr;
        let base = cidr.split(['.', '/']).filter_map(|part| part.parse().ok()).collect::<Vec<u32>>();
        let number = id.number();
        [base[0], base[1], base[2] + number / 240 % 16, 10 + number % 240]
    }

    /// The address of a pod: from the same subnet as its node. [semantics/eks.md 5.6]
    pub fn pod_address(&self, id: PodId) -> Option<String> {
        let node = self.kubernetes.pods[id].node?;
        let [a, b, c, _] = self.node_address(node);
        let last = id.number();
        Some(format!("{a}.{b}.{}.{}", c - c % 16 + 1 + last / 250 % 15, 2 + last % 250))
    }

    /// Such as `ip-172-31-0-10.ec2.internal`. [semantics/eks.md 1.3]
    pub fn node_name(&self, id: NodeId) -> String {
        let [a, b, c, d] = self.node_address(id);
        format!("ip-{a}-{b}-{c}-{d}.ec2.internal")
    }

    /// The EC2 instance behind a node, `i-0…`.
    pub fn node_instance_id(&self, id: NodeId) -> String {
        ec2_id("i", self.seed, NodeId::KIND, u64::from(id.number()))
    }

    /// `NAMESPACE/NAME` of a pod.
    pub fn pod_name(&self, id: PodId) -> String {
        let pod = &self.kubernetes.pods[id];
        format!("{}/{}", self.kubernetes.namespaces[pod.namespace].meta.name, pod.meta.name)
    }

    /// The pod with this UID, gone or not.
    pub fn find_pod(&self, uid: &str) -> Option<PodId> {
        let head = u32::from_str_radix(uid.get(..8)?, 16).ok()?;
        let id = PodId::new(chance::unshuffle(head, self.seed, PodId::KIND));
        (id.index() < self.kubernetes.pods.len() && self.uuid(id) == uid).then_some(id)
    }
}
