//! The VPC that every AWS account starts with: one default subnet in each zone, and a default security group.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use crate::kernel::arena::Arena;
use crate::kernel::runs::Runs;
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
    /// The number of the address after the last that was given out.
    next: u32,
    /// The numbers of the addresses that tasks have, and how many they are.
    taken: Runs,
    in_use: u32,
    /// How many EC2 instances are in it: each has an address, and nobody asks which.
    instances: u32,
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

    /// How many addresses it has for interfaces.
    pub fn usable(&self) -> u32 {
        (1 << (32 - self.block().1)) - RESERVED
    }

    /// How many of them nobody has. Each task under awsvpc has one until it is STOPPED, and so has each EC2 instance.
    pub fn free(&self) -> u32 {
        self.usable().saturating_sub(self.in_use + self.instances)
    }

    /// How many EC2 instances have an address here.
    pub fn instances(&self) -> u32 {
        self.instances
    }

    /// An instance has come. It has its address already, so a subnet without any takes it all the same.
    pub(in crate::world) fn instance_came(&mut self) {
        self.instances += 1;
    }

    /// An instance has left.
    pub(in crate::world) fn instance_left(&mut self) {
        self.instances -= 1;
    }

    /// The address with this number, from 0.
    fn address(&self, number: u32) -> Ipv4Addr {
        Ipv4Addr::from_bits(self.block().0 + RESERVED - 1 + number)
    }

    /// The number of an address, from 0.
    fn number(&self, address: Ipv4Addr) -> u32 {
        address.to_bits() - (self.block().0 + RESERVED - 1)
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
            subnets.add(Subnet { id, zone, cidr, next: 0, taken: Runs::default(), in_use: 0, instances: 0 });
        }
        Vpc {
            id: names::ec2_id("vpc", seed, "vpc", 0),
            default_security_group: names::ec2_id("sg", seed, "security-group", 0),
            interfaces: BTreeMap::new(),
            subnets,
        }
    }

    /// Gives the interface of a task an address: the next one after the last that was given, so that none comes back
    /// soon. SIM. None if the subnet is full.
    pub fn attach(&mut self, subnet: SubnetId, task: TaskId) -> Option<Ipv4Addr> {
        let record = &mut self.subnets[subnet];
        if record.free() == 0 {
            return None;
        }
        let usable = record.usable();
        let number = match record.taken.next_free(record.next) {
            past if past >= usable => record.taken.next_free(0),
            number => number,
        };
        record.taken.take(number);
        record.in_use += 1;
        record.next = (number + 1) % usable;
        let address = record.address(number);
        self.interfaces.insert(address, task);
        Some(address)
    }

    /// Takes an address back.
    pub fn detach(&mut self, subnet: SubnetId, address: Ipv4Addr) {
        if self.interfaces.remove(&address).is_some() {
            let record = &mut self.subnets[subnet];
            record.taken.give_back(record.number(address));
            record.in_use -= 1;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::chance::roll;

    #[test]
    fn the_next_address_is_the_one_that_trying_each_would_find() {
        let mut vpc = Vpc::default_vpc(1);
        let subnet = vpc.subnets.iter().next().expect("there are three").0;
        let usable = vpc.subnets[subnet].usable();
        let (mut next, mut held) = (0, Vec::new());
        for step in 0..3 * u64::from(usable) {
            let mut tries = (0..usable).map(|more| vpc.subnets[subnet].address((next + more) % usable));
            let tried = tries.find(|address| !vpc.interfaces.contains_key(address));
            let address = vpc.attach(subnet, TaskId::new(0));
            assert_eq!(address, tried, "step {step}");
            if let Some(address) = address {
                next = (vpc.subnets[subnet].number(address) + 1) % usable;
                held.push(address);
            }
            if roll(1, step, "back", 0) % 3 > 0 && !held.is_empty() {
                vpc.detach(subnet, held.swap_remove((roll(1, step, "which", 0) % held.len() as u64) as usize));
            }
            assert_eq!(vpc.subnets[subnet].free() as usize, usable as usize - held.len());
        }
    }
}
