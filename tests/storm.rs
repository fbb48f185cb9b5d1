//! A storm: random operations and faults from a seed, and after every step everything that must always hold.

use longshore::kernel::chance;
use longshore::model::status::TaskStatus;
use longshore::session::Session;
use longshore::world::fact::What;
use longshore::world::transition::task_edge;
use serde_json::{Value, json};

use crate::lab::{Lab, fargate};

const SEEDS: u64 = 40;
const STEPS: u64 = 60;

struct Storm {
    lab: Lab,
    seed: u64,
    step: u64,
}

impl Storm {
    fn roll(&self, why: &str, bound: u64) -> u64 {
        chance::below(bound, self.seed, self.step, why, 0)
    }

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

    /// One random thing to do; it may well be refused.
    fn blow(&mut self) -> (&'static str, Value) {
        let cluster = "prod";
        let service = self.service_name();
        let network = self.lab.network();
        let percentages = [(100, 200), (50, 100), (0, 100), (50, 200), (100, 100)][self.roll("percent", 5) as usize];
        let percentages = json!({ "minimumHealthyPercent": percentages.0, "maximumPercent": percentages.1 });
        let family = ["web", "job", "fat", "ec2"][self.roll("family", 4) as usize];
        match self.roll("what", 14) {
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
                fargate("web", ["nginx", "crasher", "stubborn"][self.roll("image", 3) as usize]),
            ),
            12 => (
                "ecs.register_container_instance",
                json!({ "cluster": cluster, "totalResources": [
                { "name": "CPU", "type": "INTEGER", "integerValue": 1024 }, { "name": "MEMORY", "type": "INTEGER", "integerValue": 2048 },
            ] }),
            ),
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

fn prepare(seed: u64) -> Storm {
    let mut lab = Lab::new(seed);
    lab.ok("ecs.create_cluster", json!({ "clusterName": "prod" }));
    lab.ok("image.define", json!({ "image": "crasher", "profile": { "exit": { "code": 1, "after": "7s" } } }));
    lab.ok(
        "image.define",
        json!({ "image": "leak", "profile": { "memory": [{ "at": "0s", "mib": 10 }, { "at": "1m", "mib": 2000 }] } }),
    );
    lab.ok("image.define", json!({ "image": "stubborn", "profile": { "sigterm": { "ignore": true } } }));
    lab.register("web", "nginx");
    lab.register("job", "crasher");
    lab.register("fat", "leak");
    lab.ok(
        "ecs.register_task_definition",
        json!({
            "family": "ec2",
            "containerDefinitions": [{ "name": "app", "image": "stubborn", "cpu": 300, "memory": 500 }],
        }),
    );
    lab.session.end_line();
    Storm { lab, seed, step: 0 }
}

#[test]
fn whatever_anybody_does_the_world_holds_together() {
    let mut refused = 0;
    for seed in 0..SEEDS {
        let mut storm = prepare(seed);
        for step in 0..STEPS {
            storm.step = step;
            let (name, request) = storm.blow();
            let context = format!("seed {seed}, step {step}: {name} {request}");
            storm.lab.session.begin_line(&context);
            let before = storm.lab.session.world().digest();
            if storm.lab.call(name, request).is_err() {
                refused += 1;
                assert_eq!(storm.lab.session.world().digest(), before, "{context}: refused, and changed something");
            }
            check(&storm.lab.session, &context);
            let span = [0, 1, 5, 15, 31, 70, 400][storm.roll("wait", 7) as usize];
            storm.lab.wait(&format!("{span}s"));
            check(&storm.lab.session, &context);
            storm.lab.session.end_line();
        }
        check_history(&storm.lab.session, seed);
        check_replay(storm.lab.session, seed);
    }
    assert!(refused > SEEDS, "the storm should also be refused now and then");
}

fn check(session: &Session, context: &str) {
    let wrong = session.world().violations();
    assert!(wrong.is_empty(), "{context}\n{}", wrong.join("\n"));
    for (id, service) in session.world().ecs.services.iter() {
        let counted: u32 = service.deployments.iter().map(|&d| session.world().ecs.deployments[d].counted()).sum();
        // Lowering the desired count in the middle of a rollout leaves more until the scheduler gets to it.
        assert!(counted <= 8 * 2 * 2, "{context}: {id:?} has {counted} tasks");
    }
}

/// Every task went along legal edges only, and every fact but a person's input has an earlier cause.
fn check_history(session: &Session, seed: u64) {
    let world = session.world();
    let mut status: Vec<Option<TaskStatus>> = vec![None; world.ecs.tasks.len()];
    for fact in session.history() {
        let asked = matches!(fact.what, What::Asked { .. });
        assert_eq!(fact.cause.is_none(), asked, "seed {seed}: {fact:?}");
        assert!(fact.cause.is_none_or(|cause| cause < fact.id), "seed {seed}: {fact:?}");
        if let What::TaskMoved(task, to) = fact.what {
            use longshore::model::id::Id;
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
