//! What becomes of a pod's specification when the pod is created: defaults, the service account's token, and the
//! webhook. [semantics/eks.md 1.1]

use super::webhook;
use crate::kernel::chance;
use crate::model::id::{Id, PodId};
use crate::model::kubernetes::RestartPolicy;
use crate::model::kubernetes::manifest::Strings;
use crate::model::kubernetes::pod::{PodSpec, TokenProjection, VolumeMount};
use crate::world::World;
use crate::world::kubernetes::ServiceAccount;

/// Where the token for the Kubernetes API is.
const FOLDER: &str = "/var/run/secrets/kubernetes.io/serviceaccount";
/// The lifetime of that token, in seconds.
const API_TOKEN_SECONDS: i64 = 3607;
/// The letters of names that Kubernetes makes up.
const LETTERS: &[u8; 27] = b"bcdfghjklmnpqrstvwxz2456789";

/// The specification that a pod gets, and whether the webhook gave it a role.
pub fn admit(world: &World, account: &ServiceAccount, annotations: &Strings, asked: &PodSpec) -> (PodSpec, bool) {
    let mut spec = with_defaults(asked);
    let name = account.meta.name.to_string();
    (spec.service_account, spec.service_account_name) = (Some(name.clone()), Some(name));
    if spec.automount_service_account_token.or(account.automount).unwrap_or(true) {
        mount_api_token(world, &mut spec);
    }
    let injected = webhook::inject(account, annotations, &mut spec);
    (spec, injected)
}

/// What somebody asked for, with what is meant where nothing is said. [K32 pkg/apis/core/v1/defaults.go]
pub fn with_defaults(asked: &PodSpec) -> PodSpec {
    let mut spec = asked.clone();
    spec.restart_policy.get_or_insert(RestartPolicy::Always);
    spec.termination_grace_period_seconds.get_or_insert(30);
    for resources in spec.containers.iter_mut().filter_map(|container| container.resources.as_mut()) {
        resources.default_requests();
    }
    for port in spec.containers.iter_mut().flat_map(|container| &mut container.ports) {
        if port.protocol.as_deref().is_none_or(str::is_empty) {
            port.protocol = Some("TCP".to_owned());
        }
    }
    // A volume whose source is not modelled is an empty folder here, too.
    for volume in spec.volumes.iter_mut().filter(|volume| volume.projected.is_none()) {
        volume.empty_dir.get_or_insert_default();
    }
    spec
}

fn mount_api_token(world: &World, spec: &mut PodSpec) {
    let id = world.kubernetes.pods.next_id();
    let letter = |nth| {
        let roll = chance::below(LETTERS.len() as u64, world.seed, (PodId::KIND, id.number()), "volume", nth);
        char::from(LETTERS[roll as usize])
    };
    let volume = format!("kube-api-access-{}", (0..5).map(letter).collect::<String>());
    for container in &mut spec.containers {
        if container.volume_mounts.iter().all(|mount| mount.mount_path != FOLDER) {
            let mount_path = FOLDER.to_owned();
            container.volume_mounts.push(VolumeMount { name: volume.clone(), mount_path, read_only: Some(true) });
        }
    }
    let token = TokenProjection { audience: None, expiration_seconds: API_TOKEN_SECONDS, path: "token".to_owned() };
    spec.volumes.push(webhook::projected(&volume, token));
}
