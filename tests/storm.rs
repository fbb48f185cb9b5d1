//! A storm: random operations and faults from a seed, and after every step everything that must always hold.

use longshore::aws::ecs::scheduler;
use longshore::model::id::Id;
use longshore::model::status::{RolloutState, ServiceStatus, TaskStatus};
use longshore::session::Session;
use longshore::world::ecs::Complaint;
use longshore::world::fact::What;
use longshore::world::transition::task_edge;
use serde_json::{Value, json};

use crate::lab::{Lab, fargate};
use crate::weather::{Storm, check_cause, check_world};

const SEEDS: u64 = 150;
const STEPS: u64 = 60;

impl Storm {
    fn service_name(&self) -> String {
        format!("service-{}", self.roll("service", 3))
    }

    /// A task of any age, or an id that is nobody's.
    fn some_task(&self) -> String {
        let world = self.lab.session.world();
        let count = world.ecs.tasks.len() as u64;
        let number = self.roll("task", count + 1);
        match world.ecs.tasks.iter().nth(number as usize) {
            Some((id, _)) => world.task_arn(id),
            None => "ffffffffffffffffffffffffffffffff".to_owned(),
        }
    }

    /// A target group, or an ARN that is nobody's.
    fn target_group(&self, number: u64) -> String {
        let world = self.lab.session.world();
        let group = world.elb.target_groups.iter().nth(number as usize);
        group.map_or_else(|| "arn:aws:elasticloadbalancing:nobody".to_owned(), |(id, _)| world.target_group_arn(id))
    }

    /// One target group for a service of this family, or two.
    fn some_target_groups(&self, family: &str) -> Value {
        let one = |number| json!({ "targetGroupArn": self.target_group(number), "containerName": family, "containerPort": 80 });
        match self.roll("groups", 4) {
            0 => json!([one(0), one(1)]),
            1 => json!([one(1)]),
            _ => json!([one(0)]),
        }
    }

    /// A listener that leads to a target group.
    fn listener(&self, number: u64) -> Value {
        let world = self.lab.session.world();
        let balancer = world.elb.load_balancers.iter().next().map(|(id, _)| world.load_balancer_arn(id));
        json!({
            "LoadBalancerArn": balancer, "Protocol": "HTTP", "Port": 80 + number,
            "DefaultActions": [{ "Type": "forward", "TargetGroupArn": self.target_group(number) }],
        })
    }

    /// One random thing to do; it may well be refused.
    fn blow(&mut self) -> (&'static str, Value) {
        let cluster = "prod";
        let service = self.service_name();
        let network = self.lab.network();
        let percentages = [(100, 200), (50, 100), (0, 100), (50, 200), (100, 100)][self.roll("percent", 5) as usize];
        let mut percentages = json!({ "minimumHealthyPercent": percentages.0, "maximumPercent": percentages.1 });
        if self.roll("breaker", 2) == 0 {
            percentages["deploymentCircuitBreaker"] = json!({ "enable": true, "rollback": self.roll("rollback", 2) == 0, "resetOnHealthyTask": self.roll("reset", 2) == 0 });
        }
        let family = ["web", "job", "fat", "ec2", "sick", "gone", "order", "vain"][self.roll("family", 8) as usize];
        match self.roll("what", 22) {
            0 | 1 => {
                let fargate = family != "ec2";
                let mut request = json!({
                    "cluster": cluster, "serviceName": service, "taskDefinition": family,
                    "desiredCount": self.roll("desired", 7), "deploymentConfiguration": percentages,
                    "launchType": if fargate { "FARGATE" } else { "EC2" },
                });
                if fargate {
                    request["networkConfiguration"] = network;
                }
                if fargate && self.roll("strategy", 2) == 0 {
                    request.as_object_mut().unwrap().remove("launchType");
                    request["capacityProviderStrategy"] = strategy(self.roll("base", 3), self.roll("weight", 4));
                }
                if fargate && self.roll("balanced", 2) == 0 {
                    request["loadBalancers"] = self.some_target_groups(family);
                    request["healthCheckGracePeriodSeconds"] = [0, 30, 200][self.roll("grace", 3) as usize].into();
                }
                ("ecs.create_service", request)
            }
            2 => (
                "ecs.update_service",
                json!({ "cluster": cluster, "service": service, "desiredCount": self.roll("desired", 9) }),
            ),
            3 => (
                "ecs.update_service",
                json!({ "cluster": cluster, "service": service, "taskDefinition": family, "deploymentConfiguration": percentages }),
            ),
            4 => ("ecs.update_service", json!({ "cluster": cluster, "service": service, "forceNewDeployment": true })),
            5 => (
                "ecs.delete_service",
                json!({ "cluster": cluster, "service": service, "force": self.roll("force", 2) == 0 }),
            ),
            6 => (
                "ecs.run_task",
                json!({ "cluster": cluster, "taskDefinition": family, "count": self.roll("count", 12), "launchType": "FARGATE", "networkConfiguration": network }),
            ),
            7 => ("ecs.run_task", json!({ "cluster": cluster, "taskDefinition": "ec2", "count": 3 })),
            8 => ("ecs.stop_task", json!({ "cluster": cluster, "task": self.some_task() })),
            9 | 10 => ("fault.crash", json!({ "task": self.some_task(), "code": self.roll("code", 256) })),
            11 => (
                "ecs.register_task_definition",
                mapped("web", ["nginx", "crasher", "stubborn"][self.roll("image", 3) as usize]),
            ),
            12 => ("fault.spot_reclaim", json!({ "task": self.some_task() })),
            13 => ("fault.spot_capacity", json!({ "available": self.roll("spot", 3) > 0 })),
            14 => (
                "ecs.update_service",
                json!({
                    "cluster": cluster, "service": service,
                    "capacityProviderStrategy": strategy(self.roll("base", 3), self.roll("weight", 4)),
                }),
            ),
            15 => (
                "ecs.register_container_instance",
                json!({ "cluster": cluster, "totalResources": [
                { "name": "CPU", "type": "INTEGER", "integerValue": 1024 }, { "name": "MEMORY", "type": "INTEGER", "integerValue": 2048 },
            ] }),
            ),
            16 => {
                let delay = ["0", "20", "300"][self.roll("delay", 3) as usize];
                let attribute = json!({ "Key": "deregistration_delay.timeout_seconds", "Value": delay });
                (
                    "elbv2.modify_target_group_attributes",
                    json!({ "TargetGroupArn": self.target_group(0), "Attributes": [attribute] }),
                )
            }
            17 => {
                let listeners: Vec<String> = {
                    let world = self.lab.session.world();
                    let balancers = world.elb.load_balancers.iter();
                    let listeners = balancers.flat_map(|(_, balancer)| balancer.listeners.values());
                    listeners.map(|&listener| world.listener_arn(listener)).collect()
                };
                match listeners.get(self.roll("listener", 3) as usize) {
                    Some(arn) => ("elbv2.delete_listener", json!({ "ListenerArn": arn })),
                    None => ("elbv2.create_listener", self.listener(self.roll("group", 2))),
                }
            }
            18 => {
                let name = ["elbv2.register_targets", "elbv2.deregister_targets"][self.roll("come", 2) as usize];
                let address = format!("172.31.0.{}", 4 + self.roll("address", 30));
                let target = json!({ "Id": address, "Port": 80 + self.roll("port", 2) });
                (name, json!({ "TargetGroupArn": self.target_group(self.roll("group", 3)), "Targets": [target] }))
            }
            19 => (
                "elbv2.modify_target_group",
                json!({
                    "TargetGroupArn": self.target_group(self.roll("group", 2)),
                    "HealthCheckIntervalSeconds": 5 + self.roll("interval", 40),
                    "HealthCheckTimeoutSeconds": 4,
                    "UnhealthyThresholdCount": 1 + self.roll("unhealthy", 4),
                    "HealthyThresholdCount": 2 + self.roll("healthy", 3),
                }),
            ),
            20 => {
                let balancers = if self.roll("none", 2) == 0 { json!([]) } else { self.some_target_groups(family) };
                (
                    "ecs.update_service",
                    json!({ "cluster": cluster, "service": service, "taskDefinition": family, "loadBalancers": balancers }),
                )
            }
            _ => {
                let world = self.lab.session.world();
                let instance =
                    world.ecs.instances.iter().last().map(|(id, _)| world.instance_name(id)).unwrap_or_default();
                (
                    "ecs.deregister_container_instance",
                    json!({ "cluster": cluster, "containerInstance": instance, "force": self.roll("force", 2) == 0 }),
                )
            }
        }
    }
}

/// A base on FARGATE and weights on both; sometimes one that makes no sense.
fn strategy(base: u64, weight: u64) -> Value {
    json!([
        { "capacityProvider": "FARGATE", "base": base, "weight": weight.min(1) },
        { "capacityProvider": "FARGATE_SPOT", "weight": weight },
    ])
}

fn prepare(seed: u64) -> Storm {
    let mut lab = Lab::new(seed);
    lab.ok("ecs.create_cluster", json!({ "clusterName": "prod" }));
    lab.ok(
        "ecs.put_cluster_capacity_providers",
        json!({
            "cluster": "prod", "capacityProviders": ["FARGATE", "FARGATE_SPOT"], "defaultCapacityProviderStrategy": [],
        }),
    );
    lab.ok("image.define", json!({ "image": "gone", "profile": { "missing": true } }));
    lab.ok(
        "image.define",
        json!({ "image": "sick", "profile": { "boot": "50s", "health": [
        { "at": "0s", "healthy": true }, { "at": "5m", "healthy": false }, { "at": "6m", "healthy": true },
    ] } }),
    );
    lab.ok("ecs.register_task_definition", mapped("gone", "gone"));
    let mut sick = mapped("sick", "sick");
    sick["containerDefinitions"][0]["healthCheck"] =
        json!({ "command": ["CMD", "check"], "interval": 10, "retries": 2, "startPeriod": 35 });
    lab.ok("ecs.register_task_definition", sick);
    lab.ok("image.define", json!({ "image": "crasher", "profile": { "exit": { "code": 1, "after": "7s" } } }));
    lab.ok(
        "image.define",
        json!({ "image": "leak", "profile": { "memory": [{ "at": "0s", "mib": 10 }, { "at": "1m", "mib": 2000 }] } }),
    );
    lab.ok("image.define", json!({ "image": "stubborn", "profile": { "sigterm": { "ignore": true } } }));
    for (family, image) in [("web", "nginx"), ("job", "crasher"), ("fat", "leak")] {
        lab.ok("ecs.register_task_definition", mapped(family, image));
    }
    lab.ok(
        "ecs.register_task_definition",
        json!({
            "family": "ec2",
            "containerDefinitions": [{ "name": "app", "image": "stubborn", "cpu": 300, "memory": 500 }],
        }),
    );
    lab.ok("image.define", json!({ "image": "brief", "profile": { "exit": { "code": 0, "after": "9s" } } }));
    for (family, image, init) in [("order", "nginx", "brief"), ("vain", "stubborn", "crasher")] {
        lab.ok("ecs.register_task_definition", ordered(family, image, init));
    }
    let vpc = lab.session.world().vpc.id.clone();
    let subnets = lab.subnets();
    for name in ["front", "back"] {
        let group = json!({
            "Name": name, "Protocol": "HTTP", "Port": 80, "TargetType": "ip", "VpcId": vpc,
            "HealthCheckIntervalSeconds": 15,
        });
        lab.ok("elbv2.create_target_group", group);
    }
    lab.ok("elbv2.create_load_balancer", json!({ "Name": "lb", "Subnets": subnets }));
    let mut storm = Storm { lab, seed, step: 0 };
    open(&mut storm);
    storm.lab.session.end_line();
    storm
}

/// Listeners lead to both target groups.
fn open(storm: &mut Storm) {
    for number in 0..2 {
        let listener = storm.listener(number);
        let made = storm.lab.call("elbv2.create_listener", listener).is_ok();
        assert!(made || storm.step > 0, "the first listeners are new");
    }
}

/// A Fargate definition whose container has port 80.
fn mapped(family: &str, image: &str) -> Value {
    let mut definition = fargate(family, image);
    definition["containerDefinitions"][0]["portMappings"] = json!([{ "containerPort": 80 }]);
    definition
}

/// A Fargate definition whose container waits for one that ends and for one that is to be healthy.
fn ordered(family: &str, image: &str, init: &str) -> Value {
    let mut definition = mapped(family, image);
    let check = json!({ "command": ["CMD", "check"], "interval": 10 });
    let containers = definition["containerDefinitions"].as_array_mut().unwrap();
    containers[0]["dependsOn"] = json!([
        { "containerName": "side", "condition": "HEALTHY" }, { "containerName": "init", "condition": "SUCCESS" },
    ]);
    containers.push(json!({ "name": "init", "image": init, "essential": false, "startTimeout": 8 }));
    containers.push(json!({ "name": "side", "image": image, "healthCheck": check }));
    definition
}

#[test]
fn whatever_anybody_does_the_world_holds_together() {
    let mut refused = 0;
    for seed in 0..SEEDS {
        let mut storm = prepare(seed);
        for step in 0..STEPS {
            refused += u64::from(storm.strike(step, Storm::blow, [0, 1, 5, 15, 31, 70, 400], check));
        }
        check_recovery(&mut storm, seed);
        check_history(&storm.lab.session, seed);
        check_replay(storm.lab.session, seed);
    }
    assert!(refused > SEEDS, "the storm should also be refused now and then");
}

fn check(session: &Session, context: &str) {
    check_world(session, context);
    for (id, service) in session.world().ecs.services.iter() {
        let counted: u32 = service.deployments.iter().map(|&d| session.world().ecs.deployments[d].counted()).sum();
        // Lowering the desired count in the middle of a rollout leaves more until the scheduler gets to it.
        assert!(counted <= 8 * 2, "{context}: {id:?} has {counted} tasks, twice the largest desired count");
        // Whatever the scheduler would do now, it is going to: nothing is forgotten.
        let plan = scheduler::plan(session.world(), id);
        let waits = service.pass.is_some() || matches!(service.complaint, Some(Complaint::NoRoom(_)));
        let idle = plan.start.is_empty() && plan.stop.is_empty() && plan.retire.is_empty();
        assert!(idle || waits || service.status != ServiceStatus::Active, "{context}: {id:?} forgot {plan:?}");
    }
}

/// When the storm is over every service is steady, or says what is missing, or has been given up, or fails by its own image.
fn check_recovery(storm: &mut Storm, seed: u64) {
    storm.lab.session.begin_line("heal");
    open(storm);
    let lab = &mut storm.lab;
    lab.ok("fault.spot_capacity", json!({ "available": true }));
    lab.wait("2h");
    let world = lab.session.world();
    for (id, service) in world.ecs.services.iter().filter(|(_, service)| service.status == ServiceStatus::Active) {
        let primary = &world.ecs.deployments[service.deployments[0]];
        let family = &*world.ecs.definitions[primary.definition].content.family;
        let sound = matches!(family, "web" | "ec2") && primary.definition.number() < 6;
        let settled = service.steady_since.is_some() || service.complaint.is_some();
        let given_up = primary.rollout == RolloutState::Failed;
        assert!(settled || given_up || !sound, "seed {seed}: {id:?} of {family} is short for ever: {service:?}");
    }
    lab.session.end_line();
}

/// Every task went along legal edges only, and every fact but a person's input has an earlier cause.
fn check_history(session: &Session, seed: u64) {
    let world = session.world();
    let mut status: Vec<Option<TaskStatus>> = vec![None; world.ecs.tasks.len()];
    for fact in session.history() {
        check_cause(fact, seed);
        if let What::TaskMoved(task, to) = fact.what {
            let from = status[task.index()].replace(to);
            assert!(from.is_none_or(|from| task_edge(from, to)), "seed {seed}: {task:?} went from {from:?} to {to}");
        }
    }
}

/// The journal alone leads to the same world.
fn check_replay(mut session: Session, seed: u64) {
    let digest = session.world().digest();
    session.rebuild();
    assert_eq!(session.world().digest(), digest, "seed {seed}");
    session.undo().unwrap();
    session.redo().unwrap();
    assert_eq!(session.world().digest(), digest, "seed {seed}");
}
