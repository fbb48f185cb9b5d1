//! A load balancer stands in one subnet of each of its zones; targets in other zones get nothing from it.
//!
//! It does nothing until a listener says what happens to requests.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{lookup, name, shape};
use crate::api::refusal::Refusal;
use crate::api::{Change, Operation};
use crate::model::id::{FactId, SubnetId};
use crate::model::load_balancing::{LoadBalancerType, Scheme};
use crate::model::noun::Noun;
use crate::world::World;
use crate::world::elb::LoadBalancer;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The name: up to 32 letters, digits and hyphens.
    name: String,
    /// Subnets, one in each zone; an application load balancer needs two.
    #[serde(default)]
    #[schemars(extend("noun" = Noun::Subnet))]
    subnets: Vec<String>,
    /// Security groups.
    #[serde(default)]
    #[schemars(extend("noun" = Noun::SecurityGroup))]
    security_groups: Vec<String>,
    /// internet-facing or internal.
    scheme: Option<Scheme>,
    /// application or network.
    r#type: Option<LoadBalancerType>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Response {
    load_balancers: Vec<shape::LoadBalancer>,
}

pub(super) struct CreateLoadBalancer;

impl Operation for CreateLoadBalancer {
    const SERVICE: &'static str = "elbv2";
    const NAME: &'static str = "CreateLoadBalancer";
    const SUMMARY: &'static str = "Creates a load balancer in two or more zones";
    const SEARCH: &'static [&'static str] = &["alb", "nlb", "new", "balance", "public", "internet"];
    const EXAMPLE: &'static str = r#"
let subnets = ec2.describe_subnets().Subnets.map(|subnet| subnet.SubnetId);
elbv2.create_load_balancer(#{ Name: "front", Subnets: subnets }).LoadBalancers[0].DNSName"#;
    type Request = Request;
    type Response = Response;
}

impl Change for CreateLoadBalancer {
    fn call(world: &mut World, _asked: FactId, request: Request) -> Result<Response, Refusal> {
        let kind = request.r#type.unwrap_or(LoadBalancerType::Application);
        let scheme = request.scheme.unwrap_or(Scheme::InternetFacing);
        if kind == LoadBalancerType::Gateway {
            return Err(Refusal::not_modelled("gateway load balancers").at(["Type"]));
        }
        check_name(&request.name)?;
        let subnets = subnets(world, kind, &request.subnets)?;
        check_security_groups(world, &request.security_groups)?;
        if let Some(&id) = world.elb.load_balancer_by_name.get(request.name.as_str()) {
            let known = &world.elb.load_balancers[id];
            let zones = |subnets: &[SubnetId]| subnets.iter().copied().collect::<BTreeSet<_>>();
            if known.kind == kind && known.scheme == scheme && zones(&known.subnets) == zones(&subnets) {
                return Ok(Response { load_balancers: vec![shape::load_balancer(world, id)] });
            }
            return Err(taken(&request.name));
        }
        let (existing, ever) = (world.elb.load_balancer_by_name.len(), world.elb.load_balancers.len());
        let most = world.tuning.elb.load_balancers;
        lookup::check_quota(world, "TooManyLoadBalancers", "load balancers", existing, most, ever)?;
        let name = request.name.as_str();
        let id = world.elb.load_balancers.add(LoadBalancer {
            name: name.into(),
            kind,
            scheme,
            subnets,
            listeners: BTreeMap::new(),
            created_at: world.now,
        });
        world.elb.load_balancer_by_name.insert(name.into(), id);
        Ok(Response { load_balancers: vec![shape::load_balancer(world, id)] })
    }
}

fn check_name(name: &str) -> Result<(), Refusal> {
    name::check("The load balancer name", name)?;
    if name.starts_with("internal-") {
        return Err(Refusal::new(
            "ValidationError",
            format!("The load balancer name '{name}' cannot begin with 'internal-'"),
        )
        .because("AWS puts `internal-` in front of the host names of internal load balancers itself")
        .way_out("take another name; Scheme: \"internal\" makes it internal")
        .at(["Name"]));
    }
    Ok(())
}

/// The code is documented, the sentence is UNSOURCED. [ELBAPI CreateLoadBalancer]
fn taken(name: &str) -> Refusal {
    Refusal::new(
        "DuplicateLoadBalancerName",
        format!("A load balancer with the same name '{name}' exists, but with different settings"),
    )
    .because("names are unique in an account and Region; asking again for the same would give the same")
    .way_out("take another name, or delete the other one: elbv2.delete_load_balancer(#{ LoadBalancerArn: … })")
    .at(["Name"])
}

fn subnets(world: &World, kind: LoadBalancerType, ids: &[String]) -> Result<Vec<SubnetId>, Refusal> {
    let all =
        || world.vpc.subnets.iter().map(|(_, subnet)| format!("\"{}\"", subnet.id)).collect::<Vec<_>>().join(", ");
    let mut subnets = Vec::new();
    for (index, id) in ids.iter().enumerate() {
        let subnet = world.vpc.subnet_named(id).ok_or_else(|| {
            Refusal::new("SubnetNotFound", format!("The subnet ID '{id}' does not exist"))
                .because("the lab's default VPC has three subnets, and this is none of them")
                .way_out(format!("Subnets: [{}]", all()))
                .at(["Subnets".to_owned(), index.to_string()])
        })?;
        if subnets.contains(&subnet) {
            // Each subnet of the lab has a zone of its own.
            return Err(Refusal::new(
                "InvalidConfigurationRequest",
                "A load balancer cannot be attached to multiple subnets in the same Availability Zone",
            )
            .because(format!("`{id}` is there twice"))
            .way_out("name each subnet once")
            .at(["Subnets".to_owned(), index.to_string()]));
        }
        subnets.push(subnet);
    }
    let least = if kind == LoadBalancerType::Application { 2 } else { 1 };
    if subnets.len() < least {
        let message = match kind {
            LoadBalancerType::Application => {
                "At least two subnets in two different Availability Zones must be specified"
            }
            // UNSOURCED, after the sentence for application load balancers.
            LoadBalancerType::Network | LoadBalancerType::Gateway => "At least one subnet must be specified",
        };
        return Err(Refusal::new("ValidationError", message)
            .because(format!("{} subnets were named", subnets.len()))
            .way_out(format!("Subnets: [{}]", all()))
            .at(["Subnets"]));
    }
    Ok(subnets)
}

fn check_security_groups(world: &World, groups: &[String]) -> Result<(), Refusal> {
    let own = &world.vpc.default_security_group;
    match groups.iter().find(|&group| group != own) {
        None => Ok(()),
        Some(group) => Err(Refusal::new("InvalidSecurityGroup", format!("Security group '{group}' does not exist"))
            .because("the lab's VPC has its default security group only")
            .way_out(format!("use \"{own}\", or leave SecurityGroups away"))
            .at(["SecurityGroups"])),
    }
}
