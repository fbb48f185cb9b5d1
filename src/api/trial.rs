//! Calls operations as scripts do, and holds every refusal to what all of them promise. For tests.

use serde_json::{Value, json};

use super::refusal::Refusal;
use super::{Answered, Kind, find};
use crate::model::id::TaskId;
use crate::model::status::DefinitionStatus;
use crate::model::task_definition::{Compatibility, ContainerDefinition, NetworkMode};
use crate::model::time::Millis;
use crate::simulate::{self, Arrival, Budget};
use crate::world::World;
use crate::world::ecs::{Definition, DefinitionContent};

/// Calls `service.method`. A refusal has changed nothing, and says why and what instead.
pub(crate) fn answered(world: &mut World, name: &str, request: Value) -> Result<Answered, Refusal> {
    let (service, method) = name.split_once('.').expect("tests write service.method");
    let entry = find(service, method).unwrap_or_else(|| panic!("{name} is not in the table"));
    let before = world.digest();
    let answer = match entry.kind {
        Kind::Query(call) => call(world, request),
        Kind::Change(call) => call(world, request),
    };
    if let Err(refusal) = &answer {
        assert_eq!(world.digest(), before, "{name} was refused and has changed something");
        assert!(!refusal.because.is_empty() && !refusal.way_out.is_empty(), "{refusal:?}");
    }
    answer
}

/// The response of [`answered`].
pub(crate) fn call(world: &mut World, name: &str, request: Value) -> Result<Value, Refusal> {
    answered(world, name, request).map(|answered| answered.response)
}

/// Runs one task of a new revision of family `web` on a container instance of a cluster.
pub(crate) fn run_task(world: &mut World, cluster: &str, containers: Value) -> TaskId {
    let containers: Vec<ContainerDefinition> =
        serde_json::from_value(containers).expect("containers as AWS writes them");
    let revisions = world.ecs.families.get("web").map_or(0, Vec::len);
    let definition = world.ecs.definitions.add(Definition {
        content: DefinitionContent {
            family: "web".into(),
            container_definitions: containers,
            cpu: None,
            memory: None,
            network_mode: NetworkMode::Bridge,
            requires_compatibilities: Vec::new(),
            task_role_arn: None,
            execution_role_arn: None,
            runtime_platform: None,
            ephemeral_storage_gib: None,
            pid_mode: None,
            ipc_mode: None,
        },
        revision: revisions as u32 + 1,
        status: DefinitionStatus::Active,
        compatibilities: vec![Compatibility::Ec2],
        registered_at: world.now,
        deregistered_at: None,
        tags: Vec::new(),
    });
    world.ecs.families.entry("web".into()).or_default().push(definition);
    let task = world.ecs.tasks.next_id();
    let request = json!({ "cluster": cluster, "taskDefinition": "web", "launchType": "EC2" });
    let answer = call(world, "ecs.run_task", request).expect("there is room for it");
    assert_eq!(answer["failures"], json!([]));
    task
}

/// Lets time pass.
pub(crate) fn wait(world: &mut World, seconds: u64) {
    let until = world.now + Millis::seconds(seconds);
    let mut budget = Budget::UNBOUNDED;
    assert_eq!(simulate::advance(world, until, &mut budget, &|| false), Arrival::Arrived);
}
