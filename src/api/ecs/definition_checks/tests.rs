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

/// A pointer or a path that begins with a number is about that container.
fn whole(text: &str, separator: &str) -> String {
    let place = if text.starts_with(|c: char| c.is_ascii_digit()) { "containerDefinitions" } else { "" };
    match (place, separator) {
        ("", _) => text.to_owned(),
        (place, "/") => format!("/{place}/{text}"),
        (place, separator) => format!("{place}{separator}{text}"),
    }
}

/// Each row is what is changed, by JSON pointers, the path of the refusal, and its text.
fn assert_refused(base: fn() -> Value, table: &str) {
    let mut world = World::new(42);
    call(&mut world, "register_task_definition", base()).expect("the base is accepted");
    let before = world.digest();
    for row in table.lines().map(str::trim).filter(|row| !row.is_empty()) {
        let [edits, path, message] = row.splitn(3, '|').map(str::trim).collect::<Vec<_>>()[..] else {
            panic!("{row} has no three columns")
        };
        let mut definition = base();
        let edits: Value = serde_json::from_str(edits).expect(row);
        for (pointer, value) in edits.as_object().expect("edits are a map") {
            edit(&mut definition, &whole(pointer, "/"), value.clone());
        }
        let refusal = call(&mut world, "register_task_definition", definition).expect_err(row);
        assert_eq!(refusal.message, message);
        assert_eq!(refusal.path.join("."), whole(path, "."), "{row}");
        assert!(!refusal.because.is_empty() && !refusal.way_out.is_empty(), "{row}");
        assert_eq!(world.digest(), before, "{row}: nothing may change");
    }
}

#[test]
fn family_list_and_names() {
    assert_refused(
        on_ec2,
        r#"
        {"/family": ""}                | family               | Family should not be null or empty.
        {"/family": "my app"}          | family               | Family contains invalid characters.
        {"/family": null}              |                      | Parameter validation failed: Missing required parameter in input: "family"
        {"/containerDefinitions": null} |                     | Parameter validation failed: Missing required parameter in input: "containerDefinitions"
        {"/containerDefinitions": []}  | containerDefinitions | Container list cannot be empty.
        {"0/name": null}               | 0.name               | Container.name should not be null or empty.
        {"1/name": "side car"}         | 1.name               | Container.name contains invalid characters.
        {"1/name": "web"}              | 1.name               | Container names must be unique within a Task Definition.
        {"0/essential": false}         | containerDefinitions | Task definition doesn't have any essential container.
        "#,
    );
    let long = "x".repeat(256);
    let eleven: Vec<Value> =
        (0..11).map(|n| json!({ "name": format!("c{n}"), "image": "nginx", "memory": 8 })).collect();
    let too_long = json!({ "/family": long });
    let too_many = json!({ "/containerDefinitions": eleven });
    assert_refused(on_ec2, &format!("{too_long} | family | Family should not be longer than 255 characters."));
    assert_refused(on_ec2, &format!("{too_many} | containerDefinitions | Too many containers."));
}

#[test]
fn one_container() {
    assert_refused(
        on_ec2,
        r#"
        {"0/image": null}       | 0.image        | Container.image should not be null or empty.
        {"0/image": "my app:v1"} | 0.image       | Container.image contains invalid characters
        {"0/memory": null}      | 0.memory       | Invalid setting for container 'web'. At least one of 'memory' or 'memoryReservation' must be specified.
        {"0/memory": 0}         | 0.memory       | Invalid setting for container 'web'. At least one of 'memory' or 'memoryReservation' must be specified.
        {"0/memory": 5}         | 0.memory       | Invalid setting for container 'web'. 'memory' must be at least 6 MiB.
        {"0/memoryReservation": 257} | 0.memory  | Invalid setting for container 'web'. 'memory' must be greater than or equal to 'memoryReservation'.
        {"/memory": "128"}      | 0.memory       | The 'memory' setting for container 'web' is greater than for the task.
        {"0/startTimeout": 1}   | 0.startTimeout | Granular start timeout on container 'web' must be at least 2 seconds.
        {"0/stopTimeout": 0}    | 0.stopTimeout  | Granular stop timeout on container 'web' must be at least 2 seconds.
        {"0/healthCheck": {"command": ["curl", "localhost"]}} | 0.healthCheck | Invalid setting for container 'web'. Health check 'command' must start with CMD or CMD-SHELL.
        {"0/healthCheck": {"command": ["CMD"]}} | 0.healthCheck | Invalid setting for container 'web'. Health check 'command' must start with CMD or CMD-SHELL.
        {"0/logConfiguration": {"logDriver": "cloudwatch"}} | 0.logConfiguration | cloudwatch is not a valid log driver. Must be one of [awslogs,fluentd,gelf,json-file,journald,syslog,splunk,awsfirelens]
        {"0/logConfiguration": {"logDriver": "awslogs"}}    | 0.logConfiguration | Log driver awslogs requires options: awslogs-region, awslogs-group
        {"0/logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-region": "us-east-1"}}} | 0.logConfiguration | Log driver awslogs requires options: awslogs-group
        {"0/secrets": [{"name": "TOKEN", "valueFrom": "arn:aws:ssm:us-east-1:123456789012:parameter/token"}]} | 0.secrets | When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.
        "#,
    );
    let long = json!({ "0/image": "x".repeat(256) });
    assert_refused(on_ec2, &format!("{long} | 0.image | Container.image should not be longer than 255 characters."));
    for (member, values, range) in [
        ("interval", [4, 301], "between 5 and 300"),
        ("timeout", [1, 61], "between 2 and 60"),
        ("retries", [0, 11], "between 1 and 10"),
        ("startPeriod", [301, 999], "between 0 and 300"),
    ] {
        for value in values {
            let check = json!({ "0/healthCheck": { "command": ["CMD-SHELL", "true"], member: value } });
            let rule = format!("Invalid setting for container 'web'. Health check '{member}' must be {range}.");
            assert_refused(on_ec2, &format!("{check} | 0.healthCheck | {rule}"));
        }
    }
}

#[test]
fn ports() {
    let (first, second) = ("0.portMappings.0", "0.portMappings.1");
    let invalid = |rule: &str| format!("Invalid setting for container 'web'. {rule}");
    let differ =
        |mode| format!("When networkMode={mode}, the host ports and container ports in port mappings must match.");
    let none = "Port mappings are not supported on container when networkMode=none".to_owned();
    for (mode, ports, message, place) in [
        ("none", json!([{ "containerPort": 80 }]), none, first),
        ("bridge", json!([{ "containerPort": 0 }]), invalid("'containerPort' must be between 1 and 65535."), first),
        (
            "bridge",
            json!([{ "containerPort": 65_536 }]),
            invalid("'containerPort' must be between 1 and 65535."),
            first,
        ),
        (
            "bridge",
            json!([{ "containerPort": 80, "hostPort": 65_536 }]),
            invalid("'hostPort' must be between 0 and 65535."),
            first,
        ),
        ("awsvpc", json!([{ "containerPort": 80, "hostPort": 8080 }]), differ("awsvpc"), first),
        ("host", json!([{ "containerPort": 80, "hostPort": 0 }]), differ("host"), first),
        (
            "bridge",
            json!([{ "containerPort": 80, "name": "Web" }]),
            "Port mapping name contains invalid characters.".to_owned(),
            first,
        ),
        (
            "bridge",
            json!([{ "containerPort": 53 }, { "containerPort": 53, "protocol": "udp" }]),
            "container port is used multiple times in task".to_owned(),
            second,
        ),
        (
            "bridge",
            json!([{ "containerPort": 80, "name": "a" }, { "containerPort": 81, "name": "a" }]),
            "port mapping name is already used".to_owned(),
            second,
        ),
    ] {
        let edits = json!({ "/networkMode": mode, "0/portMappings": ports });
        assert_refused(on_ec2, &format!("{edits} | {place} | {message}"));
    }
}

#[test]
fn containers_share_their_ports_under_awsvpc_only() {
    let ports = json!([{ "containerPort": 80 }]);
    let edits = json!({ "1/portMappings": ports });
    assert_refused(on_fargate, &format!("{edits} | 1.portMappings.0 | container port is used multiple times in task"));
    let mut bridge = on_ec2();
    edit(&mut bridge, "/containerDefinitions/1/portMappings", ports);
    call(&mut World::new(42), "register_task_definition", bridge).expect("under bridge each has its own network");
}

#[test]
fn depends_on() {
    let waits = |on: &str, condition: &str| json!([{ "containerName": on, "condition": condition }]);
    for (edits, path, message) in [
        (
            json!({ "0/dependsOn": waits("proxy", "START") }),
            "0.dependsOn.0",
            "Cannot depend on container + 'proxy' because it does not exist",
        ),
        (
            json!({ "1/dependsOn": waits("web", "SUCCESS") }),
            "1.dependsOn.0",
            "A dependency container with SUCCESS or COMPLETE condition cannot be an essential container",
        ),
        (
            json!({ "0/dependsOn": waits("side", "HEALTHY") }),
            "0.dependsOn.0",
            "A dependency container with HEALTHY condition must have health check configured",
        ),
        (
            json!({ "0/dependsOn": waits("side", "START"), "1/dependsOn": waits("web", "START") }),
            "containerDefinitions",
            "Container dependsOn contains a cycle",
        ),
        (
            json!({ "0/dependsOn": waits("web", "START") }),
            "containerDefinitions",
            "Container dependsOn contains a cycle",
        ),
    ] {
        assert_refused(on_ec2, &format!("{edits} | {path} | {message}"));
    }
}

#[test]
fn sizes() {
    assert_refused(
        on_ec2,
        r#"
        {"/cpu": "lots"}     | cpu    | Invalid 'cpu' setting for task. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.
        {"/cpu": "127"}      | cpu    | Invalid 'cpu' setting for task. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.
        {"/cpu": "193 vCPU"} | cpu    | Invalid 'cpu' setting for task. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.
        {"/memory": "1 PB"}  | memory | Invalid 'memory' setting for task. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.
        {"/memory": "300"}   | memory | The sum of all container 'memory' values cannot be greater than the value of the task 'memory'.
        {"/memory": "300", "0/memoryReservation": 250} | memory | The sum of all container 'memoryReservation' values cannot be greater than the value of the task 'memory'.
        "#,
    );
    assert_refused(
        on_fargate,
        r#"
        {"/cpu": null}    | cpu    | Fargate requires that 'cpu' be defined at the task level.
        {"/memory": null} | memory | Fargate requires that 'memory' be defined at the task level.
        {"0/cpu": 257}    | cpu    | The sum of all container 'cpu' values cannot be greater than the value of the task 'cpu'.
        "#,
    );
    let windows = json!({ "/runtimePlatform": { "operatingSystemFamily": "WINDOWS_SERVER_2022_CORE" } });
    for (edits, path, cpu, memory) in [
        (json!({ "/memory": "4096" }), "memory", 256, 4096),
        (json!({ "/memory": "1536" }), "memory", 256, 1536),
        (json!({ "/cpu": "300" }), "cpu", 300, 512),
        (windows, "cpu", 256, 512),
    ] {
        let pair = format!("No Fargate configuration exists for given values: {cpu} CPU, {memory} memory.");
        let rest = "See the Amazon ECS documentation for the valid values.";
        assert_refused(on_fargate, &format!("{edits} | {path} | {pair} {rest}"));
    }
}

#[test]
fn fargate_is_narrower() {
    assert_refused(
        on_fargate,
        r#"
        {"/networkMode": null}   | networkMode    | Fargate only supports network mode 'awsvpc'.
        {"/networkMode": "host"} | networkMode    | Fargate only supports network mode 'awsvpc'.
        {"/pidMode": "host"}     | pidMode        | Tasks using the Fargate launch type do not support pidMode 'host'. The supported value for pidMode is 'task'.
        {"/ipcMode": "task"}     | ipcMode        | Tasks using the Fargate launch type do not support ipcMode.
        {"0/stopTimeout": 121}   | 0.stopTimeout  | Tasks using the Fargate launch type must have a container stop timeout of less than 120 seconds.
        {"0/startTimeout": 121}  | 0.startTimeout | Tasks using the Fargate launch type must have a container start timeout of less than 120 seconds.
        {"0/privileged": true}   | 0.privileged   | Fargate requires that the 'privileged' setting be 'false'
        {"/ephemeralStorage": {"sizeInGiB": 20}}  | ephemeralStorage.sizeInGiB | EphemeralStorage size should be at least 21
        {"/ephemeralStorage": {"sizeInGiB": 201}} | ephemeralStorage.sizeInGiB | EphemeralStorage size should be at most 200
        {"0/logConfiguration": {"logDriver": "json-file"}} | 0.logConfiguration | json-file is not a valid log driver. Must be one of [awslogs,splunk,awsfirelens]
        {"0/logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "/ecs/web", "awslogs-region": "us-east-1"}}} | 0.logConfiguration | Fargate requires log configuration options to include awslogs-stream-prefix to support log driver awslogs.
        {"/executionRoleArn": null, "0/logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "/ecs/web", "awslogs-region": "us-east-1"}}} | 0.logConfiguration | Fargate requires task definition to have execution role ARN to support log driver awslogs.
        {"/executionRoleArn": null, "0/image": "123456789012.dkr.ecr.us-east-1.amazonaws.com/web:1"} | 0.image | Fargate requires task definition to have execution role ARN to support ECR images.
        "#,
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
        r#"
        {"/runtimePlatform": {"cpuArchitecture": "arm64"}} | runtimePlatform.cpuArchitecture | Invalid value for parameter runtimePlatform.cpuArchitecture: "arm64", must be one of: X86_64, ARM64
        {"/networkMode": "awsvpc", "/requiresCompatibilities": ["EC2", "EXTERNAL"]} | requiresCompatibilities.1 | The task definition is not compatible with EXTERNAL.
        "#,
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
