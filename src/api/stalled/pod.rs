//! Pods that no node takes, and containers that wait.

use super::{Stall, cluster};
use crate::kubernetes::scheduler;
use crate::model::id::PodId;
use crate::model::instance_type;
use crate::model::kubernetes::quantity::Quantity;
use crate::model::kubernetes::resources::Amounts;
use crate::model::kubernetes::{PodPhase, WaitingReason};
use crate::world::World;
use crate::world::kubernetes::State;
use crate::world::kubernetes::room::{Lack, Load, Standing};

/// What keeps a pod.
pub(super) fn stall(world: &World, id: PodId) -> Option<Stall> {
    let pod = &world.kubernetes.pods[id];
    if pod.gone {
        return None;
    }
    if let Some(by) = pod.deletion {
        let because = format!("its containers have until {by} to leave; then they are killed");
        return Some(Stall::new(because, cluster::wait(world, by)));
    }
    if pod.node.is_none() {
        return Some(unscheduled(world, id));
    }
    let waiting = pod.containers.iter().enumerate().find_map(|(nth, container)| match container.state {
        State::Waiting(reason) => Some((nth, reason)),
        State::Running(_) | State::Terminated(_) => None,
    });
    let (nth, reason) = waiting.filter(|_| !matches!(pod.phase, PodPhase::Succeeded | PodPhase::Failed))?;
    let (spec, container) = (&pod.spec.containers[nth], &pod.containers[nth]);
    let (name, image) = (&spec.name, &spec.image);
    Some(match reason {
        WaitingReason::ErrImagePull | WaitingReason::ImagePullBackOff => Stall::new(
            format!(
                "the registry has no image {image}, which container {name} wants; the kubelet tries again and again"
            ),
            format!(
                "delete the pod and apply it again with an image that exists; image.define(\"{image}\", #{{}}) puts this \
                 one into the lab's registry"
            ),
        ),
        WaitingReason::CrashLoopBackOff => {
            let code = container.last.map_or(0, |exit| exit.code);
            let delay = container.backoff.map(|next| format!("; the delay after that is {next}")).unwrap_or_default();
            Stall::new(
                format!(
                    "the program in container {name} ended with code {code}, {} so far, and the kubelet waits before it \
                     starts it again{delay}",
                    times(container.restarts + 1)
                ),
                format!(
                    "mend the program: image.define(\"{image}\", #{{ … }}) says how it behaves; a program that is meant to \
                     end needs restartPolicy: \"Never\" or \"OnFailure\" in a new pod"
                ),
            )
        }
        WaitingReason::InvalidImageName => Stall::new(
            format!("`{image}`, which container {name} wants, is not a name that an image can have"),
            "delete the pod and apply it again with another name: lower-case letters and digits, as in \"my-app:v1\"",
        ),
        WaitingReason::ContainerCreating => Stall::new(
            format!("its node prepares container {name}: it pulls image {image}"),
            "wait until it runs: settle()",
        ),
    })
}

/// No node takes it.
fn unscheduled(world: &World, id: PodId) -> Stall {
    let of = world.kubernetes.cluster_of(id);
    let says = format!("the scheduler says: {}", scheduler::complaint(world, id));
    if let Some(mut stall) = cluster::no_nodes(world, of) {
        stall.because.insert(0, says);
        return stall;
    }
    if scheduler::place(world, id).is_ok() {
        return Stall::new("the scheduler has not looked at it yet", "wait until it runs: settle()");
    }
    let spec = &world.kubernetes.pods[id].spec;
    let foreign: Vec<&str> = spec.requests_foreign().into_iter().collect();
    if !foreign.is_empty() {
        let names = foreign.join(", ");
        let because = vec![says, format!("it asks for {names}, and no node of this lab has any")];
        let way_out = format!("delete it, and apply it again without {names} in resources");
        return Stall { because, ..Stall::told(way_out) };
    }
    let load = Load::of(spec);
    let standings = || world.kubernetes.control_planes[&of].room.alike().map(|(standing, _)| *standing);
    let because = [says].into_iter().chain(asked_and_left(&load, standings().collect())).collect();
    let emptied = |standing: Standing| Standing { load: Load::default(), ..standing };
    if standings().count() == 0 || standings().any(|standing| emptied(standing).lacks(&load).is_none()) {
        let way_out = format!("delete pods that nobody needs, or add nodes: {}", cluster::more_nodes(world, of, None));
        return Stall { because, ..Stall::told(way_out) };
    }
    // However empty the nodes were, it would not fit.
    let larger = instance_type::all().filter(|kind| Standing::new(kind).lacks(&load).is_none());
    let way_out = match larger.min_by_key(|kind| kind.allocatable()) {
        Some(kind) => format!(
            "delete it, and apply it again with smaller resources.requests; or add nodes that are large enough: {}",
            cluster::more_nodes(world, of, Some(kind))
        ),
        None => {
            "delete it, and apply it again with smaller resources.requests: no instance type that longshore knows has \
                 as much"
                .to_owned()
        }
    };
    Stall { because, ..Stall::told(way_out) }
}

/// What a pod asks for of each thing that is short, beside the most that any node has left of it.
fn asked_and_left(pod: &Load, nodes: Vec<Standing>) -> Vec<String> {
    let bytes = |bytes| Quantity::of_bytes(bytes).to_string();
    let milli = |milli| Quantity::of_milli(milli).to_string();
    let row = |what: &str, lacks: fn(&Lack) -> bool, of: fn(&Amounts) -> u64, shown: &dyn Fn(u64) -> String| {
        if !nodes.iter().any(|node| lacks(&node.lacks(pod))) {
            return None;
        }
        let most = nodes.iter().max_by_key(|node| of(&node.left()))?;
        let (asked, left, all) = (of(&pod.requested), of(&most.left()), of(&most.allocatable));
        Some(format!(
            "it asks for {} of {what}; the node with the most left has {} of {}",
            shown(asked),
            shown(left),
            shown(all)
        ))
    };
    let rows = [
        row("cpu", |lack| lack.cpu, |of| of.cpu, &milli),
        row("memory", |lack| lack.memory, |of| of.memory, &bytes),
        row("ephemeral-storage", |lack| lack.storage, |of| of.storage, &bytes),
    ];
    rows.into_iter().flatten().collect()
}

fn times(number: u32) -> String {
    if number == 1 { "once".to_owned() } else { format!("{number} times") }
}
