//! `dependsOn`: that everything waited for exists, can happen, and does not wait in return.

use crate::api::refusal::Refusal;
use crate::model::task_definition::{ContainerDefinition, ContainerDependency, DependencyCondition};

/// Checks every `dependsOn` of a definition.
pub(super) fn check(containers: &[ContainerDefinition]) -> Result<(), Refusal> {
    for (index, container) in containers.iter().enumerate() {
        for (position, dependency) in container.depends_on.iter().enumerate() {
            check_one(containers, container, dependency).map_err(|refusal| {
                refusal.at(["containerDefinitions", &index.to_string(), "dependsOn", &position.to_string()])
            })?;
        }
    }
    check_cycle(containers)
}

fn check_one(
    containers: &[ContainerDefinition],
    container: &ContainerDefinition,
    dependency: &ContainerDependency,
) -> Result<(), Refusal> {
    let (waiting, awaited) = (&container.name, &dependency.container_name);
    let Some(target) = containers.iter().find(|other| other.name == *awaited) else {
        let names: Vec<&str> = containers.iter().map(|container| &*container.name).collect();
        return Err(Refusal::client(format!("Cannot depend on container + '{awaited}' because it does not exist"))
            .because(format!("container `{waiting}` waits for `{awaited}`, which this task definition does not have"))
            .way_out(format!("name one of its containers: {}", names.join(", "))));
    };
    match dependency.condition {
        DependencyCondition::Success | DependencyCondition::Complete if target.essential => Err(Refusal::client(
            "A dependency container with SUCCESS or COMPLETE condition cannot be an essential container",
        )
        .because(format!("`{awaited}` is essential: when it exits, the whole task stops, `{waiting}` with it"))
        .way_out(format!("write essential: false in container `{awaited}`"))),
        DependencyCondition::Healthy if target.health_check.is_none() => {
            Err(Refusal::client("A dependency container with HEALTHY condition must have health check configured")
                .because(format!("nothing would ever say that `{awaited}` is healthy"))
                .way_out(format!("give `{awaited}` a healthCheck, or wait for START")))
        }
        _ => Ok(()),
    }
}

/// Takes away containers that wait for nothing more, again and again; what is left waits in a circle.
fn check_cycle(containers: &[ContainerDefinition]) -> Result<(), Refusal> {
    let mut left: Vec<&ContainerDefinition> = containers.iter().collect();
    loop {
        let names: Vec<&str> = left.iter().map(|container| &*container.name).collect();
        let before = left.len();
        left.retain(|container| container.depends_on.iter().any(|wait| names.contains(&&*wait.container_name)));
        if left.is_empty() {
            return Ok(());
        }
        if left.len() == before {
            return Err(Refusal::client("Container dependsOn contains a cycle")
                .because(format!("none of these could start first: {}", names.join(", ")))
                .way_out("take one dependsOn away, so that one of them can start")
                .at(["containerDefinitions"]));
        }
    }
}
