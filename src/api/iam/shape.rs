//! Roles, policies and tags as IAM shows them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::document;
use crate::model::id::{PolicyId, RoleId};
use crate::model::tag;
use crate::model::time::Moment;
use crate::world::World;

/// [IAM API Role]
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Role {
    path: String,
    role_name: String,
    role_id: String,
    arn: String,
    create_date: Moment,
    assume_role_policy_document: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    max_session_duration: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    permissions_boundary: Option<Boundary>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<Tag>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Boundary {
    permissions_boundary_type: &'static str,
    permissions_boundary_arn: String,
}

pub(super) fn role(world: &World, id: RoleId) -> Role {
    let role = &world.iam.roles[id];
    Role {
        path: role.path.to_string(),
        role_name: role.name.to_string(),
        role_id: world.role_id(id),
        arn: role.arn(),
        create_date: role.created_at,
        assume_role_policy_document: document::shown(&role.trust),
        description: role.description.as_deref().map(str::to_owned),
        max_session_duration: role.max_session_seconds,
        permissions_boundary: role.boundary.map(|policy| Boundary {
            permissions_boundary_type: "Policy",
            permissions_boundary_arn: world.iam.policies[policy].arn(),
        }),
        tags: role.tags.iter().map(|tag| Tag { key: tag.key.clone(), value: tag.value.clone() }).collect(),
    }
}

/// [IAM API Policy]
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Policy {
    policy_name: String,
    policy_id: String,
    arn: String,
    path: String,
    default_version_id: &'static str,
    attachment_count: usize,
    is_attachable: bool,
    create_date: Moment,
    update_date: Moment,
}

pub(super) fn policy(world: &World, id: PolicyId) -> Policy {
    let policy = &world.iam.policies[id];
    Policy {
        policy_name: policy.name.to_string(),
        policy_id: world.policy_id(id),
        arn: policy.arn(),
        path: policy.path.to_string(),
        default_version_id: "v1",
        attachment_count: world.iam.attachments(id),
        is_attachable: true,
        create_date: policy.created_at,
        update_date: policy.created_at,
    }
}

/// [IAM API Tag]
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Tag {
    /// The tag's name.
    key: String,
    /// Its value.
    value: String,
}

impl From<Tag> for tag::Tag {
    fn from(tag: Tag) -> tag::Tag {
        tag::Tag { key: tag.key, value: tag.value }
    }
}
