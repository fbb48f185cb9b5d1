//! The instance types that nodes can have, and what is left of each for pods. [semantics/eks.md 5.6]

use super::kubernetes::resources::Amounts;

/// An instance type.
#[derive(Debug)]
pub struct InstanceType {
    /// Its name, such as `t3.medium`.
    pub name: &'static str,
    /// Its virtual processors.
    vcpu: u64,
    /// Its memory, in MiB.
    mib: u64,
    /// The most pods that a node of it takes: as many as it has addresses for.
    pub max_pods: u32,
}

const fn of(name: &'static str, vcpu: u64, mib: u64, max_pods: u32) -> InstanceType {
    InstanceType { name, vcpu, mib, max_pods }
}

/// [semantics/eks.md 5.6]
const ALL: &[InstanceType] = &[
    of("t3.nano", 2, 512, 4),
    of("t3.micro", 2, 1024, 4),
    of("t3.small", 2, 2 << 10, 11),
    of("t3.medium", 2, 4 << 10, 17),
    of("t3.large", 2, 8 << 10, 35),
    of("t3.xlarge", 4, 16 << 10, 58),
    of("t3.2xlarge", 8, 32 << 10, 58),
    of("t4g.medium", 2, 4 << 10, 17),
    of("m5.large", 2, 8 << 10, 29),
    of("m5.xlarge", 4, 16 << 10, 58),
    of("m5.2xlarge", 8, 32 << 10, 58),
    of("m5.4xlarge", 16, 64 << 10, 234),
    of("m6i.large", 2, 8 << 10, 29),
    of("m6i.xlarge", 4, 16 << 10, 58),
    of("m7i.large", 2, 8 << 10, 29),
    of("m7g.medium", 1, 4 << 10, 8),
    of("m7g.large", 2, 8 << 10, 29),
    of("c5.large", 2, 4 << 10, 29),
    of("c5.xlarge", 4, 8 << 10, 58),
    of("c5.2xlarge", 8, 16 << 10, 58),
    of("r5.large", 2, 16 << 10, 29),
    of("r5.xlarge", 4, 32 << 10, 58),
];

/// Instance types with a processor of AWS's own.
const GRAVITON: [&str; 2] = ["t4g.", "m7g."];

/// A disk of 20 GiB, which a node group has where it says nothing else, as its file system counts it.
/// UNSOURCED: read off nodes.
const DISK: u64 = 20_959_212 << 10;
/// What is left of it: 1 GiB is reserved and a tenth is kept free. The tenth is of single precision there.
/// [semantics/eks.md 5.6]
const DISK_LEFT: u64 = 18_242_267_924;

/// The instance types that longshore knows.
pub fn names() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|known| known.name)
}

/// All instance types, the smaller ones of a family first.
pub fn all() -> impl Iterator<Item = &'static InstanceType> {
    ALL.iter()
}

/// The instance type with this name.
pub fn named(name: &str) -> Option<&'static InstanceType> {
    ALL.iter().find(|known| known.name == name)
}

impl InstanceType {
    /// What a node of it has. The kernel sees less memory than there is: 7.5 % less, and on Graviton 64 MiB more less.
    /// SIM: an estimate of Karpenter's. [semantics/eks.md 5.6]
    pub fn capacity(&self) -> Amounts {
        let graviton = GRAVITON.iter().any(|family| self.name.starts_with(family));
        let mib = self.mib * 925 / 1000 - if graviton { 64 } else { 0 };
        Amounts { cpu: self.vcpu * 1000, memory: mib << 20, storage: DISK }
    }

    /// What pods may ask for: without what the kubelet keeps for itself and for the system. [semantics/eks.md 5.6]
    pub fn allocatable(&self) -> Amounts {
        let memory_mib = 255 + 11 * u64::from(self.max_pods) + 100;
        let reserved = Amounts { cpu: self.reserved_cpu(), memory: memory_mib << 20, storage: DISK - DISK_LEFT };
        self.capacity().minus(reserved)
    }

    /// 6 % of the first processor, 1 % of the second, 0.5 % of the next two, 0.25 % of all others.
    fn reserved_cpu(&self) -> u64 {
        let hundredths = |nth| match nth {
            0 => 600,
            1 => 100,
            2 | 3 => 50,
            _ => 25,
        };
        (0..self.vcpu).map(hundredths).sum::<u64>() / 10
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// [semantics/eks.md 5.6]
    #[test]
    fn nodes_keep_something_for_themselves() {
        for (name, cpu, mib) in [
            ("m7g.medium", 940, 4096 * 925 / 1000 - 64 - 343 - 100),
            ("t3.medium", 1930, 3788 - 442 - 100),
            ("m5.large", 1930, 6903),
            ("m5.xlarge", 3920, 15_155 - 893 - 100),
            ("c5.2xlarge", 7910, 15_155 - 893 - 100),
            ("m5.4xlarge", 15_890, 60_620 - 2829 - 100),
        ] {
            let left = named(name).map(InstanceType::allocatable);
            assert_eq!(left, Some(Amounts { cpu, memory: mib << 20, storage: DISK_LEFT }), "{name}");
        }
        assert!(all().all(|known| known.allocatable().memory > 0), "there is something left of the smallest, too");
    }
}
