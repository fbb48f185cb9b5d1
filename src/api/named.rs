//! From what people call something to the thing itself: the other direction of [`known`](super::known).
//!
//! A name is looked for in the order of [`WAYS`]; `sa/web` or `service/web` says which kind is meant, as with kubectl.
//! A new world adds its rows.

use std::cmp::Reverse;

use crate::model::id::{EksClusterId, Id, NamespaceId};
use crate::model::noun::Noun;
use crate::model::status::{ClusterStatus, ServiceStatus};
use crate::model::subject::Subject;
use crate::world::World;
use crate::world::names::{Found, last_part};

/// How things of one noun are found.
struct Way {
    noun: Noun,
    /// What may stand before the name to say that one of these is meant.
    words: &'static [&'static str],
    /// What is called so, the one that is most likely meant first.
    find: fn(&World, &str) -> Vec<Subject>,
}

const fn way(noun: Noun, words: &'static [&'static str], find: fn(&World, &str) -> Vec<Subject>) -> Way {
    Way { noun, words, find }
}

/// The kinds of things, the one that is meant first where several have the name.
const WAYS: &[Way] = &[
    way(Noun::Service, &["service"], services),
    way(Noun::Task, &["task"], tasks),
    way(Noun::Pod, &["pod", "pods", "po"], pods),
    way(Noun::ServiceAccount, &["serviceaccount", "serviceaccounts", "sa"], accounts),
    way(Noun::Cluster, &["cluster"], clusters),
    way(Noun::EksCluster, &["eks", "cluster"], eks_clusters),
    way(Noun::Nodegroup, &["nodegroup"], nodegroups),
    way(Noun::Namespace, &["namespace", "namespaces", "ns"], namespaces),
    way(Noun::Node, &["node", "nodes", "no"], nodes),
    way(Noun::TargetGroupName, &["targetgroup"], target_groups),
    way(Noun::LoadBalancerName, &["loadbalancer", "app", "net"], load_balancers),
    way(Noun::ContainerInstance, &["container-instance"], instances),
];

/// What may be asked about, in the order in which a name is looked for.
pub fn nouns() -> impl Iterator<Item = Noun> {
    WAYS.iter().map(|way| way.noun)
}

/// What a text names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meant {
    /// This; others have the same name.
    One(Subject, Vec<Subject>),
    /// Nothing.
    Nothing,
    /// Several tasks, of which none is likelier than the others.
    Unclear(Vec<Subject>),
}

/// What is called so: by a name, `namespace/name`, `kind/name`, an ARN, an id or the beginning of one.
pub fn named(world: &World, text: &str) -> Meant {
    let found = match text.starts_with("arn:") {
        true => with_arn(world, text),
        false => {
            let kind = text.split_once('/').map_or_else(Vec::new, |(word, name)| of_kind(world, word, name));
            if kind.is_empty() { WAYS.iter().map(|way| (way.find)(world, text)).collect() } else { kind }
        }
    };
    let mut groups = found.into_iter().filter(|found| !found.is_empty());
    match groups.next() {
        None => Meant::Nothing,
        Some(first) if first.len() > 1 && matches!(first[0], Subject::Task(_) | Subject::Instance(_)) => {
            Meant::Unclear(first)
        }
        Some(mut first) => {
            let one = first.remove(0);
            Meant::One(one, first.into_iter().chain(groups.flatten()).collect())
        }
    }
}

/// What to write to mean this thing and no other of the same name: its kind before the name, or its ARN where one of
/// the same kind is called so, too.
pub fn spelled_out(world: &World, text: &str, subject: Subject) -> Option<String> {
    let way = WAYS.iter().find(|way| (way.find)(world, text).first() == Some(&subject));
    way.map(|way| format!("{}/{text}", way.words[0])).or_else(|| arn_of(world, subject))
}

/// What the kinds that are called `word` have of this name.
fn of_kind(world: &World, word: &str, name: &str) -> Vec<Vec<Subject>> {
    let ways = WAYS.iter().filter(|way| way.words.contains(&word));
    ways.map(|way| (way.find)(world, name)).filter(|found| !found.is_empty()).collect()
}

/// What has this ARN: its name is one of the last parts.
fn with_arn(world: &World, arn: &str) -> Vec<Vec<Subject>> {
    let names = || arn.rsplit('/').take(3);
    let found = WAYS.iter().flat_map(|way| names().flat_map(|name| (way.find)(world, name)));
    let mut found: Vec<Subject> = found.filter(|&subject| arn_of(world, subject).as_deref() == Some(arn)).collect();
    found.dedup();
    vec![found]
}

/// The ARN of something that has one.
fn arn_of(world: &World, subject: Subject) -> Option<String> {
    match subject {
        Subject::Task(id) => Some(world.task_arn(id)),
        Subject::Service(id) => Some(world.service_arn(id)),
        Subject::Cluster(id) => Some(world.cluster_arn(id)),
        Subject::Instance(id) => Some(world.instance_arn(id)),
        Subject::LoadBalancer(id) => Some(world.load_balancer_arn(id)),
        Subject::TargetGroup(id) => Some(world.target_group_arn(id)),
        Subject::EksCluster(id) => Some(world.eks_cluster_arn(id)),
        Subject::Nodegroup(id) => Some(world.nodegroup_arn(id)),
        Subject::Node(_) | Subject::Namespace(_) | Subject::ServiceAccount(_) | Subject::Pod(_) => None,
    }
}

/// The services of that name: those that are not gone, then the newest.
fn services(world: &World, name: &str) -> Vec<Subject> {
    let mut found: Vec<_> = world.ecs.services.iter().filter(|(_, service)| *service.name == *name).collect();
    found.sort_by_key(|(id, service)| (service.status == ServiceStatus::Inactive, Reverse(*id)));
    if found.first().is_some_and(|(_, service)| service.status != ServiceStatus::Inactive) {
        found.retain(|(_, service)| service.status != ServiceStatus::Inactive);
    } else {
        found.truncate(1);
    }
    found.into_iter().map(|(id, _)| Subject::Service(id)).collect()
}

fn tasks(world: &World, id: &str) -> Vec<Subject> {
    several(world.find_task(id), Subject::Task)
}

fn instances(world: &World, id: &str) -> Vec<Subject> {
    several(world.find_instance(id), Subject::Instance)
}

fn several<I>(found: Found<I>, subject: fn(I) -> Subject) -> Vec<Subject> {
    match found {
        Found::One(id) => vec![subject(id)],
        Found::Several(ids) => ids.into_iter().map(subject).collect(),
        Found::Nothing => Vec::new(),
    }
}

fn clusters(world: &World, name: &str) -> Vec<Subject> {
    let id = world.ecs.cluster_by_name.get(name).copied();
    let id = id.or_else(|| newest(world.ecs.clusters.iter().filter(|(_, cluster)| *cluster.name == *name)));
    let gone = |id| world.ecs.clusters[id].status == ClusterStatus::Inactive;
    // A deleted cluster steps back behind an EKS cluster that is there.
    let hidden = id.is_some_and(|id| gone(id) && world.eks.cluster(name).is_some());
    id.filter(|_| !hidden).map(Subject::Cluster).into_iter().collect()
}

fn eks_clusters(world: &World, name: &str) -> Vec<Subject> {
    let gone = || newest(world.eks.clusters.iter().filter(|(_, cluster)| *cluster.name == *name));
    world.eks.cluster(name).or_else(gone).map(Subject::EksCluster).into_iter().collect()
}

/// `NAME` or `CLUSTER/NAME`.
fn nodegroups(world: &World, text: &str) -> Vec<Subject> {
    let (cluster, name) = split(text);
    let groups = world.eks.nodegroups.iter().filter(|(_, group)| {
        *group.name == *name && cluster.is_none_or(|cluster| *world.eks.clusters[group.cluster].name == *cluster)
    });
    newest(groups).map(Subject::Nodegroup).into_iter().collect()
}

fn namespaces(world: &World, name: &str) -> Vec<Subject> {
    let found: Vec<Subject> =
        planes(world).filter_map(|cluster| world.kubernetes.namespace(cluster, name)).map(Subject::Namespace).collect();
    let gone = || newest(world.kubernetes.namespaces.iter().filter(|(_, namespace)| *namespace.meta.name == *name));
    or_gone(found, || gone().map(Subject::Namespace))
}

/// By its name or the id of its instance.
fn nodes(world: &World, name: &str) -> Vec<Subject> {
    let called = |id| world.node_name(id) == name || world.node_instance_id(id) == name;
    let found = world.kubernetes.nodes.iter().rev().filter(|(id, _)| called(*id));
    found.take(1).map(|(id, _)| Subject::Node(id)).collect()
}

/// `NAME` or `NAMESPACE/NAME`: those that exist, or the newest that did.
fn pods(world: &World, text: &str) -> Vec<Subject> {
    let (namespace, name) = split(text);
    let found = namespaces_meant(world, namespace).filter_map(|id| world.kubernetes.pod(id, name));
    let called = |of: NamespaceId| namespace.is_none_or(|name| *world.kubernetes.namespaces[of].meta.name == *name);
    let gone = || {
        let pods = world.kubernetes.pods.iter();
        newest(pods.filter(|(_, pod)| *pod.meta.name == *name && called(pod.namespace))).map(Subject::Pod)
    };
    or_gone(found.map(Subject::Pod).collect(), gone)
}

/// `NAME` or `NAMESPACE/NAME`.
fn accounts(world: &World, text: &str) -> Vec<Subject> {
    let (namespace, name) = split(text);
    let found = namespaces_meant(world, namespace).filter_map(|id| world.kubernetes.account(id, name));
    found.map(Subject::ServiceAccount).collect()
}

fn target_groups(world: &World, name: &str) -> Vec<Subject> {
    let gone = || newest(world.elb.target_groups.iter().filter(|(_, group)| *group.name == *name));
    let id = world.elb.target_group_by_name.get(name).copied();
    id.or_else(gone).map(Subject::TargetGroup).into_iter().collect()
}

fn load_balancers(world: &World, name: &str) -> Vec<Subject> {
    let gone = || newest(world.elb.load_balancers.iter().filter(|(_, balancer)| *balancer.name == *name));
    let id = world.elb.load_balancer_by_name.get(name).copied();
    id.or_else(gone).map(Subject::LoadBalancer).into_iter().collect()
}

/// The clusters with a Kubernetes API, newest first, as `k8s` takes them.
fn planes(world: &World) -> impl Iterator<Item = EksClusterId> {
    world.kubernetes.control_planes.keys().rev().copied()
}

/// The namespace of that name in each cluster; without a name all of them, `default` first.
fn namespaces_meant<'a>(world: &'a World, named: Option<&'a str>) -> impl Iterator<Item = NamespaceId> + 'a {
    planes(world).flat_map(move |cluster| {
        let all = &world.kubernetes.control_planes[&cluster].namespaces;
        let first = all.get(named.unwrap_or("default"));
        let others = all.iter().filter(move |(name, _)| named.is_none() && &***name != "default");
        first.into_iter().chain(others.map(|(_, id)| id)).copied()
    })
}

fn or_gone(found: Vec<Subject>, gone: impl FnOnce() -> Option<Subject>) -> Vec<Subject> {
    if found.is_empty() { gone().into_iter().collect() } else { found }
}

fn newest<'a, I: Id, T: 'a>(mut found: impl DoubleEndedIterator<Item = (I, &'a T)>) -> Option<I> {
    found.next_back().map(|(id, _)| id)
}

/// What stands before the last `/`, and what stands behind it.
fn split(text: &str) -> (Option<&str>, &str) {
    match text.rsplit_once('/') {
        Some((before, name)) => (Some(before), name),
        None => (None, last_part(text)),
    }
}
