//! Elastic Load Balancing: load balancers, listeners, target groups and their targets.
//!
//! To add an operation: a file of its own, its `mod` line and its row, here.

mod action;
mod create_listener;
mod create_load_balancer;
mod create_target_group;
mod delete_listener;
mod delete_load_balancer;
mod delete_target_group;
mod deregister_targets;
mod describe_listeners;
mod describe_load_balancers;
mod describe_target_group_attributes;
mod describe_target_groups;
mod describe_target_health;
mod health_check;
mod lookup;
mod modify_target_group;
mod modify_target_group_attributes;
mod name;
mod number;
mod register_targets;
mod shape;
mod target;

use super::{Entry, change, query};

/// An example that begins with a load balancer whose listener leads to the target group `group`.
macro_rules! with_group {
    ($rest:literal) => {
        concat!(
            r#"
let subnets = ec2.describe_subnets().Subnets;
let group = elbv2.create_target_group(#{
    Name: "web", Protocol: "HTTP", Port: 80, TargetType: "ip", VpcId: subnets[0].VpcId,
}).TargetGroups[0].TargetGroupArn;
let balancer = elbv2.create_load_balancer(#{ Name: "front", Subnets: subnets.map(|subnet| subnet.SubnetId) })
    .LoadBalancers[0].LoadBalancerArn;
let listener = elbv2.create_listener(#{
    LoadBalancerArn: balancer, Protocol: "HTTP", Port: 80,
    DefaultActions: [#{ Type: "forward", TargetGroupArn: group }],
}).Listeners[0].ListenerArn;
"#,
            $rest
        )
    };
}
use with_group;

/// The operations of Elastic Load Balancing, in the order of help.
pub(super) const TABLE: &[Entry] = &[
    change::<create_load_balancer::CreateLoadBalancer>(),
    query::<describe_load_balancers::DescribeLoadBalancers>(),
    change::<delete_load_balancer::DeleteLoadBalancer>(),
    change::<create_target_group::CreateTargetGroup>(),
    query::<describe_target_groups::DescribeTargetGroups>(),
    change::<modify_target_group::ModifyTargetGroup>(),
    query::<describe_target_group_attributes::DescribeTargetGroupAttributes>(),
    change::<modify_target_group_attributes::ModifyTargetGroupAttributes>(),
    change::<delete_target_group::DeleteTargetGroup>(),
    change::<create_listener::CreateListener>(),
    query::<describe_listeners::DescribeListeners>(),
    change::<delete_listener::DeleteListener>(),
    change::<register_targets::RegisterTargets>(),
    change::<deregister_targets::DeregisterTargets>(),
    query::<describe_target_health::DescribeTargetHealth>(),
];
