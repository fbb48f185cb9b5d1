//! `loadBalancers`: the target groups that a service registers its tasks with, and the grace that their checks give.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::api::refusal::Refusal;
use crate::model::id::{DefinitionId, TargetGroupId};
use crate::model::load_balancing::TargetType;
use crate::model::meant;
use crate::model::noun::Noun;
use crate::model::task_definition::NetworkMode;
use crate::model::time::Millis;
use crate::world::World;
use crate::world::ecs::LoadBalancing;

/// [API LoadBalancer]
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Item {
    /// The target group that tasks are registered with.
    #[schemars(extend("noun" = Noun::TargetGroup))]
    target_group_arn: Option<String>,
    /// The name of a Classic Load Balancer.
    load_balancer_name: Option<String>,
    /// The container that answers.
    container_name: String,
    /// The port of that container, which its definition has to map.
    container_port: u16,
}

/// Checks the target groups of a service against each other and a definition.
pub(super) fn resolve(
    world: &World,
    definition: DefinitionId,
    items: Vec<Item>,
) -> Result<Vec<LoadBalancing>, Refusal> {
    let most = world.tuning.target_groups_per_service;
    if items.len() > most {
        // [hashicorp/terraform issue 25306]
        return Err(Refusal::invalid_parameter(format!("load balancers can have at most {most} items."))
            .because(format!("there are {}", items.len()))
            .way_out(format!("a service is registered with up to {most} target groups"))
            .at(["loadBalancers"]));
    }
    let mut resolved: Vec<LoadBalancing> = Vec::new();
    for (index, item) in items.into_iter().enumerate() {
        let one = resolve_one(world, definition, index, item)?;
        if resolved.contains(&one) {
            return Err(twice(world, &one).at(["loadBalancers".to_owned(), index.to_string()]));
        }
        resolved.push(one);
    }
    Ok(resolved)
}

/// A task is registered once with each target group and port. What AWS says to the same entry twice is UNSOURCED.
fn twice(world: &World, item: &LoadBalancing) -> Refusal {
    let arn = world.target_group_arn(item.group);
    let (name, port) = (&item.container_name, item.container_port);
    Refusal::invalid_parameter(format!("The target group {arn} is specified twice for container {name} port {port}."))
        .because("the same target cannot be registered twice with a target group")
        .way_out("leave one of them away, or name another target group or another containerPort")
}

fn resolve_one(world: &World, definition: DefinitionId, index: usize, item: Item) -> Result<LoadBalancing, Refusal> {
    let place = |member: &str| ["loadBalancers".to_owned(), index.to_string(), member.to_owned()];
    if item.load_balancer_name.is_some() {
        return Err(Refusal::not_modelled("Classic Load Balancers").at(place("loadBalancerName")));
    }
    let arn = item.target_group_arn.unwrap_or_default();
    let group = world.find_target_group(&arn).ok_or_else(|| no_group(world, &arn).at(place("targetGroupArn")))?;
    let container_name = item.container_name.into();
    let one = LoadBalancing { group, container_name, container_port: item.container_port };
    check_fit(world, definition, &one).map_err(|refusal| {
        let member = refusal.path.concat();
        refusal.at(place(&member))
    })?;
    if world.elb.target_groups[group].listeners.is_empty() {
        // [cloudposse/terraform-aws-ecs-web-app issue 226]
        return Err(Refusal::invalid_parameter(format!(
            "The target group with targetGroupArn {arn} does not have an associated load balancer."
        ))
        .because("no listener of a load balancer leads to it, so nobody would check its targets")
        .way_out(format!(
            "elbv2.create_listener(#{{ LoadBalancerArn: …, Protocol: \"HTTP\", Port: 80, DefaultActions: [#{{ Type: \
             \"forward\", TargetGroupArn: \"{arn}\" }}] }})"
        ))
        .at(place("targetGroupArn")));
    }
    Ok(one)
}

/// Checks the target groups that a service has already against another revision.
pub(super) fn check_kept(world: &World, definition: DefinitionId, kept: &[LoadBalancing]) -> Result<(), Refusal> {
    for item in kept {
        check_fit(world, definition, item).map_err(|refusal| {
            let (name, port) = (&item.container_name, item.container_port);
            refusal.at(["taskDefinition"]).way_out(format!(
                "the service registers port {port} of container `{name}` with {}: roll out a revision that has it, or \
                 say in the same call what to register instead: loadBalancers: [#{{ … }}]",
                world.target_group_arn(item.group)
            ))
        })?;
    }
    Ok(())
}

/// Whether the tasks of a revision can be registered with a target group in this way. A refusal names the member of a
/// `loadBalancers` item that is wrong.
fn check_fit(world: &World, definition: DefinitionId, item: &LoadBalancing) -> Result<(), Refusal> {
    check_container(world, definition, &item.container_name, item.container_port)?;
    check_type(world, definition, item.group)
}

/// The sentence is Elastic Load Balancing's. [BC:elbv2 TargetGroupNotFound; public troubleshooting notes of ECS deploys
/// quote it as InvalidParameterException]
fn no_group(world: &World, arn: &str) -> Refusal {
    let groups = world.elb.target_group_by_name.values();
    let known: Vec<String> = groups.map(|&id| world.target_group_arn(id)).collect();
    let way_out = meant::another(arn, known.iter().map(String::as_str), "elbv2.create_target_group(#{ … })");
    Refusal::invalid_parameter("The specified target group does not exist.")
        .because(format!("`{arn}` is the ARN of no target group here"))
        .way_out(way_out)
}

/// Both sentences are quoted in public reports of failed deployments, with InvalidParameterException.
fn check_container(world: &World, definition: DefinitionId, name: &str, port: u16) -> Result<(), Refusal> {
    let content = &world.ecs.definitions[definition].content;
    let revision = world.definition_name(definition);
    let names: Vec<&str> = content.container_definitions.iter().map(|container| container.name.as_str()).collect();
    let Some(container) = content.container_definitions.iter().find(|container| container.name == name) else {
        return Err(Refusal::invalid_parameter(format!("The container {name} does not exist in the task definition."))
            .because(format!("`{revision}` has the containers {}", names.join(", ")))
            .way_out("name one of them")
            .at(["containerName"]));
    };
    if container.port_mappings.iter().any(|mapping| mapping.container_port == u32::from(port)) {
        return Ok(());
    }
    let ports: Vec<String> = container.port_mappings.iter().map(|mapping| mapping.container_port.to_string()).collect();
    let (because, way_out) = match ports.as_slice() {
        [] => ("maps no port".to_owned(), format!("register it with portMappings: [#{{ containerPort: {port} }}]")),
        ports => (format!("maps {}", ports.join(", ")), format!("write containerPort: {}", ports[0])),
    };
    Err(Refusal::invalid_parameter(format!("The container {name} did not have a container port {port} defined."))
        .because(format!("container `{name}` of `{revision}` {because}"))
        .way_out(way_out)
        .at(["containerPort"]))
}

/// An interface of its own is reached by its address, anything else through its instance. [API LoadBalancer; the
/// sentence is UNSOURCED]
fn check_type(world: &World, definition: DefinitionId, group: TargetGroupId) -> Result<(), Refusal> {
    let mode = world.ecs.definitions[definition].content.network_mode;
    let is = world.elb.target_groups[group].target_type;
    let needed = if mode == NetworkMode::Awsvpc { TargetType::Ip } else { TargetType::Instance };
    if is == needed {
        return Ok(());
    }
    let arn = world.target_group_arn(group);
    Err(Refusal::invalid_parameter(format!(
        "The provided target group {arn} has target type {is}, which is incompatible with the {mode} network mode \
         specified in the task definition."
    ))
    .because(match needed {
        TargetType::Ip => "a task under awsvpc has an address of its own, and is registered by it",
        _ => "a task without an interface of its own is reached through its instance",
    })
    .way_out(format!("create the target group with TargetType: \"{needed}\"; an existing one keeps its type"))
    .at(["targetGroupArn"]))
}

/// The longest grace period, in seconds. [API CreateService.healthCheckGracePeriodSeconds]
const LONGEST_GRACE: u32 = 2_147_483_647;

/// A grace period needs checks whose failures it could overlook. The sentence is from the time before container checks
/// were covered. [API CreateService; sentence: aws/aws-cdk issue 19842]
pub(super) fn grace(
    world: &World,
    definition: DefinitionId,
    load_balancers: &[LoadBalancing],
    seconds: u32,
) -> Result<Millis, Refusal> {
    if seconds > LONGEST_GRACE {
        // The range is documented, the literal sentence is UNSOURCED.
        return Err(Refusal::invalid_parameter("healthCheckGracePeriodSeconds is out of range.")
            .because(format!("it is {seconds}"))
            .way_out(format!("write 0 to {LONGEST_GRACE}; an hour is 3600"))
            .at(["healthCheckGracePeriodSeconds"]));
    }
    let content = &world.ecs.definitions[definition].content;
    let checked = content.container_definitions.iter().any(|container| container.health_check.is_some());
    if seconds == 0 || checked || !load_balancers.is_empty() {
        return Ok(Millis::seconds(u64::from(seconds)));
    }
    Err(Refusal::invalid_parameter(
        "Health check grace period is only valid for services configured to use load balancers",
    )
    .because(format!(
        "the service has no target group, and `{}` no container health check: there is nothing to overlook",
        world.definition_name(definition)
    ))
    .way_out("add loadBalancers, or a healthCheck to a container, or leave healthCheckGracePeriodSeconds away")
    .at(["healthCheckGracePeriodSeconds"]))
}
