//! A security group says who may open a connection to an interface. Every VPC has one called `default`, which lets its
//! own members in and everything out; tasks get it unless another one is named.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::filter::{self, Filter};
use crate::api::refusal::Refusal;
use crate::api::{Operation, Query};
use crate::model::noun::Noun;
use crate::model::tag::Tag;
use crate::world::World;
use crate::world::names::ACCOUNT;

/// The name of a VPC's default group. [VPC default security groups]
const DEFAULT: &str = "default";

/// The filters that are modelled. [EC2API DescribeSecurityGroups]
const FILTERS: &[&str] = &["description", "group-id", "group-name", "owner-id", "vpc-id"];

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Request {
    /// Ids of groups; all of them without any.
    #[serde(default)]
    #[schemars(extend("noun" = Noun::SecurityGroup))]
    group_ids: Vec<String>,
    /// Names of groups in the default VPC.
    #[serde(default)]
    #[schemars(extend("noun" = Noun::SecurityGroupName))]
    group_names: Vec<String>,
    /// Conditions such as #{ Name: "group-name", Values: ["default"] }.
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
    security_group_arn: String,
    ip_permissions: Vec<Permission>,
    ip_permissions_egress: Vec<Permission>,
    tags: Vec<Tag>,
}

/// [EC2API IpPermission]
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Permission {
    ip_protocol: &'static str,
    ip_ranges: Vec<Range>,
    user_id_group_pairs: Vec<Pair>,
}

/// [EC2API IpRange]
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Range {
    cidr_ip: &'static str,
}

/// [EC2API UserIdGroupPair]
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Pair {
    group_id: String,
    user_id: &'static str,
}

pub(super) struct DescribeSecurityGroups;

impl Operation for DescribeSecurityGroups {
    const SERVICE: &'static str = "ec2";
    const NAME: &'static str = "DescribeSecurityGroups";
    const SUMMARY: &'static str = "Shows security groups with what they let in and out";
    const SEARCH: &'static [&'static str] = &["show", "firewall", "network", "inbound", "outbound", "sg"];
    const EXAMPLE: &'static str = r#"
ec2.describe_security_groups(#{ GroupNames: ["default"] }).SecurityGroups[0].GroupId"#;
    type Request = Request;
    type Response = Response;
}

impl Query for DescribeSecurityGroups {
    fn call(world: &World, request: Request) -> Result<Response, Refusal> {
        let group = default_group(world);
        check_ids(&request.group_ids, &group)?;
        check_names(&request.group_names, &group)?;
        filter::check(&request.filters, FILTERS)?;
        let wanted = filter::holds(&request.filters, |name| value(&group, name));
        Ok(Response { security_groups: if wanted { vec![group] } else { Vec::new() } })
    }
}

fn check_ids(ids: &[String], group: &SecurityGroup) -> Result<(), Refusal> {
    let Some((index, id)) = ids.iter().enumerate().find(|(_, id)| **id != group.group_id) else { return Ok(()) };
    Err(not_found(format!("The security group '{id}' does not exist"), group)
        .at(["GroupIds".to_owned(), index.to_string()]))
}

fn check_names(names: &[String], group: &SecurityGroup) -> Result<(), Refusal> {
    let unknown = names.iter().enumerate().find(|(_, name)| *name != group.group_name);
    let Some((index, name)) = unknown else { return Ok(()) };
    let message = format!("The security group '{name}' does not exist in default VPC '{}'", group.vpc_id);
    Err(not_found(message, group).at(["GroupNames".to_owned(), index.to_string()]))
}

fn not_found(message: String, group: &SecurityGroup) -> Refusal {
    Refusal::new("InvalidGroup.NotFound", message)
        .because("the lab's VPC has its default security group only")
        .way_out(format!("name that one, or none: {} is called `{}`", group.group_id, group.group_name))
}

/// [VPC default security groups]
fn default_group(world: &World) -> SecurityGroup {
    let id = &world.vpc.default_security_group;
    let everything = |ip_ranges, user_id_group_pairs| Permission { ip_protocol: "-1", ip_ranges, user_id_group_pairs };
    SecurityGroup {
        group_id: id.clone(),
        group_name: DEFAULT,
        description: "default VPC security group",
        vpc_id: world.vpc.id.clone(),
        owner_id: ACCOUNT,
        security_group_arn: world.arn("ec2", &format!("security-group/{id}")),
        ip_permissions: vec![everything(Vec::new(), vec![Pair { group_id: id.clone(), user_id: ACCOUNT }])],
        ip_permissions_egress: vec![everything(vec![Range { cidr_ip: "0.0.0.0/0" }], Vec::new())],
        tags: Vec::new(),
    }
}

/// What a filter looks at.
fn value(group: &SecurityGroup, filter: &str) -> String {
    match filter {
        "description" => group.description.to_owned(),
        "group-id" => group.group_id.clone(),
        "group-name" => group.group_name.to_owned(),
        "owner-id" => group.owner_id.to_owned(),
        "vpc-id" => group.vpc_id.clone(),
        other => unreachable!("{other} has been checked against the filters that are modelled"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::api::trial::call;
    use crate::world::World;

    const DESCRIBE: &str = "ec2.describe_security_groups";

    #[test]
    fn the_default_group_is_found_by_id_name_and_filter() {
        let mut world = World::new(42);
        let (id, vpc) = (world.vpc.default_security_group.clone(), world.vpc.id.clone());
        let filter = |name: &str, value: &str| json!({ "Filters": [{ "Name": name, "Values": [value] }] });
        for (request, count) in [
            (json!({}), 1),
            (json!({ "GroupIds": [id] }), 1),
            (json!({ "GroupNames": ["default"] }), 1),
            (filter("group-id", &id), 1),
            (filter("group-name", "default"), 1),
            (filter("group-name", "web"), 0),
            (filter("vpc-id", &vpc), 1),
            (filter("vpc-id", "vpc-x"), 0),
            (filter("owner-id", "123456789012"), 1),
            (filter("description", "default*"), 1),
        ] {
            let answer = call(&mut world, DESCRIBE, request.clone()).expect("good");
            assert_eq!(answer["SecurityGroups"].as_array().map(Vec::len), Some(count), "{request}");
        }
        let answer = call(&mut world, DESCRIBE, json!({})).expect("good");
        let group: &Value = &answer["SecurityGroups"][0];
        assert_eq!(group["IpPermissions"][0]["UserIdGroupPairs"][0]["GroupId"], json!(id));
        assert_eq!(group["IpPermissionsEgress"][0]["IpRanges"][0]["CidrIp"], "0.0.0.0/0");
    }

    #[test]
    fn what_is_not_there_is_refused() {
        let mut world = World::new(42);
        let vpc = world.vpc.id.clone();
        for (request, text) in [
            (
                json!({ "GroupIds": ["sg-x"] }),
                "InvalidGroup.NotFound: The security group 'sg-x' does not exist".to_owned(),
            ),
            (
                json!({ "GroupNames": ["web"] }),
                format!("InvalidGroup.NotFound: The security group 'web' does not exist in default VPC '{vpc}'"),
            ),
            (
                json!({ "Filters": [{ "Name": "name", "Values": ["web"] }] }),
                "InvalidParameterValue: The filter 'name' is invalid".to_owned(),
            ),
        ] {
            assert_eq!(call(&mut world, DESCRIBE, request).expect_err(&text).to_string(), text);
        }
    }
}
