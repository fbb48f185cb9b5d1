//! From the names that people type to ids, and what EKS says when nothing is there. [texts: semantics/eks.md 5.1]

use crate::api::refusal::Refusal;
use crate::aws::iam::{authorize, denial};
use crate::model::eks::EksClusterStatus;
use crate::model::id::{EksClusterId, NodegroupId, RoleId, SubnetId};
use crate::model::meant;
use crate::world::World;

/// The existing cluster with this name.
pub(super) fn cluster(world: &World, name: &str, member: &str) -> Result<EksClusterId, Refusal> {
    world.eks.cluster(name).ok_or_else(|| {
        Refusal::new("ResourceNotFoundException", format!("No cluster found for name: {name}."))
            .because(format!("EKS has no cluster `{name}`"))
            .way_out(meant::another(
                name,
                world.eks.cluster_by_name.keys().map(|name| &**name),
                "eks.create_cluster(#{ … })",
            ))
            .at([member])
    })
}

/// The existing node group of a cluster with this name.
pub(super) fn nodegroup(world: &World, cluster: EksClusterId, name: &str) -> Result<NodegroupId, Refusal> {
    let groups = &world.eks.clusters[cluster].nodegroups;
    groups.get(name).copied().ok_or_else(|| {
        Refusal::new("ResourceNotFoundException", format!("No node group found for name: {name}."))
            .because(format!("cluster `{}` has no node group `{name}`", world.eks.clusters[cluster].name))
            .way_out(meant::another(name, groups.keys().map(|name| &**name), "eks.create_nodegroup(#{ … })"))
            .at(["nodegroupName"])
    })
}

/// A cluster that is ACTIVE.
pub(super) fn active(world: &World, cluster: EksClusterId) -> Result<(), Refusal> {
    let record = &world.eks.clusters[cluster];
    if record.status == EksClusterStatus::Active {
        return Ok(());
    }
    // The exception's name is UNSOURCED; the sentence is not.
    Err(Refusal::new("InvalidRequestException", format!("Cluster '{}' is not in ACTIVE status", record.name))
        .because(format!("it is {}", record.status))
        .way_out(
            "wait for it: wait_until(|| eks.describe_cluster(#{ name: … }).cluster.status == \"ACTIVE\", \"20m\")",
        ))
}

/// A role that exists and trusts a service. The sentence is the one that CreateCluster gives.
pub(super) fn role(world: &World, arn: &str, service: &str, member: &str) -> Result<RoleId, Refusal> {
    let refuse = || {
        Refusal::invalid_parameter(format!(
            "Role with arn: {arn}, could not be assumed because it does not exist or the trusted entity is not correct"
        ))
        .at([member])
    };
    let Some(role) = world.iam.role_with_arn(arn) else {
        let known: Vec<String> = world.iam.role_by_name.values().map(|&id| world.iam.roles[id].arn()).collect();
        let way_out = meant::way_out(arn, known.iter().map(String::as_str), || {
            format!("create it first, with a trust policy for {service}: iam.create_role(#{{ … }})")
        });
        return Err(refuse().because(format!("there is no role `{arn}`")).way_out(way_out));
    };
    let verdict = authorize::trusts_service(world, role, service);
    match verdict.is_allowed() {
        true => Ok(role),
        false => Err(refuse().because(denial::because(&verdict)).way_out(denial::way_out(&verdict)).traced(verdict)),
    }
}

/// The subnets with these ids.
pub(super) fn subnets(world: &World, ids: &[String], path: &[&str]) -> Result<Vec<SubnetId>, Refusal> {
    let find = |(index, id): (usize, &String)| {
        world.vpc.subnet_named(id).ok_or_else(|| {
            Refusal::invalid_parameter(format!("The subnet ID '{id}' does not exist"))
                .because("the lab's VPC has no such subnet")
                .way_out("list them: ec2.describe_subnets().Subnets")
                .at(path.iter().map(|part| (*part).to_owned()).chain([index.to_string()]))
        })
    };
    ids.iter().enumerate().map(find).collect()
}

/// Names of clusters and node groups. [semantics/eks.md 5.1]
pub(super) fn check_name(name: &str, member: &str, most: usize) -> Result<(), Refusal> {
    let legal = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let begins = name.starts_with(|c: char| c.is_ascii_alphanumeric());
    if begins && name.len() <= most && name.chars().all(legal) {
        return Ok(());
    }
    // The sentence is UNSOURCED; the pattern is not.
    Err(Refusal::invalid_parameter(format!(
        "{member} \"{name}\" must satisfy the regular expression pattern: ^[0-9A-Za-z][A-Za-z0-9\\-_]*, with at most {most} characters"
    ))
    .because("it is empty, too long, or has other characters")
    .way_out("use letters, digits, hyphens and underscores, and begin with a letter or digit")
    .at([member]))
}

/// longshore's own limit on what one world creates; `what` is in the plural.
pub(super) fn check_ever(world: &World, what: &str, created: usize) -> Result<(), Refusal> {
    let most = world.tuning.objects_ever;
    if created < most { Ok(()) } else { Err(Refusal::lab_is_full(what, most)) }
}
