//! The tokens that the kubelet projects into pods: who a pod is, signed by its cluster. [semantics/eks.md 6.2]
//!
//! They are worked out when somebody reads one: the kubelet asks for a new one when 80 % of the old one's life are
//! over, or after 24 hours, so which one is in the file follows from the time alone.

use serde_json::{Map, Value, json};

use crate::model::id::PodId;
use crate::model::kubernetes::pod::TokenProjection;
use crate::model::time::{Millis, Moment};
use crate::model::token::Claims;
use crate::world::World;

/// Whom a token is for that names nobody: the Kubernetes API of the cluster.
const API: &str = "https://kubernetes.default.svc";

/// The projected token that a file in a container of a pod holds now, if it holds one.
pub fn in_file(world: &World, pod: PodId, container: usize, file: &str) -> Option<Claims> {
    let spec = &world.kubernetes.pods[pod].spec;
    let (volume, path) = spec.containers.get(container)?.mount_of(file)?;
    let volume = spec.volumes.iter().find(|candidate| candidate.name == volume)?;
    let tokens = volume.projected.iter().flat_map(|projected| &projected.sources);
    let token = tokens.filter_map(|source| source.service_account_token.as_ref()).find(|token| token.path == path)?;
    Some(claims(world, pod, token))
}

/// What such a token says now.
fn claims(world: &World, pod: PodId, token: &TokenProjection) -> Claims {
    let record = &world.kubernetes.pods[pod];
    let account = &world.kubernetes.accounts[record.account];
    let namespace = &world.kubernetes.namespaces[record.namespace];
    let issued = issued_at(world, record.started_at.unwrap_or(world.now), token);
    let iat = issued.unix_millis() / 1000;
    let mut bound = Map::new();
    bound.insert("namespace".to_owned(), json!(namespace.meta.name));
    if let Some(node) = record.node {
        bound.insert("node".to_owned(), json!({ "name": world.node_name(node), "uid": world.uuid(node) }));
    }
    bound.insert("pod".to_owned(), json!({ "name": record.meta.name, "uid": world.uuid(pod) }));
    bound.insert("serviceaccount".to_owned(), json!({ "name": account.meta.name, "uid": world.uuid(record.account) }));
    Claims {
        iss: world.issuer(namespace.cluster),
        sub: format!("system:serviceaccount:{}:{}", namespace.meta.name, account.meta.name),
        aud: vec![token.audience.clone().unwrap_or_else(|| API.to_owned())],
        exp: iat + token.expiration_seconds.unsigned_abs(),
        iat,
        nbf: iat,
        other: Map::from_iter([("kubernetes.io".to_owned(), Value::Object(bound))]),
    }
}

/// When the token that is in the file now was issued.
fn issued_at(world: &World, started_at: Moment, token: &TokenProjection) -> Moment {
    let life = Millis::seconds(token.expiration_seconds.unsigned_abs());
    let renewed_after = Millis(life.0 / 10 * 8).min(Millis::minutes(24 * 60)).max(Millis(1));
    let renewals = world.now.since(started_at).0 / renewed_after.0;
    started_at + Millis(renewals * renewed_after.0)
}
