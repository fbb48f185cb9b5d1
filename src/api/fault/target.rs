//! What a fault strikes.

use crate::api::refusal::Refusal;
use crate::model::id::TaskId;
use crate::world::World;
use crate::world::names::Found;

/// A task of any cluster.
pub(super) fn task(world: &World, reference: &str) -> Result<TaskId, Refusal> {
    let refuse = |message: String, way_out: &str| {
        Err(Refusal::new("NoSuchTask", message)
            .because("a fault needs something to strike")
            .way_out(way_out)
            .at(["task"]))
    };
    match world.find_task(reference) {
        Found::One(id) => Ok(id),
        Found::Several(tasks) => refuse(format!("{}.", world.several_tasks(&tasks, reference)), "give more of the id"),
        Found::Nothing => {
            refuse(format!("There is no task `{reference}`."), "list them: ecs.list_tasks(#{ cluster: … }).taskArns")
        }
    }
}
