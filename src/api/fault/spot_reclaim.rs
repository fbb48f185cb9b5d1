//! Fargate Spot takes a task's capacity back: a warning with SIGTERM, at most two minutes, then it is gone.
//!
//! The service starts another one, on Spot again: a strategy is no fall-over. [DG Fargate capacity providers]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::target;
use crate::api::refusal::Refusal;
use crate::api::{Change, Operation};
use crate::aws::ecs::lifecycle;
use crate::model::capacity::CapacityProvider;
use crate::model::id::FactId;
use crate::model::noun::Noun;
use crate::model::status::DesiredStatus;
use crate::world::World;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The task's ARN, id or the beginning of its id.
    #[schemars(extend("noun" = Noun::Task))]
    task: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Response {
    task_arn: String,
    warning: &'static str,
}

pub(super) struct SpotReclaim;

impl Operation for SpotReclaim {
    const SERVICE: &'static str = "fault";
    const NAME: &'static str = "SpotReclaim";
    const SUMMARY: &'static str = "Takes the capacity of a task on FARGATE_SPOT back";
    const SEARCH: &'static [&'static str] = &["interruption", "two minutes", "spot", "reclaim"];
    const ARGUMENTS: &'static [&'static str] = &["task"];
    const EXAMPLE: &'static str = r#"
ecs.create_cluster(#{ clusterName: "prod", capacityProviders: ["FARGATE_SPOT"] });
ecs.register_task_definition(#{
    family: "web", networkMode: "awsvpc", cpu: "256", memory: "512", requiresCompatibilities: ["FARGATE"],
    containerDefinitions: [#{ name: "web", image: "nginx" }],
});
let subnet = ec2.describe_subnets().Subnets[0].SubnetId;
let task = ecs.run_task(#{
    cluster: "prod", taskDefinition: "web", capacityProviderStrategy: [#{ capacityProvider: "FARGATE_SPOT", weight: 1 }],
    networkConfiguration: #{ awsvpcConfiguration: #{ subnets: [subnet] } },
}).tasks[0].taskArn;
wait("1m");
fault.spot_reclaim(task);
wait("1m");
ecs.describe_tasks(#{ cluster: "prod", tasks: [task] }).tasks[0].stopCode"#;
    type Request = Request;
    type Response = Response;
}

impl Change for SpotReclaim {
    fn call(world: &mut World, asked: FactId, request: Request) -> Result<Response, Refusal> {
        let task = target::task(world, &request.task)?;
        let record = &world.ecs.tasks[task];
        if record.provider != Some(CapacityProvider::FargateSpot) || record.desired_status == DesiredStatus::Stopped {
            let runs_on = record.provider.map_or(record.launch.as_str(), CapacityProvider::as_str);
            return Err(Refusal::new(
                "NothingToReclaim",
                "Only a task on FARGATE_SPOT that is to run can be reclaimed.",
            )
            .because(format!("task {} runs on {runs_on} and is {}", &world.task_name(task)[..8], record.last_status))
            .way_out("start tasks with capacityProviderStrategy: [#{ capacityProvider: \"FARGATE_SPOT\", weight: 1 }]")
            .at(["task"]));
        }
        lifecycle::interrupt(world, task, asked);
        Ok(Response { task_arn: world.task_arn(task), warning: "Your Spot Task was interrupted." })
    }
}
