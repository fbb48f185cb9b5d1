//! A program calls AWS: the SDK finds credentials, and the same evaluator as everywhere says yes or no.
//!
//! The credentials are those of the pod or task, never those of the person at the prompt. What AWS keeps to itself
//! about a no, `why()` tells.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::credentials::{self, Found, Source};
use super::who::{self, Program};
use crate::api::refusal::Refusal;
use crate::api::{Change, Operation};
use crate::aws::iam::request::Keys;
use crate::aws::iam::{authorize, denial};
use crate::model::id::FactId;
use crate::world::World;

/// What needs no permission. [STS API GetCallerIdentity]
const FREE: &str = "sts:GetCallerIdentity";

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Request {
    /// Whose program calls: a pod (its description, `NAME` or `NAMESPACE/NAME`) or an ECS task (its description, ARN or
    /// id).
    program: who::Named,
    /// The action, such as `s3:GetObject`.
    action: String,
    /// The ARN of what it is about; `*` without one.
    #[serde(default = "anything")]
    resource: String,
    /// The container; the first where nothing is said.
    container: Option<String>,
}

fn anything() -> String {
    "*".to_owned()
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Response {
    decision: &'static str,
    action: String,
    resource: String,
    caller: String,
    credentials: Source,
}

pub(super) struct Call;

impl Operation for Call {
    const SERVICE: &'static str = "program";
    const NAME: &'static str = "Call";
    const SUMMARY: &'static str = "Lets the program in a pod or task call AWS with the credentials that its SDK finds";
    const SEARCH: &'static [&'static str] =
        &["sdk", "boto3", "credentials", "irsa", "task role", "permission", "denied", "whoami"];
    const ARGUMENTS: &'static [&'static str] = &["program", "action", "resource"];
    const IS_METHOD: bool = true;
    const EXAMPLE: &'static str = r#"
try {
    program.call("web", "s3:GetObject", "arn:aws:s3:::photos/cat.jpg")
} catch (refusal) {
    refusal.message
}"#;
    type Request = Request;
    type Response = Response;
}

impl Change for Call {
    fn call(world: &mut World, asked: FactId, request: Request) -> Result<Response, Refusal> {
        let Request { program, action, resource, container } = request;
        let operation = operation(&action)?;
        let program = who::program(world, &program, container.as_deref())?;
        let found = credentials::find(world, program)?;
        let caller = world.arn_of_session(&found.session);
        if !action.eq_ignore_ascii_case(FREE) {
            check(world, &found, &action, &resource, operation)?;
        }
        if let Program::InPod(pod, container) = program
            && found.source == Source::WebIdentity
            && found.known.is_none()
        {
            let session = world.iam.sessions.add(found.session);
            world.give_session(pod, container, session, asked);
        }
        Ok(Response { decision: "allowed", action, resource, caller, credentials: found.source })
    }
}

/// Asks the evaluator.
fn check(world: &World, found: &Found, action: &str, resource: &str, operation: &str) -> Result<(), Refusal> {
    let verdict = authorize::session_may(world, &found.session, action, resource, Keys::default());
    if verdict.is_allowed() {
        return Ok(());
    }
    Err(Refusal::new(denial_code(action), denial::sentence(&verdict))
        .because(denial::because(&verdict))
        .way_out(denial::way_out(&verdict))
        .of(operation)
        .traced(verdict))
}

/// What a service calls its no. Services that speak XML say AccessDenied; EC2 has a word of its own. UNSOURCED beyond
/// S3, STS and IAM.
fn denial_code(action: &str) -> &'static str {
    match action.split(':').next().unwrap_or_default().to_ascii_lowercase().as_str() {
        "ec2" => "UnauthorizedOperation",
        "s3" | "sts" | "iam" | "sqs" | "sns" | "cloudformation" | "elasticloadbalancing" | "autoscaling" => {
            "AccessDenied"
        }
        _ => "AccessDeniedException",
    }
}

/// The operation in `s3:GetObject`.
fn operation(action: &str) -> Result<&str, Refusal> {
    let parts = action.split_once(':').filter(|(service, name)| !service.is_empty() && !name.is_empty());
    let plain = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    match parts {
        Some((service, name)) if plain(service) && plain(name) => Ok(name),
        _ => Err(Refusal::new("ParamValidationError", format!("Invalid action: \"{action}\""))
            .because("a call is one action of one service")
            .way_out("write it as policies do: \"s3:GetObject\"")
            .at(["action"])),
    }
}
