//! StopTask is `docker stop`: SIGTERM, then SIGKILL when the stop timeout has run out. It answers at once; the task
//! takes its time.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{lookup, shape};
use crate::api::refusal::Refusal;
use crate::api::{Change, Operation};
use crate::aws::ecs::lifecycle;
use crate::model::id::FactId;
use crate::model::noun::Noun;
use crate::model::status::StopCode;
use crate::world::World;
use crate::world::ecs::StopReason;

/// [API StopTask.reason]
const REASON: usize = 1024;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The cluster's name or ARN; `default` without one.
    #[schemars(extend("noun" = Noun::Cluster))]
    cluster: Option<String>,
    /// The task's ARN, id or the beginning of its id.
    #[schemars(extend("noun" = Noun::Task))]
    task: String,
    /// Why; shown as the task's stoppedReason.
    reason: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Response {
    task: shape::task::Task,
}

pub(super) struct StopTask;

impl Operation for StopTask {
    const SERVICE: &'static str = "ecs";
    const NAME: &'static str = "StopTask";
    const SUMMARY: &'static str = "Stops a task; a service replaces it, a standalone task is over";
    const SEARCH: &'static [&'static str] = &["kill", "end", "terminate", "restart"];
    const EXAMPLE: &'static str = r#"
ecs.create_cluster(#{ clusterName: "prod" });
ecs.register_container_instance(#{ cluster: "prod", totalResources: [
    #{ name: "CPU", type: "INTEGER", integerValue: 1024 }, #{ name: "MEMORY", type: "INTEGER", integerValue: 2048 },
] });
ecs.register_task_definition(#{ family: "web", containerDefinitions: [#{ name: "web", image: "nginx", memory: 128 }] });
let task = ecs.run_task(#{ cluster: "prod", taskDefinition: "web" }).tasks[0].taskArn;
wait("1m");
ecs.stop_task(#{ cluster: "prod", task: task, reason: "enough" }).task.lastStatus"#;
    type Request = Request;
    type Response = Response;
}

impl Change for StopTask {
    fn call(world: &mut World, asked: FactId, request: Request) -> Result<Response, Refusal> {
        let cluster = lookup::cluster(world, request.cluster.as_deref())?;
        let task = lookup::task(world, cluster, &request.task)?;
        if let Some(reason) = request.reason.as_ref().filter(|reason| reason.len() > REASON) {
            return Err(Refusal::invalid_parameter(format!("reason can have at most {REASON} characters."))
                .because(format!("it has {}", reason.len()))
                .way_out("shorten it")
                .at(["reason"]));
        }
        let reason = StopReason::User(request.reason.map(Into::into));
        lifecycle::stop(world, task, StopCode::UserInitiated, reason, asked);
        Ok(Response { task: shape::task::task(world, task) })
    }
}
