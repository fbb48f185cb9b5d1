//! What tasks on Fargate cost: by the second, from the pull until the end, a minute at least.
//!
//! Whole numbers all the way (pico-dollars: millionths of a millionth), rounded once where somebody reads them.

use crate::model::capacity::CapacityProvider;
use crate::model::id::TaskId;
use crate::model::status::LaunchType;
use crate::model::task_definition::RuntimePlatform;
use crate::world::World;
use crate::world::ecs::DefinitionContent;
use crate::world::prices::FargatePrices;

/// What has been used of one provider, and what it costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Charge {
    /// Tasks that were billed.
    pub tasks: u32,
    /// Seconds billed, of all tasks together.
    pub seconds: u64,
    /// Pico-dollars.
    pub picos: u128,
}

/// The bill of all tasks so far: on demand, and on Spot. Tasks on container instances cost nothing here: the
/// instances do, and an instance that was registered by hand has no price.
pub fn fargate(world: &World) -> [(CapacityProvider, Charge); 2] {
    let mut on_demand = Charge::default();
    let mut spot = Charge::default();
    for (id, task) in world.ecs.tasks.iter().filter(|(_, task)| task.launch == LaunchType::Fargate) {
        let Some(seconds) = billed_seconds(world, id) else { continue };
        let is_spot = task.provider == Some(CapacityProvider::FargateSpot);
        let charge = if is_spot { &mut spot } else { &mut on_demand };
        let content = &world.ecs.definitions[task.definition].content;
        charge.tasks += 1;
        charge.seconds += seconds;
        charge.picos += hourly(&world.tuning.fargate_prices, &Sold::of(content), is_spot) * u128::from(seconds) / 3600;
    }
    [(CapacityProvider::Fargate, on_demand), (CapacityProvider::FargateSpot, spot)]
}

/// Whether there is something in the lab that AWS charges for and this bill does not have.
pub fn leaves_out(world: &World) -> bool {
    !world.ecs.instances.is_empty() || !world.eks.clusters.is_empty() || !world.elb.load_balancers.is_empty()
}

/// The whole bill, in pico-dollars.
pub fn total(world: &World) -> u128 {
    fargate(world).iter().map(|(_, charge)| charge.picos).sum()
}

/// Pico-dollars as dollars with six places: a fraction of a cent matters here, and floating point would lie about it.
pub fn dollars(picos: u128) -> String {
    let micros = (picos + 500_000) / 1_000_000;
    format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000)
}

/// From the start of the image download until the task terminates, rounded up to the next second, and a least time.
/// [ECS pricing]
fn billed_seconds(world: &World, id: TaskId) -> Option<u64> {
    let task = &world.ecs.tasks[id];
    let started = task.times.pull_started?;
    let used = task.times.stopped.unwrap_or(world.now).since(started);
    let prices = &world.tuning.fargate_prices;
    let least = match world.ecs.definitions[task.definition].content.is_windows() {
        true => prices.windows_minimum_seconds,
        false => prices.minimum_seconds,
    };
    Some(used.0.div_ceil(1000).max(least))
}

/// What of a task has a price: CPU units are 1/1024 of a vCPU, MiB are 1/1024 of a GB.
struct Sold<'a> {
    platform: Option<&'a RuntimePlatform>,
    cpu: u32,
    memory: u32,
    storage_gb: u32,
}

impl Sold<'_> {
    fn of(content: &DefinitionContent) -> Sold<'_> {
        Sold {
            platform: content.runtime_platform.as_ref(),
            cpu: content.reserved_cpu(),
            memory: content.reserved_memory(),
            storage_gb: content.ephemeral_storage_gib.unwrap_or_default(),
        }
    }
}

/// What a task costs in an hour, in pico-dollars.
fn hourly(prices: &FargatePrices, sold: &Sold<'_>, is_spot: bool) -> u128 {
    let size = match sold.platform {
        Some(platform) if platform.is_windows() => prices.windows,
        Some(platform) if platform.is_arm() => prices.arm,
        _ => prices.x86,
    };
    let percent = if is_spot { prices.spot_percent } else { 100 };
    let nanos_1024 = u128::from(size.vcpu_hour_nanos) * u128::from(sold.cpu)
        + u128::from(size.gb_hour_nanos) * u128::from(sold.memory);
    let storage = sold.storage_gb.saturating_sub(prices.free_storage_gb);
    let storage_nanos = u128::from(prices.storage_gb_hour_nanos) * u128::from(storage);
    nanos_1024 * 1000 * u128::from(percent) / (1024 * 100) + storage_nanos * 1000
}

#[cfg(test)]
mod tests {
    use super::*;

    const X86: (Option<&str>, Option<&str>) = (None, None);
    const ARM: (Option<&str>, Option<&str>) = (Some("ARM64"), Some("LINUX"));
    const WINDOWS: (Option<&str>, Option<&str>) = (None, Some("WINDOWS_SERVER_2022_CORE"));

    /// The hourly examples of the price list, and its other rows. [semantics/pricing.md 2]
    #[test]
    fn an_hour_costs_what_the_price_list_says() {
        let prices = FargatePrices::default();
        for (platform, cpu, memory, storage_gb, is_spot, nanos) in [
            (X86, 256, 512, 20, false, 12_342_500),
            (X86, 512, 1024, 20, false, 24_685_000),
            (X86, 1024, 2048, 20, false, 49_370_000),
            (X86, 1024, 3072, 20, false, 53_815_000),
            (X86, 2048, 9216, 20, false, 120_965_000),
            (X86, 4096, 8192, 20, false, 197_480_000),
            (X86, 16384, 122_880, 20, false, 1_181_080_000),
            (X86, 1024, 2048, 0, true, 14_811_000),
            (X86, 1024, 2048, 21, false, 49_370_000 + 111_000),
            (X86, 1024, 2048, 120, false, 49_370_000 + 11_100_000),
            (X86, 1024, 2048, 120, true, 14_811_000 + 11_100_000),
            (ARM, 1024, 2048, 20, false, 39_500_000),
            (ARM, 1024, 2048, 0, true, 11_850_000),
            (WINDOWS, 1024, 2048, 20, false, 157_580_000),
        ] {
            let (cpu_architecture, operating_system_family) = platform;
            let platform = RuntimePlatform {
                cpu_architecture: cpu_architecture.map(str::to_owned),
                operating_system_family: operating_system_family.map(str::to_owned),
            };
            let sold = Sold { platform: Some(&platform), cpu, memory, storage_gb };
            assert_eq!(
                hourly(&prices, &sold, is_spot),
                nanos * 1000,
                "{platform:?}, {cpu}, {memory}, {storage_gb} GB, {is_spot}"
            );
        }
    }

    #[test]
    fn dollars_are_rounded_once() {
        for (picos, text) in
            [(0, "0.000000"), (499_999, "0.000000"), (500_000, "0.000001"), (1_999_999_500_000, "2.000000")]
        {
            assert_eq!(dollars(picos), text);
        }
    }
}
