//! A lab for tests: operations by their script names, on one session.

use longshore::api;
use longshore::api::refusal::Refusal;
use longshore::model::time::Millis;
use longshore::session::Session;
use serde_json::{Value, json};

pub(crate) struct Lab {
    pub(crate) session: Session,
}

impl Lab {
    pub(crate) fn new(seed: u64) -> Lab {
        let mut session = Session::new(seed);
        session.begin_line("test");
        Lab { session }
    }

    /// A lab with the cluster `prod` and the Fargate family `web` in one revision.
    pub(crate) fn prod() -> Lab {
        let mut lab = Lab::new(42);
        lab.ok("ecs.create_cluster", json!({ "clusterName": "prod" }));
        lab.register("web", "nginx");
        lab
    }

    /// Registers one more revision of a Fargate family with one container.
    pub(crate) fn register(&mut self, family: &str, image: &str) {
        self.ok("ecs.register_task_definition", fargate(family, image));
    }

    pub(crate) fn call(&mut self, name: &str, request: Value) -> Result<Value, Refusal> {
        let (service, method) = name.split_once('.').expect("service.method");
        let entry = api::find(service, method).unwrap_or_else(|| panic!("no operation {name}"));
        self.session.call(entry, request).map(|answered| answered.response)
    }

    #[track_caller]
    pub(crate) fn ok(&mut self, name: &str, request: Value) -> Value {
        match self.call(name, request) {
            Ok(response) => response,
            Err(refusal) => panic!("{name} was refused: {refusal}\n  because {}", refusal.because),
        }
    }

    #[track_caller]
    pub(crate) fn refused(&mut self, name: &str, request: Value) -> Refusal {
        let before = self.session.world().digest();
        let refusal = self.call(name, request).expect_err("it should be refused");
        assert_eq!(self.session.world().digest(), before, "{name} was refused, and changed something");
        refusal
    }

    #[track_caller]
    pub(crate) fn wait(&mut self, span: &str) {
        self.session.wait(Millis::parse(span).unwrap()).unwrap();
    }

    pub(crate) fn subnets(&self) -> Vec<String> {
        self.session.world().vpc.subnets.iter().map(|(_, subnet)| subnet.id.clone()).collect()
    }

    pub(crate) fn network(&self) -> Value {
        json!({ "awsvpcConfiguration": { "subnets": self.subnets() } })
    }

    pub(crate) fn service(&mut self, name: &str) -> Value {
        self.ok("ecs.describe_services", json!({ "cluster": "prod", "services": [name] }))["services"][0].clone()
    }

    /// The ARNs of the tasks of a service that ECS wants running, oldest first.
    pub(crate) fn tasks(&mut self, service: &str) -> Vec<String> {
        let listed = self.ok("ecs.list_tasks", json!({ "cluster": "prod", "serviceName": service }));
        listed["taskArns"].as_array().unwrap().iter().map(|arn| arn.as_str().unwrap().to_owned()).collect()
    }

    pub(crate) fn task(&mut self, arn: &str) -> Value {
        self.ok("ecs.describe_tasks", json!({ "cluster": "prod", "tasks": [arn] }))["tasks"][0].clone()
    }

    /// The events of a service, oldest first, without the ids.
    pub(crate) fn events(&mut self, service: &str) -> Vec<String> {
        let service = self.service(service);
        let mut events: Vec<String> =
            service["events"].as_array().unwrap().iter().map(|e| e["message"].as_str().unwrap().to_owned()).collect();
        events.reverse();
        events
    }
}

/// A Fargate task definition with one container.
pub(crate) fn fargate(family: &str, image: &str) -> Value {
    json!({
        "family": family, "networkMode": "awsvpc", "cpu": "256", "memory": "512",
        "requiresCompatibilities": ["FARGATE"],
        "containerDefinitions": [{ "name": family, "image": image }],
    })
}
