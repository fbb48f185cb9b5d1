//! Where tasks can be attached: the subnets of the default VPC, one in each availability zone.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::filter::{self, Filter};
use crate::api::refusal::Refusal;
use crate::api::{Operation, Query};
use crate::model::id::SubnetId;
use crate::model::task_definition::NetworkMode;
use crate::world::World;

/// Addresses that AWS keeps for itself in each subnet. [EC2API CreateSubnet]
const RESERVED: usize = 5;

const FILTERS: &[&str] = &["default-for-az", "vpc-id", "availability-zone", "subnet-id", "state"];

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Request {
    /// Only these subnets.
    #[serde(default)]
    subnet_ids: Vec<String>,
    /// Only subnets that pass, such as `#{ Name: "availability-zone", Values: ["us-east-1a"] }`.
    #[serde(default)]
    filters: Vec<Filter>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Response {
    subnets: Vec<Subnet>,
}

/// [EC2API Subnet]
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Subnet {
    subnet_id: String,
    subnet_arn: String,
    vpc_id: String,
    availability_zone: &'static str,
    cidr_block: &'static str,
    available_ip_address_count: usize,
    default_for_az: bool,
    map_public_ip_on_launch: bool,
    state: &'static str,
}

pub(super) struct DescribeSubnets;

impl Operation for DescribeSubnets {
    const SERVICE: &'static str = "ec2";
    const NAME: &'static str = "DescribeSubnets";
    const SUMMARY: &'static str = "Shows the subnets of the default VPC";
    const SEARCH: &'static [&'static str] = &["network", "vpc", "zone", "awsvpc", "address"];
    const EXAMPLE: &'static str = r#"ec2.describe_subnets().Subnets[0].AvailabilityZone"#;
    type Request = Request;
    type Response = Response;
}

impl Query for DescribeSubnets {
    fn call(world: &World, request: Request) -> Result<Response, Refusal> {
        filter::check(&request.filters, FILTERS)?;
        for id in &request.subnet_ids {
            if world.vpc.subnet_named(id).is_none() {
                return Err(Refusal::new("InvalidSubnetID.NotFound", format!("The subnet ID '{id}' does not exist"))
                    .because("the lab's default VPC has three subnets, and this is none of them")
                    .way_out("leave SubnetIds away to see them")
                    .at(["SubnetIds"]));
            }
        }
        let subnets = world.vpc.subnets.iter().filter(|(_, subnet)| {
            let named = request.subnet_ids.is_empty() || request.subnet_ids.contains(&subnet.id);
            named
                && filter::passes(&request.filters, |name| match name {
                    "vpc-id" => &world.vpc.id,
                    "availability-zone" => subnet.zone,
                    "subnet-id" => &subnet.id,
                    "state" => "available",
                    _ => "true",
                })
        });
        Ok(Response { subnets: subnets.map(|(id, _)| shape(world, id)).collect() })
    }
}

fn shape(world: &World, id: SubnetId) -> Subnet {
    let subnet = &world.vpc.subnets[id];
    let prefix: u32 = subnet.cidr.rsplit('/').next().and_then(|bits| bits.parse().ok()).unwrap_or(32);
    let addresses = (1_usize << (32 - prefix)) - RESERVED;
    Subnet {
        subnet_id: subnet.id.clone(),
        subnet_arn: world.arn("ec2", &format!("subnet/{}", subnet.id)),
        vpc_id: world.vpc.id.clone(),
        availability_zone: subnet.zone,
        cidr_block: subnet.cidr,
        available_ip_address_count: addresses.saturating_sub(interfaces(world, id)),
        default_for_az: true,
        map_public_ip_on_launch: true,
        state: "available",
    }
}

/// Network interfaces of tasks in a subnet.
fn interfaces(world: &World, subnet: SubnetId) -> usize {
    let live = world.ecs.clusters.iter().flat_map(|(_, cluster)| &cluster.live);
    live.map(|&task| &world.ecs.tasks[task])
        .filter(|task| task.subnet == subnet)
        .filter(|task| world.ecs.definitions[task.definition].content.network_mode == NetworkMode::Awsvpc)
        .count()
}
