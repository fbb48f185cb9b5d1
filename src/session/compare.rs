//! What differs between two labs: services, tasks, counts, the bill. For `:compare`.

use std::collections::{BTreeMap, BTreeSet};

use crate::aws::ecs::bill;
use crate::model::status::{ClusterStatus, ServiceStatus};
use crate::world::World;
use crate::world::ecs::Service;

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

/// Everything about a lab that is compared, by what it is.
fn standing(world: &World) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    all.insert("time".to_owned(), world.now.to_string());
    all.insert("tasks started so far".to_owned(), world.ecs.tasks.len().to_string());
    all.insert("task definitions".to_owned(), world.ecs.definitions.len().to_string());
    all.insert("roles".to_owned(), world.iam.role_by_name.len().to_string());
    all.insert("bill, in US dollars".to_owned(), bill::dollars(bill::total(world)));
    let clusters = world.ecs.cluster_by_name.values().map(|&id| &world.ecs.clusters[id]);
    for cluster in clusters.filter(|cluster| cluster.status == ClusterStatus::Active) {
        let name = format!("cluster {}", cluster.name);
        all.insert(format!("{name}: tasks running"), cluster.running.to_string());
        all.insert(format!("{name}: tasks starting"), cluster.pending.to_string());
        all.insert(format!("{name}: container instances"), cluster.instances.len().to_string());
        for &id in cluster.services.values() {
            let service = &world.ecs.services[id];
            if service.status != ServiceStatus::Inactive {
                add_service(&mut all, world, &format!("{name}, service {}", service.name), service);
            }
        }
    }
    all
}

fn add_service(all: &mut BTreeMap<String, String>, world: &World, name: &str, service: &Service) {
    let deployments = || service.deployments.iter().map(|&id| &world.ecs.deployments[id]);
    let mut put = |what: &str, value: String| all.insert(format!("{name}: {what}"), value);
    put("status", service.status.to_string());
    put("tasks wanted", service.desired.to_string());
    put("tasks running", deployments().map(|deployment| deployment.running).sum::<u32>().to_string());
    put("tasks failed", deployments().map(|deployment| deployment.failed).sum::<u32>().to_string());
    put("events", service.events.len().to_string());
    if let Some(&primary) = service.deployments.first() {
        let deployment = &world.ecs.deployments[primary];
        put("revision", world.definition_name(deployment.definition));
        put("rollout", deployment.rollout.to_string());
    }
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
