//! How an instance leaves a cluster for good: it cannot come back, a new registration is a new container instance.
//!
//! While tasks are there it takes `force`. In AWS their processes then go on as orphans that ECS no longer knows, until
//! somebody terminates the EC2 instance, and the service scheduler starts other copies elsewhere.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{lookup, shape};
use crate::api::refusal::Refusal;
use crate::api::{Change, Operation};
use crate::aws::ecs::lifecycle;
use crate::model::id::{FactId, InstanceId, TaskId};
use crate::model::noun::Noun;
use crate::model::status::{InstanceStatus, StopCode};
use crate::world::World;
use crate::world::ecs::StopReason;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The cluster's name or ARN; `default` without one.
    #[schemars(extend("noun" = Noun::Cluster))]
    cluster: Option<String>,
    /// The container instance's ARN, id or the beginning of its id.
    #[schemars(extend("noun" = Noun::ContainerInstance))]
    container_instance: String,
    /// Deregister it even though tasks run on it.
    #[serde(default)]
    force: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Response {
    container_instance: shape::instance::ContainerInstance,
}

pub(super) struct DeregisterContainerInstance;

impl Operation for DeregisterContainerInstance {
    const SERVICE: &'static str = "ecs";
    const NAME: &'static str = "DeregisterContainerInstance";
    const SUMMARY: &'static str = "Takes a container instance out of its cluster for good";
    const SEARCH: &'static [&'static str] = &["remove", "leave", "terminate", "node", "host", "lose", "force"];
    const EXAMPLE: &'static str = r#"
ecs.create_cluster(#{ clusterName: "prod" });
let instance = ecs.register_container_instance(#{ cluster: "prod", totalResources: [
    #{ name: "CPU", type: "INTEGER", integerValue: 1024 }, #{ name: "MEMORY", type: "INTEGER", integerValue: 2048 },
] }).containerInstance.containerInstanceArn;
ecs.deregister_container_instance(#{ cluster: "prod", containerInstance: instance }).containerInstance.status"#;
    type Request = Request;
    type Response = Response;

    fn notices(world: &World, request: &Request) -> Vec<String> {
        let Ok(cluster) = lookup::cluster(world, request.cluster.as_deref()) else { return Vec::new() };
        let Ok(id) = lookup::container_instance(world, cluster, &request.container_instance) else { return Vec::new() };
        match world.ecs.instances[id].tasks.len() {
            count if count > 0 && request.force => {
                vec![format!(
                    "simplified: the {count} task(s) on it are stopped; in AWS their processes would go on, unknown to ECS"
                )]
            }
            _ => Vec::new(),
        }
    }
}

impl Change for DeregisterContainerInstance {
    fn call(world: &mut World, asked: FactId, request: Request) -> Result<Response, Refusal> {
        let cluster = lookup::cluster(world, request.cluster.as_deref())?;
        let id = lookup::container_instance(world, cluster, &request.container_instance)?;
        check_status(world, id)?;
        if !request.force {
            check_idle(world, id)?;
        }
        let left = world.deregister_instance(id, asked);
        stop_tasks(world, id, left);
        Ok(Response { container_instance: shape::instance::instance(world, id) })
    }
}

/// Ends the tasks of an instance that has left.
///
/// A choice: AWS forgets the tasks and leaves the processes running. A process outside of ECS has no place in this
/// world, so the tasks stop as they do when an instance goes away, each with its SIGTERM. What people see of it in
/// ECS is the same: the tasks end, and the service scheduler starts others where there is room.
fn stop_tasks(world: &mut World, id: InstanceId, left: FactId) {
    let tasks: Vec<TaskId> = world.ecs.instances[id].tasks.iter().copied().collect();
    for task in tasks {
        lifecycle::stop(world, task, StopCode::TerminationNotice, StopReason::InstanceDeregistered, left);
    }
}

fn check_status(world: &World, id: InstanceId) -> Result<(), Refusal> {
    if world.ecs.instances[id].status != InstanceStatus::Inactive {
        return Ok(());
    }
    // The literal sentence is UNSOURCED.
    Err(Refusal::invalid_parameter("The referenced container instance is INACTIVE.")
        .because(format!("container instance {} has been deregistered already", &world.instance_name(id)[..8]))
        .way_out("list those that are left: ecs.list_container_instances(#{ cluster: … }).containerInstanceArns")
        .at(["containerInstance"]))
}

fn check_idle(world: &World, id: InstanceId) -> Result<(), Refusal> {
    let tasks = &world.ecs.instances[id].tasks;
    let Some(&first) = tasks.first() else { return Ok(()) };
    Err(Refusal::invalid_parameter("Found running tasks on the instance.")
        .because(format!(
            "{} task(s) on it are not STOPPED, the first is {}",
            tasks.len(),
            &world.task_name(first)[..8]
        ))
        .way_out("stop them first, or say force: true")
        .at(["force"]))
}

#[cfg(test)]
pub(super) mod tests {
    use serde_json::{Value, json};

    use crate::api::trial::{answered, call, run_task, wait};
    use crate::model::id::{Id, TaskId};
    use crate::model::status::{DesiredStatus, StopCode, TaskStatus};
    use crate::world::World;
    use crate::world::ecs::StopReason;

    const DEREGISTER: &str = "ecs.deregister_container_instance";

    /// Cluster `prod` with container instances, and their ARNs.
    pub(in crate::api::ecs) fn lab_with_instances(count: usize) -> (World, Vec<String>) {
        let mut world = World::new(42);
        call(&mut world, "ecs.create_cluster", json!({ "clusterName": "prod" })).expect("it is new");
        let request = json!({ "cluster": "prod", "totalResources": [
            { "name": "CPU", "type": "INTEGER", "integerValue": 1024 },
            { "name": "MEMORY", "type": "INTEGER", "integerValue": 1024 },
        ] });
        let register = |_| {
            let answer = call(&mut world, "ecs.register_container_instance", request.clone()).expect("good");
            answer["containerInstance"]["containerInstanceArn"].as_str().expect("a text").to_owned()
        };
        let arns = (0..count).map(register).collect();
        (world, arns)
    }

    fn described(world: &mut World, arn: &str) -> Value {
        let request = json!({ "cluster": "prod", "containerInstances": [arn] });
        let answer = call(world, "ecs.describe_container_instances", request).expect("good");
        answer["containerInstances"][0].clone()
    }

    #[test]
    fn an_idle_instance_leaves_once() {
        let (mut world, arns) = lab_with_instances(2);
        let request = json!({ "cluster": "prod", "containerInstance": arns[0] });
        let answer = call(&mut world, DEREGISTER, request.clone()).expect("it is idle");
        assert_eq!(answer["containerInstance"]["status"], "INACTIVE");
        let left = call(&mut world, "ecs.list_container_instances", json!({ "cluster": "prod" })).expect("good");
        assert_eq!(left["containerInstanceArns"], json!([arns[1]]));
        assert_eq!(described(&mut world, &arns[0])["status"], "INACTIVE");
        let refusal = call(&mut world, DEREGISTER, request).expect_err("it has left");
        assert_eq!(refusal.message, "The referenced container instance is INACTIVE.");
        assert_eq!(world.violations(), Vec::<String>::new());
    }

    #[test]
    fn what_is_not_there_cannot_leave() {
        let (mut world, arns) = lab_with_instances(1);
        for (request, message) in [
            (json!({ "cluster": "prod", "containerInstance": "cafe" }), "Referenced container instance not found."),
            (json!({ "cluster": "dev", "containerInstance": arns[0] }), "Cluster not found."),
        ] {
            assert_eq!(call(&mut world, DEREGISTER, request).expect_err(message).message, message);
        }
    }

    #[test]
    fn tasks_keep_an_instance_unless_it_is_forced() {
        for seconds in [0, 60] {
            let (mut world, arns) = lab_with_instances(1);
            run_task(&mut world, "prod", json!([{ "name": "web", "image": "nginx", "memory": 128 }]));
            wait(&mut world, seconds);
            let mut request = json!({ "cluster": "prod", "containerInstance": arns[0] });
            let refusal = call(&mut world, DEREGISTER, request.clone()).expect_err("a task is there");
            assert_eq!(refusal.message, "Found running tasks on the instance.");

            request["force"] = json!(true);
            let answer = answered(&mut world, DEREGISTER, request).expect("it is forced");
            assert_eq!(answer.notices.len(), 1);
            let task = &world.ecs.tasks[TaskId::new(0)];
            assert_eq!(task.desired_status, DesiredStatus::Stopped);
            let stop = task.stop.as_ref().expect("it stops");
            assert_eq!((stop.code, &stop.reason), (StopCode::TerminationNotice, &StopReason::InstanceDeregistered));
            wait(&mut world, 60);
            assert_eq!(world.ecs.tasks[TaskId::new(0)].last_status, TaskStatus::Stopped);
            assert_eq!(world.violations(), Vec::<String>::new());
        }
    }

    #[test]
    fn tasks_use_up_what_an_instance_has() {
        let (mut world, arns) = lab_with_instances(1);
        let before = described(&mut world, &arns[0]);
        run_task(&mut world, "prod", json!([{ "name": "web", "image": "nginx", "cpu": 256, "memory": 128 }]));
        let after = described(&mut world, &arns[0]);
        assert_eq!(before["remainingResources"][0]["integerValue"], 1024);
        assert_eq!(after["remainingResources"][0]["integerValue"], 768);
        assert_eq!(after["remainingResources"][1]["integerValue"], 896);
        assert_eq!(after["registeredResources"], before["registeredResources"]);
        assert_eq!((after["pendingTasksCount"].clone(), after["runningTasksCount"].clone()), (json!(1), json!(0)));
        assert_eq!((before["version"].clone(), after["version"].clone()), (json!(1), json!(2)));
    }

    #[test]
    fn a_service_goes_on_elsewhere() {
        let (mut world, arns) = lab_with_instances(1);
        run_task(&mut world, "prod", json!([{ "name": "web", "image": "nginx", "memory": 128 }]));
        let request = json!({
            "cluster": "prod", "serviceName": "web", "taskDefinition": "web", "desiredCount": 1, "launchType": "EC2",
        });
        call(&mut world, "ecs.create_service", request).expect("good");
        wait(&mut world, 120);
        let request = json!({ "cluster": "prod", "containerInstance": arns[0], "force": true });
        call(&mut world, DEREGISTER, request).expect("it is forced");
        wait(&mut world, 120);
        let service = |world: &mut World| {
            let request = json!({ "cluster": "prod", "services": ["web"] });
            call(world, "ecs.describe_services", request).expect("good")["services"][0].clone()
        };
        let stuck = service(&mut world);
        assert_eq!(stuck["runningCount"], 0);
        assert!(stuck["events"].to_string().contains("No Container Instances were found in your cluster."), "{stuck}");

        let request = json!({ "cluster": "prod", "totalResources": [
            { "name": "CPU", "integerValue": 1024 }, { "name": "MEMORY", "integerValue": 1024 },
        ] });
        call(&mut world, "ecs.register_container_instance", request).expect("good");
        wait(&mut world, 120);
        assert_eq!(service(&mut world)["runningCount"], 1);
        assert_eq!(world.violations(), Vec::<String>::new());
    }
}
