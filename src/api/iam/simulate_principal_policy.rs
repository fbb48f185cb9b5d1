//! Asks the evaluator without doing anything: would this role be allowed to?
//!
//! Condition keys are those that the request gives, and no others; the ones that were missed are listed.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::document::Written;
use super::lookup;
use super::with_role;
use crate::api::refusal::Refusal;
use crate::api::{Operation, Query};
use crate::aws::iam::evaluate::{Policy, evaluate};
use crate::aws::iam::request;
use crate::aws::iam::request::{Caller, Keys};
use crate::aws::iam::trace::{Decision, Kind, PolicyTrace, Verdict};
use crate::aws::iam::{authorize, issued};
use crate::model::noun::Noun;
use crate::model::policy::{Document, Purpose};
use crate::world::World;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The ARN of the role, or of the user whom the lab's operations belong to.
    #[schemars(extend("noun" = Noun::RoleArn))]
    policy_source_arn: String,
    /// Actions, such as `s3:GetObject`.
    action_names: Vec<String>,
    /// ARNs of resources; "*" where nothing is said.
    #[serde(default = "any")]
    resource_arns: Vec<String>,
    /// Further identity policies, as if they were attached.
    #[serde(default)]
    policy_input_list: Vec<Written>,
    /// A boundary to use instead of the role's own.
    #[serde(default)]
    permissions_boundary_policy_input_list: Vec<Written>,
    /// The policy of the resource, if it has one.
    resource_policy: Option<Written>,
    /// Context keys and their values.
    #[serde(default)]
    context_entries: Vec<ContextEntry>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Response {
    evaluation_results: Vec<EvaluationResult>,
    is_truncated: bool,
}

pub(super) struct SimulatePrincipalPolicy;

impl Operation for SimulatePrincipalPolicy {
    const SERVICE: &'static str = "iam";
    const NAME: &'static str = "SimulatePrincipalPolicy";
    const SUMMARY: &'static str = "Asks whether a role would be allowed to do something, and which statements decide";
    const SEARCH: &'static [&'static str] = &["test", "may", "permission", "policy simulator", "access denied", "why"];
    const EXAMPLE: &'static str = with_role!(
        r#"iam.attach_role_policy(#{ RoleName: "app", PolicyArn: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" });
iam.simulate_principal_policy(#{
    PolicySourceArn: iam.get_role(#{ RoleName: "app" }).Role.Arn, ActionNames: ["s3:GetObject", "s3:PutObject"],
}).EvaluationResults"#
    );
    type Request = Request;
    type Response = Response;
}

impl Query for SimulatePrincipalPolicy {
    fn call(world: &World, request: Request) -> Result<Response, Refusal> {
        let (caller, source) = principal(world, &request.policy_source_arn)?;
        let given = Given::read(&request)?;
        let mut policies = source;
        if !given.boundaries.is_empty() {
            policies.retain(|policy| policy.kind != Kind::Boundary);
        }
        policies.extend(given.policies());
        let mut results = Vec::new();
        for action in &request.action_names {
            for resource in &request.resource_arns {
                let keys = keys(&request.context_entries);
                let (action, resource, caller) = (action.clone(), resource.clone(), caller.clone());
                results.push(result(evaluate(request::Request { caller, action, resource, keys }, &policies)));
            }
        }
        Ok(Response { evaluation_results: results, is_truncated: false })
    }
}

/// [IAM API ContextEntry]
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct ContextEntry {
    /// The key, such as `aws:SourceIp`.
    context_key_name: String,
    /// Its values.
    #[serde(default)]
    context_key_values: Vec<String>,
    /// Its type; values are read as the operators need them.
    #[serde(default, rename = "ContextKeyType")]
    _context_key_type: Option<String>,
}

/// [IAM API EvaluationResult]
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct EvaluationResult {
    eval_action_name: String,
    eval_resource_name: String,
    eval_decision: &'static str,
    matched_statements: Vec<Matched>,
    missing_context_values: Vec<String>,
}

/// [IAM API Statement]
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Matched {
    source_policy_id: String,
    source_policy_type: &'static str,
}

fn any() -> Vec<String> {
    vec!["*".to_owned()]
}

/// Whose policies are asked: a role's, or the user's.
fn principal<'a>(world: &'a World, arn: &str) -> Result<(Caller, Vec<Policy<'a>>), Refusal> {
    if arn == world.user_arn() {
        return Ok((authorize::user(world), authorize::of_user(world)));
    }
    let Some(id) = world.iam.role_with_arn(arn) else {
        let message = format!("The entity {arn} cannot be found.");
        return Err(lookup::no_such_entity(message, "give the Arn that iam.get_role(#{ … }) shows".to_owned())
            .because("no role and no user of this account has this ARN")
            .at(["PolicySourceArn"]));
    };
    // A role asks through a session. This one has never begun, so no policy names it.
    let session = issued::begin(id, world.now, "simulation".to_owned());
    Ok((authorize::session_caller(world, &session), authorize::of_role(world, id)))
}

/// The documents that the request brings itself.
struct Given {
    identity: Vec<Arc<Document>>,
    boundaries: Vec<Arc<Document>>,
    resource: Option<Arc<Document>>,
}

impl Given {
    fn read(request: &Request) -> Result<Given, Refusal> {
        let all = |list: &[Written], member: &str| {
            list.iter().map(|written| written.read(Purpose::Identity, member)).collect::<Result<Vec<_>, _>>()
        };
        let boundaries = all(&request.permissions_boundary_policy_input_list, "PermissionsBoundaryPolicyInputList")?;
        let resource = request.resource_policy.as_ref();
        let resource = resource.map(|written| written.read(Purpose::Resource, "ResourcePolicy")).transpose()?;
        Ok(Given { identity: all(&request.policy_input_list, "PolicyInputList")?, boundaries, resource })
    }

    fn policies(&self) -> Vec<Policy<'_>> {
        let name = |list: &str, index: usize| format!("{list}.{}", index + 1);
        let identity = self.identity.iter().enumerate().map(|(index, document)| Policy {
            kind: Kind::Identity,
            name: name("PolicyInputList", index),
            document,
        });
        let boundaries = self.boundaries.iter().enumerate().map(|(index, document)| Policy {
            kind: Kind::Boundary,
            name: name("PermissionsBoundaryPolicyInputList", index),
            document,
        });
        let resource = self.resource.iter().map(|document| Policy {
            kind: Kind::Resource,
            name: "ResourcePolicy".to_owned(),
            document,
        });
        identity.chain(boundaries).chain(resource).collect()
    }
}

fn keys(entries: &[ContextEntry]) -> Keys {
    entries
        .iter()
        .fold(Keys::default(), |keys, entry| keys.with(&entry.context_key_name, entry.context_key_values.iter()))
}

fn result(verdict: Verdict) -> EvaluationResult {
    let mut missing = Vec::new();
    let mut matched = Vec::new();
    for policy in &verdict.policies {
        for statement in &policy.statements {
            let unknown = statement.conditions.iter().filter(|condition| condition.actual.is_none());
            missing.extend(unknown.map(|condition| condition.key.clone()));
            if statement.matched {
                let source_policy_type = kind_of(policy);
                matched.push(Matched { source_policy_id: policy.name.clone(), source_policy_type });
            }
        }
    }
    missing.sort();
    missing.dedup();
    EvaluationResult {
        eval_decision: match verdict.decision {
            Decision::Allowed => "allowed",
            Decision::ImplicitDeny => "implicitDeny",
            Decision::ExplicitDeny => "explicitDeny",
        },
        eval_action_name: verdict.request.action,
        eval_resource_name: verdict.request.resource,
        matched_statements: matched,
        missing_context_values: missing,
    }
}

/// `SourcePolicyType`. [IAM API Statement]
fn kind_of(policy: &PolicyTrace) -> &'static str {
    match policy.kind {
        Kind::Resource => "resource",
        _ if policy.name.starts_with("inline") => "role",
        _ => "IAM Policy",
    }
}
