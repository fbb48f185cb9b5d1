//! A subnet lies in one availability zone: naming several subnets is how tasks are spread over zones.
//!
//! The lab has the default VPC of a fresh account. Each network interface takes an address, so the free ones are how
//! many more tasks under awsvpc a subnet can hold.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::filter::{self, Filter};
use crate::api::refusal::Refusal;
use crate::api::{Operation, Query};
use crate::model::id::SubnetId;
use crate::model::noun::Noun;
use crate::model::tag::Tag;
use crate::world::World;
use crate::world::names::ACCOUNT;

/// The filters that are modelled. [EC2API DescribeSubnets]
const FILTERS: &[&str] = &[
    "availability-zone",
    "cidr-block",
    "default-for-az",
    "map-public-ip-on-launch",
    "owner-id",
    "state",
    "subnet-arn",
    "subnet-id",
    "vpc-id",
];

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Request {
    /// Ids of subnets; all of them without any.
    #[serde(default)]
    #[schemars(extend("noun" = Noun::Subnet))]
    subnet_ids: Vec<String>,
    /// Conditions such as #{ Name: "availability-zone", Values: ["us-east-1a"] }.
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
    owner_id: &'static str,
    availability_zone: &'static str,
    cidr_block: &'static str,
    available_ip_address_count: u32,
    default_for_az: bool,
    map_public_ip_on_launch: bool,
    state: &'static str,
    tags: Vec<Tag>,
}

pub(super) struct DescribeSubnets;

impl Operation for DescribeSubnets {
    const SERVICE: &'static str = "ec2";
    const NAME: &'static str = "DescribeSubnets";
    const SUMMARY: &'static str = "Shows subnets with their zones and free addresses";
    const SEARCH: &'static [&'static str] = &["show", "network", "vpc", "availability zone", "address", "ip", "cidr"];
    const EXAMPLE: &'static str = r#"
let subnets = ec2.describe_subnets(#{ Filters: [#{ Name: "default-for-az", Values: ["true"] }] }).Subnets;
subnets.map(|subnet| subnet.AvailabilityZone)"#;
    type Request = Request;
    type Response = Response;
}

impl Query for DescribeSubnets {
    fn call(world: &World, request: Request) -> Result<Response, Refusal> {
        check_ids(world, &request.subnet_ids)?;
        filter::check(&request.filters, FILTERS)?;
        let wanted = |subnet: &Subnet| {
            (request.subnet_ids.is_empty() || request.subnet_ids.contains(&subnet.subnet_id))
                && filter::holds(&request.filters, |name| value(subnet, name))
        };
        let subnets = world.vpc.subnets.iter().map(|(id, _)| subnet(world, id));
        Ok(Response { subnets: subnets.filter(wanted).collect() })
    }
}

fn check_ids(world: &World, ids: &[String]) -> Result<(), Refusal> {
    let unknown = ids.iter().enumerate().find(|(_, id)| world.vpc.subnet_named(id).is_none());
    let Some((index, id)) = unknown else { return Ok(()) };
    let known: Vec<&str> = world.vpc.subnets.iter().map(|(_, subnet)| subnet.id.as_str()).collect();
    Err(Refusal::new("InvalidSubnetID.NotFound", format!("The subnet ID '{id}' does not exist"))
        .because("the lab's default VPC has three subnets, and this is none of them")
        .way_out(format!("name one that is there, or none: {}", known.join(", ")))
        .at(["SubnetIds".to_owned(), index.to_string()]))
}

fn subnet(world: &World, id: SubnetId) -> Subnet {
    let subnet = &world.vpc.subnets[id];
    Subnet {
        subnet_id: subnet.id.clone(),
        subnet_arn: world.arn("ec2", &format!("subnet/{}", subnet.id)),
        vpc_id: world.vpc.id.clone(),
        owner_id: ACCOUNT,
        availability_zone: subnet.zone,
        cidr_block: subnet.cidr,
        available_ip_address_count: subnet.free(),
        default_for_az: true,
        map_public_ip_on_launch: true,
        state: "available",
        tags: Vec::new(),
    }
}

/// What a filter looks at.
fn value(subnet: &Subnet, filter: &str) -> String {
    match filter {
        "availability-zone" => subnet.availability_zone.to_owned(),
        "cidr-block" => subnet.cidr_block.to_owned(),
        "default-for-az" => subnet.default_for_az.to_string(),
        "map-public-ip-on-launch" => subnet.map_public_ip_on_launch.to_string(),
        "owner-id" => subnet.owner_id.to_owned(),
        "state" => subnet.state.to_owned(),
        "subnet-arn" => subnet.subnet_arn.clone(),
        "subnet-id" => subnet.subnet_id.clone(),
        "vpc-id" => subnet.vpc_id.clone(),
        other => unreachable!("{other} has been checked against the filters that are modelled"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::api::trial::{call, run_task, wait};
    use crate::model::task_definition::NetworkMode;
    use crate::world::World;

    const DESCRIBE: &str = "ec2.describe_subnets";

    fn members(answer: &Value, name: &str) -> Vec<Value> {
        answer["Subnets"].as_array().expect("a list").iter().map(|subnet| subnet[name].clone()).collect()
    }

    #[test]
    fn the_default_vpc_has_a_subnet_in_each_zone() {
        let mut world = World::new(42);
        let answer = call(&mut world, DESCRIBE, json!({})).expect("good");
        assert_eq!(members(&answer, "AvailabilityZone"), ["us-east-1a", "us-east-1b", "us-east-1c"]);
        assert_eq!(members(&answer, "AvailableIpAddressCount"), [4091, 4091, 4091]);
        assert_eq!(answer["Subnets"][0]["VpcId"], json!(world.vpc.id));
    }

    #[test]
    fn ids_and_filters_choose() {
        let mut world = World::new(42);
        let all = call(&mut world, DESCRIBE, json!({})).expect("good");
        let second = all["Subnets"][1]["SubnetId"].clone();
        let filter = |name: &str, values: Value| json!({ "Filters": [{ "Name": name, "Values": values }] });
        for (request, zones) in [
            (json!({ "SubnetIds": [second] }), "b"),
            (filter("subnet-id", json!([second])), "b"),
            (filter("availability-zone", json!(["us-east-1a", "us-east-1c"])), "ac"),
            (filter("availability-zone", json!(["us-east-2?"])), ""),
            (filter("default-for-az", json!(["true"])), "abc"),
            (filter("default-for-az", json!(["false"])), ""),
            (filter("vpc-id", json!([world.vpc.id])), "abc"),
            (filter("cidr-block", json!(["172.31.*"])), "abc"),
            (filter("state", json!(["available"])), "abc"),
            (filter("owner-id", json!(["123456789012"])), "abc"),
            (filter("map-public-ip-on-launch", json!(["true"])), "abc"),
            (filter("subnet-arn", json!(["*subnet/*"])), "abc"),
            (filter("vpc-id", json!([])), ""),
            (filter("tag:Name", json!(["*"])), ""),
        ] {
            let answer = call(&mut world, DESCRIBE, request.clone()).expect("good");
            let found: String = members(&answer, "AvailabilityZone")
                .iter()
                .filter_map(|zone| zone.as_str()?.strip_prefix("us-east-1"))
                .collect();
            assert_eq!(found, zones, "{request}");
        }
    }

    #[test]
    fn what_is_not_there_is_refused() {
        let mut world = World::new(42);
        for (request, text, way_out) in [
            (
                json!({ "SubnetIds": ["subnet-x"] }),
                "InvalidSubnetID.NotFound: The subnet ID 'subnet-x' does not exist",
                "name one that is there",
            ),
            (
                json!({ "Filters": [{ "Name": "availabilty-zone", "Values": ["us-east-1a"] }] }),
                "InvalidParameterValue: The filter 'availabilty-zone' is invalid",
                "did you mean `availability-zone`?",
            ),
            (
                json!({ "subnetIds": ["subnet-x"] }),
                "ParamValidationError: Parameter validation failed: Unknown parameter in input: \"subnetIds\", must be one of: Filters, SubnetIds, NextToken, MaxResults, DryRun",
                "did you mean `SubnetIds`?",
            ),
        ] {
            let refusal = call(&mut world, DESCRIBE, request).expect_err(text);
            assert_eq!(refusal.to_string(), text);
            assert!(refusal.way_out.starts_with(way_out), "{}", refusal.way_out);
        }
    }

    #[test]
    fn each_interface_takes_an_address() {
        let mut world = World::new(42);
        call(&mut world, "ecs.create_cluster", json!({ "clusterName": "prod" })).expect("it is new");
        let total = json!([{ "name": "CPU", "integerValue": 1024 }, { "name": "MEMORY", "integerValue": 1024 }]);
        let request = json!({ "cluster": "prod", "totalResources": total });
        call(&mut world, "ecs.register_container_instance", request).expect("good");
        let free = |world: &mut World| {
            let answer = call(world, DESCRIBE, json!({})).expect("good");
            members(&answer, "AvailableIpAddressCount")
        };
        assert_eq!(free(&mut world), [4090, 4091, 4091], "the instance has one");
        let task = run_task(&mut world, "prod", json!([{ "name": "web", "image": "nginx", "memory": 128 }]));
        assert_eq!(free(&mut world), [4090, 4091, 4091], "a task under bridge shares the instance's");

        let definition = world.ecs.tasks[task].definition;
        world.ecs.definitions[definition].content.network_mode = NetworkMode::Awsvpc;
        let subnet = world.vpc.subnets.iter().next().expect("there are three").1.id.clone();
        let request = json!({ "cluster": "prod", "taskDefinition": "web", "launchType": "EC2",
            "networkConfiguration": { "awsvpcConfiguration": { "subnets": [subnet] } } });
        let stop = json!({ "cluster": "prod", "task": world.task_arn(task) });
        call(&mut world, "ecs.stop_task", stop).expect("good");
        wait(&mut world, 120);
        assert_eq!(free(&mut world), [4090, 4091, 4091], "a STOPPED task has given its address back");
        call(&mut world, "ecs.run_task", request).expect("good");
        assert_eq!(free(&mut world), [4089, 4091, 4091], "a task under awsvpc has its own");
    }
}
