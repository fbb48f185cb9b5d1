//! Port mappings: what a network mode allows.

use std::collections::BTreeSet;

use crate::api::refusal::Refusal;
use crate::model::task_definition::{NetworkMode, PortMapping};
use crate::world::ecs::DefinitionContent;

/// Checks one port mapping by itself; the caller says where it stands.
pub(super) fn check(mapping: &PortMapping, mode: NetworkMode, container: &str) -> Result<(), Refusal> {
    let port = mapping.container_port;
    if mode == NetworkMode::None {
        // The text is UNSOURCED; it follows "hostname is not supported on container when networkMode=awsvpc". [EMU]
        return Err(Refusal::client("Port mappings are not supported on container when networkMode=none")
            .because("without a network no port can be reached")
            .way_out("leave portMappings away, or choose another networkMode"));
    }
    // The texts for ports out of range are UNSOURCED.
    if !(1..=65_535).contains(&port) {
        return Err(Refusal::client(format!(
            "Invalid setting for container '{container}'. 'containerPort' must be between 1 and 65535."
        ))
        .because(format!("it is {port}"))
        .way_out("write the port that the program in the image listens on"));
    }
    if mapping.host_port.is_some_and(|host| host > 65_535) {
        return Err(Refusal::client(format!(
            "Invalid setting for container '{container}'. 'hostPort' must be between 0 and 65535."
        ))
        .because("there are no higher ports")
        .way_out("leave hostPort away"));
    }
    let same = mapping.host_port.is_none_or(|host| host == port);
    if matches!(mode, NetworkMode::Awsvpc | NetworkMode::Host) && !same {
        return Err(Refusal::client(format!(
            "When networkMode={mode}, the host ports and container ports in port mappings must match."
        ))
        .because(format!("hostPort is {}, containerPort is {port}", mapping.host_port.unwrap_or_default()))
        .way_out(format!("leave hostPort away, or write hostPort: {port}")));
    }
    mapping.name.as_deref().map_or(Ok(()), check_name)
}

/// [API PortMapping.name; the text is UNSOURCED]
fn check_name(name: &str) -> Result<(), Refusal> {
    let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    if (1..=64).contains(&name.len()) && name.chars().all(legal) && !name.starts_with('-') {
        return Ok(());
    }
    Err(Refusal::client("Port mapping name contains invalid characters.")
        .because(format!("\"{name}\" is empty, too long, starts with a hyphen, or has other characters"))
        .way_out("use up to 64 lower-case letters, digits, hyphens and underscores"))
}

/// Ports and names that two mappings claim: within a container, and across them where they share one network.
pub(super) fn check_across(content: &DefinitionContent) -> Result<(), Refusal> {
    let shared = matches!(content.network_mode, NetworkMode::Awsvpc | NetworkMode::Host);
    let (mut ports, mut names) = (BTreeSet::new(), BTreeSet::new());
    for (index, container) in content.container_definitions.iter().enumerate() {
        let network = if shared { 0 } else { index };
        for (position, mapping) in container.port_mappings.iter().enumerate() {
            let place = ["containerDefinitions", &index.to_string(), "portMappings", &position.to_string()];
            if !ports.insert((network, mapping.container_port)) {
                // [EMU]; that it covers single ports too follows from PortMapping.protocol. [API PortMapping]
                return Err(Refusal::client("container port is used multiple times in task")
                    .because(format!("{} stands in two port mappings of one network", mapping.container_port))
                    .way_out("under awsvpc and host the containers of a task share their ports: give each its own")
                    .at(place));
            }
            if let Some(name) = mapping.name.as_deref().filter(|name| !names.insert(*name)) {
                // [EMU]
                return Err(Refusal::client("port mapping name is already used")
                    .because(format!("there is another port mapping `{name}`"))
                    .way_out("give it a name of its own")
                    .at(place));
            }
        }
    }
    Ok(())
}
