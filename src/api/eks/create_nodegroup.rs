//! A managed node group brings the nodes that pods run on. Its role is what the nodes may do, and what a pod without a
//! role of its own falls back to, if the answer of the instance metadata service reaches it: one hop ends on the node.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{lookup, shape};
use crate::api::ec2;
use crate::api::refusal::Refusal;
use crate::api::{Change, Operation};
use crate::aws::eks;
use crate::aws::iam::request::Keys;
use crate::aws::iam::{authorize, issued};
use crate::model::eks::{AmiType, NodegroupStatus};
use crate::model::id::{FactId, LaunchTemplateId};
use crate::model::instance_type;
use crate::model::meant;
use crate::model::noun::Noun;
use crate::world::World;
use crate::world::eks::{Nodegroup, Scaling};
use crate::world::launch_template::LaunchTemplate;

/// [BC eks CreateNodegroupRequest.nodegroupName]
const NAME: usize = 63;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The cluster's name.
    #[schemars(extend("noun" = Noun::EksCluster))]
    cluster_name: String,
    /// The node group's name: up to 63 letters, digits, hyphens and underscores.
    nodegroup_name: String,
    /// Where the nodes are.
    #[schemars(extend("noun" = Noun::Subnet))]
    subnets: Vec<String>,
    /// The role of the nodes: it trusts `ec2.amazonaws.com`.
    #[schemars(extend("noun" = Noun::RoleArn))]
    node_role: String,
    /// How many nodes; two where nothing is said.
    #[serde(default)]
    scaling_config: ScalingConfig,
    /// The instance type of the nodes.
    #[serde(default = "usual_types")]
    instance_types: Vec<String>,
    /// How their instances begin: a launch template by `name` or by `id`, and its `version`. What it says about hops of
    /// the metadata service counts instead of what the AMI says.
    launch_template: Option<LaunchTemplateSpecification>,
    /// What the nodes run. On Amazon Linux 2023 the metadata service answers one hop, on Amazon Linux 2 it answers two.
    #[serde(default = "usual_ami")]
    ami_type: AmiType,
    /// Tags of the node group.
    #[serde(default)]
    tags: BTreeMap<Box<str>, Box<str>>,
}

/// [BC eks LaunchTemplateSpecification]
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct LaunchTemplateSpecification {
    /// Its name.
    #[schemars(extend("noun" = Noun::LaunchTemplateName))]
    name: Option<String>,
    /// Its id, `lt-…`.
    id: Option<String>,
    /// Its version; the default one where nothing is said.
    version: Option<String>,
}

/// [BC eks NodegroupScalingConfig]
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct ScalingConfig {
    /// The fewest nodes.
    min_size: u32,
    /// The most nodes.
    max_size: u32,
    /// The nodes now.
    desired_size: u32,
}

impl Default for ScalingConfig {
    /// [EKS-UG create-managed-node-group: two nodes; the smallest and largest sizes are UNSOURCED]
    fn default() -> Self {
        ScalingConfig { min_size: 1, max_size: 2, desired_size: 2 }
    }
}

/// [semantics/eks.md 5.3]
fn usual_types() -> Vec<String> {
    vec!["t3.medium".to_owned()]
}

/// From Kubernetes 1.30 on. [semantics/eks.md 5.3]
fn usual_ami() -> AmiType {
    AmiType::Al2023
}

#[derive(Serialize)]
pub(super) struct Response {
    nodegroup: shape::Nodegroup,
}

pub(super) struct CreateNodegroup;

impl Operation for CreateNodegroup {
    const SERVICE: &'static str = "eks";
    const NAME: &'static str = "CreateNodegroup";
    const SUMMARY: &'static str = "Adds nodes to a Kubernetes cluster: three minutes until they are ready";
    const SEARCH: &'static [&'static str] = &["nodes", "instances", "workers", "capacity", "hop limit"];
    const EXAMPLE: &'static str = r#"
try {
    eks.create_nodegroup(#{
        clusterName: "demo", nodegroupName: "main", nodeRole: "arn:aws:iam::123456789012:role/node",
        subnets: ec2.describe_subnets().Subnets.map(|subnet| subnet.SubnetId),
    })
} catch (refusal) {
    refusal.message
}"#;
    type Request = Request;
    type Response = Response;

    fn notices(world: &World, request: &Request) -> Vec<String> {
        let Some(role) = world.iam.role_with_arn(&request.node_role) else { return Vec::new() };
        let session = issued::begin(role, world.now, "node".to_owned());
        let may = |action| authorize::session_may(world, &session, action, "*", Keys::default()).is_allowed();
        let lacks = NEEDS.iter().filter(|(action, ..)| !may(action));
        let lacks: Vec<String> = lacks.map(|(_, policy, what)| format!("{policy} ({what})")).collect();
        let notice = || {
            format!(
                "the role of the nodes lacks what AWS would want of it, which longshore does not simulate: {}",
                lacks.join(", ")
            )
        };
        (!lacks.is_empty()).then(notice).into_iter().collect()
    }
}

/// What nodes need to be allowed, the policy of AWS that allows it, and what becomes of those that are not.
/// [semantics/eks.md 5.3, 6.5]
const NEEDS: [(&str, &str, &str); 3] = [
    ("eks:DescribeCluster", "AmazonEKSWorkerNodePolicy", "without it, nodes do not join"),
    ("ec2:AssignPrivateIpAddresses", "AmazonEKS_CNI_Policy", "pods stay ContainerCreating"),
    ("ecr:GetAuthorizationToken", "AmazonEC2ContainerRegistryPullOnly", "images of ECR are not pulled"),
];

impl Change for CreateNodegroup {
    fn call(world: &mut World, asked: FactId, request: Request) -> Result<Response, Refusal> {
        let cluster = lookup::cluster(world, &request.cluster_name, "clusterName")?;
        lookup::check_name(&request.nodegroup_name, "nodegroupName", NAME)?;
        lookup::active(world, cluster)?;
        check_new(world, &request)?;
        let scaling = check_scaling(world, &request.scaling_config)?;
        let instance_type = check_type(&request.instance_types)?;
        let node_role = lookup::role(world, &request.node_role, eks::NODE_SERVICE, "nodeRole")?;
        let subnets = lookup::subnets(world, &request.subnets, &["subnets"])?;
        if subnets.is_empty() {
            return Err(Refusal::invalid_parameter("Subnets cannot be empty")
                .because("nodes need a network")
                .way_out("list them: ec2.describe_subnets().Subnets")
                .at(["subnets"]));
        }
        let launch_template = request.launch_template.as_ref().map(|named| template(world, named)).transpose()?;
        lookup::check_ever(world, "nodes", world.kubernetes.nodes.len() + scaling.desired as usize)?;
        let group = Nodegroup {
            cluster,
            name: request.nodegroup_name.into(),
            node_role,
            ami: request.ami_type,
            launch_template,
            hop_limit: match launch_template {
                Some(id) => world.launch_templates.all[id].hop_limit(),
                None => request.ami_type.hop_limit(),
            },
            instance_type: instance_type.into(),
            scaling,
            subnets,
            tags: request.tags,
            status: NodegroupStatus::Creating,
            nodes: Vec::new(),
            created_at: world.now,
            last_fact: asked,
        };
        let id = eks::create_nodegroup(world, group, asked);
        Ok(Response { nodegroup: shape::nodegroup(world, id) })
    }
}

fn check_new(world: &World, request: &Request) -> Result<(), Refusal> {
    let Request { cluster_name, nodegroup_name, .. } = request;
    let groups = &world.eks.clusters[lookup::cluster(world, cluster_name, "clusterName")?].nodegroups;
    if groups.contains_key(nodegroup_name.as_str()) {
        let message = format!("NodeGroup already exists with name {nodegroup_name} and cluster name {cluster_name}");
        return Err(Refusal::new("ResourceInUseException", message)
            .because("names of node groups are unique in a cluster")
            .way_out("pick another name")
            .at(["nodegroupName"]));
    }
    let most = world.tuning.nodegroups_per_cluster;
    if groups.len() >= most {
        // The sentence is UNSOURCED; quota and exception are documented.
        return Err(Refusal::new("ResourceLimitExceededException", "NodeGroup limit exceeded")
            .because(format!("a cluster has at most {most} managed node groups"))
            .way_out("delete one first: eks.delete_nodegroup(#{ … })"));
    }
    Ok(())
}

/// The launch template that is named. EKS's own sentence and codes for what is wrong with it are UNSOURCED, but for the
/// first. [EKS API LaunchTemplateSpecification]
fn template(world: &World, named: &LaunchTemplateSpecification) -> Result<LaunchTemplateId, Refusal> {
    let found = match (&named.name, &named.id) {
        (Some(name), None) => ec2::template::by_name(world, name),
        (None, Some(id)) => ec2::template::by_id(world, id),
        _ => Err(Refusal::invalid_parameter(
            "You must specify either the launch template ID or the launch template name in the request, but not both.",
        )
        .because("both are there, or neither")
        .way_out("write launchTemplate: #{ name: … }")),
    };
    let id = found.map_err(|refusal| refusal.at(["launchTemplate"]))?;
    let only = LaunchTemplate::VERSION.to_string();
    match named.version.as_deref() {
        None | Some("$Default" | "$Latest") => Ok(id),
        Some(version) if version == only => Ok(id),
        Some(version) => {
            Err(Refusal::invalid_parameter(format!("The specified launch template version {version} does not exist."))
                .because("longshore's launch templates have one version")
                .way_out(format!("write version: \"{only}\", or leave it away"))
                .at(["launchTemplate", "version"]))
        }
    }
}

/// min <= desired <= max. The sentences are UNSOURCED. [semantics/eks.md 5.3]
fn check_scaling(world: &World, asked: &ScalingConfig) -> Result<Scaling, Refusal> {
    let ScalingConfig { min_size: min, max_size: max, desired_size: desired } = *asked;
    let most = world.tuning.nodes_per_nodegroup;
    let because = format!("minSize is {min}, desiredSize {desired}, maxSize {max}");
    let refuse = |message: String| {
        Err(Refusal::invalid_parameter(message)
            .because(because.as_str())
            .way_out("write minSize <= desiredSize <= maxSize")
            .at(["scalingConfig"]))
    };
    if min > desired {
        return refuse(format!("Minimum capacity {min} can't be greater than desired size {desired}"));
    }
    if desired > max || max == 0 {
        return refuse(format!("Desired capacity {desired} can't be greater than max size {max}"));
    }
    if max > most {
        return Err(Refusal::invalid_parameter(format!("Max capacity {max} can't be greater than {most}"))
            .because(format!("{because}, and a node group has at most {most} nodes"))
            .way_out(format!("ask for {most} or fewer; several node groups have more nodes together"))
            .at(["scalingConfig", "maxSize"]));
    }
    Ok(Scaling { min, max, desired })
}

/// The one instance type: a group of several takes the first that is to be had, which here is the first.
fn check_type(types: &[String]) -> Result<&str, Refusal> {
    let Some(first) = types.first() else { return Ok("t3.medium") };
    if instance_type::named(first).is_some() {
        return Ok(first);
    }
    let way_out = meant::one_of(first, instance_type::names(), "write one of");
    Err(Refusal::invalid_parameter(format!("The following supplied instance types do not exist: [{first}]"))
        .because("longshore knows no such instance type")
        .way_out(way_out)
        .at(["instanceTypes", "0"]))
}
