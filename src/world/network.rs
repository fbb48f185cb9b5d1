//! The VPC that every AWS account starts with: one default subnet in each zone, and a default security group.

use crate::kernel::arena::Arena;
use crate::model::id::{Id, SubnetId};
use crate::world::names;

/// A virtual private cloud.
#[derive(Clone, Debug, Hash)]
pub struct Vpc {
    /// `vpc-…`.
    pub id: String,
    /// The VPC's default security group, `sg-…`.
    pub default_security_group: String,
    /// Its subnets.
    pub subnets: Arena<SubnetId, Subnet>,
}

/// A subnet in one availability zone.
#[derive(Clone, Debug, Hash)]
pub struct Subnet {
    /// `subnet-…`.
    pub id: String,
    /// Such as `us-east-1a`.
    pub zone: &'static str,
    /// Its addresses.
    pub cidr: &'static str,
}

/// The zones of the lab's Region. us-east-1 has six; three are enough to see spreading, and easier to read.
const ZONES: [(&str, &str); 3] =
    [("us-east-1a", "172.31.0.0/20"), ("us-east-1b", "172.31.16.0/20"), ("us-east-1c", "172.31.32.0/20")];

impl Vpc {
    /// The default VPC of the account.
    pub fn default_vpc(seed: u64) -> Vpc {
        let mut subnets = Arena::default();
        for (number, (zone, cidr)) in ZONES.into_iter().enumerate() {
            let id = names::ec2_id("subnet", seed, SubnetId::KIND, number as u64);
            subnets.add(Subnet { id, zone, cidr });
        }
        Vpc {
            id: names::ec2_id("vpc", seed, "vpc", 0),
            default_security_group: names::ec2_id("sg", seed, "security-group", 0),
            subnets,
        }
    }

    /// The subnet with this `subnet-…` id.
    pub fn subnet_named(&self, id: &str) -> Option<SubnetId> {
        self.subnets.iter().find(|(_, subnet)| subnet.id == id).map(|(id, _)| id)
    }
}
