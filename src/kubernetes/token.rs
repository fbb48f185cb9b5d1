//! Tokens of service accounts, signed by their cluster: those that the kubelet projects into pods, and those that
//! people ask for. [semantics/eks.md 6.2]
//!
//! The projected ones are worked out when somebody reads one: the kubelet asks for a new one when 80 % of the old
//! one's life are over, or after 24 hours, so which one is in the file follows from the time alone.

use serde_json::{Map, Value, json};

use crate::model::id::{PodId, ServiceAccountId};
use crate::model::kubernetes::pod::{Container, PodSpec, TokenProjection, VolumeMount};
use crate::model::time::{Millis, Moment};
use crate::model::token::Claims;
use crate::world::World;

/// Whom a token is for that names nobody: the Kubernetes API of the cluster.
const API: &str = "https://kubernetes.default.svc";

/// A token's lifetime where nothing is said, in seconds. [K32 pkg/apis/authentication/v1/defaults.go]
pub const USUAL_SECONDS: u64 = 3_600;
/// The longest lifetime that the API servers of EKS give, in seconds, whatever is asked for.
/// [issue DataDog/stratus-red-team#163]
pub const LONGEST_SECONDS: u64 = 86_400;

/// The projected token that a file in a container of a pod holds now, if it holds one.
pub fn in_file(world: &World, pod: PodId, container: usize, file: &str) -> Option<Claims> {
    let spec = &world.kubernetes.pods[pod].spec;
    let (volume, path) = spec.containers.get(container)?.mount_of(file)?;
    let token = tokens(spec, volume).find(|token| token.path == path)?;
    Some(projected(world, pod, token))
}

/// The files of a container that hold tokens.
pub fn files(spec: &PodSpec, container: &Container) -> Vec<String> {
    let mounts = container.volume_mounts.iter();
    let files = |mount: &VolumeMount| -> Vec<String> {
        let folder = mount.mount_path.trim_end_matches('/');
        tokens(spec, &mount.name).map(|token| format!("{folder}/{}", token.path)).collect()
    };
    mounts.flat_map(files).collect()
}

/// The tokens that a volume brings.
fn tokens<'a>(spec: &'a PodSpec, volume: &str) -> impl Iterator<Item = &'a TokenProjection> {
    let volume = spec.volumes.iter().find(|candidate| candidate.name == volume);
    let sources = volume.and_then(|volume| volume.projected.as_ref()).into_iter().flat_map(|all| &all.sources);
    sources.filter_map(|source| source.service_account_token.as_ref())
}

/// What a projected token says now.
fn projected(world: &World, pod: PodId, token: &TokenProjection) -> Claims {
    let record = &world.kubernetes.pods[pod];
    let seconds = token.expiration_seconds.unsigned_abs().min(LONGEST_SECONDS);
    let issued = issued_at(world, record.started_at.unwrap_or(world.now), seconds);
    claims(world, record.account, Some(pod), token.audience.clone().into_iter().collect(), (issued, seconds))
}

/// What a token says that the API gives to somebody who asks for one of a service account: for the Kubernetes API where
/// no audience is named, and bound to a pod if one is.
pub fn claims(
    world: &World,
    account: ServiceAccountId,
    pod: Option<PodId>,
    audiences: Vec<String>,
    (issued, seconds): (Moment, u64),
) -> Claims {
    let record = &world.kubernetes.accounts[account];
    let namespace = &world.kubernetes.namespaces[record.namespace];
    let iat = issued.unix_millis() / 1000;
    let mut bound = Map::new();
    bound.insert("namespace".to_owned(), json!(namespace.meta.name));
    if let Some(node) = pod.and_then(|pod| world.kubernetes.pods[pod].node) {
        bound.insert("node".to_owned(), json!({ "name": world.node_name(node), "uid": world.uuid(node) }));
    }
    if let Some(pod) = pod {
        let name = &world.kubernetes.pods[pod].meta.name;
        bound.insert("pod".to_owned(), json!({ "name": name, "uid": world.uuid(pod) }));
    }
    bound.insert("serviceaccount".to_owned(), json!({ "name": record.meta.name, "uid": world.uuid(account) }));
    let aud = if audiences.is_empty() { vec![API.to_owned()] } else { audiences };
    Claims {
        iss: world.issuer(namespace.cluster),
        sub: format!("system:serviceaccount:{}:{}", namespace.meta.name, record.meta.name),
        aud,
        exp: iat + seconds,
        iat,
        nbf: iat,
        other: Map::from_iter([("kubernetes.io".to_owned(), Value::Object(bound))]),
    }
}

/// When the token that is in the file now was issued.
fn issued_at(world: &World, started_at: Moment, seconds: u64) -> Moment {
    let life = Millis::seconds(seconds);
    let renewed_after = Millis(life.0 / 10 * 8).min(Millis::minutes(24 * 60)).max(Millis(1));
    let renewals = world.now.since(started_at).0 / renewed_after.0;
    started_at + Millis(renewals * renewed_after.0)
}
