//! Amazon EKS: clusters and their managed node groups, as AWS's API knows them. What runs inside a cluster is
//! Kubernetes's: `world::kubernetes`.

use std::collections::BTreeMap;

use crate::kernel::arena::Arena;
use crate::kernel::chance;
use crate::model::eks::{AmiType, EksClusterStatus, NodegroupStatus};
use crate::model::id::{EksClusterId, FactId, Id, LaunchTemplateId, NodeId, NodegroupId, RoleId, SubnetId};
use crate::model::time::Moment;
use crate::world::World;
use crate::world::names::REGION;

/// All of EKS in one account and Region.
#[derive(Clone, Debug, Default, Hash)]
pub struct Eks {
    /// Clusters, deleted ones included.
    pub clusters: Arena<EksClusterId, Cluster>,
    /// The clusters that exist.
    pub cluster_by_name: BTreeMap<Box<str>, EksClusterId>,
    /// Node groups, deleted ones included.
    pub nodegroups: Arena<NodegroupId, Nodegroup>,
}

/// A cluster.
#[derive(Clone, Debug, Hash)]
pub struct Cluster {
    /// Its name.
    pub name: Box<str>,
    /// The role of its control plane.
    pub role: RoleId,
    /// Kubernetes's minor version, such as `1.32`.
    pub version: Box<str>,
    /// Where its control plane has network interfaces.
    pub subnets: Vec<SubnetId>,
    /// Tags.
    pub tags: BTreeMap<Box<str>, Box<str>>,
    /// Where it is in its life.
    pub status: EksClusterStatus,
    /// The node groups that exist.
    pub nodegroups: BTreeMap<Box<str>, NodegroupId>,
    /// When it was created.
    pub created_at: Moment,
    /// The latest fact about it.
    pub last_fact: FactId,
}

/// A managed node group.
#[derive(Clone, Debug, Hash)]
pub struct Nodegroup {
    /// Its cluster.
    pub cluster: EksClusterId,
    /// Its name.
    pub name: Box<str>,
    /// The role of its nodes: what pods fall back to.
    pub node_role: RoleId,
    /// What its nodes run.
    pub ami: AmiType,
    /// The launch template of its instances, if somebody named one.
    pub launch_template: Option<LaunchTemplateId>,
    /// How many hops an answer of the instance metadata service may take.
    pub hop_limit: u8,
    /// The instance type of its nodes.
    pub instance_type: Box<str>,
    /// How many nodes it may and does have.
    pub scaling: Scaling,
    /// Where its nodes are.
    pub subnets: Vec<SubnetId>,
    /// Tags.
    pub tags: BTreeMap<Box<str>, Box<str>>,
    /// Where it is in its life.
    pub status: NodegroupStatus,
    /// Its nodes.
    pub nodes: Vec<NodeId>,
    /// When it was created.
    pub created_at: Moment,
    /// The latest fact about it.
    pub last_fact: FactId,
}

/// `scalingConfig` of a node group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Scaling {
    /// The fewest nodes.
    pub min: u32,
    /// The most nodes.
    pub max: u32,
    /// The nodes now.
    pub desired: u32,
}

impl Eks {
    /// The existing cluster with this name.
    pub fn cluster(&self, name: &str) -> Option<EksClusterId> {
        self.cluster_by_name.get(name).copied()
    }
}

impl World {
    /// `arn:…:cluster/NAME`
    pub fn eks_cluster_arn(&self, id: EksClusterId) -> String {
        self.arn("eks", &format!("cluster/{}", self.eks.clusters[id].name))
    }

    /// `arn:…:nodegroup/CLUSTER/NAME/UUID`
    pub fn nodegroup_arn(&self, id: NodegroupId) -> String {
        let group = &self.eks.nodegroups[id];
        let cluster = &self.eks.clusters[group.cluster].name;
        self.arn("eks", &format!("nodegroup/{cluster}/{}/{}", group.name, self.uuid(id)))
    }

    /// The issuer of a cluster's tokens: `https://oidc.eks.REGION.amazonaws.com/id/` and 32 hex digits.
    /// [semantics/eks.md 6.2]
    pub fn issuer(&self, id: EksClusterId) -> String {
        format!("https://oidc.eks.{REGION}.amazonaws.com/id/{}", self.issuer_id(id))
    }

    /// Where a cluster's Kubernetes API is.
    pub fn endpoint(&self, id: EksClusterId) -> String {
        format!("https://{}.gr7.{REGION}.eks.amazonaws.com", self.issuer_id(id))
    }

    fn issuer_id(&self, id: EksClusterId) -> String {
        let half = |why| chance::roll(self.seed, EksClusterId::KIND, why, u64::from(id.number()));
        format!("{:016X}{:016X}", half("issuer"), half("issuer tail"))
    }
}
