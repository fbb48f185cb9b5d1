//! Pods that no node takes, and containers that wait.

use super::{Stall, cluster};
use crate::kubernetes::scheduler;
use crate::model::id::PodId;
use crate::model::kubernetes::{PodPhase, WaitingReason};
use crate::world::World;
use crate::world::kubernetes::State;

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
    if let Some(mut stall) = cluster::no_nodes(world, of) {
        stall.because.insert(0, format!("the scheduler says: {}", scheduler::complaint(world, of)));
        return stall;
    }
    if scheduler::place(world, of).is_some() {
        return Stall::new("the scheduler has not looked at it yet", "wait until it runs: settle()");
    }
    Stall {
        because: vec![format!("the scheduler says: {}", scheduler::complaint(world, of))],
        way_out: format!("delete pods that nobody needs, or add nodes: {}", cluster::more_nodes(world, of)),
    }
}

fn times(number: u32) -> String {
    if number == 1 { "once".to_owned() } else { format!("{number} times") }
}
