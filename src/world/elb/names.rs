//! The ARNs and addresses of Elastic Load Balancing, derived from (seed, kind, number), and read back.

use super::Place;
use crate::kernel::chance;
use crate::model::id::{Id, ListenerId, LoadBalancerId, TargetGroupId};
use crate::model::load_balancing::LoadBalancerType;
use crate::world::World;
use crate::world::names::REGION;

/// The service's name in ARNs.
const SERVICE: &str = "elasticloadbalancing";

impl World {
    fn elb_suffix<I: Id>(&self, id: I) -> String {
        format!("{:016x}", chance::roll(self.seed, I::KIND, "suffix", u64::from(id.number())))
    }

    /// `app/NAME/SUFFIX` or `net/NAME/SUFFIX`.
    fn load_balancer_path(&self, id: LoadBalancerId) -> String {
        let balancer = &self.elb.load_balancers[id];
        let kind = match balancer.kind {
            LoadBalancerType::Application => "app",
            LoadBalancerType::Network => "net",
            LoadBalancerType::Gateway => "gwy",
        };
        format!("{kind}/{}/{}", balancer.name, self.elb_suffix(id))
    }

    /// `arn:…:loadbalancer/app/NAME/SUFFIX`.
    pub fn load_balancer_arn(&self, id: LoadBalancerId) -> String {
        self.arn(SERVICE, &format!("loadbalancer/{}", self.load_balancer_path(id)))
    }

    /// The host name of a load balancer.
    pub fn load_balancer_dns_name(&self, id: LoadBalancerId) -> String {
        let number = chance::roll(self.seed, LoadBalancerId::KIND, "dns", u64::from(id.number()));
        let name = &self.elb.load_balancers[id].name;
        match self.elb.load_balancers[id].kind {
            LoadBalancerType::Application => {
                format!("{name}-{}.{REGION}.elb.amazonaws.com", 1_000_000_000 + number % 1_000_000_000)
            }
            LoadBalancerType::Network | LoadBalancerType::Gateway => {
                format!("{name}-{}.elb.{REGION}.amazonaws.com", self.elb_suffix(id))
            }
        }
    }

    /// `arn:…:listener/app/NAME/SUFFIX/SUFFIX`.
    pub fn listener_arn(&self, id: ListenerId) -> String {
        let path = self.load_balancer_path(self.elb.listeners[id].load_balancer);
        self.arn(SERVICE, &format!("listener/{path}/{}", self.elb_suffix(id)))
    }

    /// `arn:…:targetgroup/NAME/SUFFIX`.
    pub fn target_group_arn(&self, id: TargetGroupId) -> String {
        let name = &self.elb.target_groups[id].name;
        self.arn(SERVICE, &format!("targetgroup/{name}/{}", self.elb_suffix(id)))
    }

    /// The id of a target: an address, or `i-0…`.
    pub fn target_name(&self, place: Place) -> String {
        match place {
            Place::Interface(task) => {
                let address = self.ecs.tasks[task].address;
                address.expect("only a task that has run is a target, and without an address none does").to_string()
            }
            Place::Instance(instance) => self.ec2_instance_id(instance),
            Place::Address(address) => address.to_string(),
        }
    }

    /// The load balancer with this ARN, if it exists.
    pub fn find_load_balancer(&self, arn: &str) -> Option<LoadBalancerId> {
        let name = arn.rsplit('/').nth(1)?;
        let id = self.elb.load_balancer_by_name.get(name).copied()?;
        (self.load_balancer_arn(id) == arn).then_some(id)
    }

    /// The listener with this ARN, if it exists.
    pub fn find_listener(&self, arn: &str) -> Option<ListenerId> {
        let (balancer, _) = arn
            .replacen(":listener/", ":loadbalancer/", 1)
            .rsplit_once('/')
            .map(|(head, tail)| (self.find_load_balancer(head), tail.to_owned()))?;
        let listeners = self.elb.load_balancers[balancer?].listeners.values();
        listeners.copied().find(|&id| self.listener_arn(id) == arn)
    }

    /// The target group with this ARN, if it exists.
    pub fn find_target_group(&self, arn: &str) -> Option<TargetGroupId> {
        let name = arn.rsplit('/').nth(1)?;
        let id = self.elb.target_group_by_name.get(name).copied()?;
        (self.target_group_arn(id) == arn).then_some(id)
    }
}
