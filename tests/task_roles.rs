//! The roles of ECS tasks: what happens when they are missing, trust somebody else, or may not do enough.

use longshore::api::refusal::Refusal;
use longshore::model::time::Millis;
use serde_json::{Value, json};

use crate::lab::{Lab, fargate};
use crate::scripts::run;

/// The definition of the course's notes, as it stands there.
const RUST_API: &str = include_str!("my-rust-api.json");

const MANAGED: &str = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy";
const CAT: &str = "arn:aws:s3:::photos/cat.jpg";

fn role(name: &str) -> String {
    format!("arn:aws:iam::123456789012:role/{name}")
}

fn create(lab: &mut Lab, name: &str, service: &str) {
    let trust = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": { "Service": service }, "Action": "sts:AssumeRole",
    }] });
    lab.ok("iam.create_role", json!({ "RoleName": name, "AssumeRolePolicyDocument": trust }));
}

/// A lab with the cluster `prod` and the family `web`, whose definition has these members besides.
fn lab(members: Value) -> Lab {
    let mut lab = Lab::new(42);
    lab.ok("ecs.create_cluster", json!({ "clusterName": "prod" }));
    register(&mut lab, members);
    lab
}

fn register(lab: &mut Lab, members: Value) {
    let mut definition = fargate("web", "nginx");
    for (name, value) in members.as_object().unwrap() {
        definition[name] = value.clone();
    }
    lab.ok("ecs.register_task_definition", definition);
}

fn start(lab: &mut Lab) -> Result<String, Refusal> {
    let network = lab.network();
    let request = json!({
        "cluster": "prod", "taskDefinition": "web", "launchType": "FARGATE", "networkConfiguration": network,
    });
    let answer = lab.call("ecs.run_task", request)?;
    Ok(answer["tasks"][0]["taskArn"].as_str().unwrap().to_owned())
}

/// Starts a task, and what becomes of it in a minute: its status, and why it stopped.
fn fate(lab: &mut Lab) -> (String, String) {
    let task = start(lab).unwrap();
    lab.wait("1m");
    let task = lab.task(&task);
    let text = |member: &str| task[member].as_str().unwrap_or_default().to_owned();
    (text("lastStatus"), format!("{}: {}", text("stopCode"), text("stoppedReason")))
}

fn unassumable(role: &str) -> String {
    format!(
        "ECS was unable to assume the role '{role}' that was provided for this task. Please verify that the role being \
         passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this role."
    )
}

/// The way out of each refusal is typed as it stands, until the definition of the notes runs.
#[test]
fn the_definition_of_the_notes_registers_and_runs_once_its_roles_exist() {
    let setup = format!(
        "ecs.create_cluster(#{{ clusterName: \"prod\" }});\necs.register_task_definition(`{RUST_API}`);\nlet network = #{{ \
         awsvpcConfiguration: #{{ subnets: ec2.describe_subnets().Subnets.map(|s| s.SubnetId) }} }};\n"
    );
    let start = "let task = ecs.run_task(#{ cluster: \"prod\", taskDefinition: \"my-rust-api\", launchType: \"FARGATE\", \
                 networkConfiguration: network }).tasks[0].taskArn;\n";
    let attempt =
        format!("try {{ {start} }} catch (no) {{ print(no.message); print(no.because); print(no.wayOut); }}\n");
    let mut typed = setup;
    for name in ["my-task-role", "ecsTaskExecutionRole"] {
        let said = run(&format!("{typed}{attempt}"));
        let lines: Vec<&str> = said.lines().collect();
        let [message, because, way_out] = lines.as_slice() else { panic!("{said}") };
        assert_eq!(*message, unassumable(&format!("arn:aws:iam::123456:role/{name}")));
        assert!(because.contains("names a role that does not exist"), "{because}");
        typed += &format!("{way_out};\n");
    }
    let shown = "wait(\"1m\"); print(ecs.describe_tasks(#{ cluster: \"prod\", tasks: [task] }).tasks[0].lastStatus);";
    assert_eq!(run(&format!("{typed}{start}{shown}")), "RUNNING\n");
}

#[test]
fn a_role_must_exist_here_and_trust_ecs() {
    for (reference, because, way_out) in [
        (role("app"), "taskRoleArn names a role that does not exist: `app`", "iam.create_role("),
        ("app".to_owned(), "taskRoleArn names a role that does not exist: `app`", "iam.create_role("),
        (role("teams/web/app"), "names a role that does not exist: `app`", "Path: \"/teams/web/\""),
        ("arn:aws:iam::999988887777:role/app".to_owned(), "taskRoleArn is a role of another account", "role/app"),
        (
            role("lambda"),
            "and \"lambda.amazonaws.com\" in the policy: they differ at character 1",
            "update_assume_role_policy(",
        ),
    ] {
        let mut lab = lab(json!({ "taskRoleArn": reference }));
        create(&mut lab, "lambda", "lambda.amazonaws.com");
        let network = lab.network();
        let refusal = lab.refused(
            "ecs.run_task",
            json!({
                "cluster": "prod", "taskDefinition": "web", "launchType": "FARGATE", "networkConfiguration": network,
            }),
        );
        assert_eq!((&*refusal.code, refusal.message.as_str()), ("ClientException", unassumable(&reference).as_str()));
        assert!(refusal.because.contains(because), "{}", refusal.because);
        assert!(refusal.way_out.contains(way_out), "{}", refusal.way_out);
    }
}

/// CreateService is not refused: the scheduler says it once, and starts its tasks when the role is there.
#[test]
fn a_service_waits_for_its_role() {
    let mut lab = lab(json!({ "taskRoleArn": role("app") }));
    let network = lab.network();
    lab.ok(
        "ecs.create_service",
        json!({
            "cluster": "prod", "serviceName": "web", "taskDefinition": "web", "desiredCount": 2, "launchType": "FARGATE",
            "networkConfiguration": network,
        }),
    );
    lab.wait("1h");
    let error = unassumable(&role("app"));
    assert_eq!(lab.events("web"), [format!("(service web) failed to launch a task with (error {error}).")]);
    create(&mut lab, "app", "lambda.amazonaws.com");
    lab.wait("5m");
    assert_eq!(lab.tasks("web").len(), 0, "it exists, and trusts somebody else");
    let trust = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": { "Service": "ecs-tasks.amazonaws.com" }, "Action": "sts:AssumeRole",
    }] });
    lab.ok("iam.update_assume_role_policy", json!({ "RoleName": "app", "PolicyDocument": trust }));
    lab.wait("2m");
    assert_eq!(lab.service("web")["runningCount"], 2);
}

/// What the execution role may not do ends the task before its containers start. [semantics/around.md 2, 5.3, 9]
#[test]
fn the_execution_role_needs_permissions() {
    let log = |create: &str| {
        json!({ "logDriver": "awslogs", "options": {
            "awslogs-group": "/ecs/web", "awslogs-region": "us-east-1", "awslogs-stream-prefix": "ecs",
            "awslogs-create-group": create,
        } })
    };
    let container = |member: &str, value: Value| {
        let mut container = json!({ "name": "web", "image": "nginx" });
        container[member] = value;
        json!([container])
    };
    let secret = |from: &str| container("secrets", json!([{ "name": "KEY", "valueFrom": from }]));
    let ecr = container("image", json!("123456789012.dkr.ecr.us-east-1.amazonaws.com/web:1"));
    let auth = json!({ "Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*" });
    let nothing = json!({ "Effect": "Allow", "Action": "s3:*", "Resource": "*" });
    let managed = json!(MANAGED);
    let database = "arn:aws:secretsmanager:us-east-1:123456789012:secret:db-AbCdEf";
    for (containers, may, expected) in [
        (container("image", json!("nginx")), &nothing, &["RUNNING"][..]),
        (ecr.clone(), &managed, &["RUNNING"]),
        (
            ecr.clone(),
            &nothing,
            &[
                "STOPPED",
                "TaskFailedToStart: ResourceInitializationError: unable to pull secrets or registry auth: execution resource \
                 retrieval failed: unable to retrieve ecr registry auth: service call has been retried 1 time(s): operation \
                 error ECR: GetAuthorizationToken, https response error StatusCode: 400, RequestID: ",
                "api error AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/exec/",
                " is not authorized to perform: ecr:GetAuthorizationToken on resource: * because no identity-based policy \
                 allows the ecr:GetAuthorizationToken action",
            ],
        ),
        (
            ecr,
            &auth,
            &[
                "STOPPED",
                "TaskFailedToStart: CannotPullContainerError: The task can't pull the image. Check that the role has the \
                 permissions to pull images from the registry.",
            ],
        ),
        (container("logConfiguration", log("false")), &managed, &["RUNNING"]),
        (
            container("logConfiguration", log("true")),
            &managed,
            &["STOPPED", "failed to create Cloudwatch log group: AccessDeniedException: User: ", "logs:CreateLogGroup"],
        ),
        (
            container("logConfiguration", log("false")),
            &nothing,
            &[
                "STOPPED",
                "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed \
                 to create Cloudwatch log stream: AccessDeniedException: User: ",
                "logs:CreateLogStream on resource: arn:aws:logs:us-east-1:123456789012:log-group:/ecs/web:log-stream:ecs/web/",
            ],
        ),
        (
            secret(&format!("{database}:password::")),
            &managed,
            &[
                "STOPPED",
                "unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret \
                 arn:aws:secretsmanager:us-east-1:123456789012:secret:db-AbCdEf from secrets manager: operation error Secrets \
                 Manager: GetSecretValue, https response error StatusCode: 400",
                "secretsmanager:GetSecretValue on resource: arn:aws:secretsmanager:us-east-1:123456789012:secret:db-AbCdEf \
                 because",
            ],
        ),
        (
            secret("db/password"),
            &managed,
            &[
                "STOPPED",
                "unable to retrieve secrets from ssm: service call has been retried 1 time(s): operation error SSM: \
                 GetParameters",
                "on resource: arn:aws:ssm:us-east-1:123456789012:parameter/db/password because",
            ],
        ),
    ] {
        let mut lab = lab(json!({ "containerDefinitions": containers, "executionRoleArn": role("exec") }));
        create(&mut lab, "exec", "ecs-tasks.amazonaws.com");
        match may {
            Value::String(arn) => lab.ok("iam.attach_role_policy", json!({ "RoleName": "exec", "PolicyArn": arn })),
            statement => lab.ok(
                "iam.put_role_policy",
                json!({ "RoleName": "exec", "PolicyName": "some", "PolicyDocument": {
                    "Version": "2012-10-17", "Statement": statement,
                } }),
            ),
        };
        let (status, stopped) = fate(&mut lab);
        let seen = format!("{status} {stopped}");
        for part in expected {
            assert!(seen.contains(part), "{part}\nis not in\n{seen}");
        }
    }
}

/// The program in a task has the task role, and nothing else. [semantics/eks.md 6.5]
#[test]
fn the_program_in_a_task_has_the_task_role() {
    let mut lab = lab(json!({ "taskRoleArn": role("app") }));
    create(&mut lab, "app", "ecs-tasks.amazonaws.com");
    let task = start(&mut lab).unwrap();
    let call = |task: &Value| json!({ "program": task, "action": "s3:GetObject", "resource": CAT });
    let early = lab.refused("program.call", call(&json!(task)));
    assert_eq!((&*early.code, early.because.contains("its task is PROVISIONING")), ("NothingRuns", true), "{early:?}");
    lab.wait("1m");
    let described = lab.task(&task);
    let id = task.rsplit('/').next().unwrap().to_owned();
    let denied = lab.refused("program.call", call(&described));
    assert_eq!(
        (&*denied.code, denied.message.as_str()),
        (
            "AccessDenied",
            &*format!(
                "User: arn:aws:sts::123456789012:assumed-role/app/{id} is not authorized to perform: s3:GetObject on \
                 resource: \"{CAT}\" because no identity-based policy allows the s3:GetObject action"
            )
        )
    );
    assert!(denied.trace().is_some(), "why() can tell");
    let policy = json!({ "Version": "2012-10-17", "Statement": {
        "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::photos/*",
    } });
    lab.ok("iam.put_role_policy", json!({ "RoleName": "app", "PolicyName": "read", "PolicyDocument": policy }));
    for named in [described, json!(task), json!(id), json!(id[..8])] {
        let answer = lab.ok("program.call", call(&named));
        assert_eq!((&answer["decision"], &answer["credentials"]), (&json!("allowed"), &json!("container")));
    }
    lab.ok("iam.delete_role_policy", json!({ "RoleName": "app", "PolicyName": "read" }));
    lab.ok("iam.delete_role", json!({ "RoleName": "app" }));
    let refusal = lab.refused("program.call", call(&json!(id)));
    assert_eq!(refusal.code, "AccessDenied", "a role that is gone allows nothing");
    let created = "(iam.create_role(#{ RoleName: \"app\", AssumeRolePolicyDocument: #{ Version: \"2012-10-17\", Statement: [#{ \
                   Effect: \"Allow\", Principal: #{ Service: \"ecs-tasks.amazonaws.com\" }, Action: \"sts:AssumeRole\" }] } })), \
                   and call again";
    assert!(refusal.way_out.contains(created), "{}", refusal.way_out);
    lab.wait("6h");
    assert_eq!(lab.refused("program.call", call(&json!(id))).code, "CredentialRetrievalError", "and is not renewed");
}

/// Trust is asked for when credentials are issued: those of a task hold for six hours and are renewed every three.
/// From the start of the task: when the trust policy is broken and mended, and whether calls are allowed at some times.
#[test]
fn a_task_keeps_the_credentials_that_it_was_issued() {
    type Row = (&'static str, Option<&'static str>, &'static [(&'static str, bool)]);
    let rows: [Row; 4] = [
        ("1m", None, &[("2m", true), ("5h 59m", true), ("6h 1m", false), ("10h", false)]),
        ("3h 1m", None, &[("6h 1m", true), ("8h 59m", true), ("9h 1m", false)]),
        ("1m", Some("2h"), &[("6h 1m", true), ("20h", true)]),
        ("1m", Some("7h"), &[("6h 1m", false), ("7h 1m", true), ("12h", true)]),
    ];
    for (broken, mended, calls) in rows {
        let mut lab = lab(json!({ "taskRoleArn": role("app") }));
        create(&mut lab, "app", "ecs-tasks.amazonaws.com");
        let task = start(&mut lab).unwrap();
        let trusting = |service: &str| {
            json!({ "Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Principal": { "Service": service }, "Action": "sts:AssumeRole",
        }] })
        };
        enum Then {
            Trust(&'static str),
            Call(bool),
        }
        let mut plan = vec![(broken, Then::Trust("lambda.amazonaws.com"))];
        plan.extend(mended.map(|at| (at, Then::Trust("ecs-tasks.amazonaws.com"))));
        plan.extend(calls.iter().map(|&(at, allowed)| (at, Then::Call(allowed))));
        let millis = |at: &str| Millis::parse(at).unwrap();
        plan.sort_by_key(|(at, _)| millis(at));
        let mut now = Millis::ZERO;
        for (at, then) in plan {
            lab.session.wait(Millis(millis(at).0 - now.0)).unwrap();
            now = millis(at);
            match then {
                Then::Trust(service) => {
                    let request = json!({ "RoleName": "app", "PolicyDocument": trusting(service) });
                    lab.ok("iam.update_assume_role_policy", request);
                }
                Then::Call(allowed) => {
                    let me = json!({ "program": task, "action": "sts:GetCallerIdentity" });
                    let answer = lab.call("program.call", me);
                    assert_eq!(answer.is_ok(), allowed, "broken at {broken}, mended at {mended:?}: {at}");
                    let Err(refusal) = answer else { continue };
                    assert_eq!(refusal.code, "CredentialRetrievalError");
                    assert!(refusal.because.contains("does not let ecs-tasks.amazonaws.com assume it"), "{refusal:?}");
                }
            }
        }
    }
}

#[test]
fn a_task_without_a_role_finds_no_credentials() {
    let environment =
        |name: &str| json!([{ "name": "web", "image": "nginx", "environment": [{ "name": name, "value": "x" }] }]);
    let mut keys = environment("AWS_ACCESS_KEY_ID");
    keys[0]["environment"].as_array_mut().unwrap().push(json!({ "name": "AWS_SECRET_ACCESS_KEY", "value": "x" }));
    for (members, code, because) in [
        (json!({}), "NoCredentialsError", "web:1 has no taskRoleArn, and Fargate has no instance metadata"),
        (json!({ "executionRoleArn": role("exec") }), "NoCredentialsError", "its executionRoleArn is for ECS alone"),
        (json!({ "containerDefinitions": keys }), "InvalidClientTokenId", "comes first"),
        (
            json!({ "containerDefinitions": environment("AWS_WEB_IDENTITY_TOKEN_FILE") }),
            "InvalidConfigError",
            "AWS_ROLE_ARN",
        ),
        (
            json!({ "containerDefinitions": environment("AWS_CONTAINER_CREDENTIALS_FULL_URI") }),
            "NotModelled",
            "ECS itself",
        ),
    ] {
        let mut lab = lab(members);
        create(&mut lab, "exec", "ecs-tasks.amazonaws.com");
        let task = start(&mut lab).unwrap();
        lab.wait("1m");
        let refusal = lab.refused("program.call", json!({ "program": task, "action": "sts:GetCallerIdentity" }));
        assert_eq!(refusal.code, code, "{refusal:?}");
        assert!(refusal.because.contains(because), "{}", refusal.because);
        assert!(!refusal.way_out.is_empty());
    }
    let mut lab = Lab::new(42);
    let refusal = lab.refused("program.call", json!({ "program": "nobody", "action": "sts:GetCallerIdentity" }));
    assert_eq!(refusal.message, "The referenced task was not found.");
}
