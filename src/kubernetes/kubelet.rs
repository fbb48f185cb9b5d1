//! What a node does with its pods: pull, start, start again with growing delays, stop. [semantics/eks.md 3.2, 3.3]
//!
//! Nothing polls: each container has at most one timer, which knows how often the container had been started when it
//! was set; a timer of an earlier life finds that out and does nothing.

use crate::model::id::{FactId, ImageId, NodeId, PodId};
use crate::model::kubernetes::image_name;
use crate::model::kubernetes::pod::PodSpec;
use crate::model::kubernetes::{NamespacePhase, RestartPolicy, WaitingReason};
use crate::model::profile::{End, Ending};
use crate::model::time::Millis;
use crate::workload;
use crate::world::World;
use crate::world::fact::What;
use crate::world::kubernetes::{Exit, State};
use crate::world::timer::{Due, PodStep, Timer};

/// The content of each container's image.
pub fn resolve_images(world: &mut World, spec: &PodSpec) -> Vec<ImageId> {
    let images = &mut world.images;
    let containers = spec.containers.iter();
    containers
        .map(|container| workload::resolve(images, &container.image, [&container.command, &container.args]))
        .collect()
}

/// A pod has come to its node: the images that are not there yet are pulled, one after the other.
pub fn take(world: &mut World, pod: PodId) {
    let Some(node) = world.kubernetes.pods[pod].node else { return };
    let mut delay = world.tuning.pod_sandbox;
    for container in 0..world.kubernetes.pods[pod].containers.len() {
        let image = world.kubernetes.pods[pod].containers[container].image;
        let profile = world.images.profile(image);
        let named = image_name::complaint(&world.kubernetes.pods[pod].spec.containers[container].image).is_none();
        if named && !profile.missing && world.kubernetes.nodes[node].images.insert(image) {
            delay = delay + world.tuning.pull(profile.size_mb);
        }
        world.set_timer(delay, Timer::PodContainer { pod, container: container as u8, nth: 0, step: PodStep::Start });
    }
}

/// Something is due for a container, unless it has been started again, or ended, meanwhile.
pub fn step(world: &mut World, pod: PodId, container: u8, nth: u32, step: PodStep) {
    let record = &world.kubernetes.pods[pod];
    let current = &record.containers[usize::from(container)];
    if record.gone || current.restarts != nth {
        return;
    }
    let waits = matches!(current.state, State::Waiting(_) | State::Terminated(_)) && record.deletion.is_none();
    match step {
        PodStep::Start | PodStep::Pull if waits => pull(world, pod, container),
        PodStep::Restart if waits => run(world, pod, container, nth + 1),
        PodStep::End { code, ending } => end(world, pod, container, code, ending),
        PodStep::Start | PodStep::Pull | PodStep::Restart => {}
    }
}

/// The image is there by now, or the registry does not have it. It may have come there since: names are read anew.
fn pull(world: &mut World, pod: PodId, container: u8) {
    let index = usize::from(container);
    let spec = world.kubernetes.pods[pod].spec.clone();
    if image_name::complaint(&spec.containers[index].image).is_some() {
        // Nothing will change that: the kubelet looks at it again and again, and says the same.
        let reason = WaitingReason::InvalidImageName;
        let what = What::PodContainerWaits(pod, container, reason);
        world.move_container(pod, container, State::Waiting(reason), what, |_| {});
        return;
    }
    let mut image = world.kubernetes.pods[pod].containers[index].image;
    if world.images.profile(image).missing {
        image = resolve_images(world, &spec)[index];
    }
    if !world.images.profile(image).missing {
        world.kubernetes.pods[pod].containers[index].image = image;
        run(world, pod, container, 0);
        return;
    }
    let backoff = world.kubernetes.pods[pod].containers[index].backoff;
    let (delay, next) = back_off(world, Some(backoff.unwrap_or(world.tuning.pod_backoff_first)));
    let again = backoff.is_some();
    let reason = if again { WaitingReason::ImagePullBackOff } else { WaitingReason::ErrImagePull };
    let what = What::PodContainerWaits(pod, container, reason);
    world.move_container(pod, container, State::Waiting(reason), what, |record| record.backoff = Some(next));
    world.set_timer(delay, Timer::PodContainer { pod, container, nth: 0, step: PodStep::Pull });
}

/// A container starts.
fn run(world: &mut World, pod: PodId, container: u8, nth: u32) {
    let now = world.now;
    let what = What::PodContainerStarted(pod, container, nth);
    world.move_container(pod, container, State::Running(now), what, |record| {
        if nth == 0 {
            record.backoff = None;
        }
        record.restarts = nth;
    });
    let record = &world.kubernetes.pods[pod];
    let limit = record.spec.containers[usize::from(container)].memory_limit_mib();
    let profile = world.images.profile(record.containers[usize::from(container)].image);
    if let Some(End { after, code, ending }) = profile.own_end(limit) {
        let step = PodStep::End { code, ending };
        world.set_timer(after, Timer::PodContainer { pod, container, nth, step });
    }
}

/// The program in a container ends. Whether it starts again, and when, is up to the pod's restart policy.
pub fn end(world: &mut World, pod: PodId, container: u8, code: u8, ending: Ending) {
    let now = world.now;
    let record = &world.kubernetes.pods[pod];
    let current = &record.containers[usize::from(container)];
    let State::Running(started_at) = current.state else { return };
    let exit = Exit { code, ending, started_at, at: now };
    let again = match record.spec.restarts() {
        _ if record.deletion.is_some() => false,
        RestartPolicy::Always => true,
        RestartPolicy::OnFailure => code != 0,
        RestartPolicy::Never => false,
    };
    let nth = current.restarts;
    let ran_long = now.since(started_at) > world.tuning.pod_backoff_reset;
    let (delay, next) = back_off(world, current.backoff.filter(|_| !ran_long));
    let waits = again && delay > Millis::ZERO;
    let what = What::PodContainerExited { pod, container, code, ending };
    world.move_container(pod, container, State::Terminated(exit), what, |record| {
        record.last = Some(exit);
        record.backoff = again.then_some(next);
    });
    if waits {
        let reason = WaitingReason::CrashLoopBackOff;
        let what = What::PodContainerWaits(pod, container, reason);
        world.move_container(pod, container, State::Waiting(reason), what, |_| {});
    }
    if again {
        world.set_timer(delay, Timer::PodContainer { pod, container, nth, step: PodStep::Restart });
    }
    finish(world, pod);
}

/// The delay before a container starts again, and the one after that: none at first, then 10 s, doubling.
fn back_off(world: &World, backoff: Option<Millis>) -> (Millis, Millis) {
    match backoff {
        None => (Millis::ZERO, world.tuning.pod_backoff_first),
        Some(delay) => (delay, Millis(delay.0 * 2).min(world.tuning.pod_backoff_cap)),
    }
}

/// Wants a pod gone: SIGTERM to what runs, SIGKILL when the grace period is over.
pub fn delete(world: &mut World, pod: PodId, grace: Option<Millis>, cause: FactId) {
    let record = &world.kubernetes.pods[pod];
    if record.gone || record.deletion.is_some() {
        return;
    }
    let grace = grace.unwrap_or_else(|| Millis::seconds(record.spec.grace_seconds()));
    world.delete_pod(pod, world.now + grace, cause);
    for container in 0..world.kubernetes.pods[pod].containers.len() {
        let current = &world.kubernetes.pods[pod].containers[container];
        if !matches!(current.state, State::Running(_)) {
            continue;
        }
        let End { after, code, ending } = world.images.profile(current.image).leaves(grace);
        let (nth, step) = (current.restarts, PodStep::End { code, ending });
        world.set_timer(after, Timer::PodContainer { pod, container: container as u8, nth, step });
    }
    finish(world, pod);
}

/// A pod that is to go goes when nothing of it runs.
fn finish(world: &mut World, pod: PodId) {
    let record = &world.kubernetes.pods[pod];
    let runs = record.containers.iter().any(|container| matches!(container.state, State::Running(_)));
    if record.deletion.is_some() && !runs {
        remove(world, pod);
    }
}

/// A pod is gone, and its namespace may be waiting for that.
fn remove(world: &mut World, pod: PodId) {
    let namespace = world.kubernetes.pods[pod].namespace;
    world.remove_pod(pod);
    if world.kubernetes.namespaces[namespace].phase == NamespacePhase::Terminating {
        world.agenda.put(Due::EmptyNamespace(namespace));
    }
}

/// A node goes, and whatever is still on it.
pub fn lose(world: &mut World, node: NodeId) {
    let pods: Vec<PodId> = world.kubernetes.nodes[node].pods.iter().copied().collect();
    for pod in pods {
        remove(world, pod);
    }
}
