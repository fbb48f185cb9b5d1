//! A program calls AWS: the SDK finds credentials, and the same evaluator as everywhere says yes or no.
//!
//! The credentials are those of the pod or task, never those of the person at the prompt. What AWS keeps to itself
//! about a no, `why()` tells.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::credentials::{self, Found, Source};
use crate::api::k8s::whom;
use crate::api::refusal::{Refusal, did_you_mean};
use crate::api::{Change, Operation};
use crate::aws::iam::request::Keys;
use crate::aws::iam::{authorize, denial};
use crate::model::id::{FactId, PodId};
use crate::world::World;
use crate::world::kubernetes::State;

/// What needs no permission. [STS API GetCallerIdentity]
const FREE: &str = "sts:GetCallerIdentity";

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The pod whose program calls: its description, `NAME` or `NAMESPACE/NAME`.
    program: Program,
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

/// Whose program: a name or a description.
#[derive(Deserialize)]
#[serde(transparent)]
struct Program(Value);

impl JsonSchema for Program {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Program".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["string", "object"], "title": "pod" })
    }
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
    const SUMMARY: &'static str = "Lets the program in a pod call AWS with the credentials that its SDK finds";
    const SEARCH: &'static [&'static str] = &["sdk", "boto3", "credentials", "irsa", "permission", "denied", "whoami"];
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
        let pod = pod(world, &program.0)?;
        let index = container_index(world, pod, container.as_deref())?;
        let found = credentials::of_pod(world, pod, index)?;
        let caller = world.arn_of_session(&found.session);
        if action != FREE {
            check(world, &found, &action, &resource, operation)?;
        }
        if found.source == Source::WebIdentity && found.known.is_none() {
            let session = world.iam.sessions.add(found.session);
            world.give_session(pod, session, asked);
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

fn pod(world: &World, program: &Value) -> Result<PodId, Refusal> {
    let id = match program {
        Value::String(name) => whom::named(world, name)?,
        value if whom::is_pod(value) => whom::described(world, value)?,
        _ => {
            return Err(Refusal::new("ParamValidationError", "A program runs in a pod.")
                .because("what was given is neither the description of one nor a name")
                .way_out("read it first: let pod = k8s.get(\"pod\", \"web\"); pod.call(\"s3:GetObject\", arn)")
                .at(["program"]));
        }
    };
    Ok(id)
}

/// The container that is meant; it has to run.
fn container_index(world: &World, pod: PodId, name: Option<&str>) -> Result<usize, Refusal> {
    let record = &world.kubernetes.pods[pod];
    let names = || record.spec.containers.iter().map(|container| container.name.as_str());
    let index = match name {
        None => 0,
        Some(name) => names().position(|known| known == name).ok_or_else(|| {
            let way_out = match did_you_mean(name, names()) {
                Some(similar) => format!("did you mean \"{similar}\"?"),
                None => format!("it has: {}", names().collect::<Vec<_>>().join(", ")),
            };
            Refusal::new("BadRequest", format!("container {name} is not valid for pod {}", record.meta.name))
                .because("the pod has no such container")
                .way_out(way_out)
                .at(["container"])
                .by_client()
        })?,
    };
    let state = record.containers[index].state;
    if matches!(state, State::Running(_)) {
        return Ok(index);
    }
    let doing = match state {
        State::Waiting(_) if record.node.is_none() => "it waits for a node".to_owned(),
        State::Waiting(reason) => format!("it waits: {reason}"),
        State::Terminated(exit) => format!("it has ended with code {}", exit.code),
        State::Running(_) => String::new(),
    };
    Err(Refusal::new("NothingRuns", "The container does not run.")
        .because(format!("container {} of pod {}: {doing}", record.spec.containers[index].name, world.pod_name(pod)))
        .way_out("wait until the pod is Running, or look at its status: k8s.get(\"pod\", …).status")
        .by_client())
}
