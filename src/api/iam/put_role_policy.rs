//! An inline policy is a part of its role. Putting one under a name that is taken replaces it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::document::Written;
use super::with_role;
use super::{lookup, naming};
use crate::api::refusal::Refusal;
use crate::api::{Change, Operation};
use crate::model::id::FactId;
use crate::model::noun::Noun;
use crate::model::policy::Purpose;
use crate::world::World;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The role's name, without its path.
    #[schemars(extend("noun" = Noun::Role))]
    role_name: String,
    /// The inline policy's name.
    policy_name: String,
    /// What the role may do, as JSON text or a map.
    policy_document: Written,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Response {}

pub(super) struct PutRolePolicy;

impl Operation for PutRolePolicy {
    const SERVICE: &'static str = "iam";
    const NAME: &'static str = "PutRolePolicy";
    const SUMMARY: &'static str = "Writes an inline policy into a role, or replaces it";
    const SEARCH: &'static [&'static str] = &["allow", "permission", "grant", "inline"];
    const EXAMPLE: &'static str = with_role!(
        r#"iam.put_role_policy(#{ RoleName: "app", PolicyName: "read", PolicyDocument: #{ Version: "2012-10-17",
    Statement: [#{ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::photos/*" }] } })"#
    );
    type Request = Request;
    type Response = Response;
}

impl Change for PutRolePolicy {
    fn call(world: &mut World, _asked: FactId, request: Request) -> Result<Response, Refusal> {
        let id = lookup::role(world, &request.role_name)?;
        let name = request.policy_name;
        naming::name(&name, "PolicyName", 128)?;
        let document = request.policy_document.read(Purpose::Identity, "PolicyDocument")?;
        let role = &world.iam.roles[id];
        let others = role.inline.iter().filter(|(other, _)| other.as_ref() != name);
        let size = others.map(|(_, document)| document.size()).sum::<usize>() + document.size();
        let most = world.tuning.iam.inline_size;
        if size > most {
            let message = format!("Maximum policy size of {most} bytes exceeded for role {}", role.name);
            return Err(Refusal::new("LimitExceeded", message)
                .because(format!("all inline policies of the role would have {size} characters together"))
                .way_out("use a managed policy: iam.create_policy(#{ … })")
                .at(["PolicyDocument"]));
        }
        world.iam.roles[id].inline.insert(name.into(), document);
        Ok(Response {})
    }
}
