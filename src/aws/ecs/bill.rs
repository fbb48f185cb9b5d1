//! What tasks on Fargate cost: by the second, from the pull until the end, a minute at least.
//!
//! Whole numbers all the way (pico-dollars: millionths of a millionth), rounded once where somebody reads them.

use crate::model::capacity::CapacityProvider;
use crate::model::id::TaskId;
use crate::model::status::LaunchType;
use crate::world::World;
use crate::world::tuning::FargatePrice;

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
        let (charge, price) = match task.provider {
            Some(CapacityProvider::FargateSpot) => (&mut spot, world.tuning.fargate_spot_price),
            Some(CapacityProvider::Fargate) | None => (&mut on_demand, world.tuning.fargate_price),
        };
        let content = &world.ecs.definitions[task.definition].content;
        charge.tasks += 1;
        charge.seconds += seconds;
        charge.picos += picos(price, content.reserved_cpu(), content.reserved_memory(), seconds);
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
    format!("{}.{:06}", picos / 1_000_000_000_000, picos / 1_000_000 % 1_000_000)
}

/// From the start of the image download until the task terminates, rounded up to the next second, one minute at least.
/// [ECS pricing]
fn billed_seconds(world: &World, id: TaskId) -> Option<u64> {
    let times = &world.ecs.tasks[id].times;
    let started = times.pull_started?;
    let used = times.stopped.unwrap_or(world.now).since(started);
    Some(used.0.div_ceil(1000).max(world.tuning.fargate_minimum_seconds))
}

/// CPU units are 1/1024 of a vCPU, MiB are 1/1024 of a GB, prices are nano-dollars for an hour.
fn picos(price: FargatePrice, cpu: u32, memory: u32, seconds: u64) -> u128 {
    let hourly_nanos_1024 =
        u128::from(price.vcpu_hour_nanos) * u128::from(cpu) + u128::from(price.gb_hour_nanos) * u128::from(memory);
    hourly_nanos_1024 * u128::from(seconds) * 1000 / (1024 * 3600)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::tuning::Tuning;

    /// The hourly examples of the price list. [semantics/pricing.md 2]
    #[test]
    fn an_hour_costs_what_the_price_list_says() {
        let price = Tuning::default().fargate_price;
        for (cpu, memory, nanos) in [
            (256, 512, 12_342_500),
            (512, 1024, 24_685_000),
            (1024, 2048, 49_370_000),
            (1024, 3072, 53_815_000),
            (2048, 9216, 120_965_000),
            (4096, 8192, 197_480_000),
            (16384, 122_880, 1_181_080_000),
        ] {
            assert_eq!(picos(price, cpu, memory, 3600), nanos * 1000, "{cpu} units, {memory} MiB");
        }
    }
}
