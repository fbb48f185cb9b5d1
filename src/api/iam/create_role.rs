//! A role is an identity that nobody owns: whom its trust policy allows may put it on for a while.
//!
//! The trust policy says who; what the role may do is said by the policies attached to it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::document::Written;
use super::{lookup, naming, shape};
use crate::api::constraint;
use crate::api::refusal::Refusal;
use crate::api::{Change, Operation};
use crate::model::id::FactId;
use crate::model::id::PolicyId;
use crate::model::noun::Noun;
use crate::world::World;
use crate::world::iam::Role;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The role's name: up to 64 letters, digits and `+=,.@_-`.
    role_name: String,
    /// The trust policy: who may assume the role, as JSON text or a map.
    assume_role_policy_document: Written,
    /// A folder for the name, such as `/teams/web/`.
    #[serde(default = "root")]
    path: String,
    /// What the role is for.
    description: Option<String>,
    /// The longest session in seconds: 3600 to 43200.
    #[serde(default = "hour")]
    max_session_duration: u32,
    /// The ARN of a managed policy that caps what the role may do.
    #[schemars(extend("noun" = Noun::ManagedPolicy))]
    permissions_boundary: Option<String>,
    /// Tags of the role.
    #[serde(default)]
    tags: Vec<shape::Tag>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Response {
    role: shape::Role,
}

pub(super) struct CreateRole;

impl Operation for CreateRole {
    const SERVICE: &'static str = "iam";
    const NAME: &'static str = "CreateRole";
    const SUMMARY: &'static str = "Creates a role: an identity that whoever it trusts may assume";
    const SEARCH: &'static [&'static str] = &["new", "make", "trust policy", "identity", "permission", "irsa"];
    const EXAMPLE: &'static str = r#"
iam.create_role(#{ RoleName: "app", AssumeRolePolicyDocument: #{ Version: "2012-10-17",
    Statement: [#{ Effect: "Allow", Principal: #{ Service: "ecs-tasks.amazonaws.com" }, Action: "sts:AssumeRole" }] } }).Role.Arn"#;
    type Request = Request;
    type Response = Response;
}

impl Change for CreateRole {
    fn call(world: &mut World, asked: FactId, request: Request) -> Result<Response, Refusal> {
        let name = request.role_name;
        naming::name(&name, "RoleName", 64)?;
        naming::path(&request.path)?;
        constraint::range(request.max_session_duration, "MaxSessionDuration", 3_600, 43_200)?;
        check_free(world, &name)?;
        let trust = request.assume_role_policy_document.read_trust(world, "AssumeRolePolicyDocument")?;
        let boundary = request.permissions_boundary.map(|arn| boundary(world, &arn)).transpose()?;
        let id = world.iam.add_role(Role {
            name: name.into(),
            path: request.path.into(),
            description: request.description.map(Into::into),
            trust,
            earlier_trust: Vec::new(),
            attached: Vec::new(),
            inline: BTreeMap::new(),
            boundary,
            max_session_seconds: request.max_session_duration,
            tags: request.tags.into_iter().map(Into::into).collect(),
            created_at: world.now,
            deleted_at: None,
        });
        world.trust_changed(asked);
        Ok(Response { role: shape::role(world, id) })
    }
}

fn root() -> String {
    "/".to_owned()
}

fn hour() -> u32 {
    3_600
}

/// Names are taken whatever their upper and lower case. [IAM API CreateRole]
fn check_free(world: &World, name: &str) -> Result<(), Refusal> {
    if world.iam.role_by_name.keys().any(|known| known.eq_ignore_ascii_case(name)) {
        return Err(Refusal::new("EntityAlreadyExists", format!("Role with name {name} already exists."))
            .because("names of roles are unique in an account, whatever their path and upper or lower case")
            .way_out("take another name, or change the trust policy: iam.update_assume_role_policy(#{ … })")
            .at(["RoleName"]));
    }
    let most = world.tuning.iam.roles;
    if world.iam.role_by_name.len() >= most {
        return Err(lookup::quota("RolesPerAccount", most).way_out("delete one first: iam.delete_role(#{ … })"));
    }
    lookup::check_ever(world, "roles", world.iam.roles.len())
}

fn boundary(world: &World, arn: &str) -> Result<PolicyId, Refusal> {
    lookup::policy(world, arn).ok_or_else(|| lookup::no_policy(world, arn, "PermissionsBoundary"))
}
