//! Where the SDK in a program finds credentials, in its order: environment, web identity, container, instance metadata.
//! The first that is there counts, even if it then fails. [semantics/eks.md 6.5]

use std::borrow::Cow;

use serde::Serialize;

use super::who::{self, Program};
use crate::api::refusal::Refusal;
use crate::api::sts::assume_role_with_web_identity::{self as web_identity};
use crate::api::sts::session::{Wanted, hour};
use crate::aws::ecs::roles;
use crate::aws::eks::NODE_SERVICE;
use crate::aws::iam::{authorize, denial, issued, mend};
use crate::kubernetes::token;
use crate::kubernetes::webhook::{self, ARN_VARIABLE, FILE_VARIABLE, PassedOver, ROLE_ARN, SKIP_CONTAINERS};
use crate::model::id::{PodId, RoleSessionId, TaskId};
use crate::model::status::LaunchType;
use crate::model::time::Millis;
use crate::model::token as jwt;
use crate::world::World;
use crate::world::ecs::RoleUse;
use crate::world::iam::RoleSession;

/// How long before their end the SDK begins to look for newer credentials. [BC credentials.py, advisory refresh]
const REFRESH_EARLY: Millis = Millis::minutes(15);
/// How long before their end it uses old credentials no longer. [BC credentials.py, mandatory refresh]
const REFRESH_LATE: Millis = Millis::minutes(10);

/// Where credentials came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) enum Source {
    /// `AWS_ACCESS_KEY_ID` and its like.
    #[serde(rename = "environment")]
    Environment,
    /// A token in a file, and AssumeRoleWithWebIdentity.
    #[serde(rename = "web identity token")]
    WebIdentity,
    /// The address in `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI`: the role of a task.
    #[serde(rename = "container")]
    Container,
    /// The instance metadata service.
    #[serde(rename = "instance metadata")]
    InstanceMetadata,
}

impl Source {
    /// The AWS service that takes on the role whose credentials are found there, if it is always the same.
    pub(super) fn service(self) -> Option<&'static str> {
        match self {
            Source::Environment | Source::WebIdentity => None,
            Source::Container => Some(roles::SERVICE),
            Source::InstanceMetadata => Some(NODE_SERVICE),
        }
    }
}

/// Credentials that were found.
pub(super) struct Found {
    pub(super) source: Source,
    pub(super) session: RoleSession,
    /// The session, if it has begun already.
    pub(super) known: Option<RoleSessionId>,
}

/// What the SDK of a program finds, to call an operation with.
pub(super) fn find(world: &World, program: Program, operation: &str) -> Result<Found, Refusal> {
    if let Some(found) = from_environment(world, program, operation)? {
        return Ok(found);
    }
    if let Some(file) = program.env(world, FILE_VARIABLE).filter(|file| !file.is_empty()) {
        return from_token(world, program, file);
    }
    for variable in ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"] {
        if program.env(world, variable).is_some() {
            return Err(Refusal::not_modelled(format!("{variable} that people write"))
                .because("EKS Pod Identity is not simulated, and in a task ECS itself sets the address")
                .way_out(
                    "use a service account with eks.amazonaws.com/role-arn, or a task definition with taskRoleArn",
                ));
        }
    }
    match program {
        Program::InPod(pod, index) => from_node(world, pod, index),
        Program::InTask(task, _) => from_task(world, task),
    }
}

/// Keys that somebody wrote into the environment: the key's id, its secret, and the token that temporary keys have.
/// The id is looked up first, with its token; then whether the session has ended, then the signature. UNSOURCED, the
/// order.
fn from_environment(world: &World, program: Program, operation: &str) -> Result<Option<Found>, Refusal> {
    let env = |name: &str| program.env(world, name).filter(|value| !value.is_empty());
    let Some(key) = env("AWS_ACCESS_KEY_ID") else { return Ok(None) };
    let all_three = "write all three into the container, as sts.assume_role gave them (AWS_ACCESS_KEY_ID, \
                     AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN), or none, so that the SDK looks further";
    let refuse = |code: &'static str, message: &'static str, because: String| {
        Err(Refusal::new(code, message).because(because).way_out(all_three).of(operation))
    };
    let Some(secret) = env("AWS_SECRET_ACCESS_KEY") else {
        // [BC credentials.py EnvProvider, exceptions.py PartialCredentialsError]
        let message = "Partial credentials found in env, missing: AWS_SECRET_ACCESS_KEY";
        return Err(Refusal::new("PartialCredentialsError", message)
            .because("AWS_ACCESS_KEY_ID stands in the environment, which comes first, and its secret does not")
            .way_out(all_three)
            .by_client());
    };
    // The older name counts before the newer one. [BC credentials.py EnvProvider.TOKENS]
    let token = env("AWS_SECURITY_TOKEN").or(env("AWS_SESSION_TOKEN"));
    let session = world.find_session(key).filter(|&id| token == Some(world.session_token(id).as_str()));
    let Some(id) = session else {
        let because = match (world.find_session(key), token) {
            (None, _) => format!(
                "AWS_ACCESS_KEY_ID is `{key}`, and nobody has such a key; what stands in the environment comes first"
            ),
            (Some(_), None) => format!(
                "`{key}` is a temporary key, and those count only with their token: AWS_SESSION_TOKEN is not there"
            ),
            (Some(_), Some(_)) => format!("AWS_SESSION_TOKEN is not the token of `{key}`"),
        };
        return refuse("InvalidClientTokenId", "The security token included in the request is invalid.", because);
    };
    let session = world.iam.sessions[id].clone();
    if session.until <= world.now {
        return refuse(
            "ExpiredToken",
            "The security token included in the request is expired",
            format!("the keys in the environment ended at {}, and nobody renews what stands there", session.until),
        );
    }
    if secret != world.secret_access_key(id) {
        return refuse(
            "SignatureDoesNotMatch",
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access \
             Key and signing method. Consult the service documentation for details.",
            format!("AWS_SECRET_ACCESS_KEY is not the secret of `{key}`, so what the SDK signs with it does not hold"),
        );
    }
    Ok(Some(Found { source: Source::Environment, session, known: Some(id) }))
}

/// The token in a file: the session that it began before, or a new one.
fn from_token(world: &World, program: Program, file: &str) -> Result<Found, Refusal> {
    let kept = match program {
        Program::InPod(pod, index) => {
            let begun = world.kubernetes.pods[pod].containers[index].session;
            begun.map(|id| (id, &world.iam.sessions[id]))
        }
        Program::InTask(..) => None,
    };
    let lasts = |margin: Millis| kept.filter(|(_, session)| world.now + margin < session.until);
    let keep = |(id, session): (RoleSessionId, &RoleSession)| Found {
        source: Source::WebIdentity,
        session: session.clone(),
        known: Some(id),
    };
    if let Some(kept) = lasts(REFRESH_EARLY) {
        return Ok(keep(kept));
    }
    let Some(role_arn) = program.env(world, ARN_VARIABLE) else {
        return Err(Refusal::new(
            "InvalidConfigError",
            "The provided profile or the current environment is configured to assume role with web identity but has no \
             role ARN configured. Ensure that the profile has the role_arnconfiguration set or the AWS_ROLE_ARN env \
             var is set.",
        )
        .because(format!("{FILE_VARIABLE} is set, and {ARN_VARIABLE} is not"))
        .way_out("set both, or leave both to the webhook")
        .by_client());
    };
    let claims = match program {
        Program::InPod(pod, index) => token::in_file(world, pod, index, file),
        Program::InTask(..) => None,
    };
    let Some(claims) = claims else {
        return Err(Refusal::new("FileNotFoundError", format!("[Errno 2] No such file or directory: '{file}'"))
            .because("no volume of this container brings a token there")
            .way_out(match program {
                Program::InPod(..) => "mount a projected volume with a serviceAccountToken, or leave it to the webhook",
                Program::InTask(..) => "take the variable out of the container; a task has its role by taskRoleArn",
            })
            .by_client());
    };
    let token = jwt::issue(&claims, world.signing_key(&claims.iss));
    let default_name = session_name(world);
    let name = program.env(world, "AWS_ROLE_SESSION_NAME").unwrap_or(&default_name);
    let wanted = Wanted { role_arn, name, seconds: hour(), ceilings: Vec::new() };
    match web_identity::assume(world, wanted, &token) {
        Ok((session, _)) => Ok(Found { source: Source::WebIdentity, session, known: None }),
        Err(refusal) => match lasts(REFRESH_LATE) {
            Some(kept) => Ok(keep(kept)),
            None => Err(refusal.of("AssumeRoleWithWebIdentity").at::<String>([])),
        },
    }
}

/// How the SDK names a session for which nobody has given a name. [BC credentials.py]
pub(super) fn session_name(world: &World) -> String {
    format!("botocore-session-{}", world.now.unix_millis() / 1000)
}

/// The role of the node, if the instance metadata service can be reached from the pod.
fn from_node(world: &World, pod: PodId, index: usize) -> Result<Found, Refusal> {
    let record = &world.kubernetes.pods[pod];
    let Some(node) = record.node else { return Err(nowhere("the pod is on no node", "wait until it runs")) };
    let group = &world.eks.nodegroups[world.kubernetes.nodes[node].nodegroup];
    let on_host = record.spec.host_network == Some(true);
    if group.hop_limit < 2 && !on_host {
        let (reason, way_out) = without_token(world, pod, index);
        let hops = format!("the node's answer ends after {} hop, one short of a pod", group.hop_limit);
        let two = format!(
            "or let the node's answers take two hops: ec2.create_launch_template(#{{ LaunchTemplateName: \"two-hops\", \
             LaunchTemplateData: #{{ MetadataOptions: #{{ HttpPutResponseHopLimit: 2 }} }} }}), then \
             eks.create_nodegroup(#{{ …, launchTemplate: #{{ name: \"two-hops\" }} }}) instead of `{}`, and create the \
             pod again",
            group.name
        );
        return Err(nowhere(
            format!("the pod has no credentials of its own ({reason}), and {hops}"),
            format!("{way_out}; {two}"),
        ));
    }
    // A role that was made again under the same name is the node's again: SIM, as for tasks.
    let known = &world.iam.roles[group.node_role];
    let role = world.iam.role_with_arn(&known.arn()).unwrap_or(group.node_role);
    let since = world.kubernetes.nodes[node].created_at;
    if let Some(session) = issued::session(world, role, NODE_SERVICE, since, world.node_instance_id(node)) {
        return Ok(Found { source: Source::InstanceMetadata, session, known: None });
    }
    if !world.iam.role_exists(role) {
        let because = format!("the node's role `{}` has been deleted", known.name);
        let creation = mend::creation(&known.name, &known.path, Some(NODE_SERVICE));
        return Err(nowhere(because, format!("create it again: {creation}")));
    }
    let verdict = authorize::trusts_service(world, role, NODE_SERVICE);
    let way_out = "let the role of the node group trust ec2.amazonaws.com";
    Err(nowhere(denial::because(&verdict), way_out).traced(verdict))
}

/// Why a container of a pod has no token, and how it would come by one.
fn without_token(world: &World, pod: PodId, index: usize) -> (String, String) {
    let record = &world.kubernetes.pods[pod];
    let container = who::container(world, pod, index);
    let name = &container.name;
    match webhook::passed_over(&record.spec, container) {
        Some(PassedOver::Skipped) => (
            format!("{SKIP_CONTAINERS} of the pod names container `{name}`, and the webhook passed it over"),
            format!("take `{name}` out of {SKIP_CONTAINERS} and create the pod again"),
        ),
        Some(PassedOver::Sets(variable)) => (
            format!("container `{name}` sets {variable} itself, and so the webhook gave it no token"),
            format!("leave both variables to the webhook: take {variable} out of `{name}` and create the pod again"),
        ),
        None => {
            let account = &world.kubernetes.accounts[record.account].meta.name;
            (
                format!("service account `{account}` had no {ROLE_ARN} when the pod was created"),
                "annotate the service account with a role and create the pod again".to_owned(),
            )
        }
    }
}

/// The task role, from the address that ECS gives to every container of a task that has one. Behind it the SDK would
/// ask the instance metadata service, which Fargate does not have. [semantics/eks.md 6.5]
fn from_task(world: &World, task: TaskId) -> Result<Found, Refusal> {
    match roles::session(world, task, RoleUse::Program) {
        Some(Ok(session)) => Ok(Found { source: Source::Container, session, known: None }),
        // [BC exceptions.py CredentialRetrievalError; what the endpoint says is UNSOURCED]
        Some(Err(unassumable)) => {
            let refusal = Refusal::new(
                "CredentialRetrievalError",
                "Error when retrieving credentials from container-role: Error retrieving metadata: Received non 200 \
                 response 500 from container metadata",
            )
            .because(unassumable.because)
            .way_out(unassumable.way_out)
            .by_client();
            Err(match unassumable.verdict {
                Some(verdict) => refusal.traced(verdict),
                None => refusal,
            })
        }
        None => Err(nowhere(without_role(world, task), "register a revision with taskRoleArn, and start a task of it")),
    }
}

/// Why a task without a task role finds nothing.
fn without_role(world: &World, task: TaskId) -> String {
    let record = &world.ecs.tasks[task];
    let name = world.definition_name(record.definition);
    let agent = match world.ecs.definitions[record.definition].content.role(RoleUse::Agent) {
        Some(_) => "; its executionRoleArn is for ECS alone",
        None => "",
    };
    let elsewhere = match record.launch {
        LaunchType::Fargate => "Fargate has no instance metadata",
        LaunchType::Ec2 => "the container instances of the lab have no role",
    };
    format!("{name} has no taskRoleArn{agent}, and {elsewhere}")
}

/// The SDK has looked everywhere. [BC exceptions.py NoCredentialsError]
pub(super) fn nowhere(because: impl Into<String>, way_out: impl Into<Cow<'static, str>>) -> Refusal {
    Refusal::new("NoCredentialsError", "Unable to locate credentials")
        .because(because)
        .way_out(way_out.into())
        .by_client()
}
