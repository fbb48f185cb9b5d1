//! `networkConfiguration`: awsvpc needs one, the other modes must not have one.

use crate::api::refusal::Refusal;
use crate::model::id::{DefinitionId, SubnetId};
use crate::model::task_definition::{AwsVpcConfiguration, NetworkConfiguration, NetworkMode};
use crate::world::World;

/// [API AwsVpcConfiguration]
const SUBNETS: usize = 16;
/// [API AwsVpcConfiguration]
const SECURITY_GROUPS: usize = 5;

/// Where tasks are attached.
pub(super) struct Attached {
    /// What the caller said.
    pub(super) network: Option<AwsVpcConfiguration>,
    /// The subnets that were named.
    pub(super) subnets: Vec<SubnetId>,
}

/// Checks a network configuration against the network mode of a definition. Texts: `semantics/ecs.md` 1.9.
pub(super) fn attach(
    world: &World,
    definition: DefinitionId,
    configuration: Option<NetworkConfiguration>,
) -> Result<Attached, Refusal> {
    let mode = world.ecs.definitions[definition].content.network_mode;
    let name = world.definition_name(definition);
    let refuse = |message: &str| Refusal::invalid_parameter(message).at(["networkConfiguration"]);
    match (mode, configuration) {
        (NetworkMode::Awsvpc, None) => {
            Err(refuse("Network Configuration must be provided when networkMode 'awsvpc' is specified.")
                .because(format!(
                    "`{name}` has networkMode awsvpc: each task gets an interface in a subnet that you choose"
                ))
                .way_out(way_out(world)))
        }
        (NetworkMode::Awsvpc, Some(configuration)) => {
            let network = configuration.awsvpc_configuration;
            let subnets = subnets(world, &network)?;
            Ok(Attached { network: Some(network), subnets })
        }
        (_, Some(_)) => {
            Err(refuse("Network Configuration is not valid for the given networkMode of this task definition.")
                .because(format!("`{name}` has networkMode {mode}; only awsvpc takes a networkConfiguration"))
                .way_out("leave networkConfiguration away, or register the definition with networkMode: \"awsvpc\""))
        }
        (_, None) => Ok(Attached { network: None, subnets: Vec::new() }),
    }
}

fn subnets(world: &World, network: &AwsVpcConfiguration) -> Result<Vec<SubnetId>, Refusal> {
    let at = |member: &str| ["networkConfiguration", "awsvpcConfiguration", member].map(str::to_owned);
    if network.subnets.is_empty() {
        return Err(Refusal::invalid_parameter("subnets can not be empty.")
            .because("an interface has to be in some subnet")
            .way_out(way_out(world))
            .at(at("subnets")));
    }
    for (most, list, member) in
        [(SUBNETS, &network.subnets, "subnets"), (SECURITY_GROUPS, &network.security_groups, "securityGroups")]
    {
        if list.len() > most {
            return Err(Refusal::invalid_parameter(format!("{member} can have at most {most} items."))
                .because(format!("there are {}", list.len()))
                .way_out(format!("name {most} or fewer"))
                .at(at(member)));
        }
    }
    if let Some(group) = network.security_groups.iter().find(|&group| *group != world.vpc.default_security_group) {
        return Err(Refusal::invalid_parameter(format!(
            "Error retrieving security group information for [{group}]: The security group '{group}' does not exist \
             (ErrorCode: InvalidGroup.NotFound)"
        ))
        .because("the lab's VPC has its default security group only")
        .way_out(format!("use \"{}\", or leave securityGroups away", world.vpc.default_security_group))
        .at(at("securityGroups")));
    }
    network
        .subnets
        .iter()
        .map(|id| {
            world.vpc.subnet_named(id).ok_or_else(|| {
                Refusal::invalid_parameter(format!(
                    "Error retrieving subnet information for [{id}]: The subnet ID '{id}' does not exist \
                     (ErrorCode: InvalidSubnetID.NotFound)"
                ))
                .because("the lab's default VPC has three subnets, and this is none of them")
                .way_out("list them: ec2.describe_subnets().Subnets")
                .at(at("subnets"))
            })
        })
        .collect()
}

fn way_out(world: &World) -> String {
    let subnet = world.vpc.subnets.iter().next().map(|(_, subnet)| subnet.id.as_str()).unwrap_or_default();
    format!("networkConfiguration: #{{ awsvpcConfiguration: #{{ subnets: [\"{subnet}\"] }} }}")
}
