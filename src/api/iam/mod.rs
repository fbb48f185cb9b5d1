//! AWS Identity and Access Management: roles, their policies, and the issuers whose tokens this account believes.

mod add_client_id_to_open_id_connect_provider;
mod attach_role_policy;
mod create_open_id_connect_provider;
mod create_policy;
mod create_role;
mod delete_open_id_connect_provider;
mod delete_role;
mod delete_role_policy;
mod detach_role_policy;
pub(super) mod document;
mod get_open_id_connect_provider;
mod get_role;
mod get_role_policy;
mod list_attached_role_policies;
mod list_open_id_connect_providers;
mod list_role_policies;
mod list_roles;
pub(super) mod lookup;
mod naming;
mod put_role_policy;
mod shape;
mod simulate_principal_policy;
mod update_assume_role_policy;

use super::{Entry, change, query};

/// An example that begins with a role that ECS tasks may assume.
macro_rules! with_role {
    ($rest:literal) => {
        concat!(
            r#"
iam.create_role(#{ RoleName: "app", AssumeRolePolicyDocument: #{ Version: "2012-10-17",
    Statement: [#{ Effect: "Allow", Principal: #{ Service: "ecs-tasks.amazonaws.com" }, Action: "sts:AssumeRole" }] } });
"#,
            $rest
        )
    };
}
use with_role;

/// The operations of IAM, in the order of help.
pub(super) const TABLE: &[Entry] = &[
    change::<create_role::CreateRole>(),
    query::<get_role::GetRole>(),
    query::<list_roles::ListRoles>(),
    change::<delete_role::DeleteRole>(),
    change::<update_assume_role_policy::UpdateAssumeRolePolicy>(),
    change::<put_role_policy::PutRolePolicy>(),
    query::<get_role_policy::GetRolePolicy>(),
    change::<delete_role_policy::DeleteRolePolicy>(),
    query::<list_role_policies::ListRolePolicies>(),
    change::<create_policy::CreatePolicy>(),
    change::<attach_role_policy::AttachRolePolicy>(),
    change::<detach_role_policy::DetachRolePolicy>(),
    query::<list_attached_role_policies::ListAttachedRolePolicies>(),
    change::<create_open_id_connect_provider::CreateOpenIDConnectProvider>(),
    query::<list_open_id_connect_providers::ListOpenIDConnectProviders>(),
    query::<get_open_id_connect_provider::GetOpenIDConnectProvider>(),
    change::<add_client_id_to_open_id_connect_provider::AddClientIDToOpenIDConnectProvider>(),
    change::<delete_open_id_connect_provider::DeleteOpenIDConnectProvider>(),
    query::<simulate_principal_policy::SimulatePrincipalPolicy>(),
];
