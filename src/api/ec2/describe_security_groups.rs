//! The security groups of the default VPC: the default one.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::filter::{self, Filter};
use crate::api::refusal::Refusal;
use crate::api::{Operation, Query};
use crate::world::World;
use crate::world::names::ACCOUNT;

const FILTERS: &[&str] = &["group-name", "vpc-id", "group-id"];
const DEFAULT: &str = "default";

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Request {
    /// Only groups with these ids.
    #[serde(default)]
    group_ids: Vec<String>,
    /// Only groups with these names.
    #[serde(default)]
    group_names: Vec<String>,
    /// Only groups that pass, such as `#{ Name: "group-name", Values: ["default"] }`.
    #[serde(default)]
    filters: Vec<Filter>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Response {
    security_groups: Vec<SecurityGroup>,
}

/// [EC2API SecurityGroup]
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct SecurityGroup {
    group_id: String,
    group_name: &'static str,
    description: &'static str,
    vpc_id: String,
    owner_id: &'static str,
}

pub(super) struct DescribeSecurityGroups;

impl Operation for DescribeSecurityGroups {
    const SERVICE: &'static str = "ec2";
    const NAME: &'static str = "DescribeSecurityGroups";
    const SUMMARY: &'static str = "Shows the security groups of the default VPC";
    const SEARCH: &'static [&'static str] = &["network", "firewall", "vpc"];
    const EXAMPLE: &'static str =
        r#"ec2.describe_security_groups(#{ GroupNames: ["default"] }).SecurityGroups[0].GroupId"#;
    type Request = Request;
    type Response = Response;
}

impl Query for DescribeSecurityGroups {
    fn call(world: &World, request: Request) -> Result<Response, Refusal> {
        filter::check(&request.filters, FILTERS)?;
        let own = &world.vpc.default_security_group;
        if let Some(id) = request.group_ids.iter().find(|id| *id != own) {
            return Err(not_found(format!("The security group '{id}' does not exist"), "GroupIds"));
        }
        if let Some(name) = request.group_names.iter().find(|name| *name != DEFAULT) {
            let message = format!("The security group '{name}' does not exist in default VPC '{}'", world.vpc.id);
            return Err(not_found(message, "GroupNames"));
        }
        let shown = filter::passes(&request.filters, |name| match name {
            "vpc-id" => &world.vpc.id,
            "group-id" => own,
            _ => DEFAULT,
        });
        let group = SecurityGroup {
            group_id: own.clone(),
            group_name: DEFAULT,
            description: "default VPC security group",
            vpc_id: world.vpc.id.clone(),
            owner_id: ACCOUNT,
        };
        Ok(Response { security_groups: shown.then_some(group).into_iter().collect() })
    }
}

fn not_found(message: String, member: &str) -> Refusal {
    Refusal::new("InvalidGroup.NotFound", message)
        .because("the lab's VPC has its default security group only")
        .way_out(format!("leave {member} away to see it"))
        .at([member])
}
