//! Task sizes: the units that people write, and the pairs that Fargate sells.

use crate::api::refusal::Refusal;
use crate::model::task_definition::RuntimePlatform;
use crate::world::ecs::DefinitionContent;

/// CPU units (1024 are one vCPU) that an EC2 task may ask for. [API TaskDefinition.cpu]
const EC2_CPU: std::ops::RangeInclusive<u32> = 128..=196_608;

/// Reads the task's `cpu`: `256`, `1 vCPU` or `.25 vcpu`, in CPU units.
pub(in crate::api::ecs) fn cpu(text: &str) -> Result<u32, Refusal> {
    number(text, "vcpu").ok_or_else(|| {
        invalid("cpu")
            .because(format!("\"{text}\" is neither a whole number of CPU units nor a number of vCPU"))
            .way_out("write units such as \"256\", or \"1 vCPU\" (1 vCPU are 1024 units)")
    })
}

/// Reads the task's `memory`: `512`, `1GB` or `0.5 GB`, in MiB.
pub(in crate::api::ecs) fn memory(text: &str) -> Result<u32, Refusal> {
    number(text, "gb").ok_or_else(|| {
        invalid("memory")
            .because(format!("\"{text}\" is neither a whole number of MiB nor a number of GB"))
            .way_out("write MiB such as \"512\", or \"1GB\" (1 GB are 1024 MiB)")
    })
}

/// [DG invalid cpu or memory]
fn invalid(member: &'static str) -> Refusal {
    Refusal::client(format!(
        "Invalid '{member}' setting for task. For more information, see the Troubleshooting section of the Amazon ECS \
         Developer Guide."
    ))
    .at([member])
}

/// A whole number, or a number of the large unit, of which each is 1024 small ones.
fn number(text: &str, large: &str) -> Option<u32> {
    let text = text.trim().to_ascii_lowercase();
    let small = match text.strip_suffix(large) {
        Some(count) => count.trim().parse::<f64>().ok()? * 1024.0,
        None => f64::from(text.parse::<u32>().ok()?),
    };
    (small >= 1.0 && small <= f64::from(u32::MAX) && small.fract() == 0.0).then_some(small as u32)
}

/// What a container instance can give; an absent `cpu` is no limit.
pub(super) fn check_ec2(content: &DefinitionContent) -> Result<(), Refusal> {
    match content.cpu {
        Some(cpu) if !EC2_CPU.contains(&cpu) => Err(invalid("cpu")
            .because(format!("it is {cpu} CPU units; on EC2 it is {} to {}", EC2_CPU.start(), EC2_CPU.end()))
            .way_out("give at least \"128\", or leave `cpu` away and size the containers")),
        _ => Ok(()),
    }
}

/// Fargate sells certain pairs only.
pub(super) fn check_fargate(content: &DefinitionContent) -> Result<(), Refusal> {
    let cpu = content.cpu.ok_or_else(|| missing("cpu", "256"))?;
    let memory = content.memory.ok_or_else(|| missing("memory", "512"))?;
    let sold = fargate_memory(cpu, content.runtime_platform.as_ref());
    if sold.contains(&memory) {
        return Ok(());
    }
    Err(Refusal::client(format!(
        "No Fargate configuration exists for given values: {cpu} CPU, {memory} memory. See the Amazon ECS documentation \
         for the valid values."
    ))
    .because(match sold.as_slice() {
        [] => format!("Fargate has no size of {cpu} CPU units for this platform"),
        sold => format!("{cpu} CPU units go with {}", described(sold)),
    })
    .way_out(pair_way_out(&sold, memory, content.runtime_platform.as_ref()))
    .at([if sold.is_empty() { "cpu" } else { "memory" }]))
}

fn missing(member: &str, example: &str) -> Refusal {
    Refusal::client(format!("Fargate requires that '{member}' be defined at the task level."))
        .because("a Fargate task is a virtual machine of its own, and this is its size")
        .way_out(format!("add {member}: \"{example}\" beside `family`"))
        .at([member])
}

/// The MiB that go with these CPU units. [API Task.memory; DG task size for Windows]
fn fargate_memory(cpu: u32, platform: Option<&RuntimePlatform>) -> Vec<u32> {
    let steps = |least: u32, most: u32, step: usize| (least..=most).step_by(step).collect();
    let windows = platform.is_some_and(RuntimePlatform::is_windows);
    match cpu {
        1024 => steps(2048, 8192, 1024),
        2048 => steps(4096, 16_384, 1024),
        4096 => steps(8192, 30_720, 1024),
        _ if windows => Vec::new(),
        256 => vec![512, 1024, 2048],
        512 => steps(1024, 4096, 1024),
        8192 => steps(16_384, 61_440, 4096),
        16_384 => steps(32_768, 122_880, 8192),
        _ => Vec::new(),
    }
}

/// The sizes in a few words.
fn described(sold: &[u32]) -> String {
    match sold {
        [first, second, .., last] if sold.len() > 4 => {
            format!("{first} to {last} MiB in steps of {}", second - first)
        }
        few => format!("{} MiB", few.iter().map(u32::to_string).collect::<Vec<_>>().join(", ")),
    }
}

/// The nearest pairs that are sold.
fn pair_way_out(sold: &[u32], memory: u32, platform: Option<&RuntimePlatform>) -> String {
    let cpus = [256, 512, 1024, 2048, 4096, 8192, 16_384];
    let fitting = cpus.into_iter().find(|&cpu| fargate_memory(cpu, platform).contains(&memory));
    let enough = sold.iter().find(|&&mib| mib >= memory).or(sold.last());
    match (enough, fitting) {
        (Some(mib), Some(cpu)) => format!("write memory: \"{mib}\", or keep the memory and write cpu: \"{cpu}\""),
        (Some(mib), None) => format!("write memory: \"{mib}\""),
        (None, Some(cpu)) => format!("write cpu: \"{cpu}\""),
        (None, None) => "write a pair such as cpu: \"1024\", memory: \"2048\"".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_read_as_people_write_them() {
        for (text, units) in [
            ("256", Some(256)),
            ("1 vCPU", Some(1024)),
            ("1vcpu", Some(1024)),
            (".25 vCPU", Some(256)),
            ("0.1 vCPU", None),
            ("0", None),
            ("-1", None),
            ("256.5", None),
            ("1GB", None),
            ("NaN vCPU", None),
            ("99999999 vCPU", None),
            ("", None),
        ] {
            assert_eq!(cpu(text).ok(), units, "{text}");
        }
        for (text, mib) in [("512", Some(512)), ("1GB", Some(1024)), ("0.5 gb", Some(512)), ("1 vCPU", None)] {
            assert_eq!(memory(text).ok(), mib, "{text}");
        }
    }

    #[test]
    fn fargate_sells_74_pairs_on_linux_and_43_on_windows() {
        let pairs = |family: &str| {
            let platform = RuntimePlatform { cpu_architecture: None, operating_system_family: Some(family.to_owned()) };
            (1..=32_768).map(|cpu| fargate_memory(cpu, Some(&platform)).len()).sum::<usize>()
        };
        assert_eq!(pairs("LINUX"), 3 + 4 + 7 + 13 + 23 + 12 + 12);
        assert_eq!(pairs("WINDOWS_SERVER_2022_CORE"), 7 + 13 + 23);
    }
}
