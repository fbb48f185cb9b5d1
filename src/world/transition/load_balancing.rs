//! The states of targets, and the indexes and counts that depend on them.

use super::task::Step;
use super::{TARGET, go};
use crate::model::id::{FactId, ListenerId, TargetGroupId, TargetId};
use crate::model::load_balancing::TargetState;
use crate::model::probing::Progress;
use crate::model::status::HealthStatus;
use crate::world::World;
use crate::world::elb::{Listener, Target};
use crate::world::fact::What;

impl World {
    /// Registers a target that its group does not have yet.
    pub fn add_target(&mut self, target: Target, cause: FactId) -> TargetId {
        let id = self.elb.targets.next_id();
        let fact = self.record(Some(cause), What::TargetRegistered(id));
        let group = &mut self.elb.target_groups[target.group];
        let before = group.targets.insert((target.place, target.port), id);
        assert_eq!(before, None, "{id:?} is registered in the place of another");
        if let Some((task, _)) = target.behind {
            self.elb.targets_of_task.entry(task).or_default().insert(id);
        }
        self.elb.targets.add(Target { last_fact: fact, ..target });
        self.count_target(id, Step::Enter);
        id
    }

    /// Moves a target to another state.
    pub fn move_target(&mut self, id: TargetId, to: TargetState, cause: FactId) -> FactId {
        let group = self.elb.targets[id].group;
        let failed_open = self.elb.target_groups[group].fails_open();
        self.count_target(id, Step::Leave);
        go(TARGET, &mut self.elb.targets[id].state, to, id);
        self.count_target(id, Step::Enter);
        let fact = self.record(Some(cause), What::TargetMoved(id, to));
        self.elb.targets[id].last_fact = fact;
        if !failed_open && self.elb.target_groups[group].fails_open() {
            self.record(Some(fact), What::FailsOpen(group));
        }
        fact
    }

    /// What a target's checks have come to. Says whether that is another state.
    pub fn set_target_health(&mut self, id: TargetId, health: Progress) -> bool {
        let turned = self.elb.targets[id].health.status != health.status;
        self.elb.targets[id].health = health;
        let to = match health.status {
            _ if !turned => return false,
            HealthStatus::Unknown => TargetState::Initial,
            HealthStatus::Healthy => TargetState::Healthy,
            HealthStatus::Unhealthy => TargetState::Unhealthy,
        };
        let cause = self.elb.targets[id].last_fact;
        self.move_target(id, to, cause);
        true
    }

    /// Takes a target out of its group.
    pub fn remove_target(&mut self, id: TargetId, cause: FactId) -> FactId {
        self.count_target(id, Step::Leave);
        let target = &mut self.elb.targets[id];
        target.gone = true;
        self.elb.target_groups[target.group].targets.remove(&(target.place, target.port));
        if let Some((task, _)) = target.behind {
            let empty = self.elb.targets_of_task.get_mut(&task).is_some_and(|targets| {
                targets.remove(&id);
                targets.is_empty()
            });
            if empty {
                self.elb.targets_of_task.remove(&task);
            }
        }
        let fact = self.record(Some(cause), What::TargetGone(id));
        self.elb.targets[id].last_fact = fact;
        fact
    }

    /// Adds a listener to its load balancer and to the target groups that it leads to.
    pub fn add_listener(&mut self, listener: Listener, cause: FactId) -> ListenerId {
        let (balancer, port) = (listener.load_balancer, listener.port);
        let id = self.elb.listeners.add(listener);
        self.elb.load_balancers[balancer].listeners.insert(port, id);
        for group in self.elb.listeners[id].action.target_groups().collect::<Vec<TargetGroupId>>() {
            self.elb.target_groups[group].listeners.insert(id);
        }
        self.record(Some(cause), What::ListenerCreated(id));
        id
    }

    /// Takes a listener off its load balancer and the target groups that it led to.
    pub fn remove_listener(&mut self, id: ListenerId, cause: FactId) {
        let listener = &self.elb.listeners[id];
        self.elb.load_balancers[listener.load_balancer].listeners.remove(&listener.port);
        for group in listener.action.target_groups() {
            self.elb.target_groups[group].listeners.remove(&id);
        }
        self.record(Some(cause), What::ListenerDeleted(id));
    }

    /// Adds a target to, or takes it from, the counts of its group.
    fn count_target(&mut self, id: TargetId, step: Step) {
        let target = &self.elb.targets[id];
        let group = &mut self.elb.target_groups[target.group];
        step.apply(&mut group.healthy, target.state == TargetState::Healthy);
        step.apply(&mut group.unhealthy, target.state == TargetState::Unhealthy);
    }
}
