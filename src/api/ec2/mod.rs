//! Amazon EC2, as far as containers need it: the default VPC's subnets and security groups, and launch templates.

mod create_launch_template;
mod describe_launch_templates;
mod describe_security_groups;
mod describe_subnets;
mod filter;
pub(super) mod template;

use super::{Entry, change, query};

/// The operations of EC2, in the order of help.
pub(super) const TABLE: &[Entry] = &[
    query::<describe_subnets::DescribeSubnets>(),
    query::<describe_security_groups::DescribeSecurityGroups>(),
    change::<create_launch_template::CreateLaunchTemplate>(),
    query::<describe_launch_templates::DescribeLaunchTemplates>(),
];
