//! Containers: their names, ports, environment and mounts. [K32 pkg/apis/core/validation validateContainers]

use std::collections::BTreeSet;

use super::{Problems, resources};
use crate::model::kubernetes::format::{self, quoted};
use crate::model::kubernetes::pod::{Container, ContainerPort, EnvVar, PodSpec, VolumeMount};

/// Containers of a pod. A limit of longshore's own.
const CONTAINERS: usize = 50;

/// Checks the containers of a pod whose usable volumes have these names.
pub(super) fn check(spec: &PodSpec, volumes: &BTreeSet<&str>, problems: &mut Problems) {
    let list = "spec.containers";
    if spec.containers.is_empty() {
        problems.add(list, "Required value");
    }
    if spec.containers.len() > CONTAINERS {
        let count = spec.containers.len();
        problems.add(list, format_args!("Too many: {count}: must have at most {CONTAINERS} items"));
    }
    let mut names = BTreeSet::new();
    for (index, container) in spec.containers.iter().enumerate() {
        let path = format!("{list}[{index}]");
        check_container(container, &path, volumes, problems);
        if !names.insert(&container.name) {
            problems.add(&format!("{path}.name"), format_args!("Duplicate value: {}", quoted(&container.name)));
        }
    }
    if spec.host_network == Some(true) {
        check_host_ports(spec, problems);
    }
}

/// Checks the names of images, as far as the API server does. Whether one stands for an image is for the node to say.
/// [validateContainersOnlyForPod]
pub(super) fn check_images(spec: &PodSpec, problems: &mut Problems) {
    for (index, container) in spec.containers.iter().enumerate() {
        if container.image.trim().len() != container.image.len() {
            let wrong = vec!["must not have leading or trailing whitespace".to_owned()];
            problems.check(&format!("spec.containers[{index}].image"), &container.image, wrong);
        }
    }
}

fn check_container(container: &Container, path: &str, volumes: &BTreeSet<&str>, problems: &mut Problems) {
    required(&format!("{path}.name"), &container.name, format::label, problems);
    if container.image.is_empty() {
        problems.add(&format!("{path}.image"), "Required value");
    }
    check_ports(&container.ports, &format!("{path}.ports"), problems);
    check_env(&container.env, &format!("{path}.env"), problems);
    check_mounts(&container.volume_mounts, &format!("{path}.volumeMounts"), volumes, problems);
    if let Some(resources) = &container.resources {
        resources::check(resources, &format!("{path}.resources"), problems);
    }
}

/// A name that has to be there, and to be one.
pub(super) fn required(path: &str, name: &str, check: fn(&str) -> Vec<String>, problems: &mut Problems) {
    match name {
        "" => problems.add(path, "Required value"),
        name => problems.check(path, name, check(name)),
    }
}

/// [validateContainerPorts: two of the same number are only warned of]
fn check_ports(ports: &[ContainerPort], path: &str, problems: &mut Problems) {
    let mut names = BTreeSet::new();
    for (index, port) in ports.iter().enumerate() {
        let path = format!("{path}[{index}]");
        if let Some(name) = port.name.as_deref().filter(|name| !name.is_empty()) {
            let (path, wrong) = (format!("{path}.name"), format::port_name(name));
            if !wrong.is_empty() {
                problems.check(&path, name, wrong);
            } else if !names.insert(name) {
                problems.add(&path, format_args!("Duplicate value: {}", quoted(name)));
            }
        }
        let at = format!("{path}.containerPort");
        match port.container_port {
            0 => problems.add(&at, "Required value"),
            1..=65_535 => {}
            value => problems.add(&at, format_args!("Invalid value: {value}: must be between 1 and 65535, inclusive")),
        }
        let protocol = port.protocol.as_deref().unwrap_or("TCP");
        if !matches!(protocol, "SCTP" | "TCP" | "UDP") {
            let known = r#"supported values: "SCTP", "TCP", "UDP""#;
            let at = format!("{path}.protocol");
            problems.add(&at, format_args!("Unsupported value: {}: {known}", quoted(protocol)));
        }
    }
}

/// On the node's own network, each port of a container is one of the node's. [defaultHostNetworkPorts;
/// AccumulateUniqueHostPorts]
fn check_host_ports(spec: &PodSpec, problems: &mut Problems) {
    let mut taken = BTreeSet::new();
    for (nth, container) in spec.containers.iter().enumerate() {
        for (index, port) in container.ports.iter().enumerate().filter(|(_, port)| port.container_port != 0) {
            let protocol = port.protocol.as_deref().unwrap_or("TCP");
            let key = format!("{protocol}//{}", port.container_port);
            if !taken.insert(key.clone()) {
                let path = format!("spec.containers[{nth}].ports[{index}].hostPort");
                problems.add(&path, format_args!("Duplicate value: {}", quoted(&key)));
            }
        }
    }
}

/// [ValidateEnv]
fn check_env(env: &[EnvVar], path: &str, problems: &mut Problems) {
    for (index, var) in env.iter().enumerate() {
        required(&format!("{path}[{index}].name"), &var.name, format::env_var, problems);
    }
}

/// [ValidateVolumeMounts]
fn check_mounts(mounts: &[VolumeMount], path: &str, volumes: &BTreeSet<&str>, problems: &mut Problems) {
    let mut folders = BTreeSet::new();
    for (index, mount) in mounts.iter().enumerate() {
        let path = format!("{path}[{index}]");
        let (name, folder) = (format!("{path}.name"), format!("{path}.mountPath"));
        if mount.name.is_empty() {
            problems.add(&name, "Required value");
        }
        if !volumes.contains(mount.name.as_str()) {
            problems.add(&name, format_args!("Not found: {}", quoted(&mount.name)));
        }
        if mount.mount_path.is_empty() {
            problems.add(&folder, "Required value");
        }
        if !folders.insert(&mount.mount_path) {
            problems.check(&folder, &mount.mount_path, vec!["must be unique".to_owned()]);
        }
    }
}
