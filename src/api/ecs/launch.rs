//! The launch type: what a definition was validated for decides where its tasks may run.

use crate::api::refusal::Refusal;
use crate::model::id::DefinitionId;
use crate::model::status::LaunchType;
use crate::model::task_definition::Compatibility;
use crate::world::World;

/// The launch type of a call. Without one, and without a capacity provider strategy, it is EC2: UNSOURCED for RunTask,
/// where AWS names the cluster's default strategy first.
pub(super) fn launch_type(
    world: &World,
    definition: DefinitionId,
    asked: Option<LaunchType>,
) -> Result<LaunchType, Refusal> {
    let launch = asked.unwrap_or(LaunchType::Ec2);
    let needed = match launch {
        LaunchType::Ec2 => Compatibility::Ec2,
        LaunchType::Fargate => Compatibility::Fargate,
    };
    let compatibilities = &world.ecs.definitions[definition].compatibilities;
    if compatibilities.contains(&needed) {
        return Ok(launch);
    }
    let listed: Vec<&str> = compatibilities.iter().map(|c| c.as_str()).collect();
    Err(Refusal::invalid_parameter(format!("Task definition does not support launch_type {launch}."))
        .because(format!("`{}` is compatible with {}", world.definition_name(definition), listed.join(", ")))
        .way_out(match launch {
            LaunchType::Fargate => {
                "register it with networkMode: \"awsvpc\", cpu: \"256\", memory: \"512\" and \
                 requiresCompatibilities: [\"FARGATE\"] to learn what Fargate misses"
            }
            LaunchType::Ec2 => "say launchType: \"FARGATE\"",
        })
        .at(["launchType"]))
}

/// A limit of longshore's own on the tasks of one world.
pub(super) fn check_room_for(world: &World, more: u32) -> Result<(), Refusal> {
    let most = world.tuning.tasks_ever;
    if world.ecs.tasks.len() + more as usize <= most {
        return Ok(());
    }
    Err(Refusal::new("LabLimit", format!("A lab creates at most {most} tasks."))
        .because(format!("{} have been created, stopped ones included", world.ecs.tasks.len()))
        .way_out("start a new lab"))
}
