//! A managed policy stands by itself and can be attached to many roles.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::document::Written;
use super::{lookup, naming, shape};
use crate::api::refusal::Refusal;
use crate::api::{Change, Operation};
use crate::model::id::FactId;
use crate::model::policy::Purpose;
use crate::world::World;
use crate::world::iam::{ManagedPolicy, Owner};

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The policy's name.
    policy_name: String,
    /// What it allows and denies, as JSON text or a map.
    policy_document: Written,
    /// A folder for the name, such as `/teams/web/`.
    #[serde(default = "root")]
    path: String,
    /// What the policy is for.
    description: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Response {
    policy: shape::Policy,
}

pub(super) struct CreatePolicy;

impl Operation for CreatePolicy {
    const SERVICE: &'static str = "iam";
    const NAME: &'static str = "CreatePolicy";
    const SUMMARY: &'static str = "Creates a managed policy, to be attached to roles";
    const SEARCH: &'static [&'static str] = &["new", "make", "permission", "allow"];
    const EXAMPLE: &'static str = r#"
iam.create_policy(#{ PolicyName: "read-photos", PolicyDocument: #{ Version: "2012-10-17",
    Statement: [#{ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::photos/*" }] } }).Policy.Arn"#;
    type Request = Request;
    type Response = Response;
}

impl Change for CreatePolicy {
    fn call(world: &mut World, _asked: FactId, request: Request) -> Result<Response, Refusal> {
        let name = request.policy_name;
        naming::name(&name, "PolicyName", 128)?;
        naming::path(&request.path)?;
        check_free(world, &name)?;
        let document = request.policy_document.read(Purpose::Identity, "PolicyDocument")?;
        let most = world.tuning.iam.managed_size;
        if document.size() > most {
            return Err(lookup::quota("PolicySize", most).way_out("split it into two").at(["PolicyDocument"]));
        }
        let id = world.iam.add_policy(ManagedPolicy {
            name: name.into(),
            path: request.path.into(),
            owner: Owner::Account,
            document,
            description: request.description.map(Into::into),
            created_at: world.now,
        });
        Ok(Response { policy: shape::policy(world, id) })
    }
}

fn root() -> String {
    "/".to_owned()
}

fn check_free(world: &World, name: &str) -> Result<(), Refusal> {
    let own = || world.iam.policies.iter().filter(|(_, policy)| policy.owner == Owner::Account);
    if own().any(|(_, policy)| policy.name.eq_ignore_ascii_case(name)) {
        return Err(Refusal::new(
            "EntityAlreadyExists",
            format!("A policy called {name} already exists. Duplicate names are not allowed."),
        )
        .because("names of managed policies are unique in an account")
        .way_out("take another name")
        .at(["PolicyName"]));
    }
    let most = world.tuning.iam.policies;
    if own().count() >= most {
        return Err(lookup::quota("PoliciesPerAccount", most).way_out("use the policies that are there"));
    }
    lookup::check_ever(world, "policies", world.iam.policies.len())
}
