//! Services and their deployments.

use super::{DEPLOYMENT, ROLLOUT, SERVICE, go};

use crate::model::id::{DeploymentId, FactId, ServiceId};
use crate::model::status::{DeploymentStatus, RolloutState, ServiceStatus};
use crate::model::time::Moment;
use crate::world::World;
use crate::world::ecs::{Attempts, Complaint, Deployment};
use crate::world::fact::What;
use crate::world::rest::keep;
use crate::world::says::{Says, ServiceEvent};
use crate::world::timer::Due;

impl World {
    /// Adds a deployment to a service as its PRIMARY one; those before it become ACTIVE.
    pub fn add_deployment(&mut self, deployment: Deployment, cause: FactId) -> DeploymentId {
        let service = deployment.service;
        let id = self.ecs.deployments.add(deployment);
        self.make_first(service, id);
        self.record(Some(cause), What::DeploymentCreated(id));
        id
    }

    /// Puts a deployment in front of a service's others; the one that was PRIMARY becomes ACTIVE, and what it lacked is
    /// started by the new one. [API Deployment]
    fn make_first(&mut self, service: ServiceId, id: DeploymentId) {
        let deployments = &mut self.ecs.services[service].deployments;
        if let Some(&former) = deployments.first() {
            go(DEPLOYMENT, &mut self.ecs.deployments[former].status, DeploymentStatus::Active, former);
            self.ecs.deployments[former].vacancies.clear();
        }
        deployments.insert(0, id);
        self.note_service(service);
    }

    /// Changes the rollout state of a deployment.
    pub fn move_rollout(&mut self, id: DeploymentId, to: RolloutState, cause: FactId) -> FactId {
        let deployment = &mut self.ecs.deployments[id];
        go(ROLLOUT, &mut deployment.rollout, to, id);
        deployment.updated_at = self.now;
        let service = deployment.service;
        keep(&mut self.ecs.services[service].completed, id, to == RolloutState::Completed);
        self.note_service(service);
        self.record(Some(cause), What::DeploymentMoved(id, to))
    }

    /// Makes an older deployment of a service the PRIMARY one again: it is what a rollback leads back to.
    pub fn promote_deployment(&mut self, id: DeploymentId, cause: FactId) {
        let service = self.ecs.deployments[id].service;
        self.ecs.services[service].deployments.retain(|&other| other != id);
        self.make_first(service, id);
        let deployment = &mut self.ecs.deployments[id];
        go(DEPLOYMENT, &mut deployment.status, DeploymentStatus::Primary, id);
        deployment.breaker_count = 0;
        deployment.attempts = Attempts::default();
        let fact = self.move_rollout(id, RolloutState::InProgress, cause);
        self.look_at(service, fact);
    }

    /// Takes a deployment whose tasks are gone off its service.
    pub fn retire_deployment(&mut self, id: DeploymentId) {
        let service = self.ecs.deployments[id].service;
        go(DEPLOYMENT, &mut self.ecs.deployments[id].status, DeploymentStatus::Inactive, id);
        self.ecs.services[service].deployments.retain(|&other| other != id);
    }

    /// Changes the status of a service.
    pub fn move_service(&mut self, id: ServiceId, to: ServiceStatus, cause: FactId) -> FactId {
        go(SERVICE, &mut self.ecs.services[id].status, to, id);
        self.note_service(id);
        self.record(Some(cause), What::ServiceMoved(id, to))
    }

    /// Writes an event of a service.
    pub fn say(&mut self, service: ServiceId, says: Says, cause: FactId) {
        let events = &mut self.ecs.services[service].events;
        let number = events.len() as u32;
        events.push(ServiceEvent { at: self.now, says });
        self.record(Some(cause), What::ServiceEvent(service, number));
    }

    /// Puts a service on the agenda and remembers what called for it.
    pub fn look_at(&mut self, service: ServiceId, cause: FactId) {
        self.ecs.services[service].trigger = cause;
        self.agenda.put(Due::Service(service));
    }

    /// When the scheduler gets to a service next, if that is arranged, and what called for it.
    pub fn set_pass(&mut self, id: ServiceId, pass: Option<(Moment, FactId)>) {
        self.ecs.services[id].pass = pass;
        self.note_service(id);
    }

    /// Since when a service has been steady, if it is.
    pub fn set_steady(&mut self, id: ServiceId, since: Option<Moment>) {
        self.ecs.services[id].steady_since = since;
        self.note_service(id);
    }

    /// What keeps the scheduler from its work, if anything does.
    pub fn set_complaint(&mut self, id: ServiceId, complaint: Option<Complaint>) {
        let service = &mut self.ecs.services[id];
        service.complaint = complaint;
        let for_room = &mut self.ecs.clusters[service.cluster].waiting;
        keep(for_room, id, matches!(complaint, Some(Complaint::NoRoom(_))));
        keep(&mut self.ecs.waiting_for_roles, id, matches!(complaint, Some(Complaint::CannotAssume(..))));
        self.note_service(id);
    }

    /// Lets every service that lacks a role look again: a role is new, or trusts somebody else than before.
    pub fn trust_changed(&mut self, cause: FactId) {
        let waiting: Vec<ServiceId> = self.ecs.waiting_for_roles.iter().copied().collect();
        for service in waiting {
            self.look_at(service, cause);
        }
    }
}
