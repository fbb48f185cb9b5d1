//! From the ARNs and names that people type to ids, and what Elastic Load Balancing says when nothing is there.

use crate::api::refusal::Refusal;
use crate::model::id::{ListenerId, LoadBalancerId, TargetGroupId};
use crate::model::meant;
use crate::world::World;

/// The target group with this ARN.
pub(super) fn target_group(world: &World, arn: &str) -> Result<TargetGroupId, Refusal> {
    world.find_target_group(arn).ok_or_else(|| no_target_group(world, arn).at(["TargetGroupArn"]))
}

/// There is no such target group.
pub(super) fn no_target_group(world: &World, reference: &str) -> Refusal {
    let groups = world.elb.target_group_by_name.iter().map(|(name, &id)| (&**name, world.target_group_arn(id)));
    Refusal::new("TargetGroupNotFound", "One or more target groups not found")
        .because(format!("`{reference}` is no target group of this account and Region"))
        .way_out(way_out(reference, groups.collect(), "elbv2.create_target_group"))
}

/// The load balancer with this ARN.
pub(super) fn load_balancer(world: &World, arn: &str) -> Result<LoadBalancerId, Refusal> {
    world.find_load_balancer(arn).ok_or_else(|| {
        // The code is documented, the sentence is UNSOURCED.
        no_load_balancer(world, arn, format!("Load balancer '{arn}' not found")).at(["LoadBalancerArn"])
    })
}

/// There is no such load balancer, in these words.
pub(super) fn no_load_balancer(world: &World, reference: &str, message: String) -> Refusal {
    let balancers = world.elb.load_balancer_by_name.iter().map(|(name, &id)| (&**name, world.load_balancer_arn(id)));
    Refusal::new("LoadBalancerNotFound", message)
        .because(format!("`{reference}` is no load balancer of this account and Region"))
        .way_out(way_out(reference, balancers.collect(), "elbv2.create_load_balancer"))
}

/// The listener with this ARN.
pub(super) fn listener(world: &World, arn: &str) -> Result<ListenerId, Refusal> {
    world.find_listener(arn).ok_or_else(|| {
        // What AWS answers [kubernetes-sigs/aws-load-balancer-controller issue 1157; aws/copilot-cli issue 3660]; "The
        // specified listener does not exist." stands in its API reference. [ELBAPI ListenerNotFound]
        Refusal::new("ListenerNotFound", "One or more listeners not found")
            .because(format!("`{arn}` is no listener of this account and Region"))
            .way_out("list them: elbv2.describe_listeners(#{ LoadBalancerArn: … }).Listeners")
            .at(["ListenerArn"])
    })
}

fn way_out(reference: &str, known: Vec<(&str, String)>, create: &str) -> String {
    let named = known.iter().find(|(name, _)| *name == reference || reference.contains(&format!("/{name}/")));
    match named {
        Some((_, arn)) => format!("the one of that name is {arn}"),
        None => {
            meant::another(reference, known.iter().map(|(_, arn)| arn.as_str()), format_args!("{create}(#{{ … }})"))
        }
    }
}

/// longshore's own limit on what one world creates, and AWS's on what exists at a time.
pub(super) fn check_quota(
    world: &World,
    code: &'static str,
    what: &str,
    existing: usize,
    most: usize,
    ever: usize,
) -> Result<(), Refusal> {
    if existing >= most {
        // The quotas are documented, the literal sentence is UNSOURCED.
        return Err(Refusal::new(code, format!("The maximum number of {what} has been reached"))
            .because(format!("the quota is {most}"))
            .way_out("delete one first"));
    }
    if ever >= world.tuning.elb.ever {
        return Err(Refusal::lab_is_full(what, world.tuning.elb.ever));
    }
    Ok(())
}
