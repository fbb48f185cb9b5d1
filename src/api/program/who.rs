//! Whose program calls: the one in a container of a pod, or of an ECS task.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde_json::Value;

use crate::api::k8s::whom;
use crate::api::refusal::Refusal;
use crate::api::stalled;
use crate::model::id::{ContainerId, PodId, TaskId};
use crate::model::kubernetes::pod;
use crate::model::meant;
use crate::model::noun::Noun;
use crate::model::status::ContainerStatus;
use crate::model::subject::Subject;
use crate::world::World;
use crate::world::kubernetes::State;
use crate::world::names::{Found, SHORT};

/// A pod or a task as somebody named it: a name, an id, an ARN, or a description.
#[derive(Deserialize)]
#[serde(transparent)]
pub(super) struct Named(Value);

impl JsonSchema for Named {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Program".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["string", "object"], "title": "pod or task", "noun": Noun::Program })
    }
}

/// A container in which a program runs.
#[derive(Clone, Copy)]
pub(super) enum Program {
    /// In a pod: the pod, and which of its containers.
    InPod(PodId, usize),
    /// In an ECS task.
    InTask(TaskId, ContainerId),
}

impl Program {
    /// What the container's environment says.
    pub(super) fn env<'a>(self, world: &'a World, name: &str) -> Option<&'a str> {
        match self {
            Program::InPod(pod, index) => container(world, pod, index).env(name),
            Program::InTask(_, id) => {
                let mut environment = world.ecs.container_definition(id).environment.iter().rev();
                environment.find(|pair| pair.name == name).map(|pair| pair.value.as_str())
            }
        }
    }
}

/// A container of a pod as it was admitted.
pub(super) fn container(world: &World, pod: PodId, index: usize) -> &pod::Container {
    &world.kubernetes.pods[pod].spec.containers[index]
}

/// The running program that is meant: in this container, or in the first.
pub(super) fn program(world: &World, named: &Named, container: Option<&str>) -> Result<Program, Refusal> {
    match &named.0 {
        Value::String(name) => match whom::named(world, name) {
            Ok(pod) => in_pod(world, pod, container),
            Err(no_pod) => in_task(world, task(world, name, no_pod)?, container),
        },
        value if whom::is_pod(value) => in_pod(world, whom::described(world, value)?, container),
        value => match value.get("taskArn").and_then(Value::as_str) {
            Some(arn) => in_task(world, task(world, arn, no_task(arn))?, container),
            None => Err(Refusal::new("ParamValidationError", "A program runs in a pod or in a task.")
                .because("what was given is neither the description of one nor a name")
                .way_out("read it first: let pod = k8s.get(\"pod\", \"web\"); pod.call(\"s3:GetObject\", arn)")
                .at(["program"])),
        },
    }
}

/// The task meant by an ARN, an id or the unique beginning of one; `no_pod` says that it is no pod either.
fn task(world: &World, reference: &str, no_pod: Refusal) -> Result<TaskId, Refusal> {
    match world.find_task(reference) {
        Found::One(task) => Ok(task),
        Found::Several(tasks) => Err(no_task(reference).because(world.several_tasks(&tasks, reference))),
        Found::Nothing if world.eks.clusters.is_empty() => Err(no_task(reference)),
        Found::Nothing => Err(no_pod),
    }
}

fn no_task(reference: &str) -> Refusal {
    Refusal::invalid_parameter("The referenced task was not found.")
        .because(format!("there is no pod and no task `{reference}`"))
        .way_out("list the tasks: ecs.list_tasks(#{ cluster: … }).taskArns")
        .at(["program"])
}

/// The container of a pod that is meant; it has to run.
fn in_pod(world: &World, id: PodId, name: Option<&str>) -> Result<Program, Refusal> {
    let pod = &world.kubernetes.pods[id];
    let names = || pod.spec.containers.iter().map(|container| container.name.as_str());
    let refusal = |name: &str| format!("container {name} is not valid for pod {}", pod.meta.name);
    let index = position(names, name, refusal)?;
    let state = pod.containers[index].state;
    let doing = match state {
        State::Running(_) => return Ok(Program::InPod(id, index)),
        State::Waiting(_) if pod.node.is_none() => "it waits for a node".to_owned(),
        State::Waiting(reason) => format!("it waits: {reason}"),
        State::Terminated(exit) => format!("it has ended with code {}", exit.code),
    };
    let of = format!("container {} of pod {}", pod.spec.containers[index].name, world.pod_name(id));
    let wait = || "wait until the pod is Running, or look at its status: k8s.get(\"pod\", …).status".to_owned();
    let stall = stalled::of(world, Subject::Pod(id));
    Err(nothing_runs(&of, &doing).way_out(stall.map_or_else(wait, |stall| stall.way_out)))
}

/// The container of a task that is meant; it has to run.
fn in_task(world: &World, id: TaskId, name: Option<&str>) -> Result<Program, Refusal> {
    let task = &world.ecs.tasks[id];
    let short = &world.task_name(id)[..SHORT];
    let containers = &world.ecs.definitions[task.definition].content.container_definitions;
    let names = || containers.iter().map(|container| container.name.as_str());
    let refusal = |name: &str| format!("container {name} is not valid for task {short}");
    let index = position(names, name, refusal)?;
    let (container, record) =
        world.ecs.containers_of(id).nth(index).expect("a task has the containers of its definition");
    let doing = match (record.status, record.exit) {
        (ContainerStatus::Running, _) => return Ok(Program::InTask(id, container)),
        (_, Some(exit)) => format!("it has ended with code {}", exit.code),
        (_, None) => format!("its task is {}", task.last_status),
    };
    let wait = || "wait until the task is RUNNING, or look at it: ecs.describe_tasks(#{ … }).tasks".to_owned();
    let stall = stalled::of(world, Subject::Task(id));
    let of = format!("container {} of task {short}", containers[index].name);
    Err(nothing_runs(&of, &doing).way_out(stall.map_or_else(wait, |stall| stall.way_out)))
}

fn nothing_runs(container: &str, doing: &str) -> Refusal {
    Refusal::new("NothingRuns", "The container does not run.").because(format!("{container}: {doing}")).by_client()
}

/// Which of the containers has this name; the first where none is said.
fn position<'a, Names: Iterator<Item = &'a str>>(
    names: impl Fn() -> Names,
    name: Option<&str>,
    refusal: impl Fn(&str) -> String,
) -> Result<usize, Refusal> {
    let Some(name) = name else { return Ok(0) };
    names().position(|known| known == name).ok_or_else(|| {
        let way_out = meant::one_of(name, names(), "it has");
        Refusal::new("BadRequest", refusal(name))
            .because("there is no such container in it")
            .way_out(way_out)
            .at(["container"])
            .by_client()
    })
}
