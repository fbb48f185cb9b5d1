//! A cluster begins with its control plane, which takes its time. Its issuer is there from the moment it is ACTIVE;
//! that IAM believes the issuer's tokens is a separate step: `iam.create_open_id_connect_provider`.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{lookup, shape};
use crate::api::refusal::Refusal;
use crate::api::{Change, Operation};
use crate::aws::eks;
use crate::model::eks::EksClusterStatus;
use crate::model::id::{FactId, SubnetId};
use crate::model::noun::Noun;
use crate::world::World;
use crate::world::eks::Cluster;

/// [BC eks CreateClusterRequest.name]
const NAME: usize = 100;
/// The versions of 2026-01-05, newest first. [semantics/eks.md 5.2]
const VERSIONS: [&str; 4] = ["1.34", "1.33", "1.32", "1.31"];
/// What clusters get where nothing is said: the version whose behaviour is simulated. EKS's own default is UNSOURCED.
const USUAL_VERSION: &str = "1.32";

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The cluster's name: up to 100 letters, digits, hyphens and underscores.
    name: String,
    /// The role of the control plane: it trusts `eks.amazonaws.com`.
    #[schemars(extend("noun" = Noun::RoleArn))]
    role_arn: String,
    /// The subnets, in two availability zones at least.
    resources_vpc_config: VpcConfig,
    /// Kubernetes's minor version.
    #[serde(default = "usual_version")]
    version: String,
    /// Tags of the cluster.
    #[serde(default)]
    tags: BTreeMap<Box<str>, Box<str>>,
}

/// [BC eks VpcConfigRequest]
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct VpcConfig {
    /// The subnets' ids.
    #[serde(default)]
    #[schemars(extend("noun" = Noun::Subnet))]
    subnet_ids: Vec<String>,
}

fn usual_version() -> String {
    USUAL_VERSION.to_owned()
}

#[derive(Serialize)]
pub(super) struct Response {
    cluster: shape::Cluster,
}

pub(super) struct CreateCluster;

impl Operation for CreateCluster {
    const SERVICE: &'static str = "eks";
    const NAME: &'static str = "CreateCluster";
    const SUMMARY: &'static str = "Creates a Kubernetes cluster: ten minutes until it is ACTIVE";
    const SEARCH: &'static [&'static str] = &["kubernetes", "k8s", "control plane", "issuer", "oidc", "new"];
    const EXAMPLE: &'static str = r#"
iam.create_role(#{ RoleName: "eks-cluster", AssumeRolePolicyDocument: #{ Version: "2012-10-17",
    Statement: [#{ Effect: "Allow", Principal: #{ Service: "eks.amazonaws.com" }, Action: "sts:AssumeRole" }] } });
eks.create_cluster(#{
    name: "prod", roleArn: "arn:aws:iam::123456789012:role/eks-cluster",
    resourcesVpcConfig: #{ subnetIds: ec2.describe_subnets().Subnets.map(|subnet| subnet.SubnetId) },
});
wait("10m");
eks.describe_cluster(#{ name: "prod" }).cluster.identity.oidc.issuer"#;
    type Request = Request;
    type Response = Response;

    fn notices(_world: &World, request: &Request) -> Vec<String> {
        let other = VERSIONS.contains(&request.version.as_str()) && request.version != USUAL_VERSION;
        let notice = || format!("version {} is shown, and Kubernetes behaves as in {USUAL_VERSION}", request.version);
        other.then(notice).into_iter().collect()
    }
}

impl Change for CreateCluster {
    fn call(world: &mut World, asked: FactId, request: Request) -> Result<Response, Refusal> {
        lookup::check_name(&request.name, "name", NAME)?;
        check_version(&request.version)?;
        if world.eks.cluster(&request.name).is_some() {
            let message = format!("Cluster already exists with name: {}", request.name);
            return Err(Refusal::new("ResourceInUseException", message)
                .because("names of clusters are unique in an account and Region")
                .way_out("pick another name, or delete it first: eks.delete_cluster(#{ name: … })")
                .at(["name"]));
        }
        let role = lookup::role(world, &request.role_arn, eks::CLUSTER_SERVICE, "roleArn")?;
        let path = ["resourcesVpcConfig", "subnetIds"];
        let subnets = lookup::subnets(world, &request.resources_vpc_config.subnet_ids, &path)?;
        check_zones(world, &subnets)?;
        check_quota(world)?;
        lookup::check_ever(world, "EKS clusters", world.eks.clusters.len())?;
        let cluster = Cluster {
            name: request.name.into(),
            role,
            version: request.version.into(),
            subnets,
            tags: request.tags,
            status: EksClusterStatus::Creating,
            nodegroups: BTreeMap::new(),
            created_at: world.now,
            last_fact: asked,
        };
        let id = eks::create_cluster(world, cluster, asked);
        Ok(Response { cluster: shape::cluster(world, id) })
    }
}

fn check_version(version: &str) -> Result<(), Refusal> {
    if VERSIONS.contains(&version) {
        return Ok(());
    }
    Err(Refusal::invalid_parameter("unsupported Kubernetes version")
        .because(format!("EKS has no version \"{version}\" at present"))
        .way_out(format!("write one of: {}; or leave it away", VERSIONS.join(", ")))
        .at(["version"]))
}

/// [semantics/eks.md 5.1]
fn check_zones(world: &World, subnets: &[SubnetId]) -> Result<(), Refusal> {
    let zones: BTreeSet<&str> = subnets.iter().map(|&id| world.vpc.subnets[id].zone).collect();
    if zones.len() >= 2 {
        return Ok(());
    }
    Err(Refusal::invalid_parameter("Subnets specified must be in at least two different AZs")
        .because(match zones.iter().next() {
            Some(zone) => format!("all of them are in {zone}"),
            None => "none was given".to_owned(),
        })
        .way_out("list them with their zones: ec2.describe_subnets().Subnets")
        .at(["resourcesVpcConfig", "subnetIds"]))
}

fn check_quota(world: &World) -> Result<(), Refusal> {
    let most = world.tuning.eks_clusters;
    if world.eks.cluster_by_name.len() < most {
        return Ok(());
    }
    // The sentence is UNSOURCED; quota and exception are documented.
    Err(Refusal::new("ResourceLimitExceededException", "Cluster limit exceeded")
        .because(format!("an account has at most {most} clusters in a Region"))
        .way_out("delete one first: eks.delete_cluster(#{ name: … })"))
}
