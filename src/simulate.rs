//! Floor 3: what moves the world. Timers fire in order, and after each moment the agenda is worked off.
//!
//! Time moves only in [`advance`], which a person's `wait` calls. The world is never left in the middle of a moment.

use crate::aws::ecs::{lifecycle, scheduler, target_groups, verdict};
use crate::aws::{eks, elb};
use crate::kubernetes;
use crate::model::time::Moment;
use crate::world::World;
use crate::world::timer::{Due, Timer};

/// Why [`advance`] came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Arrival {
    /// The world is at the moment that was asked for.
    Arrived,
    /// Somebody asked to stop; the world is at an earlier moment.
    Interrupted,
    /// The steps that were allowed are used up; the world is at an earlier moment.
    Exhausted,
}

/// How many steps (timers and looks) may still be taken, so that nothing runs for ever.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// Steps left.
    pub steps: u64,
    /// Facts that the world may have recorded in all.
    pub facts: u32,
}

impl Budget {
    /// No bound worth speaking of: for programs that bound their own work.
    pub const UNBOUNDED: Budget = Budget { steps: u64::MAX, facts: u32::MAX };

    fn spend(&mut self) {
        self.steps = self.steps.saturating_sub(1);
    }
}

/// Rounds of the agenda in one moment: far more than any world that is right can need, so that a mistake in a
/// reconciler is seen as what it is and not as a hang.
const ROUNDS: u32 = 10_000_000;

/// Works off everything that is due at the present moment.
pub fn settle(world: &mut World, budget: &mut Budget) {
    let mut rounds = 0_u32;
    loop {
        while let Some(timer) = world.timers.pop_due(world.now) {
            budget.spend();
            fire(world, timer);
        }
        let Some(due) = world.agenda.take() else { return };
        budget.spend();
        rounds += 1;
        assert!(rounds < ROUNDS, "{due:?} does not come to rest");
        match due {
            Due::StartContainers(task) => lifecycle::start_unblocked(world, task),
            Due::EnterTargetGroups(service) => target_groups::enter(world, service),
            Due::LeaveTargetGroups(service) => target_groups::leave(world, service),
            Due::StopContainers(task) => lifecycle::stop_containers(world, task),
            Due::Judge(task) => verdict::assess(world, task),
            Due::Service(service) => scheduler::look(world, service),
            Due::SchedulePod(pod) => kubernetes::scheduler::look(world, pod),
            Due::ScheduleWaiting(cluster) => kubernetes::scheduler::look_at_waiting(world, cluster),
            Due::EmptyNamespace(namespace) => kubernetes::namespaces::empty(world, namespace),
        }
    }
}

/// Lets time pass until `until`, moment by moment. `interrupted` is asked between moments.
pub fn advance(world: &mut World, until: Moment, budget: &mut Budget, interrupted: &dyn Fn() -> bool) -> Arrival {
    settle(world, budget);
    while let Some(next) = world.timers.next_due().filter(|&due| due <= until) {
        if budget.steps == 0 || world.facts_recorded() >= budget.facts {
            return Arrival::Exhausted;
        }
        if interrupted() {
            return Arrival::Interrupted;
        }
        world.now = next;
        settle(world, budget);
    }
    world.now = until;
    Arrival::Arrived
}

fn fire(world: &mut World, timer: Timer) {
    match timer {
        Timer::TaskStep { task, from } => lifecycle::step(world, task, from),
        Timer::TaskHealthy(task) => verdict::ripen(world, task),
        Timer::StartTimeout(task) => world.agenda.put(Due::StartContainers(task)),
        Timer::StartOverdue(task) => lifecycle::overdue(world, task),
        Timer::HealthTurns(container) => verdict::turn(world, container),
        Timer::TargetTurns(target) => elb::health::turn(world, target),
        Timer::Drained(target) => elb::membership::drained(world, target),
        Timer::GraceEnds(task) => world.agenda.put(Due::Judge(task)),
        Timer::ContainerEnds { container, code, ending } => {
            let cause = world.ecs.tasks[world.ecs.containers[container].task].last_fact;
            lifecycle::end_container(world, container, code, ending, cause);
        }
        Timer::SchedulerPass(service) => scheduler::pass(world, service),
        Timer::SteadyAgain(service) => scheduler::say_steady_again(world, service),
        Timer::EksCluster(cluster) => eks::advance_cluster(world, cluster),
        Timer::Nodegroup(group, from) => eks::advance_nodegroup(world, group, from),
        Timer::PodContainer { pod, container, nth, step } => {
            kubernetes::kubelet::step(world, pod, container, nth, step)
        }
    }
}
