//! A task definition is a recipe: which containers run together, with how much, under which roles. It never changes;
//! registering it again makes the next revision of its family.
//!
//! Fargate's rules are enforced where `requiresCompatibilities` contains FARGATE. Otherwise the answer's
//! `compatibilities` says whether Fargate would take it, and RunTask and CreateService look there.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::definition_checks::{self, size};
use super::shape::definition::{EphemeralStorage, TaskDefinition, definition};
use crate::api::refusal::Refusal;
use crate::api::{Change, Operation};
use crate::model::id::{DefinitionId, FactId};
use crate::model::noun::Noun;
use crate::model::status::{DefinitionStatus, LaunchType};
use crate::model::tag::Tag;
use crate::model::task_definition::{Compatibility, ContainerDefinition, NetworkMode, PortMapping, RuntimePlatform};
use crate::workload;
use crate::world::World;
use crate::world::ecs::{Definition, DefinitionContent};

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The name that the revisions share: up to 255 letters, digits, underscores and hyphens.
    #[schemars(extend("noun" = Noun::Family))]
    family: String,
    /// The containers that run together: 1 to 10.
    container_definitions: Vec<ContainerDefinition>,
    /// CPU of the whole task: units such as "256", or "1 vCPU". Fargate needs it.
    cpu: Option<String>,
    /// Memory of the whole task: MiB such as "512", or "1GB". Fargate needs it.
    memory: Option<String>,
    /// How the containers reach the network; bridge if not given. Fargate takes awsvpc only.
    network_mode: Option<NetworkMode>,
    /// What the definition must be able to run on; it is checked against these.
    #[serde(default)]
    requires_compatibilities: Vec<Compatibility>,
    /// The role of the program in the containers.
    #[schemars(extend("noun" = Noun::RoleArn))]
    task_role_arn: Option<String>,
    /// The role with which ECS pulls images, fetches secrets and writes logs.
    #[schemars(extend("noun" = Noun::RoleArn))]
    execution_role_arn: Option<String>,
    /// Architecture and operating system.
    runtime_platform: Option<RuntimePlatform>,
    /// More scratch space than Fargate's 20 GiB.
    ephemeral_storage: Option<EphemeralStorage>,
    /// Whose processes the containers see.
    pid_mode: Option<PidMode>,
    /// Whose shared memory the containers see.
    ipc_mode: Option<IpcMode>,
    /// Tags of this revision.
    #[serde(default)]
    tags: Vec<Tag>,
}

/// [API PidMode]
#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum PidMode {
    /// All of the container instance.
    Host,
    /// All of the task.
    Task,
}

/// [API IpcMode]
#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum IpcMode {
    /// All of the container instance.
    Host,
    /// All of the task.
    Task,
    /// Each container its own.
    None,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Response {
    task_definition: TaskDefinition,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<Tag>,
}

pub(super) struct RegisterTaskDefinition;

impl Operation for RegisterTaskDefinition {
    const SERVICE: &'static str = "ecs";
    const NAME: &'static str = "RegisterTaskDefinition";
    const SUMMARY: &'static str = "Registers a recipe for tasks: containers, sizes, network, roles";
    const SEARCH: &'static [&'static str] = &["new", "create", "revision", "container", "image", "blueprint", "recipe"];
    const EXAMPLE: &'static str = r#"
ecs.register_task_definition(#{
    family: "web", networkMode: "awsvpc", requiresCompatibilities: ["FARGATE"], cpu: "256", memory: "512",
    containerDefinitions: [#{ name: "web", image: "nginx:1.27", portMappings: [#{ containerPort: 80 }] }],
}).taskDefinition.taskDefinitionArn"#;
    type Request = Request;
    type Response = Response;

    fn notices(world: &World, request: &Request) -> Vec<String> {
        let containers = &request.container_definitions;
        let mut notices: Vec<String> = Vec::new();
        let unknown = |image: &&str| !image.is_empty() && !is_known(world, image);
        for image in containers.iter().map(|container| container.image.as_str()).filter(unknown) {
            let notice = format!(
                "image `{image}` is not known here: it is taken for a small server that starts at once and runs for \
                 ever; image.define(\"{image}\", #{{ … }}) says otherwise"
            );
            if !notices.contains(&notice) {
                notices.push(notice);
            }
        }
        notices
    }
}

fn is_known(world: &World, image: &str) -> bool {
    world.images.defined(image).is_some() || workload::is_public(image)
}

impl Change for RegisterTaskDefinition {
    fn call(world: &mut World, _asked: FactId, mut request: Request) -> Result<Response, Refusal> {
        let tags = std::mem::take(&mut request.tags);
        let content = content(request)?;
        let required = &content.requires_compatibilities;
        let launch = if required.contains(&Compatibility::Fargate) { LaunchType::Fargate } else { LaunchType::Ec2 };
        definition_checks::check(&content, launch, &world.tuning)?;
        let compatibilities = definition_checks::compatibilities(&content, &world.tuning);
        definition_checks::check_required(required, &compatibilities)?;
        check_room(world)?;
        let id = add(world, content, compatibilities, tags.clone());
        Ok(Response { task_definition: definition(world, id), tags })
    }
}

/// What is kept of a request: sizes as numbers, defaults filled in.
fn content(request: Request) -> Result<DefinitionContent, Refusal> {
    let cpu = request.cpu.as_deref().map(size::cpu).transpose()?;
    let memory = request.memory.as_deref().map(size::memory).transpose()?;
    let network_mode = request.network_mode.unwrap_or(NetworkMode::Bridge);
    let mut container_definitions = request.container_definitions;
    for mapping in container_definitions.iter_mut().flat_map(|container| &mut container.port_mappings) {
        fill_in(mapping, network_mode);
    }
    Ok(DefinitionContent {
        family: request.family.into(),
        container_definitions,
        cpu,
        memory,
        network_mode,
        requires_compatibilities: request.requires_compatibilities,
        task_role_arn: request.task_role_arn.map(Into::into),
        execution_role_arn: request.execution_role_arn.map(Into::into),
        runtime_platform: request.runtime_platform,
        ephemeral_storage_gib: request.ephemeral_storage.map(|storage| storage.size_in_gib),
        pid_mode: request.pid_mode.map(|mode| match mode {
            PidMode::Host => "host".into(),
            PidMode::Task => "task".into(),
        }),
        ipc_mode: request.ipc_mode.map(|mode| match mode {
            IpcMode::Host => "host".into(),
            IpcMode::Task => "task".into(),
            IpcMode::None => "none".into(),
        }),
    })
}

/// What AWS makes of a blank host port and of an unknown protocol. [API PortMapping]
fn fill_in(mapping: &mut PortMapping, mode: NetworkMode) {
    match mode {
        NetworkMode::Awsvpc | NetworkMode::Host => {
            mapping.host_port.get_or_insert(mapping.container_port);
        }
        NetworkMode::Bridge => {
            mapping.host_port.get_or_insert(0);
        }
        NetworkMode::None => {}
    }
    if mapping.protocol != "udp" {
        "tcp".clone_into(&mut mapping.protocol);
    }
}

fn check_room(world: &World) -> Result<(), Refusal> {
    let most = world.tuning.definitions_ever;
    if world.ecs.definitions.len() < most {
        return Ok(());
    }
    Err(Refusal::new("LabLimit", format!("A lab registers at most {most} task definitions."))
        .because("a script that registers without end would eat the machine")
        .way_out("register outside the loop, or start a new lab"))
}

fn add(
    world: &mut World,
    content: DefinitionContent,
    compatibilities: Vec<Compatibility>,
    tags: Vec<Tag>,
) -> DefinitionId {
    let id = world.ecs.definitions.next_id();
    let revisions = world.ecs.families.entry(content.family.clone()).or_default();
    revisions.push(id);
    let revision = revisions.len() as u32;
    world.ecs.definitions.add(Definition {
        content,
        revision,
        status: DefinitionStatus::Active,
        compatibilities,
        registered_at: world.now,
        deregistered_at: None,
        tags,
    })
}

#[cfg(test)]
pub(super) mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::api::members::{self, Side};
    use crate::api::{Answered, Kind, find};
    use crate::model::profile::Profile;

    fn answered(world: &mut World, method: &str, request: Value) -> Result<Answered, Refusal> {
        match find("ecs", method).expect("it is in the table").kind {
            Kind::Query(call) => call(world, request),
            Kind::Change(call) => call(world, request),
        }
    }

    /// Calls an operation of ECS as a script does.
    pub(in crate::api::ecs) fn call(world: &mut World, method: &str, request: Value) -> Result<Value, Refusal> {
        answered(world, method, request).map(|answered| answered.response)
    }

    /// Registers the next revision of a family.
    pub(in crate::api::ecs) fn register(world: &mut World, family: &str) {
        let containers = json!([{ "name": "web", "image": "nginx:1.27", "memory": 256 }]);
        call(world, "register_task_definition", json!({ "family": family, "containerDefinitions": containers }))
            .expect("it is a good definition");
    }

    /// From the notes of the course, unchanged.
    fn rust_api() -> Value {
        serde_json::from_str(include_str!("../../../tests/my-rust-api.json")).expect("it is JSON")
    }

    /// From the notes of the course, with the role's ARN in its place.
    fn lab_web() -> Value {
        serde_json::from_str(
            r#"{ "family": "lab-web", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "cpu": "256",
                 "memory": "512", "executionRoleArn": "arn:aws:iam::123456789012:role/lab-task-exec",
                 "containerDefinitions": [{ "name": "web", "image": "nginx:alpine",
                   "portMappings": [{"containerPort": 80, "protocol": "tcp"}],
                   "logConfiguration": {"logDriver":"awslogs", "options":{"awslogs-group":"/ecs/lab",
                     "awslogs-region":"us-east-1","awslogs-stream-prefix":"web","awslogs-create-group":"true"}} }] }"#,
        )
        .expect("it is JSON")
    }

    #[test]
    fn definitions_from_the_notes_register_unchanged() {
        for (definition, arn) in [
            (rust_api(), "arn:aws:ecs:us-east-1:123456789012:task-definition/my-rust-api:1"),
            (lab_web(), "arn:aws:ecs:us-east-1:123456789012:task-definition/lab-web:1"),
        ] {
            let mut world = World::new(42);
            let answer = call(&mut world, "register_task_definition", definition.clone()).expect("it is accepted");
            let registered = &answer["taskDefinition"];
            assert_eq!(registered["taskDefinitionArn"], arn);
            assert_eq!(registered["compatibilities"], json!(["EC2", "MANAGED_INSTANCES", "FARGATE"]));
            for member in ["family", "cpu", "memory", "networkMode", "executionRoleArn", "taskRoleArn"] {
                assert_eq!(registered.get(member), definition.get(member), "{member}");
            }
            let port = &definition["containerDefinitions"][0]["portMappings"][0]["containerPort"];
            assert_eq!(&registered["containerDefinitions"][0]["portMappings"][0]["hostPort"], port);
        }
    }

    #[test]
    fn revisions_count_on_after_deregistration() {
        let mut world = World::new(42);
        register(&mut world, "web");
        register(&mut world, "web");
        register(&mut world, "api");
        for reference in ["web:1", "web:2"] {
            call(&mut world, "deregister_task_definition", json!({ "taskDefinition": reference })).expect("ACTIVE");
        }
        call(&mut world, "delete_task_definitions", json!({ "taskDefinitions": ["web:1", "web:2"] }))
            .expect("INACTIVE");
        register(&mut world, "web");
        let newest = call(&mut world, "describe_task_definition", json!({ "taskDefinition": "web" })).expect("there");
        assert_eq!(newest["taskDefinition"]["revision"], 3);
        assert_eq!(newest["taskDefinition"]["status"], "ACTIVE");
    }

    #[test]
    fn units_become_numbers_and_blanks_become_defaults() {
        let mut world = World::new(42);
        let definition = json!({
            "family": "web", "cpu": "1 vCPU", "memory": "2GB", "pidMode": "task",
            "tags": [{ "key": "team", "value": "a" }],
            "containerDefinitions": [{
                "name": "web", "image": "nginx", "portMappings": [{ "containerPort": 80, "protocol": "sctp" }],
            }],
        });
        let answer = call(&mut world, "register_task_definition", definition).expect("it is accepted");
        let registered = &answer["taskDefinition"];
        assert_eq!(answer["tags"], json!([{ "key": "team", "value": "a" }]));
        for (pointer, value) in [
            ("/cpu", json!("1024")),
            ("/memory", json!("2048")),
            ("/networkMode", json!("bridge")),
            ("/pidMode", json!("task")),
            ("/registeredAt", json!("2026-01-05T09:00:00Z")),
            ("/containerDefinitions/0/essential", json!(true)),
            (
                "/containerDefinitions/0/portMappings/0",
                json!({ "containerPort": 80, "hostPort": 0, "protocol": "tcp" }),
            ),
        ] {
            assert_eq!(registered.pointer(pointer), Some(&value), "{pointer}");
        }
    }

    /// Every member of a value with its path.
    fn paths(value: &Value, path: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
        let parts: Vec<(String, &Value)> = match value {
            Value::Object(map) => map.iter().map(|(name, value)| (name.clone(), value)).collect(),
            Value::Array(items) => items.iter().enumerate().map(|(index, value)| (index.to_string(), value)).collect(),
            _ => Vec::new(),
        };
        for (name, value) in parts {
            path.push(name);
            found.push(path.clone());
            paths(value, path, found);
            path.pop();
        }
    }

    #[test]
    fn answers_have_members_of_aws_only() {
        let mut world = World::new(42);
        let mut full = lab_web();
        full["ephemeralStorage"] = json!({ "sizeInGiB": 30 });
        full["runtimePlatform"] = json!({ "cpuArchitecture": "ARM64", "operatingSystemFamily": "LINUX" });
        full["taskRoleArn"] = json!("arn:aws:iam::123456789012:role/app");
        full["pidMode"] = json!("task");
        full["tags"] = json!([{ "key": "team", "value": "a" }]);
        full["containerDefinitions"][0]["healthCheck"] = json!({ "command": ["CMD", "true"] });
        full["containerDefinitions"][0]["dockerLabels"] = json!({ "any": "thing" });
        for (name, request) in [
            ("RegisterTaskDefinition", full),
            ("DescribeTaskDefinition", json!({ "taskDefinition": "lab-web", "include": ["TAGS"] })),
            ("ListTaskDefinitions", json!({})),
            ("ListTaskDefinitionFamilies", json!({})),
            ("DeregisterTaskDefinition", json!({ "taskDefinition": "lab-web:1" })),
            ("DeleteTaskDefinitions", json!({ "taskDefinitions": ["lab-web:1", "lab-web:2"] })),
        ] {
            let method = crate::api::snake_case(name);
            let answer = call(&mut world, &method, request).expect("each step is possible");
            let mut found = Vec::new();
            paths(&answer, &mut Vec::new(), &mut found);
            for path in found {
                assert!(members::has("ecs", name, Side::Response, &path), "{name}: {}", path.join("."));
            }
        }
    }

    #[test]
    fn assumptions_and_members_without_effect_are_said() {
        let mut world = World::new(42);
        world.images.define("my-app:v1", Profile::default());
        let container = |name: &str, image: &str| json!({ "name": name, "image": image, "memory": 64 });
        let mut definition = json!({ "family": "web", "containerDefinitions": [
            container("a", "my-app:v1"), container("b", "my-app:v2"), container("c", "my-app:v2"),
            container("d", "nginx"),
        ] });
        definition["containerDefinitions"][0]["healthCheck"] = json!({ "command": ["CMD", "true"] });
        definition["containerDefinitions"][2]["mountPoints"] = json!([]);
        let answer = answered(&mut world, "register_task_definition", definition).expect("it is accepted");
        assert_eq!(
            answer.notices,
            [
                "not modelled: `containerDefinitions.2.mountPoints` is accepted and has no effect",
                "image `my-app:v2` is not known here: it is taken for a small server that starts at once and runs for \
                 ever; image.define(\"my-app:v2\", #{ … }) says otherwise",
            ]
        );
    }

    #[test]
    fn a_lab_holds_so_many_definitions() {
        let mut world = World::new(42);
        world.tuning.definitions_ever = 1;
        register(&mut world, "web");
        let second =
            json!({ "family": "web", "containerDefinitions": [{ "name": "a", "image": "nginx", "memory": 8 }] });
        let refusal = call(&mut world, "register_task_definition", second).expect_err("the lab is full");
        assert_eq!(refusal.code, "LabLimit");
    }
}
