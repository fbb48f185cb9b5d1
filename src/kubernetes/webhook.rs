//! The pod identity webhook of EKS: at the creation of a pod, and never again, it gives the pod what the SDK needs to
//! take on the role that is written on its service account. [semantics/eks.md 6.2]

use crate::model::kubernetes::manifest::Strings;
use crate::model::kubernetes::pod::{EnvVar, PodSpec, Projected, Projection, TokenProjection, Volume, VolumeMount};
use crate::world::kubernetes::ServiceAccount;
use crate::world::names::REGION;

/// The annotation that names the role.
pub const ROLE_ARN: &str = "eks.amazonaws.com/role-arn";
/// The annotation that names whom the token is for.
pub const AUDIENCE: &str = "eks.amazonaws.com/audience";
/// The annotation with the token's lifetime, in seconds; the pod's counts before the service account's. One that is no
/// number is passed over, and one below ten minutes is ten minutes. There is no upper bound here: Kubernetes refuses a
/// pod whose token would live longer than 2^32 seconds. [WEBHOOK pkg/annotations/parser.go, pkg/validation.go]
pub const TOKEN_EXPIRATION: &str = "eks.amazonaws.com/token-expiration";
/// The annotation that chooses between regional and global endpoints of STS.
const REGIONAL_ENDPOINTS: &str = "eks.amazonaws.com/sts-regional-endpoints";
/// The annotation of a pod with the names of containers that get nothing.
const SKIP_CONTAINERS: &str = "eks.amazonaws.com/skip-containers";

/// Whom the token is for where nothing is said.
pub const STS: &str = "sts.amazonaws.com";
/// Where the token is.
const FOLDER: &str = "/var/run/secrets/eks.amazonaws.com/serviceaccount";
const VOLUME: &str = "aws-iam-token";
const FILE: &str = "token";
/// A token's lifetime where nothing is said, and the shortest one, in seconds.
const USUAL_SECONDS: i64 = 86_400;
const LEAST_SECONDS: i64 = 600;

/// Adds role and token to a pod, if its service account has a role. Returns whether it did.
pub(super) fn inject(account: &ServiceAccount, pod: &Strings, spec: &mut PodSpec) -> bool {
    let written = &account.meta.annotations;
    let Some(role) = written.get(ROLE_ARN).filter(|role| !role.is_empty()) else { return false };
    let skipped: Vec<&str> = pod.get(SKIP_CONTAINERS).map(|names| names.split(',').collect()).unwrap_or_default();
    let regional = written.get(REGIONAL_ENDPOINTS).is_none_or(|value| value != "false");
    for container in spec.containers.iter_mut().filter(|container| !skipped.contains(&container.name.as_str())) {
        let mut variables = vec![("AWS_DEFAULT_REGION", REGION), ("AWS_REGION", REGION)];
        if regional {
            variables.insert(0, ("AWS_STS_REGIONAL_ENDPOINTS", "regional"));
        }
        let file = format!("{FOLDER}/{FILE}");
        variables.extend([("AWS_ROLE_ARN", role.as_str()), ("AWS_WEB_IDENTITY_TOKEN_FILE", &file)]);
        for (name, value) in variables {
            // What the user has set is kept.
            if container.env(name).is_none() {
                container.env.push(EnvVar { name: name.to_owned(), value: value.to_owned() });
            }
        }
        if container.volume_mounts.iter().all(|mount| mount.name != VOLUME) {
            let mount_path = FOLDER.to_owned();
            container.volume_mounts.push(VolumeMount { name: VOLUME.to_owned(), mount_path, read_only: Some(true) });
        }
    }
    if spec.volumes.iter().all(|volume| volume.name != VOLUME) {
        let audience = written.get(AUDIENCE).map_or(STS, String::as_str).to_owned();
        let said = |notes: &Strings| notes.get(TOKEN_EXPIRATION).and_then(|text| text.parse().ok());
        let expiration_seconds = said(pod).or_else(|| said(written)).unwrap_or(USUAL_SECONDS).max(LEAST_SECONDS);
        let token = TokenProjection { audience: Some(audience), expiration_seconds, path: FILE.to_owned() };
        // It puts its volume before all others. [WEBHOOK handler.go]
        spec.volumes.insert(0, projected(VOLUME, token));
    }
    true
}

/// A volume that consists of a token.
pub(super) fn projected(name: &str, token: TokenProjection) -> Volume {
    let sources = vec![Projection { service_account_token: Some(token) }];
    let projected = Projected { sources, default_mode: Some(0o644) };
    Volume { name: name.to_owned(), empty_dir: None, projected: Some(projected) }
}
