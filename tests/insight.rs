//! `why`, `facts` and `timeline` about everything that a lab has, by whatever name: and each `why` of something that
//! does not go on ends with what would help.

use longshore::api::named::{self, Meant};
use longshore::model::id::Id;
use longshore::model::subject::Subject;
use longshore::script::{Interpreter, on_big_stack};
use longshore::session::compare::compare;
use longshore::session::{Session, narrate};
use longshore::view::value::value;
use longshore::view::{Look, paint::Paint};

const LOOK: Look = Look { paint: Paint::Plain, width: 110, most: 50, fold: true };

fn lab(script: &str) -> Interpreter {
    let mut interpreter = Interpreter::new(Session::new(42), Box::new(|_| {}));
    interpreter.eval(script, "").unwrap_or_else(|trouble| panic!("{trouble:?}"));
    interpreter
}

/// What a question is answered in the lab that a script makes, as the screen shows it.
#[track_caller]
fn answer(script: &str, question: &str) -> String {
    on_big_stack(|| {
        let outcome = lab(script).eval(question, "").unwrap_or_else(|trouble| panic!("{question}: {trouble:?}"));
        value(&outcome.value, LOOK)
    })
}

/// The last chain of an explanation, in one line.
fn way_out(explanation: &str) -> String {
    let (_, way_out) =
        explanation.rsplit_once("└─ way out\n").unwrap_or_else(|| panic!("no way out in\n{explanation}"));
    way_out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// An ECS service, a pod and a service account are called `web`; two clusters are called `prod`.
const NAMESAKES: &str = r#"
    let lot = cluster("prod");
    lot.scale_to("nginx", "Fargate", 256, 512, 1);
    let network = #{ awsvpcConfiguration: #{ subnets: ec2.describe_subnets().Subnets.map(|subnet| subnet.SubnetId) } };
    ecs.create_service(#{ cluster: "prod", serviceName: "web", taskDefinition: "nginx-fargate-256-512",
        desiredCount: 0, launchType: "FARGATE", networkConfiguration: network });
    let shop = eks_cluster("prod");
    shop.account("web");
    shop.run("web", "nginx", "web");
    k8s.apply(#{ apiVersion: "v1", kind: "Namespace", metadata: #{ name: "shop" } });
    k8s.apply(#{ apiVersion: "v1", kind: "Pod", metadata: #{ name: "api", namespace: "shop" },
        spec: #{ containers: [#{ name: "app", image: "nginx" }] } });
    elbv2.create_target_group(#{ Name: "pages", Protocol: "HTTP", Port: 80, TargetType: "ip",
        VpcId: ec2.describe_subnets().Subnets[0].VpcId });
    ecs.create_cluster(#{ clusterName: "test" });
    settle();"#;

#[test]
fn a_name_leads_to_what_it_names() {
    on_big_stack(|| {
        let interpreter = lab(NAMESAKES);
        let session = interpreter.session();
        let world = session.world();
        let called = |subject| narrate::name(world, subject);
        let (id, task) = (world.task_name(Id::new(0)), called(Subject::Task(Id::new(0))));
        let node = world.node_name(Id::new(0));
        for (text, expected) in [
            ("web", "service web; also pod default/web, service account default/web"),
            ("pod/web", "pod default/web"),
            ("sa/web", "service account default/web"),
            ("default/web", "pod default/web; also service account default/web"),
            ("sa/default/web", "service account default/web"),
            ("shop/api", "pod shop/api"),
            ("api", "pod shop/api"),
            ("prod", "cluster prod; also EKS cluster prod"),
            ("eks/prod", "EKS cluster prod"),
            ("test", "cluster test"),
            ("prod-nodes", "node group prod-nodes"),
            ("prod/prod-nodes", "node group prod-nodes"),
            ("shop", "namespace shop"),
            ("pages", "target group pages"),
            (&id, &task),
            (&id[..8], &task),
            (&world.task_arn(Id::new(0)), &task),
            (&world.service_arn(Id::new(1)), "service web"),
            (&world.eks_cluster_arn(Id::new(0)), "EKS cluster prod"),
            (&world.cluster_arn(Id::new(0)), "cluster prod"),
            (&world.target_group_arn(Id::new(0)), "target group pages"),
            (&world.nodegroup_arn(Id::new(0)), "node group prod-nodes"),
            (&node, &format!("node {node}")),
            ("nobody", ""),
            ("arn:aws:ecs:us-east-1:123456789012:service/prod/nobody", ""),
            ("pod/nobody", ""),
            ("", ""),
        ] {
            let found = match named::named(world, text) {
                Meant::One(one, others) if others.is_empty() => called(one),
                Meant::One(one, others) => {
                    format!("{}; also {}", called(one), others.into_iter().map(called).collect::<Vec<_>>().join(", "))
                }
                Meant::Nothing => String::new(),
                Meant::Unclear(_) => "unclear".to_owned(),
            };
            assert_eq!(found, expected, "{text}");
        }
    });
}

#[test]
fn everything_that_has_a_name_has_a_story() {
    for (question, begins) in [
        ("why(\"pod/web\")", "pod default/web is Running\n└─ the latest change came because\n"),
        ("why(k8s.get(\"pod\", \"web\"))", "pod default/web is Running\n"),
        ("why(\"sa/web\")", "service account default/web gives pods no role: it has no annotation"),
        ("why(k8s.get(\"sa\", \"web\"))", "service account default/web gives pods no role"),
        ("why(\"eks/prod\")", "EKS cluster prod is ACTIVE\n└─ the latest change came because\n"),
        ("why(shop)", "EKS cluster prod is ACTIVE\n"),
        ("why(lot)", "cluster prod is ACTIVE: tasks running: 1, starting: 0\n"),
        ("why(\"prod-nodes\")", "node group prod-nodes is ACTIVE\n"),
        ("why(\"shop\")", "namespace shop is Active\n"),
        ("facts(\"sa/web\")[0].what", "service account default/web is written"),
        ("facts(\"shop/api\")[0].what", "pod shop/api was created"),
        ("facts(\"eks/prod\").len() > 10", "true"),
        ("timeline(\"shop/api\").rows.map(|row| row.name)", "[shop/api]"),
        ("timeline(shop).rows.map(|row| row.name)", "[default/web, shop/api]"),
        ("timeline(\"sa/web\").rows.map(|row| row.name)", "[default/web]"),
        ("timeline(\"shop\").rows.map(|row| row.states.map(|step| step.state))", "- [STARTING, RUNNING]"),
    ] {
        let shown = answer(NAMESAKES, question);
        assert!(shown.starts_with(begins), "{question}:\n{shown}");
    }
}

/// A control plane without nodes, and a pod in it.
const NO_NODES: &str = r#"
    let trust = #{ Version: "2012-10-17", Statement: [#{ Effect: "Allow", Action: "sts:AssumeRole",
        Principal: #{ Service: "eks.amazonaws.com" } }] };
    iam.create_role(#{ RoleName: "cluster", AssumeRolePolicyDocument: trust });
    let subnets = ec2.describe_subnets().Subnets.map(|subnet| subnet.SubnetId);
    eks.create_cluster(#{ name: "shop", roleArn: "arn:aws:iam::123456789012:role/cluster",
        resourcesVpcConfig: #{ subnetIds: subnets } });
    wait("10m");
    let pod = k8s.apply(#{ apiVersion: "v1", kind: "Pod", metadata: #{ name: "web" },
        spec: #{ containers: [#{ name: "app", image: "nginx" }] } });
    settle();"#;

/// What a way out says can be typed as it stands, and then the pod runs.
#[test]
fn the_way_out_of_a_pending_pod_leads_out() {
    let explanation = answer(NO_NODES, "why(\"web\")");
    let expected = "\
pod default/web is Pending
├─ what keeps it
│  the scheduler says: no nodes available to schedule pods
│  cluster shop has no nodes, and pods run on nodes: node groups bring them
";
    assert!(explanation.starts_with(expected), "{explanation}");
    let typed = way_out(&explanation);
    let phase = answer(&format!("{NO_NODES}\n{typed};"), "k8s.get(\"pod\", \"web\").status.phase");
    assert_eq!(phase, "Running", "{typed}");
    let refused = answer(NO_NODES, "try { pod.call(\"s3:GetObject\"); } catch (no) { return no.wayOut; }");
    assert!(refused.contains("eks.create_nodegroup(#{ clusterName: \"shop\""), "{refused}");
}

/// A service behind a target group, and a second group, `spare`, behind a listener of its own.
const BALANCED: &str = r#"
    ecs.create_cluster(#{ clusterName: "prod" });
    ecs.register_task_definition(#{ family: "web", networkMode: "awsvpc", cpu: "256", memory: "512",
        requiresCompatibilities: ["FARGATE"],
        containerDefinitions: [#{ name: "web", image: "nginx", portMappings: [#{ containerPort: 80 }] }] });
    let subnets = ec2.describe_subnets().Subnets;
    let vpc = subnets[0].VpcId;
    let zones = subnets.map(|subnet| subnet.SubnetId);
    let balancer = elbv2.create_load_balancer(#{ Name: "shop", Subnets: zones }).LoadBalancers[0].LoadBalancerArn;
    let made = ["pages", "spare"].map(|name| elbv2.create_target_group(
        #{ Name: name, Protocol: "HTTP", Port: 80, TargetType: "ip", VpcId: vpc }).TargetGroups[0].TargetGroupArn);
    let group = made[0];
    let listeners = [];
    for nth in 0..2 {
        listeners.push(elbv2.create_listener(#{ LoadBalancerArn: balancer, Protocol: "HTTP", Port: 80 + nth,
            DefaultActions: [#{ Type: "forward", TargetGroupArn: made[nth] }] }).Listeners[0].ListenerArn);
    }
    ecs.create_service(#{ cluster: "prod", serviceName: "web", taskDefinition: "web", desiredCount: 1,
        launchType: "FARGATE", networkConfiguration: #{ awsvpcConfiguration: #{ subnets: zones } },
        loadBalancers: [#{ targetGroupArn: group, containerName: "web", containerPort: 80 }] });
    settle();
    let task = ecs.list_tasks(#{ cluster: "prod" }).taskArns[0];
    let no_listener = || elbv2.delete_listener(#{ ListenerArn: listeners[0] });
    let no_group = || { no_listener.call(); elbv2.delete_target_group(#{ TargetGroupArn: group }); };
    let no_spare = || {
        elbv2.delete_listener(#{ ListenerArn: listeners[1] });
        elbv2.delete_target_group(#{ TargetGroupArn: made[1] });
    };
    let by_hand = || {
        let targets = elbv2.describe_target_health(#{ TargetGroupArn: group }).TargetHealthDescriptions;
        elbv2.deregister_targets(#{ TargetGroupArn: group, Targets: targets.map(|health| health.Target) });
    };"#;

/// Where the health settings are not to blame, no others are advised.
#[test]
fn why_says_what_a_service_lacks_behind_its_load_balancer() {
    let gone = "target group pages, which it names in loadBalancers, has been deleted: tasks that cannot be registered \
                there are taken for ill and replaced, again and again";
    let unused = "no listener leads to target group pages: its targets are `unused`, which a service takes for ill";
    let lead = "lead one to it: elbv2.create_listener(#{ … ";
    for (done, subject, because, helps) in [
        ("no_group.call();", "\"web\"", gone, "name one that is there: ecs.update_service(#{ cluster: \"prod\""),
        ("no_group.call();", "task", gone, "name one that is there: ecs.update_service(#{ cluster: \"prod\""),
        (
            "no_group.call(); no_spare.call();",
            "\"web\"",
            gone,
            "create one, elbv2.create_target_group(#{ Name: \"pages\", Protocol: \"HTTP\", Port: 80, TargetType: \"ip\"",
        ),
        ("no_listener.call();", "\"web\"", unused, lead),
        ("no_listener.call();", "task", unused, lead),
        (
            "by_hand.call();",
            "task",
            "it runs, and somebody has deregistered it from target group pages: a service takes that for ill",
            "leave the targets of a service to the service",
        ),
    ] {
        let explanation = answer(&format!("{BALANCED}\n{done} wait(\"10m\");"), &format!("why({subject})"));
        let said = explanation.replace('│', " ").split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains(because), "{done} {subject}:\n{explanation}");
        assert!(way_out(&explanation).starts_with(helps), "{done} {subject}:\n{explanation}");
        assert!(!said.contains("advise("), "{done} {subject}:\n{explanation}");
    }
}

/// What the way out says can be typed as it stands, and then the service goes on.
#[test]
fn the_way_out_of_a_deleted_target_group_leads_out() {
    let gone = format!("{BALANCED}\nno_group.call(); wait(\"10m\");");
    let typed = way_out(&answer(&gone, "why(\"web\")"));
    let (_, typed) = typed.split_once(": ").expect("words, then what can be typed");
    let state =
        "ecs.describe_services(#{ cluster: \"prod\", services: [\"web\"] }).services[0].deployments[0].rolloutState";
    assert_eq!(answer(&format!("{gone}\n{typed}; wait(\"10m\");"), state), "COMPLETED");
}

/// What the verbs of the prelude began and what does not run is told in a notice, with where to ask on; what runs is
/// not worth one.
#[test]
fn what_the_prelude_began_and_does_not_run_is_told() {
    let gone = "image.define(\"gone\", #{ missing: true });";
    let shaky = "image.define(\"shaky\", #{ exit: #{ code: 3, after: \"5s\" } });";
    let lot = "let lot = cluster(\"prod\");";
    let shop = "let shop = eks_cluster(\"shop\");";
    for (before, done, told) in [
        (lot, "lot.launch(\"nginx\", \"Fargate\", 256, 512)", None),
        (lot, "lot.scale_to(\"nginx\", \"Fargate\", 256, 512, 3)", None),
        (lot, "lot.scale_to(\"nginx\", \"Fargate\", 256, 512, 0)", None),
        (shop, "shop.run(\"web\", \"nginx\")", None),
        (
            &format!("{lot} {gone}"),
            "lot.launch(\"gone\", \"Fargate\", 256, 512)",
            Some(
                "task 9b5eaf8c is STOPPED: TaskFailedToStart (CannotPullContainerError: The task can't pull the image. \
                 Check whether the image exists.); why(\"9b5eaf8c\") says more, and what would help",
            ),
        ),
        (&format!("{lot} {shaky}"), "lot.launch(\"shaky\", \"Fargate\", 256, 512)", None),
        (
            &format!("{lot} {shaky}"),
            "lot.scale_to(\"shaky\", \"Fargate\", 256, 512, 2)",
            Some("it loses its tasks: task "),
        ),
        (
            &format!("{lot} {gone}"),
            "lot.scale_to(\"gone\", \"Fargate\", 256, 512, 2)",
            Some("why(\"gone-fargate-256-512\") says more, and what would help"),
        ),
        (
            lot,
            "lot.scale_to(\"nginx\", \"EC2\", 256, 512, 2)",
            Some("No Container Instances were found in your cluster."),
        ),
        (
            &format!("{shop} {gone}"),
            "shop.run(\"web\", \"gone\")",
            Some("pod default/web is Pending: the registry has no image gone, which container app wants"),
        ),
        (
            shop,
            "for nth in 0..35 { shop.run(`p${nth}`, \"nginx\"); }",
            Some("why(\"pod/p34\") says more, and what would help"),
        ),
    ] {
        let notices = on_big_stack(|| {
            let mut interpreter = lab(before);
            interpreter.take_notices();
            interpreter.eval(done, "").unwrap_or_else(|trouble| panic!("{done}: {trouble:?}"));
            let notices = interpreter.take_notices();
            notices.into_iter().filter(|notice| !notice.contains("is not known here")).collect::<Vec<_>>()
        });
        match told {
            None => assert_eq!(notices, Vec::<String>::new(), "{done}"),
            Some(told) => assert!(notices.last().is_some_and(|notice| notice.contains(told)), "{done}: {notices:#?}"),
        }
    }
}

/// A task definition whose container `app` waits for `db`; the lab and the way that `db` is written.
fn ordered(db: &str) -> String {
    format!(
        r#"ecs.create_cluster(#{{ clusterName: "prod" }});
        image.define("never-well", #{{ boot: "1h" }});
        ecs.register_task_definition(#{{ family: "pair", networkMode: "awsvpc", cpu: "256", memory: "512",
            requiresCompatibilities: ["FARGATE"], containerDefinitions: [{db}] }});
        let subnets = ec2.describe_subnets().Subnets.map(|subnet| subnet.SubnetId);
        let task = ecs.run_task(#{{ cluster: "prod", taskDefinition: "pair", launchType: "FARGATE",
            networkConfiguration: #{{ awsvpcConfiguration: #{{ subnets: subnets }} }} }}).tasks[0];
        wait("2m");"#
    )
}

const CHECKED: &str = r#"healthCheck: #{ command: ["CMD-SHELL", "true"], interval: 30, retries: 3 }"#;

#[test]
fn a_container_that_waits_says_for_what() {
    let app = |condition: &str| {
        format!(
            r#"#{{ name: "app", image: "nginx", dependsOn: [#{{ containerName: "db", condition: "{condition}" }}] }}"#
        )
    };
    for (db, condition, because, helps) in [
        (
            format!(r#"#{{ name: "db", image: "never-well", essential: false, {CHECKED} }}"#),
            "HEALTHY",
            "container app waits for db HEALTHY since 2026-01-05T09:00:30Z: db is UNHEALTHY; db has no startTimeout, so \
             nothing ends the wait before ECS stops the task at 2026-01-05T12:00:30Z",
            "condition: \"START\"",
        ),
        (
            format!(r#"#{{ name: "db", image: "never-well", essential: false, startTimeout: 119, {CHECKED} }}"#),
            "HEALTHY",
            "app gives up at 2026-01-05T09:02:29Z, by db's startTimeout",
            "condition: \"START\"",
        ),
        (
            r#"#{ name: "db", image: "nginx", essential: false }"#.to_owned(),
            "SUCCESS",
            "container app waits for db SUCCESS since 2026-01-05T09:00:30Z: db runs on; db has no startTimeout",
            "let db end: image.define(\"nginx\"",
        ),
    ] {
        let explanation = answer(&ordered(&format!("{}, {db}", app(condition))), "why(task)");
        let flat = explanation.replace('│', " ").split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains(because), "{condition}:\n{explanation}");
        assert!(way_out(&explanation).contains(helps), "{condition}:\n{explanation}");
    }
}

#[test]
fn whatever_stalls_ends_in_a_way_out() {
    let service = |more: &str| {
        format!(
            r#"let lot = cluster("prod"); lot.launch("nginx", "Fargate", 256, 512);
            let subnets = ec2.describe_subnets().Subnets.map(|subnet| subnet.SubnetId);
            let request = #{{ cluster: "prod", serviceName: "web", taskDefinition: "nginx-fargate-256-512",
                desiredCount: 2, launchType: "FARGATE",
                networkConfiguration: #{{ awsvpcConfiguration: #{{ subnets: subnets }} }} }};
            {more}
            wait("5m");"#
        )
    };
    let with_role = r#"
        let definition = #{ family: "roled", networkMode: "awsvpc", cpu: "256", memory: "512",
            requiresCompatibilities: ["FARGATE"], taskRoleArn: "arn:aws:iam::123456789012:role/photos",
            containerDefinitions: [#{ name: "app", image: "nginx" }] };
        ecs.register_task_definition(definition); request.taskDefinition = "roled";"#;
    let (missing, create) =
        (service(&format!("{with_role} ecs.create_service(request);")), "ecs.create_service(request);");
    let untrusted = service(&format!(
        r#"{with_role} iam.create_role(#{{ RoleName: "photos", AssumeRolePolicyDocument: #{{ Version: "2012-10-17",
            Statement: [#{{ Effect: "Allow", Action: "sts:AssumeRole", Principal: #{{ Service: "ec2.amazonaws.com" }} }}] }} }});
        {create}"#
    ));
    let on_ec2 = r#"
        ecs.register_task_definition(#{ family: "box", containerDefinitions: [#{ name: "a", image: "nginx", memory: 64 }] });
        request.remove("networkConfiguration"); request.launchType = "EC2"; request.taskDefinition = "box";"#;
    let crashing = r#"image.define("bad", #{ exit: #{ code: 1, after: "5s" } });
        ecs.register_task_definition(#{ family: "bad", networkMode: "awsvpc", cpu: "256", memory: "512",
            requiresCompatibilities: ["FARGATE"], containerDefinitions: [#{ name: "app", image: "bad" }] });
        request.taskDefinition = "bad";"#;
    let shop = |more: &str| format!("let shop = eks_cluster(\"shop\"); {more}");
    for (script, question, helps) in [
        (missing, "why(\"web\")", "iam.create_role(#{ RoleName: \"photos\""),
        (untrusted, "why(\"web\")", "iam.update_assume_role_policy(#{ RoleName: \"photos\""),
        (
            service(&format!("{on_ec2} {create}")),
            "why(\"web\")",
            "ecs.register_container_instance(#{ cluster: \"prod\"",
        ),
        (service(&format!("{crashing} {create}")), "why(\"web\")", "image.define(\"bad\""),
        (
            service(&format!("{crashing} {create}")),
            "why(ecs.list_tasks(#{ cluster: \"prod\", desiredStatus: \"STOPPED\" }).taskArns[0])",
            "image.define(\"bad\"",
        ),
        (
            shop(
                "image.define(\"loop\", #{ exit: #{ code: 1, after: \"1s\" } }); shop.run(\"web\", \"loop\"); wait(\"30s\");",
            ),
            "why(\"web\")",
            "image.define(\"loop\"",
        ),
        (
            shop("image.define(\"gone\", #{ missing: true }); shop.run(\"web\", \"gone\"); wait(\"30s\");"),
            "why(\"web\")",
            "an image that exists",
        ),
        (
            shop("for nth in 0..31 { shop.run(`p${nth}`, \"nginx\"); }"),
            "why(\"p30\")",
            "add nodes: eks.create_nodegroup(",
        ),
        (NO_NODES.to_owned(), "why(\"shop\")", "eks.create_nodegroup("),
    ] {
        let explanation = answer(&script, question);
        assert!(way_out(&explanation).contains(helps), "{question}:\n{explanation}");
    }
}

/// What differs between the lab of a script and the same lab after one more line.
fn differences(script: &str, line: &str) -> Vec<String> {
    on_big_stack(|| {
        let mut interpreter = lab(script);
        let before = interpreter.session().world().clone();
        interpreter.eval(line, "").unwrap_or_else(|trouble| panic!("{line}: {trouble:?}"));
        let differences = compare(&before, interpreter.session().world());
        let cell = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
        differences.into_iter().map(|d| format!("{}: {} | {}", d.what, cell(d.first), cell(d.second))).collect()
    })
}

#[test]
fn labs_are_compared_in_all_of_their_worlds() {
    for (line, expected) in [
        ("k8s.delete(\"pod\", \"web\"); wait(\"1s\");", "EKS cluster prod, pod default/web: status: Running | -"),
        ("shop.account(\"cat\");", "EKS cluster prod, service account default/cat: role: - | none"),
        ("shop.add_nodes(1);", "EKS cluster prod, node group prod-nodes-2: nodes: - | 1"),
        (
            "eks.delete_nodegroup(#{ clusterName: \"prod\", nodegroupName: \"prod-nodes\" });",
            "EKS cluster prod, node group prod-nodes: status: ACTIVE | DELETING",
        ),
        (
            "elbv2.delete_target_group(#{ TargetGroupArn: elbv2.describe_target_groups().TargetGroups[0].TargetGroupArn });",
            "target group pages: targets: 0 | -",
        ),
        (
            "elbv2.create_load_balancer(#{ Name: \"front\", Subnets: ec2.describe_subnets().Subnets.map(|s| s.SubnetId) });",
            "load balancer front: ports: - | none",
        ),
        (
            "iam.attach_role_policy(#{ RoleName: \"prod-node\", PolicyArn: \"arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess\" });",
            "AmazonS3ReadOnlyAccess",
        ),
        (
            "ecs.update_service(#{ cluster: \"prod\", service: \"web\", desiredCount: 1 });",
            "cluster prod, service web: tasks wanted: 0 | 1",
        ),
    ] {
        let found = differences(NAMESAKES, line);
        assert!(found.iter().any(|row| row.contains(expected)), "{line}: {found:#?}");
    }
    assert_eq!(differences(NAMESAKES, "1 + 1"), Vec::<String>::new());
}

/// An error inside the prelude is shown at the line that called it, with a way out in that line's words.
#[test]
fn what_the_prelude_refuses_points_at_the_line_that_was_typed() {
    let lot = "let lot = cluster(\"lot\");\n";
    for (typed, message, way_out) in [
        ("lot.kill(1)", "no such task", "print(lot.render())"),
        ("lot.kill(\"1\")", "the number of a task is a whole number, and not \"1\"", "write it like lot.kill(1)"),
        (
            "lot.scale_to(\"nginx\", \"Fargate\", 256, 512, -1)",
            "there cannot be -1 tasks",
            "write a count of 0 or more",
        ),
        ("lot.launch(\"EC2\")", "`launch` does not take (text)", "lot.launch(image, runtime, cpu, mem)"),
        (
            "lot.launch(\"nginx\", \"ec2\", 256, 512)",
            "runs on \"Fargate\" or \"EC2\"",
            "lot.launch(\"nginx\", \"Fargate\", 256, 512)",
        ),
        (
            "lot.launch(\"nginx\", \"EC2\", 256, 512)",
            "No Container Instances",
            "write \"Fargate\" in the place of \"EC2\"",
        ),
        ("lot.launch(\"nginx\", \"Fargate\", 256, 100)", "No Fargate configuration", "write mem \"512\""),
        ("eks_cluster(5)", "a cluster's name is a text in quotes, and not 5", "eks_cluster(\"shop\")"),
        (
            "k8s.apply(#{ apiVersion: \"v1\", kind: \"ServiceAccount\", metadata: #{ name: || 1 } })",
            "Invalid type for parameter metadata.name, value: a closure",
            "call it first",
        ),
        ("ecs.create_cluster(#{ clusterName: ecs })", "clusterName, value: a service handle", "give what it answers"),
        ("ecs + 1", "a service handle has operations and nothing else", ":help ecs"),
    ] {
        let trouble = on_big_stack(|| lab(lot).eval(&format!("1;\n{typed}"), "typed").expect_err(typed));
        assert!(trouble.message.contains(message), "{typed}: {trouble:?}");
        assert!(trouble.way_out.contains(way_out), "{typed}: {trouble:?}");
        let place = trouble.place.expect("it has a place");
        assert_eq!(place.line, 2, "{typed}: {place:?}");
        assert_eq!(place.text, typed, "{typed}: {place:?}");
    }
    assert_eq!(answer("", "[ecs]"), "[ecs (a service handle; :help ecs lists its operations)]");
}

/// A method of the other kind of cluster says what the thing is and what to call instead.
#[test]
fn a_cluster_of_the_other_kind_says_what_it_is() {
    let both = "let lot = cluster(\"lot\"); let shop = eks_cluster(\"shop\");\n";
    let (ecs, eks) = ("shop is one of EKS, which runs pods", "lot is one of ECS, which runs tasks");
    for (typed, message, way_out) in [
        ("shop.launch(\"nginx\", \"Fargate\", 256, 512)", ecs, "shop.run(\"web\", \"nginx\")"),
        ("shop.scale_to(\"nginx\", \"Fargate\", 256, 512, 3)", ecs, "shop.run(\"web\", \"nginx\")"),
        ("shop.kill(1)", ecs, "shop.stop(\"web\")"),
        ("shop.render()", ecs, "shop.pods()"),
        ("lot.run(\"web\", \"nginx\")", eks, "lot.launch(\"nginx\", \"Fargate\", 256, 512)"),
        ("lot.run(\"web\", \"nginx\", \"web\")", eks, "lot.launch(\"nginx\", \"Fargate\", 256, 512)"),
        ("lot.add_nodes(2)", eks, "lot.launch(\"nginx\", \"Fargate\", 256, 512)"),
        ("lot.stop(\"web\")", eks, "lot.kill(1)"),
        ("lot.account(\"web\")", eks, "taskRoleArn"),
        ("lot.account(\"web\", \"x\")", eks, "taskRoleArn"),
        ("lot.pods()", eks, "lot.render()"),
        ("#{}.pods()", "pods is for a cluster of EKS, and not for #{}", "eks_cluster(\"shop\")"),
    ] {
        let trouble = on_big_stack(|| lab(both).eval(typed, "typed").expect_err(typed));
        assert!(trouble.message.contains(message), "{typed}: {trouble:?}");
        assert!(trouble.way_out.contains(way_out), "{typed}: {trouble:?}");
    }
}

/// What a verb of a Kubernetes cluster made before it was refused goes again.
#[test]
fn a_refused_verb_of_a_kubernetes_cluster_leaves_nothing() {
    let shop = "let shop = eks_cluster(\"shop\"); ";
    let there = "[iam.list_roles().Roles.map(|role| role.RoleName), iam.list_open_id_connect_providers(), \
                 k8s.get(\"sa\").items.map(|one| one.metadata.name), eks.list_clusters().clusters, \
                 eks.list_nodegroups(#{ clusterName: \"shop\" }).nodegroups]";
    let before = answer(shop, there);
    for (typed, message, way_out) in [
        (
            "shop.account(\"web\", \"arn:aws:iam::aws:policy/Nope\")",
            "Policy arn:aws:iam::aws:policy/Nope does not exist",
            "write one that allows what is needed and no more: iam.create_policy(#{ … }); or take one that is there, \
             arn:aws:iam::aws:policy/…: AmazonEC2ContainerRegistryPullOnly, ",
        ),
        (
            "shop.account(\"web\", \"AmazonS3ReadOnlyAcess\")",
            "does not exist",
            "did you mean `arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess`?",
        ),
        (
            "shop.account(\"Web_\", \"arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess\")",
            "metadata.name",
            "small letters",
        ),
        ("shop.add_nodes(0)", "there cannot be 0 nodes more", "write a count of 1 or more: shop.add_nodes(2)"),
        ("shop.add_nodes(-3)", "there cannot be -3 nodes more", "write a count of 1 or more: shop.add_nodes(2)"),
        ("shop.add_nodes(100000)", "can't be greater than 450", "ask for 450 or fewer; several node groups"),
        ("eks_cluster(\"a.b\")", "a.b", "letters"),
    ] {
        let trouble = on_big_stack(|| lab(shop).eval(typed, "typed").expect_err(typed));
        assert!(trouble.message.contains(message), "{typed}: {trouble:?}");
        assert!(trouble.way_out.contains(way_out), "{typed}: {trouble:?}");
        assert!(!trouble.way_out.contains("Administrator"), "{typed}: {trouble:?}");
        assert_eq!(answer(&format!("{shop} try {{ {typed}; }} catch {{ }}"), there), before, "{typed}");
    }
}

/// Two nodes, an account with a role, a pod that uses it: real operations beneath, and as many as have to be.
#[test]
fn an_eks_cluster_to_play_with_is_a_real_one() {
    let shop = "let shop = eks_cluster(\"shop\"); shop.account(\"reader\", \"arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess\");
        let pod = shop.run(\"web\", \"nginx\", \"reader\"); let cat = \"arn:aws:s3:::photos/cat.jpg\";";
    for (question, shown) in [
        ("pod.call(\"s3:GetObject\", cat).caller.contains(\"assumed-role/shop-reader/\")", "true"),
        ("try { pod.call(\"s3:PutObject\", cat); } catch (no) { return no.code }", "AccessDenied"),
        ("k8s.get(\"nodes\").items.len()", "2"),
        ("shop.add_nodes(1); k8s.get(\"nodes\").items.len()", "3"),
        ("shop.pods().map(|pod| pod.name)", "[web]"),
        ("shop.stop(\"web\"); shop.pods()", "[]"),
        ("shop.run(\"lonely\", \"nginx\").spec.serviceAccountName", "default"),
        ("eks.list_nodegroups(#{ clusterName: \"shop\" }).nodegroups", "[shop-nodes]"),
        ("let two = eks_cluster(\"two\"); two.run(\"a\", \"nginx\"); shop.pods().map(|pod| pod.name)", "[web]"),
        ("try { eks_cluster(\"shop\"); } catch (no) { return no.code }", "ResourceInUseException"),
    ] {
        assert_eq!(answer(shop, question), shown, "{question}");
    }
}
