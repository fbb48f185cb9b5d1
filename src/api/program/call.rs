//! A program calls AWS: the SDK finds credentials, and the same evaluator as everywhere says yes or no.
//!
//! The credentials are those of the pod or task, never those of the person at the prompt. What AWS keeps to itself
//! about a no, `why()` tells.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::credentials::{self, Found, Source};
use super::who::{self, Program};
use crate::api::refusal::Refusal;
use crate::api::sts::session::{Wanted, hour};
use crate::api::sts::{assume_role, assume_role_with_web_identity};
use crate::api::{Change, Operation};
use crate::aws::iam::request::Keys;
use crate::aws::iam::{authorize, denial, mend};
use crate::model::id::FactId;
use crate::world::World;
use crate::world::iam::{Role, RoleSession};

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
        let found = credentials::find(world, program, operation)?;
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

/// Asks whoever decides: STS about another role, whose trust policy must allow it, and the evaluator about the rest.
fn check(world: &World, found: &Found, action: &str, resource: &str, operation: &str) -> Result<(), Refusal> {
    if action.eq_ignore_ascii_case(assume_role::ACTION) {
        return check_role(world, &found.session, resource);
    }
    if action.eq_ignore_ascii_case(assume_role_with_web_identity::ACTION) {
        return Err(Refusal::not_modelled(format!("{operation} by a program itself"))
            .because("the call is unsigned: the token says who asks, and the credentials of the program do not matter")
            .way_out("read the token (pod.read(…)) and pass it on: sts.assume_role_with_web_identity(#{ … })"));
    }
    let verdict = authorize::session_may(world, &found.session, action, resource, Keys::default());
    if verdict.is_allowed() {
        return Ok(());
    }
    let refusal = Refusal::new(denial_code(action), denial::sentence(&verdict)).of(operation);
    let role = found.session.role;
    if !world.iam.role_exists(role) {
        let Role { name, path, .. } = &world.iam.roles[role];
        return Err(refusal
            .because(format!(
                "the role `{name}` has been deleted, and its policies with it; the session goes on without"
            ))
            .way_out(format!(
                "create it again with its trust and its policies ({}), and {}",
                mend::creation(name, path, found.source.service()),
                anew(found)
            )));
    }
    Err(refusal.because(denial::because(&verdict)).way_out(denial::way_out(&verdict)).traced(verdict))
}

/// How a program comes to a session of the role that was made again: it is another one, for all that it has the name.
fn anew(found: &Found) -> &'static str {
    match found.source {
        Source::Environment => "write new keys into the container: sts.assume_role(#{ … })",
        Source::WebIdentity => "delete the pod and apply it again: its SDK keeps the old session until that ends",
        Source::Container | Source::InstanceMetadata => "call again: AWS gives a new session of it",
    }
}

/// Whether the session of a program may take on another role, for an hour as is usual.
fn check_role(world: &World, session: &RoleSession, role_arn: &str) -> Result<(), Refusal> {
    let name = credentials::session_name(world);
    let wanted = Wanted { role_arn, name: &name, seconds: hour(), ceilings: Vec::new() };
    let caller = authorize::session_caller(world, session);
    let keys = authorize::session_keys(world, session, Keys::default());
    match assume_role::assume(world, wanted, caller, keys, authorize::of_session(world, session)) {
        Ok(_) => Ok(()),
        Err(refusal) => Err(refusal.of("AssumeRole").at(["resource"])),
    }
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
