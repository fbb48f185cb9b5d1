//! A role can be deleted once nothing hangs on it; the refusal names what still does.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::lookup;
use super::with_role;
use crate::api::refusal::Refusal;
use crate::api::{Change, Operation};
use crate::model::id::FactId;
use crate::model::id::RoleId;
use crate::model::noun::Noun;
use crate::world::World;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The role's name, without its path.
    #[schemars(extend("noun" = Noun::Role))]
    role_name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Response {}

pub(super) struct DeleteRole;

impl Operation for DeleteRole {
    const SERVICE: &'static str = "iam";
    const NAME: &'static str = "DeleteRole";
    const SUMMARY: &'static str = "Deletes a role that has no policies left";
    const SEARCH: &'static [&'static str] = &["remove", "clean up"];
    const EXAMPLE: &'static str = with_role!(r#"iam.delete_role(#{ RoleName: "app" })"#);
    type Request = Request;
    type Response = Response;
}

impl Change for DeleteRole {
    fn call(world: &mut World, _asked: FactId, request: Request) -> Result<Response, Refusal> {
        let id = lookup::role(world, &request.role_name)?;
        check_bare(world, id)?;
        world.iam.remove_role(id, world.now);
        Ok(Response {})
    }
}

fn check_bare(world: &World, id: RoleId) -> Result<(), Refusal> {
    let role = &world.iam.roles[id];
    let conflict = |message: &str| Refusal::new("DeleteConflict", message).at(["RoleName"]);
    if let Some(&policy) = role.attached.first() {
        let arn = world.iam.policies[policy].arn();
        return Err(conflict("Cannot delete entity, must detach all policies first.")
            .because(format!("{} managed policies are attached to `{}`", role.attached.len(), role.name))
            .way_out(format!("iam.detach_role_policy(#{{ RoleName: \"{}\", PolicyArn: \"{arn}\" }})", role.name)));
    }
    if let Some(policy) = role.inline.keys().next() {
        return Err(conflict("Cannot delete entity, must delete policies first.")
            .because(format!("`{}` has {} inline policies", role.name, role.inline.len()))
            .way_out(format!("iam.delete_role_policy(#{{ RoleName: \"{}\", PolicyName: \"{policy}\" }})", role.name)));
    }
    Ok(())
}
