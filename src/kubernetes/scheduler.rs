//! Which node takes a pod: of those with room, the one that the scheduler's scores prefer.
//!
//! Room is CPU, memory, disk and the number of pods. The scores are those of LeastAllocated and BalancedAllocation;
//! nothing else that tells nodes apart is modelled, but for where an image is already (ImageLocality): SIM.
//! [semantics/eks.md 4.1, 4.2, 4.4, 5.6]

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::kubernetes::kubelet;
use crate::model::id::{EksClusterId, NodeId, PodId};
use crate::world::World;
use crate::world::kubernetes::ControlPlane;
use crate::world::kubernetes::room::{Load, Misfit, Standing};

/// Finds a node for a pod that has none.
pub fn look(world: &mut World, pod: PodId) {
    let record = &world.kubernetes.pods[pod];
    if record.gone || record.node.is_some() || record.deletion.is_some() {
        return;
    }
    let cause = record.meta.last_fact;
    match place(world, pod) {
        Ok(node) => {
            world.bind_pod(pod, node, cause);
            kubelet::take(world, pod);
        }
        Err(why) => world.leave_unscheduled(pod, why, cause),
    }
}

/// There is more room in a cluster: the pods that wait for some and now find it get their nodes, the oldest first.
pub fn look_at_waiting(world: &mut World, cluster: EksClusterId) {
    let Some(plane) = world.kubernetes.control_planes.get(&cluster) else { return };
    let oldest = |plane: &ControlPlane, load: &Load| {
        let pod = plane.wanting.get(load)?.first().copied()?;
        plane.room.is_there_for(load).then_some((pod, *load))
    };
    // Room only shrinks from here on: what finds none now is not asked again.
    let mut hopeful: BTreeMap<PodId, Load> = plane.wanting.keys().filter_map(|load| oldest(plane, load)).collect();
    while let Some((pod, load)) = hopeful.pop_first() {
        let fits = world.kubernetes.control_planes.get(&cluster).is_some_and(|plane| plane.room.is_there_for(&load));
        if fits {
            look(world, pod);
            hopeful.extend(world.kubernetes.control_planes.get(&cluster).and_then(|plane| oldest(plane, &load)));
        }
    }
}

/// The node that a pod goes to.
///
/// # Errors
/// Why none takes it.
pub fn place(world: &World, pod: PodId) -> Result<NodeId, Misfit> {
    let spec = &world.kubernetes.pods[pod].spec;
    let load = Load::of(spec);
    let plane = &world.kubernetes.control_planes[&world.kubernetes.cluster_of(pod)];
    if !plane.room.is_there_for(&load) || !spec.requests_foreign().is_empty() {
        return Err(misfit(plane, &load));
    }
    let with_room = plane.room.alike().filter(|(standing, _)| standing.lacks(&load).is_none());
    // Kubernetes picks any of those with the best score; here the one with the fewest pods, and the oldest of them.
    let best = with_room.max_by_key(|(standing, nodes)| {
        (score(standing, &load), Reverse(standing.load.pods), Reverse(nodes.first().copied()))
    });
    best.and_then(|(_, nodes)| nodes.first().copied()).ok_or_else(|| misfit(plane, &load))
}

/// Both scores of a node for a pod. [semantics/eks.md 4.4]
fn score(node: &Standing, pod: &Load) -> u64 {
    least_allocated(node, pod) + balanced(node, pod)
}

/// The share of CPU and memory that would be left, in percent, each rounded down: the mean of both.
fn least_allocated(node: &Standing, pod: &Load) -> u64 {
    let share = |all: u64, used: u64, asked: u64| all.saturating_sub(used.saturating_add(asked)) * 100 / all.max(1);
    let (all, used, asked) = (node.allocatable, node.load.scored, pod.scored);
    (share(all.cpu, used.cpu, asked.cpu) + share(all.memory, used.memory, asked.memory)) / 2
}

/// How alike the shares of CPU and memory would be: 100 where they are the same.
fn balanced(node: &Standing, pod: &Load) -> u64 {
    let (all, used) = (node.allocatable, node.load.requested.plus(pod.requested));
    let (cpu, memory) = (u128::from(all.cpu.max(1)), u128::from(all.memory.max(1)));
    let (of_cpu, of_memory) = (u128::from(used.cpu).min(cpu) * memory, u128::from(used.memory).min(memory) * cpu);
    let apart = (of_cpu.abs_diff(of_memory) * 50).div_ceil(cpu * memory);
    100 - u64::try_from(apart).expect("shares are at most one whole apart")
}

/// How many nodes do not take a pod, and why.
fn misfit(plane: &ControlPlane, pod: &Load) -> Misfit {
    let number = |nodes: usize| u32::try_from(nodes).expect("a lab has few nodes");
    let mut why = Misfit { nodes: number(plane.nodes.len()), ..Misfit::default() };
    let mut open = 0;
    for (standing, nodes) in plane.room.alike() {
        let (lack, many) = (standing.lacks(pod), number(nodes.len()));
        open += many;
        why.pods += if lack.pods { many } else { 0 };
        why.cpu += if lack.cpu { many } else { 0 };
        why.memory += if lack.memory { many } else { 0 };
        why.storage += if lack.storage { many } else { 0 };
    }
    why.cordoned = why.nodes - open;
    why
}

/// What the scheduler says of a pod that it has no node for now. [semantics/eks.md 4.3]
pub fn complaint(world: &World, pod: PodId) -> String {
    let plane = &world.kubernetes.control_planes[&world.kubernetes.cluster_of(pod)];
    let spec = &world.kubernetes.pods[pod].spec;
    failed_scheduling(&misfit(plane, &Load::of(spec)), &spec.requests_foreign())
}

/// The text of the event FailedScheduling. `foreign` are resources that the pod asks for and no node has.
/// [semantics/eks.md 4.2, 4.3]
pub fn failed_scheduling(why: &Misfit, foreign: &BTreeSet<&str>) -> String {
    let (all, open) = (why.nodes, why.nodes - why.cordoned);
    if all == 0 {
        return "no nodes available to schedule pods".to_owned();
    }
    let mut reasons = vec![
        (why.cordoned, "node(s) were unschedulable".to_owned()),
        (why.pods, "Too many pods".to_owned()),
        (why.cpu, "Insufficient cpu".to_owned()),
        (why.memory, "Insufficient memory".to_owned()),
        (why.storage, "Insufficient ephemeral-storage".to_owned()),
    ];
    reasons.extend(foreign.iter().map(|name| (open, format!("Insufficient {name}"))));
    let preemption = vec![
        (why.cordoned, "Preemption is not helpful for scheduling".to_owned()),
        (open, "No preemption victims found for incoming pod".to_owned()),
    ];
    let none_of = format!("0/{all} nodes are available");
    format!("{none_of}: {}. preemption: {none_of}: {}.", counted(reasons), counted(preemption))
}

/// Reasons with their counts, sorted as texts.
fn counted(reasons: Vec<(u32, String)>) -> String {
    let some = reasons.into_iter().filter(|(count, _)| *count > 0);
    let mut texts: Vec<String> = some.map(|(count, reason)| format!("{count} {reason}")).collect();
    texts.sort();
    texts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::kubernetes::resources::Amounts;

    fn amounts(cpu: u64, mib: u64) -> Amounts {
        Amounts { cpu, memory: mib << 20, storage: 0 }
    }

    /// [semantics/eks.md 4.4]
    #[test]
    fn the_scores_are_those_of_the_worked_example() {
        let nothing = Load { pods: 0, requested: amounts(0, 0), scored: amounts(0, 0) };
        let node = Standing { allocatable: amounts(1930, 7000), max_pods: 29, load: nothing };
        let pod = Load { pods: 1, requested: amounts(500, 512), scored: amounts(500, 512) };
        assert_eq!((least_allocated(&node, &pod), balanced(&node, &pod)), (83, 90));
    }

    /// [semantics/eks.md 4.3]
    #[test]
    fn reasons_are_sorted_as_texts() {
        let why = Misfit { nodes: 13, cordoned: 1, pods: 10, cpu: 1, memory: 2, storage: 0 };
        assert_eq!(
            failed_scheduling(&why, &BTreeSet::from(["nvidia.com/gpu"])),
            "0/13 nodes are available: 1 Insufficient cpu, 1 node(s) were unschedulable, 10 Too many pods, 12 \
             Insufficient nvidia.com/gpu, 2 Insufficient memory. preemption: 0/13 nodes are available: 1 Preemption is \
             not helpful for scheduling, 12 No preemption victims found for incoming pod."
        );
        assert_eq!(failed_scheduling(&Misfit::default(), &BTreeSet::new()), "no nodes available to schedule pods");
    }
}
