//! Everything about tasks: where they are in their life, and why they stopped.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::shape::{self, Failure};
use super::{check, lookup};
use crate::api::refusal::Refusal;
use crate::api::{Operation, Query};
use crate::model::noun::Noun;
use crate::world::World;
use crate::world::names::{Found, last_part};

/// [API DescribeTasks.tasks]
const MOST: usize = 100;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The cluster's name or ARN; `default` without one.
    #[schemars(extend("noun" = Noun::Cluster))]
    cluster: Option<String>,
    /// Up to 100 ARNs, ids or beginnings of ids.
    #[schemars(extend("noun" = Noun::Task))]
    tasks: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct Response {
    tasks: Vec<shape::task::Task>,
    failures: Vec<Failure>,
}

pub(super) struct DescribeTasks;

impl Operation for DescribeTasks {
    const SERVICE: &'static str = "ecs";
    const NAME: &'static str = "DescribeTasks";
    const SUMMARY: &'static str = "Shows tasks with their status, times, stop code and reason";
    const SEARCH: &'static [&'static str] = &["show", "status", "why", "stopped reason", "exit code"];
    const EXAMPLE: &'static str = r#"
ecs.create_cluster(#{ clusterName: "prod" });
ecs.register_container_instance(#{ cluster: "prod", totalResources: [
    #{ name: "CPU", type: "INTEGER", integerValue: 1024 }, #{ name: "MEMORY", type: "INTEGER", integerValue: 2048 },
] });
ecs.register_task_definition(#{ family: "job", containerDefinitions: [
    #{ name: "job", image: "busybox", memory: 64, command: ["sh", "-c", "sleep 5; exit 3"] },
] });
let task = ecs.run_task(#{ cluster: "prod", taskDefinition: "job" }).tasks[0].taskArn;
wait("1m");
ecs.describe_tasks(#{ cluster: "prod", tasks: [task] }).tasks[0].containers[0].exitCode"#;
    type Request = Request;
    type Response = Response;
}

impl Query for DescribeTasks {
    fn call(world: &World, request: Request) -> Result<Response, Refusal> {
        let cluster = lookup::cluster(world, request.cluster.as_deref())?;
        check::listed(request.tasks.len(), "tasks", "Tasks", MOST, "ecs.list_tasks(#{ cluster: … }).taskArns")?;
        let mut response = Response { tasks: Vec::new(), failures: Vec::new() };
        for reference in request.tasks {
            match lookup::visible_task(world, cluster, &reference) {
                Found::One(id) => response.tasks.push(shape::task::task(world, id)),
                other => {
                    let cluster = &world.ecs.clusters[cluster].name;
                    let arn = world.arn("ecs", &format!("task/{cluster}/{}", last_part(&reference)));
                    let detail = match other {
                        Found::Several(tasks) => Some(world.several_tasks(&tasks, &reference)),
                        _ => None,
                    };
                    response.failures.push(Failure { detail, ..Failure::missing(arn) });
                }
            }
        }
        Ok(response)
    }
}
