//! Tasks that a target group takes for ill though their programs are well: the group, its listener or the target is
//! not there.

use super::Stall;
use crate::aws::elb::membership;
use crate::model::id::{ServiceId, SubnetId, TargetGroupId, TaskId};
use crate::model::load_balancing::Reason;
use crate::world::World;
use crate::world::ecs::{Ailment, LoadBalancing};

/// What a service lacks whose newest deployment names a target group that has been deleted, or that nobody can reach.
pub(super) fn of_service(world: &World, id: ServiceId) -> Option<Stall> {
    let newest = world.ecs.services[id].deployments.first()?;
    let mut entries = world.ecs.deployments[*newest].load_balancers.iter();
    entries.find_map(|entry| group_gone(world, id, entry).or_else(|| not_in_use(world, entry.group)))
}

/// What a task lacked that a target group found ill.
pub(super) fn of_task(world: &World, id: TaskId) -> Option<Stall> {
    let task = &world.ecs.tasks[id];
    let deployment = &world.ecs.deployments[task.deployment?];
    let ailment = task.ailment?;
    let group = match ailment {
        Ailment::GroupMissing(group) | Ailment::TargetMissing(group) => group,
        Ailment::Target(target, _) => world.elb.targets[target].group,
        Ailment::ContainerChecks => return None,
    };
    let entry = deployment.load_balancers.iter().find(|entry| entry.group == group)?;
    group_gone(world, deployment.service, entry).or_else(|| match ailment {
        Ailment::TargetMissing(_) | Ailment::Target(_, Reason::DeregistrationInProgress) => Some(Stall::new(
            format!(
                "it runs, and somebody has deregistered it from target group {}: a service takes that for ill",
                world.elb.target_groups[group].name
            ),
            "leave the targets of a service to the service: it registers the replacement by itself",
        )),
        Ailment::Target(_, Reason::NotInUse) => not_in_use(world, group),
        Ailment::Target(_, Reason::ZoneNotEnabled) => zone_not_enabled(world, group, task.subnet),
        Ailment::Target(..) | Ailment::GroupMissing(_) | Ailment::ContainerChecks => None,
    })
}

/// The load balancer is not where a task runs, if that is so.
fn zone_not_enabled(world: &World, group: TargetGroupId, subnet: SubnetId) -> Option<Stall> {
    membership::unused(world, group, subnet)?;
    let (zone, name) = (world.vpc.subnets[subnet].zone, &world.elb.target_groups[group].name);
    Some(Stall::new(
        format!(
            "it runs in {zone}, where the load balancer of target group {name} has no subnet: it is not even checked"
        ),
        "name subnets of the load balancer's zones in the service's networkConfiguration, or create a load balancer with a \
         subnet in each of the service's zones",
    ))
}

/// A target group of a service has been deleted, if it has.
fn group_gone(world: &World, id: ServiceId, entry: &LoadBalancing) -> Option<Stall> {
    if world.elb.group_exists(entry.group) {
        return None;
    }
    let group = &world.elb.target_groups[entry.group];
    let service = &world.ecs.services[id];
    let because = format!(
        "target group {}, which it names in loadBalancers, has been deleted: tasks that cannot be registered there are \
         taken for ill and replaced, again and again",
        group.name
    );
    let usable = |id: &TargetGroupId| {
        let other = &world.elb.target_groups[*id];
        other.target_type == group.target_type && !other.listeners.is_empty()
    };
    let (first, arn) = match world.elb.target_group_by_name.values().copied().find(usable) {
        Some(other) => ("name one that is there".to_owned(), format!("\"{}\"", world.target_group_arn(other))),
        None => {
            let create = format!(
                "create one, elbv2.create_target_group(#{{ Name: \"{}\", Protocol: \"{}\", Port: {}, TargetType: \"{}\", \
                 VpcId: \"{}\" }}), let a listener lead to it, elbv2.create_listener(#{{ … }}), and name it",
                group.name, group.protocol, group.port, group.target_type, world.vpc.id
            );
            (create, "…".to_owned())
        }
    };
    Some(Stall::new(
        because,
        format!(
            "{first}: ecs.update_service(#{{ cluster: \"{}\", service: \"{}\", loadBalancers: [#{{ targetGroupArn: {arn}, \
             containerName: \"{}\", containerPort: {} }}] }})",
            world.ecs.clusters[service.cluster].name, service.name, entry.container_name, entry.container_port
        ),
    ))
}

/// No listener leads to a target group any more, if that is so.
fn not_in_use(world: &World, id: TargetGroupId) -> Option<Stall> {
    let group = &world.elb.target_groups[id];
    (world.elb.group_exists(id) && group.listeners.is_empty()).then(|| {
        Stall::new(
            format!(
                "no listener leads to target group {}: its targets are `unused`, which a service takes for ill",
                group.name
            ),
            "lead one to it: elbv2.create_listener(#{ … DefaultActions: [#{ Type: \"forward\", TargetGroupArn: … }] })",
        )
    })
}
