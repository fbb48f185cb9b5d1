//! Amazon EC2, as far as ECS needs it: where tasks can go, and which groups guard them.
//!
//! The names are those of the real API, which begins its members with a capital letter.

mod describe_security_groups;
mod describe_subnets;
mod filter;

use super::{Entry, query};

/// The operations of EC2, in the order of help.
pub(super) const TABLE: &[Entry] =
    &[query::<describe_subnets::DescribeSubnets>(), query::<describe_security_groups::DescribeSecurityGroups>()];
