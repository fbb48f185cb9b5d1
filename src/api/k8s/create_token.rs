//! Asks for a token of a service account, as `kubectl create token` does: what a pod would have in a file, in the hands
//! of a person. [K32 kubectl/pkg/cmd/create/create_token.go; pkg/registry/core/serviceaccount/storage/token.go]

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::kind::Kind;
use super::{context, get, refuse, whom};
use crate::api::refusal::Refusal;
use crate::api::{Operation, Query};
use crate::kubernetes::token::{self, LONGEST_SECONDS, USUAL_SECONDS};
use crate::model::id::{PodId, ServiceAccountId};
use crate::model::noun::Noun;
use crate::model::time::{Millis, Moment};
use crate::model::token::{issue, one_or_many};
use crate::world::World;

/// How long a token may be asked for, in seconds. [K32 pkg/apis/authentication/validation ValidateTokenRequest]
const SECONDS: std::ops::RangeInclusive<u64> = 600..=1 << 32;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The service account: `NAME` or `NAMESPACE/NAME`.
    #[schemars(extend("noun" = Noun::ServiceAccount))]
    name: String,
    /// Whom the token is for, one or several; the Kubernetes API where nobody is named. STS is `sts.amazonaws.com`.
    #[serde(default, deserialize_with = "one_or_many")]
    #[schemars(extend("type" = ["string", "array"]))]
    audience: Vec<String>,
    /// How long it holds, such as `10m`, which is the least; an hour where nothing is said. EKS gives a day at most.
    duration: Option<Millis>,
    /// `Pod`, for a token that says which pod has it.
    bound_object_kind: Option<String>,
    /// The name of that pod.
    bound_object_name: Option<String>,
    /// The namespace; `default` without one.
    #[schemars(extend("noun" = Noun::Namespace))]
    namespace: Option<String>,
    /// The EKS cluster; the newest that is ACTIVE without one.
    #[schemars(extend("noun" = Noun::EksCluster))]
    cluster: Option<String>,
}

pub(super) struct CreateToken;

impl Operation for CreateToken {
    const SERVICE: &'static str = "k8s";
    const NAME: &'static str = "CreateToken";
    const SUMMARY: &'static str = "Asks for a token of a service account, such as STS takes it; it is in status.token";
    const SEARCH: &'static [&'static str] = &["kubectl", "jwt", "irsa", "oidc", "web identity", "audience", "expired"];
    const ARGUMENTS: &'static [&'static str] = &["name", "audience", "duration"];
    const EXAMPLE: &'static str = r#"
try {
    k8s.create_token("web", "sts.amazonaws.com", "10m").status.token
} catch (refusal) {
    refusal.message
}"#;
    type Request = Request;
    type Response = Value;

    fn notices(_world: &World, request: &Request) -> Vec<String> {
        let asked = request.duration.map_or(0, |duration| duration.0 / 1000);
        let shortened = asked > LONGEST_SECONDS && SECONDS.contains(&asked);
        shortened
            .then(|| "EKS gives a token for 24 hours at most, and shortens what is longer".to_owned())
            .into_iter()
            .collect()
    }
}

impl Query for CreateToken {
    fn call(world: &World, request: Request) -> Result<Value, Refusal> {
        check_flags(&request)?;
        let cluster = context::cluster(world, request.cluster.as_deref())?;
        let (namespace, name) = match (&request.namespace, request.name.split_once('/')) {
            (None, Some(both)) => both,
            (namespace, _) => (namespace.as_deref().unwrap_or("default"), request.name.as_str()),
        };
        let account = get::missing_namespace(world, cluster, Kind::ServiceAccount, namespace, name)
            .and_then(|namespace| whom::account(world, namespace, name))
            .map_err(failed)?;
        let seconds = seconds(request.duration)?;
        let pod = bound_pod(world, account, request.bound_object_name.as_deref()).map_err(failed)?;
        let claims = token::claims(world, account, pod, request.audience, (world.now, seconds.min(LONGEST_SECONDS)));
        let bound = pod.map(|pod| {
            let name = &world.kubernetes.pods[pod].meta.name;
            json!({ "kind": "Pod", "apiVersion": "v1", "name": name, "uid": world.uuid(pod) })
        });
        Ok(json!({
            "kind": "TokenRequest",
            "apiVersion": "authentication.k8s.io/v1",
            "metadata": { "name": name, "namespace": namespace, "creationTimestamp": Moment::at(claims.iat * 1000) },
            "spec": { "audiences": claims.aud, "expirationSeconds": claims.exp - claims.iat, "boundObjectRef": bound },
            "status": {
                "token": issue(&claims, world.signing_key(&claims.iss)),
                "expirationTimestamp": Moment::at(claims.exp * 1000),
            },
        }))
    }
}

/// What kubectl checks before it asks anybody.
fn check_flags(request: &Request) -> Result<(), Refusal> {
    let refuse = |message: &str, way_out: &str, member: &str| {
        Err(refuse::client(message).because("kubectl checks its flags first").way_out(way_out.to_owned()).at([member]))
    };
    if request.name.is_empty() {
        return refuse("service account name is required", "list them: k8s.get(\"serviceaccounts\")", "name");
    }
    if request.duration.is_some_and(|duration| duration.0 % 1000 != 0) {
        let message = "--duration cannot be expressed in units less than seconds";
        return refuse(message, "write whole seconds, such as \"10m\"", "duration");
    }
    if request.audience.iter().any(String::is_empty) {
        let message = "--audience must not be an empty string";
        return refuse(message, "write \"sts.amazonaws.com\", or leave it away", "audience");
    }
    match (request.bound_object_kind.as_deref(), &request.bound_object_name) {
        (None, Some(_)) => refuse(
            "--bound-object-name can only be set if --bound-object-kind is provided",
            "write boundObjectKind: \"Pod\", too",
            "boundObjectName",
        ),
        (Some("Pod"), None) => refuse(
            "--bound-object-name is required if --bound-object-kind is provided",
            "name the pod: boundObjectName",
            "boundObjectKind",
        ),
        (Some("Secret"), _) => Err(Refusal::not_modelled("A token that is bound to a Secret")
            .because("longshore has no Secrets")
            .way_out("bind it to a Pod, or to nothing")
            .at(["boundObjectKind"])),
        (None, None) | (Some("Pod"), Some(_)) => Ok(()),
        (Some(_), _) => refuse(
            "supported --bound-object-kind values are Pod, Secret",
            "bind it to a Pod, or to nothing",
            "boundObjectKind",
        ),
    }
}

/// How many seconds are asked for. Zero is as if nothing was said.
fn seconds(duration: Option<Millis>) -> Result<u64, Refusal> {
    let asked = match duration.map_or(0, |duration| duration.0 / 1000) {
        0 => USUAL_SECONDS,
        asked => asked,
    };
    let (what, way_out) = match asked {
        _ if asked < *SECONDS.start() => ("may not specify a duration less than 10 minutes", "write \"10m\" or more"),
        _ if asked > *SECONDS.end() => ("may not specify a duration larger than 2^32 seconds", "write \"24h\" or less"),
        _ => return Ok(asked),
    };
    let problem = format!("spec.expirationSeconds: Invalid value: {asked}: {what}");
    Err(failed(
        Refusal::new("Invalid", format!("TokenRequest.authentication.k8s.io \"\" is invalid: {problem}"))
            .because("the API server gives tokens for ten minutes and more")
            .way_out(way_out)
            .at(["duration"]),
    ))
}

/// The pod that the token is to be bound to: one of the same service account.
fn bound_pod(world: &World, account: ServiceAccountId, name: Option<&str>) -> Result<Option<PodId>, Refusal> {
    let Some(name) = name else { return Ok(None) };
    let own = &world.kubernetes.accounts[account];
    let pod = whom::pod(world, own.namespace, name).map_err(|refusal| refusal.at(["boundObjectName"]))?;
    let other = &world.kubernetes.accounts[world.kubernetes.pods[pod].account].meta.name;
    if *other == own.meta.name {
        return Ok(Some(pod));
    }
    let message = format!(
        "cannot bind token for serviceaccount \"{}\" to pod running with serviceaccount \"{other}\"",
        own.meta.name
    );
    Err(Refusal::new("BadRequest", message)
        .because(format!("pod `{name}` is `{other}`"))
        .way_out(format!("ask for a token of `{other}`"))
        .at(["boundObjectName"]))
}

/// kubectl says what it could not do, and then what the API server said.
fn failed(mut refusal: Refusal) -> Refusal {
    refusal.message = format!("failed to create token: {}", refusal.message);
    refusal
}
