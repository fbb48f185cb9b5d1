//! The VPC that every AWS account starts with: one default subnet in each zone, and a default security group.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::net::Ipv4Addr;

use crate::kernel::arena::Arena;
use crate::model::id::{Id, SubnetId, TaskId};
use crate::world::names;

/// A virtual private cloud.
#[derive(Clone, Debug, Hash)]
pub struct Vpc {
    /// `vpc-…`.
    pub id: String,
    /// The VPC's default security group, `sg-…`.
    pub default_security_group: String,
    /// Who has which address.
    pub interfaces: BTreeMap<Ipv4Addr, TaskId>,
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
    /// Addresses that have been given out so far.
    given: u32,
    /// Addresses that are in use.
    taken: u32,
}

/// Addresses of every subnet that AWS keeps: the first four and the last. [EC2API CreateSubnet]
const RESERVED: u32 = 5;

impl Subnet {
    /// The first address of its block, and how many bits name it.
    fn block(&self) -> (u32, u32) {
        let (address, prefix) = self.cidr.split_once('/').expect("the blocks are written as address/prefix");
        let address: Ipv4Addr = address.parse().expect("the blocks begin with an address");
        (address.to_bits(), prefix.parse().expect("the blocks end with a number"))
    }

    /// How many addresses an interface may have.
    fn usable(&self) -> u32 {
        (1 << (32 - self.block().1)) - RESERVED
    }

    /// How many addresses are left for interfaces of tasks.
    pub fn free(&self) -> u32 {
        self.usable() - self.taken
    }

    /// Whether an address is one of its.
    pub fn contains(&self, address: Ipv4Addr) -> bool {
        let (first, prefix) = self.block();
        (address.to_bits() ^ first) >> (32 - prefix) == 0
    }
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
            subnets.add(Subnet { id, zone, cidr, given: 0, taken: 0 });
        }
        Vpc {
            id: names::ec2_id("vpc", seed, "vpc", 0),
            default_security_group: names::ec2_id("sg", seed, "security-group", 0),
            interfaces: BTreeMap::new(),
            subnets,
        }
    }

    /// Gives the interface of a task an address: the next one after the last that was given, so that none comes back
    /// soon. SIM. None if the subnet is full; longshore starts the task all the same.
    pub fn attach(&mut self, subnet: SubnetId, task: TaskId) -> Option<Ipv4Addr> {
        let record = &mut self.subnets[subnet];
        if record.free() == 0 {
            return None;
        }
        let usable = record.usable();
        loop {
            let address = Ipv4Addr::from_bits(record.block().0 + RESERVED - 1 + record.given % usable);
            record.given = (record.given + 1) % usable;
            if let Entry::Vacant(free) = self.interfaces.entry(address) {
                free.insert(task);
                record.taken += 1;
                return Some(address);
            }
        }
    }

    /// Takes an address back.
    pub fn detach(&mut self, subnet: SubnetId, address: Ipv4Addr) {
        if self.interfaces.remove(&address).is_some() {
            self.subnets[subnet].taken -= 1;
        }
    }

    /// The subnet that an address lies in.
    pub fn subnet_of(&self, address: Ipv4Addr) -> Option<SubnetId> {
        self.subnets.iter().find(|(_, subnet)| subnet.contains(address)).map(|(id, _)| id)
    }

    /// The subnet with this `subnet-…` id.
    pub fn subnet_named(&self, id: &str) -> Option<SubnetId> {
        self.subnets.iter().find(|(_, subnet)| subnet.id == id).map(|(id, _)| id)
    }
}
