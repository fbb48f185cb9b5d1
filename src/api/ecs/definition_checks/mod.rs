//! Whether a task definition makes sense, in the order in which AWS looks.
//!
//! AWS does not publish that order; this is an emulator's. [EMU] Texts marked [OBS] were seen in public logs and
//! issues. Each check is a pure function of the content and of what it would run on, so that a definition can also be
//! tried against Fargate when nobody asked for that: what passes is listed in `compatibilities`.

mod container;
mod dependencies;
mod ports;
pub(super) mod size;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use crate::api::refusal::Refusal;
use crate::model::status::LaunchType;
use crate::model::task_definition::{Compatibility, ContainerDefinition, NetworkMode, RuntimePlatform};
use crate::world::ecs::DefinitionContent;
use crate::world::tuning::Tuning;

/// Checks a definition against what it shall run on.
pub(super) fn check(content: &DefinitionContent, launch: LaunchType, tuning: &Tuning) -> Result<(), Refusal> {
    let containers = &content.container_definitions;
    check_family(&content.family)?;
    check_count(containers, tuning.containers_per_definition)?;
    check_names(containers)?;
    check_essential(containers)?;
    if launch == LaunchType::Fargate {
        check_fargate_network(content.network_mode)?;
    }
    for index in 0..containers.len() {
        container::check(content, index, launch)?;
    }
    ports::check_across(content)?;
    dependencies::check(containers)?;
    match launch {
        LaunchType::Fargate => {
            size::check_fargate(content)?;
            check_fargate_modes(content)?;
            check_cpu_sum(content)?;
        }
        LaunchType::Ec2 => size::check_ec2(content)?,
    }
    check_memory_sum(content)?;
    check_storage(content.ephemeral_storage_gib)?;
    check_platform(content.runtime_platform.as_ref())?;
    check_length(containers, tuning.definition_bytes)
}

/// What a checked definition can run on. [EMU; MANAGED_INSTANCES under host: DG Managed Instances]
pub(super) fn compatibilities(content: &DefinitionContent, tuning: &Tuning) -> Vec<Compatibility> {
    match content.network_mode {
        NetworkMode::Awsvpc if check(content, LaunchType::Fargate, tuning).is_ok() => {
            vec![Compatibility::Ec2, Compatibility::ManagedInstances, Compatibility::Fargate]
        }
        NetworkMode::Awsvpc => vec![Compatibility::Ec2, Compatibility::ManagedInstances],
        NetworkMode::Host => vec![Compatibility::External, Compatibility::Ec2, Compatibility::ManagedInstances],
        NetworkMode::Bridge | NetworkMode::None => vec![Compatibility::External, Compatibility::Ec2],
    }
}

/// Checks that everything asked for is among what the definition can run on.
pub(super) fn check_required(required: &[Compatibility], possible: &[Compatibility]) -> Result<(), Refusal> {
    let Some(index) = required.iter().position(|one| !possible.contains(one)) else { return Ok(()) };
    let (missing, known) = (required[index], possible.iter().map(|one| one.as_str()).collect::<Vec<_>>().join(", "));
    // The text is UNSOURCED.
    Err(Refusal::client(format!("The task definition is not compatible with {missing}."))
        .because(format!("with this networkMode it can run on: {known}"))
        .way_out(format!("change networkMode, or take {missing} out of requiresCompatibilities"))
        .at(["requiresCompatibilities", &index.to_string()]))
}

/// What is wrong with a name of a family or container.
enum BadName {
    Empty,
    TooLong,
    Characters,
}

fn judge_name(name: &str) -> Result<(), BadName> {
    let legal = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    match name {
        "" => Err(BadName::Empty),
        long if long.chars().count() > 255 => Err(BadName::TooLong),
        name if name.chars().all(legal) => Ok(()),
        _ => Err(BadName::Characters),
    }
}

/// The refusal of a name. "Family contains invalid characters." and both texts for `Container.name`: [OBS]; the other
/// ones follow their pattern, UNSOURCED.
fn bad_name(what: &str, name: &str, bad: &BadName) -> Refusal {
    let (message, because) = match bad {
        BadName::Empty => (format!("{what} should not be null or empty."), "it is empty or not given".to_owned()),
        BadName::TooLong => (
            format!("{what} should not be longer than 255 characters."),
            format!("it has {} characters", name.chars().count()),
        ),
        BadName::Characters => (
            format!("{what} contains invalid characters."),
            format!("\"{name}\" has other characters than letters, digits, hyphens and underscores"),
        ),
    };
    Refusal::client(message).because(because).way_out("use 1 to 255 letters, digits, hyphens and underscores")
}

fn check_family(family: &str) -> Result<(), Refusal> {
    judge_name(family).map_err(|bad| bad_name("Family", family, &bad).at(["family"]))
}

fn check_count(containers: &[ContainerDefinition], most: usize) -> Result<(), Refusal> {
    match containers.len() {
        0 => Err(Refusal::client("Container list cannot be empty.")
            .because("a task is made of one container at least")
            .way_out("add one: containerDefinitions: [#{ name: \"web\", image: \"nginx:1.27\", memory: 256 }]")
            .at(["containerDefinitions"])),
        // [OBS]
        count if count > most => Err(Refusal::client("Too many containers.")
            .because(format!("there are {count}, and a task definition has at most {most}"))
            .way_out("put those that scale on their own into task definitions of their own")
            .at(["containerDefinitions"])),
        _ => Ok(()),
    }
}

fn check_names(containers: &[ContainerDefinition]) -> Result<(), Refusal> {
    let mut taken = BTreeSet::new();
    for (index, container) in containers.iter().enumerate() {
        let place = ["containerDefinitions", &index.to_string(), "name"];
        judge_name(&container.name).map_err(|bad| bad_name("Container.name", &container.name, &bad).at(place))?;
        if !taken.insert(&container.name) {
            // [OBS]
            return Err(Refusal::client("Container names must be unique within a Task Definition.")
                .because(format!("there is another container `{}`", container.name))
                .way_out("give it a name of its own")
                .at(place));
        }
    }
    Ok(())
}

fn check_essential(containers: &[ContainerDefinition]) -> Result<(), Refusal> {
    if containers.iter().any(|container| container.essential) {
        return Ok(());
    }
    Err(Refusal::client("Task definition doesn't have any essential container.")
        .because("a task lives as long as its essential containers do, and none of these is essential")
        .way_out("leave essential away (the default is true) in the container that does the work")
        .at(["containerDefinitions"]))
}

fn check_fargate_network(mode: NetworkMode) -> Result<(), Refusal> {
    if mode == NetworkMode::Awsvpc {
        return Ok(());
    }
    Err(Refusal::client("Fargate only supports network mode 'awsvpc'.")
        .because(format!("requiresCompatibilities contains FARGATE, and networkMode is {mode} (bridge if not given)"))
        .way_out("write networkMode: \"awsvpc\"")
        .at(["networkMode"]))
}

fn check_fargate_modes(content: &DefinitionContent) -> Result<(), Refusal> {
    if content.pid_mode.as_deref() == Some("host") {
        return Err(Refusal::client(
            "Tasks using the Fargate launch type do not support pidMode 'host'. The supported value for pidMode is 'task'.",
        )
        .because("on Fargate there is no host to share processes with")
        .way_out("write pidMode: \"task\", or leave it away")
        .at(["pidMode"]));
    }
    if content.ipc_mode.is_some() {
        // [OBS]
        return Err(Refusal::client("Tasks using the Fargate launch type do not support ipcMode.")
            .because("on Fargate there is no host to share memory segments with")
            .way_out("leave ipcMode away")
            .at(["ipcMode"]));
    }
    Ok(())
}

/// [OBS]
fn check_cpu_sum(content: &DefinitionContent) -> Result<(), Refusal> {
    let sum: u64 = content.container_definitions.iter().map(|container| u64::from(container.cpu)).sum();
    match content.cpu {
        Some(cpu) if sum > u64::from(cpu) => Err(Refusal::client(
            "The sum of all container 'cpu' values cannot be greater than the value of the task 'cpu'.",
        )
        .because(format!("the containers ask for {sum} CPU units, the task has {cpu}"))
        .way_out("lower the containers' cpu, leave it away, or raise the task's")
        .at(["cpu"])),
        _ => Ok(()),
    }
}

/// Where nothing is reserved, the limit counts as reserved. [OBS for memoryReservation; UNSOURCED for memory]
fn check_memory_sum(content: &DefinitionContent) -> Result<(), Refusal> {
    let containers = &content.container_definitions;
    let reserved = |c: &ContainerDefinition| u64::from(c.memory_reservation.or(c.memory).unwrap_or(0));
    let sum: u64 = containers.iter().map(reserved).sum();
    let member = match containers.iter().any(|container| container.memory_reservation.is_some()) {
        true => "memoryReservation",
        false => "memory",
    };
    match content.memory {
        Some(memory) if sum > u64::from(memory) => Err(Refusal::client(format!(
            "The sum of all container '{member}' values cannot be greater than the value of the task 'memory'."
        ))
        .because(format!("the containers reserve {sum} MiB, the task has {memory}"))
        .way_out(format!("lower the containers' {member}, or raise the task's memory"))
        .at(["memory"])),
        _ => Ok(()),
    }
}

/// [API EphemeralStorage; texts OBS]
fn check_storage(gib: Option<u32>) -> Result<(), Refusal> {
    let message = match gib {
        Some(0..21) => "EphemeralStorage size should be at least 21",
        Some(201..) => "EphemeralStorage size should be at most 200",
        _ => return Ok(()),
    };
    Err(Refusal::client(message)
        .because("20 GiB come with every Fargate task, and up to 200 can be had")
        .way_out("write sizeInGiB: 21 to 200, or leave ephemeralStorage away for 20 GiB")
        .at(["ephemeralStorage", "sizeInGiB"]))
}

/// The values are AWS's [API CPUArchitecture, OSFamily]; the text is the one that AWS's clients give for a choice.
fn check_platform(platform: Option<&RuntimePlatform>) -> Result<(), Refusal> {
    const ARCHITECTURES: &[&str] = &["X86_64", "ARM64"];
    const FAMILIES: &[&str] = &[
        "WINDOWS_SERVER_2019_FULL",
        "WINDOWS_SERVER_2019_CORE",
        "WINDOWS_SERVER_2016_FULL",
        "WINDOWS_SERVER_2004_CORE",
        "WINDOWS_SERVER_2022_CORE",
        "WINDOWS_SERVER_2022_FULL",
        "WINDOWS_SERVER_2025_CORE",
        "WINDOWS_SERVER_2025_FULL",
        "WINDOWS_SERVER_20H2_CORE",
        "LINUX",
    ];
    let Some(platform) = platform else { return Ok(()) };
    for (member, value, known) in [
        ("cpuArchitecture", &platform.cpu_architecture, ARCHITECTURES),
        ("operatingSystemFamily", &platform.operating_system_family, FAMILIES),
    ] {
        if let Some(value) = value.as_deref().filter(|value| !known.contains(value)) {
            return Err(Refusal::invalid_parameter(format!(
                "Invalid value for parameter runtimePlatform.{member}: \"{value}\", must be one of: {}",
                known.join(", ")
            ))
            .because(format!("`{member}` is a choice"))
            .way_out(format!("write {member}: \"{}\"", if known.contains(&"LINUX") { "LINUX" } else { "X86_64" }))
            .at(["runtimePlatform", member]));
        }
    }
    Ok(())
}

/// What exactly AWS counts is UNSOURCED; here it is the containers as JSON. [text OBS]
fn check_length(containers: &[ContainerDefinition], most: usize) -> Result<(), Refusal> {
    let length = serde_json::to_string(containers).expect("definitions are maps with string keys").len();
    if length <= most {
        return Ok(());
    }
    Err(Refusal::client(format!("Actual length: '{length}'. Max allowed length is '{most}' bytes."))
        .because("environment variables and commands count too")
        .way_out("move settings to a file or to Parameter Store, or split the task definition")
        .at(["containerDefinitions"]))
}
