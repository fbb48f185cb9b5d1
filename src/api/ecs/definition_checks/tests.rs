//! Every refusal of a task definition: a change to one that is accepted, and the text that it must get.

use serde_json::{Value, json};

use crate::api::ecs::register_task_definition::tests::call;
use crate::world::World;

/// Runs on container instances.
fn on_ec2() -> Value {
    json!({
        "family": "web",
        "containerDefinitions": [
            { "name": "web", "image": "nginx:1.27", "memory": 256, "portMappings": [{ "containerPort": 80 }] },
            { "name": "side", "image": "busybox:1.36", "memory": 64, "essential": false },
        ],
    })
}

/// Runs on Fargate, with everything that Fargate asks for.
fn on_fargate() -> Value {
    let mut definition = on_ec2();
    edit(&mut definition, "/networkMode", json!("awsvpc"));
    edit(&mut definition, "/requiresCompatibilities", json!(["FARGATE"]));
    edit(&mut definition, "/cpu", json!("256"));
    edit(&mut definition, "/memory", json!("512"));
    edit(&mut definition, "/executionRoleArn", json!("arn:aws:iam::123456789012:role/exec"));
    definition
}

/// Puts a value at a JSON pointer, or takes away what is there where the value is null.
fn edit(definition: &mut Value, pointer: &str, value: Value) {
    let (parent, member) = pointer.rsplit_once('/').expect("pointers start with a slash");
    match definition.pointer_mut(parent).expect("the parent is there") {
        Value::Object(map) if value.is_null() => drop(map.shift_remove(member)),
        Value::Object(map) => drop(map.insert(member.to_owned(), value)),
        Value::Array(items) => items.push(value),
        other => panic!("{other} has no members"),
    }
}

type Row<'a> = (&'a [(&'a str, Value)], &'a str, &'a str);

fn assert_refused(base: fn() -> Value, rows: &[Row]) {
    let mut world = World::new(42);
    call(&mut world, "register_task_definition", base()).expect("the base is accepted");
    let before = world.digest();
    for (edits, message, path) in rows {
        let mut definition = base();
        for (pointer, value) in *edits {
            edit(&mut definition, pointer, value.clone());
        }
        let refusal = call(&mut world, "register_task_definition", definition).expect_err(message);
        assert_eq!(refusal.message, *message);
        assert_eq!(refusal.path.join("."), *path, "{message}");
        assert!(!refusal.because.is_empty() && !refusal.way_out.is_empty(), "{message}");
        assert_eq!(world.digest(), before, "{message}: nothing may change");
    }
}

#[test]
fn family_list_and_names() {
    let long = "x".repeat(256);
    let eleven: Vec<Value> =
        (0..11).map(|n| json!({ "name": format!("c{n}"), "image": "nginx", "memory": 8 })).collect();
    assert_refused(
        on_ec2,
        &[
            (&[("/family", json!(""))], "Family should not be null or empty.", "family"),
            (&[("/family", json!("my app"))], "Family contains invalid characters.", "family"),
            (&[("/family", json!(long))], "Family should not be longer than 255 characters.", "family"),
            (&[("/containerDefinitions", json!([]))], "Container list cannot be empty.", "containerDefinitions"),
            (&[("/containerDefinitions", json!(eleven))], "Too many containers.", "containerDefinitions"),
            (
                &[("/containerDefinitions/0/name", Value::Null)],
                "Container.name should not be null or empty.",
                "containerDefinitions.0.name",
            ),
            (
                &[("/containerDefinitions/1/name", json!("side car"))],
                "Container.name contains invalid characters.",
                "containerDefinitions.1.name",
            ),
            (
                &[("/containerDefinitions/1/name", json!("web"))],
                "Container names must be unique within a Task Definition.",
                "containerDefinitions.1.name",
            ),
            (
                &[("/containerDefinitions/0/essential", json!(false))],
                "Task definition doesn't have any essential container.",
                "containerDefinitions",
            ),
        ],
    );
}

#[test]
fn missing_members_are_named_as_a_client_names_them() {
    let missing =
        |member: &str| format!("Parameter validation failed: Missing required parameter in input: \"{member}\"");
    assert_refused(
        on_ec2,
        &[
            (&[("/family", Value::Null)], &missing("family"), ""),
            (&[("/containerDefinitions", Value::Null)], &missing("containerDefinitions"), ""),
        ],
    );
}

#[test]
fn one_container() {
    let first = "/containerDefinitions/0";
    let at = |member: &str| format!("{first}/{member}");
    let place = |member: &str| format!("containerDefinitions.0.{member}");
    let setting = |rule: &str| format!("Invalid setting for container 'web'. {rule}");
    let health = |member: &str, value: u32| {
        let mut check = json!({ "command": ["CMD-SHELL", "true"] });
        check[member] = json!(value);
        check
    };
    let log = |driver: &str, options: Value| json!({ "logDriver": driver, "options": options });
    let mut rows: Vec<(String, Value, String)> = vec![
        ("image".into(), Value::Null, "Container.image should not be null or empty.".into()),
        ("image".into(), json!("my app:v1"), "Container.image contains invalid characters".into()),
        ("image".into(), json!("x".repeat(256)), "Container.image should not be longer than 255 characters.".into()),
        ("memory".into(), Value::Null, setting("At least one of 'memory' or 'memoryReservation' must be specified.")),
        ("memory".into(), json!(0), setting("At least one of 'memory' or 'memoryReservation' must be specified.")),
        ("memory".into(), json!(5), setting("'memory' must be at least 6 MiB.")),
        (
            "startTimeout".into(),
            json!(1),
            "Granular start timeout on container 'web' must be at least 2 seconds.".into(),
        ),
        ("stopTimeout".into(), json!(0), "Granular stop timeout on container 'web' must be at least 2 seconds.".into()),
        (
            "healthCheck".into(),
            json!({ "command": ["curl", "localhost"] }),
            setting("Health check 'command' must start with CMD or CMD-SHELL."),
        ),
        (
            "healthCheck".into(),
            json!({ "command": ["CMD"] }),
            setting("Health check 'command' must start with CMD or CMD-SHELL."),
        ),
        (
            "logConfiguration".into(),
            log("cloudwatch", json!({})),
            "cloudwatch is not a valid log driver. Must be one of \
             [awslogs,fluentd,gelf,json-file,journald,syslog,splunk,awsfirelens]"
                .into(),
        ),
        (
            "logConfiguration".into(),
            log("awslogs", json!({})),
            "Log driver awslogs requires options: awslogs-region, awslogs-group".into(),
        ),
        (
            "logConfiguration".into(),
            log("awslogs", json!({ "awslogs-region": "us-east-1" })),
            "Log driver awslogs requires options: awslogs-group".into(),
        ),
        (
            "secrets".into(),
            json!([{ "name": "TOKEN", "valueFrom": "arn:aws:ssm:us-east-1:123456789012:parameter/token" }]),
            "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.".into(),
        ),
    ];
    for (member, values, range) in [
        ("interval", [4, 301], "between 5 and 300"),
        ("timeout", [1, 61], "between 2 and 60"),
        ("retries", [0, 11], "between 1 and 10"),
        ("startPeriod", [301, 999], "between 0 and 300"),
    ] {
        for value in values {
            let message = setting(&format!("Health check '{member}' must be {range}."));
            rows.push(("healthCheck".into(), health(member, value), message));
        }
    }
    for (member, value, message) in &rows {
        assert_refused(on_ec2, &[(&[(&at(member), value.clone())], message, &place(member))]);
    }
    assert_refused(
        on_ec2,
        &[
            (
                &[(&at("memoryReservation"), json!(257))],
                &setting("'memory' must be greater than or equal to 'memoryReservation'."),
                &place("memory"),
            ),
            (
                &[("/memory", json!("128"))],
                "The 'memory' setting for container 'web' is greater than for the task.",
                &place("memory"),
            ),
        ],
    );
}

#[test]
fn ports() {
    let mappings = "/containerDefinitions/0/portMappings";
    let place = "containerDefinitions.0.portMappings.0";
    let row = |mode: &str, ports: Value| [("/networkMode", json!(mode)), (mappings, ports)];
    let invalid = |rule: &str| format!("Invalid setting for container 'web'. {rule}");
    for (mode, ports, message, place) in [
        (
            "none",
            json!([{ "containerPort": 80 }]),
            "Port mappings are not supported on container when networkMode=none".to_owned(),
            place,
        ),
        ("bridge", json!([{ "containerPort": 0 }]), invalid("'containerPort' must be between 1 and 65535."), place),
        (
            "bridge",
            json!([{ "containerPort": 65_536 }]),
            invalid("'containerPort' must be between 1 and 65535."),
            place,
        ),
        (
            "bridge",
            json!([{ "containerPort": 80, "hostPort": 65_536 }]),
            invalid("'hostPort' must be between 0 and 65535."),
            place,
        ),
        (
            "awsvpc",
            json!([{ "containerPort": 80, "hostPort": 8080 }]),
            "When networkMode=awsvpc, the host ports and container ports in port mappings must match.".to_owned(),
            place,
        ),
        (
            "host",
            json!([{ "containerPort": 80, "hostPort": 0 }]),
            "When networkMode=host, the host ports and container ports in port mappings must match.".to_owned(),
            place,
        ),
        (
            "bridge",
            json!([{ "containerPort": 80, "name": "Web" }]),
            "Port mapping name contains invalid characters.".to_owned(),
            place,
        ),
        (
            "bridge",
            json!([{ "containerPort": 53 }, { "containerPort": 53, "protocol": "udp" }]),
            "container port is used multiple times in task".to_owned(),
            "containerDefinitions.0.portMappings.1",
        ),
        (
            "bridge",
            json!([{ "containerPort": 80, "name": "a" }, { "containerPort": 81, "name": "a" }]),
            "port mapping name is already used".to_owned(),
            "containerDefinitions.0.portMappings.1",
        ),
    ] {
        assert_refused(on_ec2, &[(&row(mode, ports), &message, place)]);
    }
}

#[test]
fn containers_share_their_ports_under_awsvpc_only() {
    let port = ("/containerDefinitions/1/portMappings", json!([{ "containerPort": 80 }]));
    assert_refused(
        on_fargate,
        &[(
            std::slice::from_ref(&port),
            "container port is used multiple times in task",
            "containerDefinitions.1.portMappings.0",
        )],
    );
    let mut bridge = on_ec2();
    edit(&mut bridge, port.0, port.1);
    call(&mut World::new(42), "register_task_definition", bridge).expect("under bridge each has its own network");
}

#[test]
fn depends_on() {
    let waits = |member: &'static str, on: &str, condition: &str| {
        (member, json!([{ "containerName": on, "condition": condition }]))
    };
    let (web, side) = ("/containerDefinitions/0/dependsOn", "/containerDefinitions/1/dependsOn");
    assert_refused(
        on_ec2,
        &[
            (
                &[waits(web, "proxy", "START")],
                "Cannot depend on container + 'proxy' because it does not exist",
                "containerDefinitions.0.dependsOn.0",
            ),
            (
                &[waits(side, "web", "SUCCESS")],
                "A dependency container with SUCCESS or COMPLETE condition cannot be an essential container",
                "containerDefinitions.1.dependsOn.0",
            ),
            (
                &[waits(web, "side", "HEALTHY")],
                "A dependency container with HEALTHY condition must have health check configured",
                "containerDefinitions.0.dependsOn.0",
            ),
            (
                &[waits(web, "side", "START"), waits(side, "web", "START")],
                "Container dependsOn contains a cycle",
                "containerDefinitions",
            ),
            (&[waits(web, "web", "START")], "Container dependsOn contains a cycle", "containerDefinitions"),
        ],
    );
}

#[test]
fn sizes() {
    let trailer = "For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.";
    let cpu = format!("Invalid 'cpu' setting for task. {trailer}");
    let memory = format!("Invalid 'memory' setting for task. {trailer}");
    let pair = |cpu: u32, memory: u32| {
        format!(
            "No Fargate configuration exists for given values: {cpu} CPU, {memory} memory. See the Amazon ECS \
             documentation for the valid values."
        )
    };
    assert_refused(
        on_ec2,
        &[
            (&[("/cpu", json!("lots"))], &cpu, "cpu"),
            (&[("/cpu", json!("127"))], &cpu, "cpu"),
            (&[("/cpu", json!("193 vCPU"))], &cpu, "cpu"),
            (&[("/memory", json!("1 PB"))], &memory, "memory"),
            (
                &[("/memory", json!("300"))],
                "The sum of all container 'memory' values cannot be greater than the value of the task 'memory'.",
                "memory",
            ),
            (
                &[("/memory", json!("300")), ("/containerDefinitions/0/memoryReservation", json!(250))],
                "The sum of all container 'memoryReservation' values cannot be greater than the value of the task 'memory'.",
                "memory",
            ),
        ],
    );
    assert_refused(
        on_fargate,
        &[
            (&[("/cpu", Value::Null)], "Fargate requires that 'cpu' be defined at the task level.", "cpu"),
            (&[("/memory", Value::Null)], "Fargate requires that 'memory' be defined at the task level.", "memory"),
            (&[("/memory", json!("4096"))], &pair(256, 4096), "memory"),
            (&[("/memory", json!("1536"))], &pair(256, 1536), "memory"),
            (&[("/cpu", json!("300"))], &pair(300, 512), "cpu"),
            (
                &[("/runtimePlatform", json!({ "operatingSystemFamily": "WINDOWS_SERVER_2022_CORE" }))],
                &pair(256, 512),
                "cpu",
            ),
            (
                &[("/containerDefinitions/0/cpu", json!(257))],
                "The sum of all container 'cpu' values cannot be greater than the value of the task 'cpu'.",
                "cpu",
            ),
        ],
    );
}

#[test]
fn fargate_is_narrower() {
    let log = json!({
        "logDriver": "awslogs", "options": { "awslogs-group": "/ecs/web", "awslogs-region": "us-east-1" },
    });
    let first = |member: &str| format!("/containerDefinitions/0/{member}");
    assert_refused(
        on_fargate,
        &[
            (&[("/networkMode", Value::Null)], "Fargate only supports network mode 'awsvpc'.", "networkMode"),
            (&[("/networkMode", json!("host"))], "Fargate only supports network mode 'awsvpc'.", "networkMode"),
            (
                &[("/pidMode", json!("host"))],
                "Tasks using the Fargate launch type do not support pidMode 'host'. The supported value for pidMode is 'task'.",
                "pidMode",
            ),
            (&[("/ipcMode", json!("task"))], "Tasks using the Fargate launch type do not support ipcMode.", "ipcMode"),
            (
                &[(&first("stopTimeout"), json!(121))],
                "Tasks using the Fargate launch type must have a container stop timeout of less than 120 seconds.",
                "containerDefinitions.0.stopTimeout",
            ),
            (
                &[(&first("startTimeout"), json!(121))],
                "Tasks using the Fargate launch type must have a container start timeout of less than 120 seconds.",
                "containerDefinitions.0.startTimeout",
            ),
            (
                &[(&first("logConfiguration"), json!({ "logDriver": "json-file" }))],
                "json-file is not a valid log driver. Must be one of [awslogs,splunk,awsfirelens]",
                "containerDefinitions.0.logConfiguration",
            ),
            (
                &[(&first("logConfiguration"), log.clone()), ("/executionRoleArn", Value::Null)],
                "Fargate requires task definition to have execution role ARN to support log driver awslogs.",
                "containerDefinitions.0.logConfiguration",
            ),
            (
                &[(&first("logConfiguration"), log)],
                "Fargate requires log configuration options to include awslogs-stream-prefix to support log driver awslogs.",
                "containerDefinitions.0.logConfiguration",
            ),
            (
                &[
                    (&first("image"), json!("123456789012.dkr.ecr.us-east-1.amazonaws.com/web:1")),
                    ("/executionRoleArn", Value::Null),
                ],
                "Fargate requires task definition to have execution role ARN to support ECR images.",
                "containerDefinitions.0.image",
            ),
            (
                &[(&first("privileged"), json!(true))],
                "Fargate requires that the 'privileged' setting be 'false'",
                "containerDefinitions.0.privileged",
            ),
            (
                &[("/ephemeralStorage", json!({ "sizeInGiB": 20 }))],
                "EphemeralStorage size should be at least 21",
                "ephemeralStorage.sizeInGiB",
            ),
            (
                &[("/ephemeralStorage", json!({ "sizeInGiB": 201 }))],
                "EphemeralStorage size should be at most 200",
                "ephemeralStorage.sizeInGiB",
            ),
        ],
    );
}

#[test]
fn the_whole() {
    let many: Vec<Value> = (0..700).map(|n| json!({ "name": format!("V{n}"), "value": "x".repeat(80) })).collect();
    let mut definition = on_ec2();
    edit(&mut definition, "/containerDefinitions/0/environment", json!(many));
    let refusal = call(&mut World::new(42), "register_task_definition", definition).expect_err("it is too long");
    assert!(refusal.message.starts_with("Actual length: '"), "{}", refusal.message);
    assert!(refusal.message.ends_with("'. Max allowed length is '65536' bytes."), "{}", refusal.message);
    assert_refused(
        on_ec2,
        &[
            (
                &[("/runtimePlatform", json!({ "cpuArchitecture": "arm64" }))],
                "Invalid value for parameter runtimePlatform.cpuArchitecture: \"arm64\", must be one of: X86_64, ARM64",
                "runtimePlatform.cpuArchitecture",
            ),
            (
                &[("/networkMode", json!("awsvpc")), ("/requiresCompatibilities", json!(["EC2", "EXTERNAL"]))],
                "The task definition is not compatible with EXTERNAL.",
                "requiresCompatibilities.1",
            ),
        ],
    );
}

#[test]
fn aws_looks_in_this_order() {
    let mut broken = on_fargate();
    for (pointer, value, message) in [
        ("/memory", json!("4096"), "No Fargate configuration"),
        ("/containerDefinitions/1/dependsOn", json!([{ "containerName": "x", "condition": "START" }]), "Cannot depend"),
        ("/containerDefinitions/0/stopTimeout", json!(121), "Tasks using the Fargate launch type must have"),
        ("/containerDefinitions/0/image", json!(""), "Container.image should not"),
        ("/networkMode", json!("bridge"), "Fargate only supports"),
        ("/containerDefinitions/0/essential", json!(false), "Task definition doesn't have any essential"),
        ("/containerDefinitions/1/name", json!("web"), "Container names must be unique"),
        ("/family", json!("my app"), "Family contains"),
        ("/cpu", json!("lots"), "Invalid 'cpu' setting"),
    ] {
        edit(&mut broken, pointer, value);
        let refusal = call(&mut World::new(42), "register_task_definition", broken.clone()).expect_err(message);
        assert!(refusal.message.starts_with(message), "{} came before {message}", refusal.message);
    }
}

#[test]
fn compatibilities_say_what_it_can_run_on() {
    let ec2 = json!(["EXTERNAL", "EC2"]);
    let no_fargate = json!(["EC2", "MANAGED_INSTANCES"]);
    let all = json!(["EC2", "MANAGED_INSTANCES", "FARGATE"]);
    let awsvpc = ("/networkMode", json!("awsvpc"));
    let (cpu, memory) = (("/cpu", json!("256")), ("/memory", json!("512")));
    let rows: &[(&[(&str, Value)], &Value)] = &[
        (&[], &ec2),
        (&[("/requiresCompatibilities", json!(["EC2"]))], &ec2),
        (&[("/networkMode", json!("host"))], &json!(["EXTERNAL", "EC2", "MANAGED_INSTANCES"])),
        (std::slice::from_ref(&awsvpc), &no_fargate),
        (&[awsvpc.clone(), cpu.clone()], &no_fargate),
        (&[awsvpc.clone(), cpu.clone(), ("/memory", json!("400"))], &no_fargate),
        (&[awsvpc.clone(), cpu.clone(), memory.clone()], &all),
        (&[awsvpc.clone(), cpu, memory, ("/containerDefinitions/0/privileged", json!(true))], &no_fargate),
    ];
    for (edits, expected) in rows {
        let mut definition = on_ec2();
        for (pointer, value) in *edits {
            edit(&mut definition, pointer, value.clone());
        }
        let answer = call(&mut World::new(42), "register_task_definition", definition).expect("it is accepted");
        assert_eq!(&answer["taskDefinition"]["compatibilities"], *expected, "{edits:?}");
    }
}
