//! Clusters and node groups as EKS shows them. [BC eks: Cluster, Nodegroup]

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::eks::{AmiType, EksClusterStatus, NodegroupStatus};
use crate::model::id::{EksClusterId, NodegroupId, SubnetId};
use crate::model::time::Moment;
use crate::world::World;
use crate::world::launch_template;

type Tags = BTreeMap<Box<str>, Box<str>>;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Cluster {
    name: Box<str>,
    arn: String,
    created_at: Moment,
    version: Box<str>,
    role_arn: String,
    status: EksClusterStatus,
    resources_vpc_config: VpcConfig,
    #[serde(skip_serializing_if = "Option::is_none")]
    endpoint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    identity: Option<Identity>,
    tags: Tags,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct VpcConfig {
    subnet_ids: Vec<String>,
    vpc_id: String,
    endpoint_public_access: bool,
    endpoint_private_access: bool,
    public_access_cidrs: [&'static str; 1],
}

#[derive(Serialize)]
struct Identity {
    oidc: Oidc,
}

#[derive(Serialize)]
struct Oidc {
    issuer: String,
}

/// The endpoint and the issuer are there as soon as the control plane is.
pub(super) fn cluster(world: &World, id: EksClusterId) -> Cluster {
    let record = &world.eks.clusters[id];
    let made = record.status != EksClusterStatus::Creating;
    Cluster {
        name: record.name.clone(),
        arn: world.eks_cluster_arn(id),
        created_at: record.created_at,
        version: record.version.clone(),
        role_arn: world.iam.roles[record.role].arn(),
        status: record.status,
        resources_vpc_config: VpcConfig {
            subnet_ids: subnets(world, &record.subnets),
            vpc_id: world.vpc.id.clone(),
            endpoint_public_access: true,
            endpoint_private_access: false,
            public_access_cidrs: ["0.0.0.0/0"],
        },
        endpoint: made.then(|| world.endpoint(id)),
        identity: made.then(|| Identity { oidc: Oidc { issuer: world.issuer(id) } }),
        tags: record.tags.clone(),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Nodegroup {
    nodegroup_name: Box<str>,
    nodegroup_arn: String,
    cluster_name: Box<str>,
    version: Box<str>,
    created_at: Moment,
    status: NodegroupStatus,
    capacity_type: &'static str,
    scaling_config: Scaling,
    instance_types: [Box<str>; 1],
    subnets: Vec<String>,
    ami_type: AmiType,
    node_role: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    launch_template: Option<LaunchTemplate>,
    tags: Tags,
}

#[derive(Serialize)]
struct LaunchTemplate {
    name: Box<str>,
    version: String,
    id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Scaling {
    min_size: u32,
    max_size: u32,
    desired_size: u32,
}

pub(super) fn nodegroup(world: &World, id: NodegroupId) -> Nodegroup {
    let record = &world.eks.nodegroups[id];
    let cluster = &world.eks.clusters[record.cluster];
    Nodegroup {
        nodegroup_name: record.name.clone(),
        nodegroup_arn: world.nodegroup_arn(id),
        cluster_name: cluster.name.clone(),
        version: cluster.version.clone(),
        created_at: record.created_at,
        status: record.status,
        capacity_type: "ON_DEMAND",
        scaling_config: Scaling {
            min_size: record.scaling.min,
            max_size: record.scaling.max,
            desired_size: record.scaling.desired,
        },
        instance_types: [record.instance_type.clone()],
        subnets: subnets(world, &record.subnets),
        ami_type: record.ami,
        node_role: world.iam.roles[record.node_role].arn(),
        launch_template: record.launch_template.map(|id| LaunchTemplate {
            name: world.launch_templates.all[id].name.clone(),
            version: launch_template::LaunchTemplate::VERSION.to_string(),
            id: world.launch_template_id(id),
        }),
        tags: record.tags.clone(),
    }
}

fn subnets(world: &World, ids: &[SubnetId]) -> Vec<String> {
    ids.iter().map(|&id| world.vpc.subnets[id].id.clone()).collect()
}
