//! What cannot be, in the words of Kubernetes's validation: a path and what is wrong there.
//! [K32 pkg/apis/core/validation; apimachinery validation]

use std::collections::BTreeSet;

use super::kind::Kind;
use super::refuse;
use crate::api::refusal::Refusal;
use crate::model::kubernetes::manifest::ObjectMeta;
use crate::model::kubernetes::pod::{Container, PodSpec};

/// The shortest lifetime of a projected token, in seconds. [semantics/eks.md 6.2]
const TOKEN_SECONDS: i64 = 600;
/// Containers of a pod. A limit of longshore's own.
const CONTAINERS: usize = 50;

/// Checks the name of an object, and that it has one.
pub(super) fn meta(kind: Kind, meta: &ObjectMeta) -> Result<(), Refusal> {
    if meta.name.is_empty() {
        let plural = kind.plural();
        let namespace = if kind.is_namespaced() { meta.namespace.as_deref().unwrap_or("default") } else { "" };
        return Err(refuse::client(format!(
            "error when retrieving current configuration of:\nResource: \"/v1, Resource={plural}\", GroupVersionKind: \
             \"/v1, Kind={}\"\nName: \"\", Namespace: \"{namespace}\"\nfrom server for: \"STDIN\": resource name may not be \
             empty",
            kind.name()
        ))
        .because("the manifest has no metadata.name")
        .way_out("add a name below metadata"));
    }
    let problem = match kind {
        Kind::Namespace => label(&meta.name),
        _ => subdomain(&meta.name),
    };
    let Some(problem) = problem else { return Ok(()) };
    Err(refuse::invalid(
        kind.name(),
        &meta.name,
        &[format!("metadata.name: Invalid value: \"{}\": {problem}", meta.name)],
    )
    .because("names end up in DNS names")
    .way_out("use small letters, digits and hyphens"))
}

/// Checks the specification of a pod.
pub(super) fn pod(name: &str, spec: &PodSpec) -> Result<(), Refusal> {
    let mut problems = Vec::new();
    volumes(spec, &mut problems);
    if spec.containers.is_empty() {
        problems.push("spec.containers: Required value".to_owned());
    }
    if spec.containers.len() > CONTAINERS {
        problems.push(format!(
            "spec.containers: Too many: {}: must have at most {CONTAINERS} items",
            spec.containers.len()
        ));
    }
    let mut names = BTreeSet::new();
    for (index, container) in spec.containers.iter().enumerate() {
        let path = format!("spec.containers[{index}]");
        check_container(container, &path, spec, &mut problems);
        if !container.name.is_empty() && !names.insert(&container.name) {
            problems.push(format!("{path}.name: Duplicate value: \"{}\"", container.name));
        }
    }
    if let Some(seconds) = spec.termination_grace_period_seconds.filter(|&seconds| seconds < 0) {
        problems.push(format!(
            "spec.terminationGracePeriodSeconds: Invalid value: {seconds}: must be greater than or equal to 0"
        ));
    }
    if problems.is_empty() {
        return Ok(());
    }
    Err(refuse::invalid("Pod", name, &problems)
        .because("the API server checks every field of a pod before it takes it")
        .way_out("mend what is named, and apply again"))
}

fn check_container(container: &Container, path: &str, spec: &PodSpec, problems: &mut Vec<String>) {
    if container.name.is_empty() {
        problems.push(format!("{path}.name: Required value"));
    } else if let Some(problem) = label(&container.name) {
        problems.push(format!("{path}.name: Invalid value: \"{}\": {problem}", container.name));
    }
    if container.image.is_empty() {
        problems.push(format!("{path}.image: Required value"));
    }
    for (index, port) in container.ports.iter().enumerate() {
        if !(1..=65_535).contains(&port.container_port) {
            let value = port.container_port;
            problems.push(match value {
                0 => format!("{path}.ports[{index}].containerPort: Required value"),
                _ => format!(
                    "{path}.ports[{index}].containerPort: Invalid value: {value}: must be between 1 and 65535, inclusive"
                ),
            });
        }
    }
    for (index, _) in container.env.iter().enumerate().filter(|(_, var)| var.name.is_empty()) {
        problems.push(format!("{path}.env[{index}].name: Required value"));
    }
    for (index, mount) in container.volume_mounts.iter().enumerate() {
        let path = format!("{path}.volumeMounts[{index}]");
        if mount.name.is_empty() {
            problems.push(format!("{path}.name: Required value"));
        } else if spec.volumes.iter().all(|volume| volume.name != mount.name) {
            problems.push(format!("{path}.name: Not found: \"{}\"", mount.name));
        }
        if mount.mount_path.is_empty() {
            problems.push(format!("{path}.mountPath: Required value"));
        }
    }
}

fn volumes(spec: &PodSpec, problems: &mut Vec<String>) {
    let mut names = BTreeSet::new();
    for (index, volume) in spec.volumes.iter().enumerate() {
        let path = format!("spec.volumes[{index}]");
        if volume.name.is_empty() {
            problems.push(format!("{path}.name: Required value"));
        } else if !names.insert(&volume.name) {
            problems.push(format!("{path}.name: Duplicate value: \"{}\"", volume.name));
        }
        let sources = volume.projected.iter().flat_map(|projected| &projected.sources).enumerate();
        for (source, token) in sources.filter_map(|(nth, source)| Some((nth, source.service_account_token.as_ref()?))) {
            let path = format!("{path}.projected.sources[{source}].serviceAccountToken");
            let seconds = token.expiration_seconds;
            if seconds < TOKEN_SECONDS {
                problems.push(format!(
                    "{path}.expirationSeconds: Invalid value: {seconds}: may not specify a duration less than 10 minutes"
                ));
            }
            if seconds > i64::from(u32::MAX) {
                problems.push(format!(
                    "{path}.expirationSeconds: Invalid value: {seconds}: may not specify a duration larger than 2^32 seconds"
                ));
            }
            if token.path.is_empty() {
                problems.push(format!("{path}.path: Required value"));
            }
        }
    }
}

/// Small letters, digits and hyphens, with a letter or digit at both ends.
fn is_label(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    text.starts_with(plain) && text.ends_with(plain) && text.chars().all(|c| plain(c) || c == '-')
}

/// What is wrong with a DNS label. [apimachinery IsDNS1123Label]
fn label(text: &str) -> Option<String> {
    if text.len() > 63 {
        return Some("must be no more than 63 characters".to_owned());
    }
    (!is_label(text)).then(|| {
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end \
         with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is \
         '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
            .to_owned()
    })
}

/// What is wrong with a DNS name. [apimachinery IsDNS1123Subdomain]
fn subdomain(text: &str) -> Option<String> {
    if text.len() > 253 {
        return Some("must be no more than 253 characters".to_owned());
    }
    (!text.split('.').all(is_label)).then(|| {
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start \
         and end with an alphanumeric character (e.g. 'example.com', regex used for validation is \
         '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
            .to_owned()
    })
}
