//! A program crashes: the commonest fault, and the one that shows what a service is for.
//!
//! A crashed essential container takes its task along. A standalone task stays stopped; a service starts another one.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::target;
use crate::api::refusal::Refusal;
use crate::api::{Change, Operation};
use crate::aws::ecs::lifecycle;
use crate::model::id::{ContainerId, FactId, TaskId};
use crate::model::meant;
use crate::model::noun::Noun;
use crate::model::profile::Ending;
use crate::model::status::ContainerStatus;
use crate::world::World;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The task's ARN, id or the beginning of its id.
    #[schemars(extend("noun" = Noun::Task))]
    task: String,
    /// The exit code: 0 to 255.
    #[serde(default = "one")]
    code: u8,
    /// The container; the first essential one where nothing is said.
    #[schemars(extend("noun" = Noun::Container))]
    container: Option<String>,
}

fn one() -> u8 {
    1
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Response {
    task_arn: String,
    container: String,
    exit_code: u8,
}

pub(super) struct Crash;

impl Operation for Crash {
    const SERVICE: &'static str = "fault";
    const NAME: &'static str = "Crash";
    const SUMMARY: &'static str = "Makes the program in a running task crash";
    const SEARCH: &'static [&'static str] = &["kill", "fail", "exit", "chaos"];
    const ARGUMENTS: &'static [&'static str] = &["task", "code"];
    const EXAMPLE: &'static str = r#"
let lot = cluster("lot");
lot.launch("nginx", "Fargate", 256, 512);
let task = ecs.list_tasks(#{ cluster: "lot" }).taskArns[0];
fault.crash(task);
wait("1m");
ecs.describe_tasks(#{ cluster: "lot", tasks: [task] }).tasks[0].stoppedReason"#;
    type Request = Request;
    type Response = Response;
}

impl Change for Crash {
    fn call(world: &mut World, asked: FactId, request: Request) -> Result<Response, Refusal> {
        let task = target::task(world, &request.task)?;
        let container = container(world, task, request.container.as_deref())?;
        lifecycle::end_container(world, container, request.code, Ending::Crash, asked);
        Ok(Response {
            task_arn: world.task_arn(task),
            container: world.ecs.container_definition(container).name.clone(),
            exit_code: request.code,
        })
    }
}

/// The running container that is meant.
fn container(world: &World, task: TaskId, name: Option<&str>) -> Result<ContainerId, Refusal> {
    let named = |id: &ContainerId| name.is_some_and(|name| world.ecs.container_definition(*id).name == name);
    let container = match name {
        None => lifecycle::essential_container(world, task),
        Some(name) => world.ecs.tasks[task].containers().find(named).ok_or_else(|| {
            let known =
                || world.ecs.tasks[task].containers().map(|id| world.ecs.container_definition(id).name.as_str());
            let way_out = meant::one_of(name, known(), "it has");
            Refusal::new("NoSuchContainer", format!("The task has no container `{name}`."))
                .because("containers go by the names of their task definition")
                .way_out(way_out)
                .at(["container"])
        })?,
    };
    if world.ecs.containers[container].status == ContainerStatus::Running {
        return Ok(container);
    }
    let record = &world.ecs.tasks[task];
    Err(Refusal::new("NothingRuns", "The container does not run.")
        .because(format!(
            "task {} is {}, its container {}",
            &world.task_name(task)[..8],
            record.last_status,
            world.ecs.containers[container].status
        ))
        .way_out("wait until the task is RUNNING, or pick another one")
        .at(["task"]))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::api::{Kind, find};
    use crate::model::time::Millis;
    use crate::simulate::{Budget, advance};
    use crate::world::World;

    fn call(world: &mut World, service: &str, method: &str, request: serde_json::Value) -> Result<(), String> {
        let Kind::Change(change) = find(service, method).expect("in the table").kind else {
            panic!("it changes things")
        };
        change(world, request).map(|_| ()).map_err(|refusal| refusal.message)
    }

    #[test]
    fn only_what_runs_can_crash() {
        let mut world = World::new(42);
        let subnet = world.vpc.subnets.iter().next().expect("there are three").1.id.clone();
        call(&mut world, "ecs", "create_cluster", json!({})).expect("accepted");
        let definition = json!({
            "family": "web", "networkMode": "awsvpc", "cpu": "256", "memory": "512",
            "requiresCompatibilities": ["FARGATE"], "containerDefinitions": [{ "name": "web", "image": "nginx" }],
        });
        call(&mut world, "ecs", "register_task_definition", definition).expect("accepted");
        let run = json!({
            "taskDefinition": "web", "launchType": "FARGATE",
            "networkConfiguration": { "awsvpcConfiguration": { "subnets": [subnet] } },
        });
        call(&mut world, "ecs", "run_task", run).expect("accepted");
        let task = world.task_name(world.ecs.tasks.iter().next().expect("there is one").0);
        let digest = world.digest();
        for (request, sentence) in [
            (json!({ "task": "nobody" }), "There is no task `nobody`."),
            (json!({ "task": task }), "The container does not run."),
            (json!({ "task": task, "container": "wep" }), "The task has no container `wep`."),
        ] {
            assert_eq!(call(&mut world, "fault", "crash", request), Err(sentence.to_owned()));
        }
        assert_eq!(world.digest(), digest);
        let until = world.now + Millis::minutes(1);
        let mut budget = Budget::UNBOUNDED;
        let _ = advance(&mut world, until, &mut budget, &|| false);
        call(&mut world, "fault", "crash", json!({ "task": &task[..6], "code": 3 })).expect("it runs");
        assert_eq!(
            call(&mut world, "fault", "crash", json!({ "task": task })),
            Err("The container does not run.".to_owned())
        );
    }
}
