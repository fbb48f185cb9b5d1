//! A lab for tests and benchmarks: operations by their script names, on one session.

use longshore::api;
use longshore::api::named::{Meant, named};
use longshore::api::refusal::Refusal;
use longshore::model::time::Millis;
use longshore::session::Session;
use longshore::session::why::Step;
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
        Lab::new(42).with_prod()
    }

    /// And the cluster `prod` and the Fargate family `web` in one revision.
    pub(crate) fn with_prod(mut self) -> Lab {
        self.ok("ecs.create_cluster", json!({ "clusterName": "prod" }));
        self.register("web", "nginx");
        self
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

    /// What a service of the family `web` on Fargate is asked for, with further members or others.
    pub(crate) fn service_request(&self, name: &str, desired: u32, more: Value) -> Value {
        let request = json!({
            "cluster": "prod", "serviceName": name, "taskDefinition": "web", "desiredCount": desired,
            "launchType": "FARGATE", "networkConfiguration": self.network(),
        });
        with(request, more)
    }

    #[track_caller]
    pub(crate) fn create_service(&mut self, name: &str, desired: u32, more: Value) {
        let request = self.service_request(name, desired, more);
        self.ok("ecs.create_service", request);
    }

    /// A target group behind a load balancer in all zones, with these settings; its ARN.
    pub(crate) fn target_group(&mut self, name: &str, settings: Value) -> String {
        let vpc = self.session.world().vpc.id.clone();
        let request = json!({ "Name": name, "Protocol": "HTTP", "Port": 80, "TargetType": "ip", "VpcId": vpc });
        let made = self.ok("elbv2.create_target_group", with(request, settings));
        let arn = made["TargetGroups"][0]["TargetGroupArn"].as_str().unwrap().to_owned();
        let subnets = self.subnets();
        let balancer = self.ok("elbv2.create_load_balancer", json!({ "Name": name, "Subnets": subnets }));
        let balancer = balancer["LoadBalancers"][0]["LoadBalancerArn"].clone();
        self.listen(&balancer, 80, &arn);
        arn
    }

    /// A listener that leads to a target group; its ARN.
    pub(crate) fn listen(&mut self, balancer: &Value, port: u16, group: &str) -> Value {
        let action = json!({ "Type": "forward", "TargetGroupArn": group });
        let request =
            json!({ "LoadBalancerArn": balancer, "Protocol": "HTTP", "Port": port, "DefaultActions": [action] });
        self.ok("elbv2.create_listener", request)["Listeners"][0]["ListenerArn"].clone()
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

    /// What `why` says of a thing with this name, a step a line; the way out comes last.
    pub(crate) fn why(&self, name: &str) -> String {
        let Meant::One(subject, _) = named(self.session.world(), name) else { panic!("{name} is nothing") };
        let steps = self.session.why(subject).chains.into_iter().flat_map(|chain| chain.steps);
        let said = steps.map(|step| match step {
            Step::Happened { what, .. } | Step::Said(what) => what,
            Step::Compared { what, actual, expected, .. } => format!("{what} {actual} {expected}"),
        });
        said.collect::<Vec<_>>().join("\n")
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

/// A request with further members, or with others in the place of its own.
pub(crate) fn with(mut request: Value, more: Value) -> Value {
    for (name, value) in more.as_object().unwrap() {
        request[name] = value.clone();
    }
    request
}
