//! Amazon EC2, as far as containers need it: the default VPC's subnets and security groups.

mod describe_security_groups;
mod describe_subnets;
mod filter;

use super::{Entry, query};

/// The operations of EC2, in the order of help.
pub(super) const TABLE: &[Entry] =
    &[query::<describe_subnets::DescribeSubnets>(), query::<describe_security_groups::DescribeSecurityGroups>()];
