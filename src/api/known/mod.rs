//! What a lab has of each noun, with a few words about it: what the prompt offers where a request names something.
//!
//! A request says which noun a member names ([`Noun`]); this says which names there are. A new world adds its lists in
//! a file beside these, and an arm below.

mod balancing;
mod ecs;
mod iam;
mod kubernetes;
mod network;

use crate::model::capacity::CapacityProvider;
use crate::model::noun::Noun;
use crate::world::World;

/// Something that the lab has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The text that names it in a request.
    pub name: String,
    /// A few words about it, such as its status.
    pub about: String,
}

impl Known {
    fn new(name: impl Into<String>, about: impl Into<String>) -> Known {
        Known { name: name.into(), about: about.into() }
    }
}

/// What else the same request names, nearest last: the tasks of a cluster are known where the cluster is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Beside<'a>(&'a [(Noun, &'a str)]);

impl<'a> Beside<'a> {
    /// What a request names, nearest last.
    pub fn new(named: &'a [(Noun, &'a str)]) -> Beside<'a> {
        Beside(named)
    }

    /// The name that stands for this noun.
    fn name(self, noun: Noun) -> Option<&'a str> {
        self.0.iter().rev().find(|(of, _)| *of == noun).map(|(_, name)| *name)
    }
}

/// What there is whose name begins with `typed`, in an order that suits the noun.
pub fn known<'a>(
    world: &'a World,
    noun: Noun,
    beside: Beside<'a>,
    typed: &'a str,
) -> Box<dyn Iterator<Item = Known> + 'a> {
    let all: Box<dyn Iterator<Item = Known> + 'a> = match noun {
        Noun::Cluster => Box::new(ecs::clusters(world)),
        Noun::Service => Box::new(ecs::services(world, beside)),
        Noun::Family => Box::new(ecs::families(world)),
        Noun::TaskDefinition => Box::new(ecs::definitions(world, typed)),
        Noun::Task => Box::new(ecs::tasks(world, beside, typed)),
        Noun::Container => Box::new(ecs::containers(world, beside)),
        Noun::ContainerInstance => Box::new(ecs::instances(world, beside)),
        Noun::CapacityProvider => Box::new(CapacityProvider::ALL.iter().map(|provider| ecs::provider(*provider))),
        Noun::EcsResource => Box::new(ecs::resources(world)),
        Noun::Subnet => Box::new(network::subnets(world)),
        Noun::SecurityGroup => Box::new(network::groups(world)),
        Noun::SecurityGroupName => Box::new(network::group_names(world)),
        Noun::Image => Box::new(world.images.iter().map(|(name, profile)| {
            Known::new(name, format!("defined here, {} MB, boots in {}", profile.size_mb, profile.boot))
        })),
        Noun::Role => Box::new(iam::roles(world)),
        Noun::RoleArn => Box::new(iam::role_arns(world)),
        Noun::ManagedPolicy => Box::new(iam::managed_policies(world)),
        Noun::InlinePolicy => Box::new(iam::inline_policies(world, beside)),
        Noun::IdentityProvider => Box::new(iam::providers(world)),
        Noun::Vpc => Box::new(network::vpcs(world)),
        Noun::LoadBalancer => Box::new(balancing::load_balancers(world)),
        Noun::LoadBalancerName => Box::new(balancing::load_balancer_names(world)),
        Noun::Listener => Box::new(balancing::listeners(world)),
        Noun::TargetGroup => Box::new(balancing::target_groups(world)),
        Noun::TargetGroupName => Box::new(balancing::target_group_names(world)),
        Noun::LaunchTemplateName => Box::new(network::launch_templates(world)),
        Noun::EksCluster => Box::new(kubernetes::clusters(world)),
        Noun::Nodegroup => Box::new(kubernetes::nodegroups(world, beside)),
        Noun::Namespace => Box::new(kubernetes::namespaces(world, beside)),
        Noun::Node => Box::new(kubernetes::nodes(world)),
        Noun::Pod => Box::new(kubernetes::pods(world)),
        Noun::ServiceAccount => Box::new(kubernetes::accounts(world)),
        Noun::KubernetesKind => Box::new(kubernetes::kinds()),
        Noun::KubernetesObject => kubernetes::objects(world, beside),
        Noun::Program => Box::new(kubernetes::pods(world).chain(ecs::tasks(world, beside, typed))),
    };
    Box::new(all.filter(move |known| known.name.starts_with(typed)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::trial::{call, run_task, wait};

    fn names(world: &World, noun: Noun, beside: &[(Noun, &str)], typed: &str) -> Vec<String> {
        let found = known(world, noun, Beside::new(beside), typed);
        found.map(|known| format!("{}: {}", known.name, known.about)).collect()
    }

    #[test]
    fn what_is_there_is_known_by_its_name() {
        let mut world = World::new(42);
        let container = json!([{ "name": "web", "image": "nginx", "memory": 128 }]);
        for cluster in ["prod", "test"] {
            call(&mut world, "ecs.create_cluster", json!({ "clusterName": cluster })).expect("it is new");
            let instance = json!({
                "cluster": cluster,
                "totalResources": [
                    { "name": "CPU", "type": "INTEGER", "integerValue": 2048 },
                    { "name": "MEMORY", "type": "INTEGER", "integerValue": 7680 },
                ],
            });
            call(&mut world, "ecs.register_container_instance", instance).expect("there is room");
        }
        call(&mut world, "image.define", json!({ "image": "slow", "profile": { "boot": "90s" } })).expect("it is new");
        let task = run_task(&mut world, "prod", container);
        let id = world.task_name(task)[..8].to_owned();
        let instance = json!({ "cluster": "test", "serviceName": "api", "taskDefinition": "web", "desiredCount": 2 });
        call(&mut world, "ecs.create_service", instance).expect("it is new");
        wait(&mut world, 60);
        let (prod, test) = ((Noun::Cluster, "prod"), (Noun::Cluster, "test"));
        let running = format!("{id}: RUNNING, of web:1");
        for (noun, beside, typed, expected) in [
            (Noun::Cluster, &[][..], "", &["prod: 0 services, 1 task running", "test: 1 service, 2 tasks running"][..]),
            (Noun::Cluster, &[], "t", &["test: 1 service, 2 tasks running"]),
            (Noun::Service, &[], "", &["api: ACTIVE, 2 of 2 running, in cluster test"]),
            (Noun::Service, &[test], "", &["api: ACTIVE, 2 of 2 running"]),
            (Noun::Service, &[prod], "", &[]),
            (Noun::Family, &[], "w", &["web: 1 revision"]),
            (Noun::TaskDefinition, &[], "", &["web: the newest of 1 revision: nginx"]),
            (Noun::TaskDefinition, &[], "web:", &["web:1: ACTIVE: nginx"]),
            (Noun::Task, &[prod], "", &[running.as_str()]),
            (Noun::Task, &[prod], &id[..3], &[running.as_str()]),
            (Noun::Task, &[prod], "zzz", &[]),
            (Noun::Container, &[(Noun::Task, &id)], "", &["web: RUNNING: nginx"]),
            (Noun::CapacityProvider, &[], "FARGATE_", &["FARGATE_SPOT: spare capacity, cheaper, may be taken back"]),
            (Noun::Image, &[], "", &["slow: defined here, 50 MB, boots in 1m 30s"]),
            (Noun::SecurityGroupName, &[], "", &["default: the VPC's own group"]),
            (Noun::Role, &[], "", &[]),
            (Noun::RoleArn, &[], "", &[]),
        ] {
            assert_eq!(names(&world, noun, beside, typed), expected, "{noun:?} {beside:?} {typed}");
        }
        assert_eq!(names(&world, Noun::Task, &[], "").len(), 3);
        assert_eq!(names(&world, Noun::ContainerInstance, &[prod], "").len(), 1);
        assert_eq!(names(&world, Noun::Subnet, &[], "subnet-").len(), 3);
        assert_eq!(names(&world, Noun::EcsResource, &[], "arn:aws:ecs:us-east-1:123456789012:cluster/").len(), 2);
        assert!(names(&world, Noun::ManagedPolicy, &[], "arn:aws:iam::aws:policy/AmazonS3R").len() == 1);
    }
}
