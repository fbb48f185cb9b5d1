//! What differs between two labs, thing by thing and aspect by aspect, and in sum. For `:compare`.

use std::collections::{BTreeMap, BTreeSet};
use std::iter::successors;

use super::standing::{self, exists};
use super::{about, narrate};
use crate::aws::ecs::bill;
use crate::kubernetes::webhook;
use crate::model::id::ServiceId;
use crate::model::subject::Subject;
use crate::world::World;
use crate::world::ecs::Deployment;

/// Something that is not the same in two labs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What it is.
    pub what: String,
    /// How it is in the first; nothing if it is not there.
    pub first: Option<String>,
    /// How it is in the second.
    pub second: Option<String>,
}

/// What differs between two labs, in alphabetical order of what it is about.
pub fn compare(first: &World, second: &World) -> Vec<Difference> {
    let (mut first, mut second) = (standing(first), standing(second));
    let names: BTreeSet<String> = first.keys().chain(second.keys()).cloned().collect();
    let differences = names.into_iter().map(|what| {
        let (first, second) = (first.remove(&what), second.remove(&what));
        Difference { what, first, second }
    });
    differences.filter(|difference| difference.first != difference.second).collect()
}

/// Everything about a lab that is compared, by what it is: the sums, then each thing that is there by its aspects.
fn standing(world: &World) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    all.insert("time".to_owned(), world.now.to_string());
    all.insert("tasks started so far".to_owned(), world.ecs.tasks.len().to_string());
    all.insert("task definitions".to_owned(), world.ecs.definitions.len().to_string());
    all.insert("bill, in US dollars".to_owned(), bill::dollars(bill::total(world)));
    for subject in everything(world).filter(|&subject| exists(world, subject)) {
        let name = full_name(world, subject);
        all.extend(aspects(world, subject).into_iter().map(|(what, value)| (format!("{name}: {what}"), value)));
    }
    for &id in world.iam.role_by_name.values() {
        let role = &world.iam.roles[id];
        let policies: Vec<&str> = role.attached.iter().map(|&policy| &*world.iam.policies[policy].name).collect();
        let inline = role.inline.keys().map(|name| &**name);
        let policies: Vec<&str> = policies.into_iter().chain(inline).collect();
        all.insert(format!("role {}: policies", role.name), or_none(policies.join(", ")));
        all.insert(format!("role {}: trust policy", role.name), role.trust.text.to_string());
    }
    for provider in world.iam.provider_by_url.keys() {
        all.insert(format!("identity provider {provider}"), "there".to_owned());
    }
    all
}

/// Everything that a lab has or had. Tasks have no names that two labs share: their services count them.
fn everything(world: &World) -> impl Iterator<Item = Subject> {
    let (ecs, elb, eks, kubernetes) = (&world.ecs, &world.elb, &world.eks, &world.kubernetes);
    let of_ecs = ecs.clusters.iter().map(|(id, _)| Subject::Cluster(id));
    let of_ecs = of_ecs.chain(ecs.services.iter().map(|(id, _)| Subject::Service(id)));
    let of_ecs = of_ecs.chain(ecs.instances.iter().map(|(id, _)| Subject::Instance(id)));
    let of_elb = elb.load_balancers.iter().map(|(id, _)| Subject::LoadBalancer(id));
    let of_elb = of_elb.chain(elb.target_groups.iter().map(|(id, _)| Subject::TargetGroup(id)));
    let of_eks = eks.clusters.iter().map(|(id, _)| Subject::EksCluster(id));
    let of_eks = of_eks.chain(eks.nodegroups.iter().map(|(id, _)| Subject::Nodegroup(id)));
    let of_kubernetes = kubernetes.nodes.iter().map(|(id, _)| Subject::Node(id));
    let of_kubernetes = of_kubernetes.chain(kubernetes.namespaces.iter().map(|(id, _)| Subject::Namespace(id)));
    let of_kubernetes = of_kubernetes.chain(kubernetes.accounts.iter().map(|(id, _)| Subject::ServiceAccount(id)));
    let of_kubernetes = of_kubernetes.chain(kubernetes.pods.iter().map(|(id, _)| Subject::Pod(id)));
    of_ecs.chain(of_elb).chain(of_eks).chain(of_kubernetes)
}

/// What a thing is called beside everything else: with the cluster that it is in.
fn full_name(world: &World, subject: Subject) -> String {
    let cluster = successors(Some(subject), |&part| about::belongs_to(world, part)).last();
    let name = narrate::name(world, subject);
    match cluster.filter(|&cluster| cluster != subject) {
        Some(cluster) => format!("{}, {name}", narrate::name(world, cluster)),
        None => name,
    }
}

/// What of a thing is compared.
fn aspects(world: &World, subject: Subject) -> Vec<(&'static str, String)> {
    let state = || ("status", standing::state(world, subject));
    match subject {
        Subject::Task(_) => vec![state()],
        Subject::Service(id) => of_service(world, id),
        Subject::Cluster(id) => {
            let cluster = &world.ecs.clusters[id];
            vec![
                ("tasks running", cluster.running.to_string()),
                ("tasks starting", cluster.pending.to_string()),
                ("container instances", cluster.instances.len().to_string()),
            ]
        }
        Subject::Instance(id) => vec![state(), ("tasks", world.ecs.instances[id].tasks.len().to_string())],
        Subject::LoadBalancer(id) => {
            let ports: Vec<String> = world.elb.load_balancers[id].listeners.keys().map(u16::to_string).collect();
            vec![("ports", or_none(ports.join(", ")))]
        }
        Subject::TargetGroup(id) => {
            let group = &world.elb.target_groups[id];
            vec![
                ("targets", group.targets.len().to_string()),
                ("targets healthy", group.healthy.to_string()),
                ("targets unhealthy", group.unhealthy.to_string()),
            ]
        }
        Subject::EksCluster(id) => vec![state(), ("version", world.eks.clusters[id].version.to_string())],
        Subject::Nodegroup(id) => vec![state(), ("nodes", world.eks.nodegroups[id].nodes.len().to_string())],
        Subject::Node(id) => vec![("pods", world.kubernetes.nodes[id].pods.len().to_string())],
        Subject::Namespace(id) => vec![state(), ("pods", world.kubernetes.namespaces[id].pods.len().to_string())],
        Subject::ServiceAccount(id) => {
            let role = world.kubernetes.accounts[id].meta.annotations.get(webhook::ROLE_ARN);
            vec![("role", or_none(role.cloned().unwrap_or_default()))]
        }
        Subject::Pod(id) => {
            let pod = &world.kubernetes.pods[id];
            let node = pod.node.map(|node| world.node_name(node)).unwrap_or_default();
            let restarts: u32 = pod.containers.iter().map(|container| container.restarts).sum();
            vec![state(), ("node", or_none(node)), ("restarts", restarts.to_string())]
        }
    }
}

fn of_service(world: &World, id: ServiceId) -> Vec<(&'static str, String)> {
    let service = &world.ecs.services[id];
    let sum = |of: fn(&Deployment) -> u32| -> String {
        service.deployments.iter().map(|&id| of(&world.ecs.deployments[id])).sum::<u32>().to_string()
    };
    let mut aspects = vec![
        ("status", service.status.to_string()),
        ("tasks wanted", service.desired.to_string()),
        ("tasks running", sum(|deployment| deployment.running)),
        ("tasks failed", sum(|deployment| deployment.failed)),
        ("events", service.events.len().to_string()),
    ];
    if let Some(&primary) = service.deployments.first() {
        let deployment = &world.ecs.deployments[primary];
        aspects.push(("revision", world.definition_name(deployment.definition)));
        aspects.push(("rollout", deployment.rollout.to_string()));
    }
    aspects
}

fn or_none(text: String) -> String {
    if text.is_empty() { "none".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    use crate::api::trial::{call, wait};

    #[test]
    fn only_what_differs_is_told() {
        let empty = World::new(42);
        assert_eq!(compare(&empty, &empty), []);
        let mut world = empty.clone();
        call(&mut world, "ecs.create_cluster", json!({ "clusterName": "prod" })).expect("it is new");
        wait(&mut world, 60);
        let rows: Vec<String> = compare(&empty, &world)
            .iter()
            .map(|d| format!("{}: {:?} {:?}", d.what, d.first.as_deref(), d.second.as_deref()))
            .collect();
        assert_eq!(
            rows,
            [
                "cluster prod: container instances: None Some(\"0\")",
                "cluster prod: tasks running: None Some(\"0\")",
                "cluster prod: tasks starting: None Some(\"0\")",
                "time: Some(\"2026-01-05T09:00:00Z\") Some(\"2026-01-05T09:01:00Z\")",
            ]
        );
    }
}
