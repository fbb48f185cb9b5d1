//! The pod identity webhook of EKS: at the creation of a pod, and never again, it gives the pod what the SDK needs to
//! take on the role that is written on its service account. [semantics/eks.md 6.2]

use crate::model::kubernetes::manifest::Strings;
use crate::model::kubernetes::pod::{
    Container, EnvVar, PodSpec, Projected, Projection, TokenProjection, Volume, VolumeMount,
};
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
pub const SKIP_CONTAINERS: &str = "eks.amazonaws.com/skip-containers";

/// Whom the token is for where nothing is said.
pub const STS: &str = "sts.amazonaws.com";
/// Where the token is.
const FOLDER: &str = "/var/run/secrets/eks.amazonaws.com/serviceaccount";
const VOLUME: &str = "aws-iam-token";
const FILE: &str = "token";
/// The variable about endpoints of STS.
const ENDPOINTS_VARIABLE: &str = "AWS_STS_REGIONAL_ENDPOINTS";
/// The variable with the role that the SDK takes on with a token.
pub const ARN_VARIABLE: &str = "AWS_ROLE_ARN";
/// The variable with the file in which that token is.
pub const FILE_VARIABLE: &str = "AWS_WEB_IDENTITY_TOKEN_FILE";
/// The variables of a container: whoever sets one of a group has said what the whole group is.
/// [WEBHOOK handler.go addEnvToContainer]
const GROUPS: [&[&str]; 3] =
    [&[ENDPOINTS_VARIABLE], &["AWS_DEFAULT_REGION", "AWS_REGION"], &[ARN_VARIABLE, FILE_VARIABLE]];
/// A token's lifetime where nothing is said, and the shortest one, in seconds.
const USUAL_SECONDS: i64 = 86_400;
const LEAST_SECONDS: i64 = 600;

/// Adds role and token to a pod, if its service account has a role. Returns whether a container was given the role:
/// one that names a role itself keeps it.
pub(super) fn inject(account: &ServiceAccount, pod: &Strings, spec: &mut PodSpec) -> bool {
    let written = &account.meta.annotations;
    let Some(role) = written.get(ROLE_ARN).filter(|role| !role.is_empty()) else { return false };
    let skipped: Vec<&str> = pod.get(SKIP_CONTAINERS).map(|names| names.split(',').collect()).unwrap_or_default();
    let regional = written.get(REGIONAL_ENDPOINTS).is_none_or(|value| value != "false");
    let mut gave = false;
    for container in spec.containers.iter_mut().filter(|container| !skipped.contains(&container.name.as_str())) {
        gave |= inject_into(container, role, regional);
    }
    if spec.volumes.iter().all(|volume| volume.name != VOLUME) {
        let audience = written.get(AUDIENCE).map_or(STS, String::as_str).to_owned();
        let said = |notes: &Strings| notes.get(TOKEN_EXPIRATION).and_then(|text| text.parse().ok());
        let expiration_seconds = said(pod).or_else(|| said(written)).unwrap_or(USUAL_SECONDS).max(LEAST_SECONDS);
        let token = TokenProjection { audience: Some(audience), expiration_seconds, path: FILE.to_owned() };
        // It puts its volume before all others. [WEBHOOK handler.go]
        spec.volumes.insert(0, projected(VOLUME, token));
    }
    gave
}

/// Gives a container the variables of each group of which it sets none itself. One that sets something of each group is
/// left as it is, without a token. Returns whether it was given the role. [WEBHOOK handler.go addEnvToContainer]
fn inject_into(container: &mut Container, role: &str, regional: bool) -> bool {
    if sets_all(container) {
        return false;
    }
    let names_its_own = sets_one(container, &[ARN_VARIABLE, FILE_VARIABLE]);
    let value = |name| match name {
        ENDPOINTS_VARIABLE => regional.then(|| "regional".to_owned()),
        ARN_VARIABLE => Some(role.to_owned()),
        FILE_VARIABLE => Some(format!("{FOLDER}/{FILE}")),
        _ => Some(REGION.to_owned()),
    };
    for group in GROUPS {
        if !sets_one(container, group) {
            let given = group.iter().filter_map(|&name| Some(EnvVar { name: name.to_owned(), value: value(name)? }));
            container.env.extend(given);
        }
    }
    if container.volume_mounts.iter().all(|mount| mount.name != VOLUME) {
        let mount_path = FOLDER.to_owned();
        container.volume_mounts.push(VolumeMount { name: VOLUME.to_owned(), mount_path, read_only: Some(true) });
    }
    !names_its_own
}

/// Why a container has no token although the webhook gave one to its pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PassedOver {
    /// An annotation of the pod names it: [`SKIP_CONTAINERS`].
    Skipped,
    /// It sets this variable itself, and so is not given the file with the token.
    Sets(&'static str),
}

/// Why the webhook gave a container no token, if it gave one to its pod.
pub fn passed_over(spec: &PodSpec, container: &Container) -> Option<PassedOver> {
    let injected = spec.volumes.iter().any(|volume| volume.name == VOLUME);
    if !injected || container.env(FILE_VARIABLE).is_some_and(|file| !file.is_empty()) {
        return None;
    }
    let mounted = container.volume_mounts.iter().any(|mount| mount.name == VOLUME);
    let own = [ARN_VARIABLE, FILE_VARIABLE].into_iter().find(|name| container.env(name).is_some());
    Some(own.filter(|_| mounted || sets_all(container)).map_or(PassedOver::Skipped, PassedOver::Sets))
}

/// Whether a container sets something of each group of variables.
fn sets_all(container: &Container) -> bool {
    GROUPS.iter().all(|group| sets_one(container, group))
}

fn sets_one(container: &Container, group: &[&str]) -> bool {
    group.iter().any(|name| container.env(name).is_some())
}

/// A volume that consists of a token.
pub(super) fn projected(name: &str, token: TokenProjection) -> Volume {
    let sources = vec![Projection { service_account_token: Some(token) }];
    let projected = Projected { sources, default_mode: Some(0o644) };
    Volume { name: name.to_owned(), empty_dir: None, projected: Some(projected) }
}
