//! The price list: us-east-1, US dollars, without tax and discounts. [semantics/pricing.md 2]

/// What Fargate charges.
#[derive(Clone, Copy, Debug, Hash)]
pub struct FargatePrices {
    /// Linux on x86.
    pub x86: Size,
    /// Linux on ARM.
    pub arm: Size,
    /// Windows, its licence included.
    pub windows: Size,
    /// What a task on Fargate Spot pays of its CPU and memory, in percent: "up to 70 % off", so 30 here. It varies in
    /// AWS; the exact value is UNSOURCED.
    pub spot_percent: u64,
    /// A GB of ephemeral storage for an hour, in nano-dollars; Spot pays it whole (SIM).
    pub storage_gb_hour_nanos: u64,
    /// Ephemeral storage in GB that costs nothing.
    pub free_storage_gb: u32,
    /// A task is billed for so many seconds at least. [ECS pricing]
    pub minimum_seconds: u64,
    /// A Windows task is billed for so many seconds at least. UNSOURCED.
    pub windows_minimum_seconds: u64,
}

/// What a task of some size costs, in nano-dollars for an hour.
#[derive(Clone, Copy, Debug, Hash)]
pub struct Size {
    /// One vCPU.
    pub vcpu_hour_nanos: u64,
    /// One GB of memory.
    pub gb_hour_nanos: u64,
}

impl Default for FargatePrices {
    fn default() -> Self {
        FargatePrices {
            x86: Size { vcpu_hour_nanos: 40_480_000, gb_hour_nanos: 4_445_000 },
            arm: Size { vcpu_hour_nanos: 32_380_000, gb_hour_nanos: 3_560_000 },
            windows: Size { vcpu_hour_nanos: 91_480_000 + 46_000_000, gb_hour_nanos: 10_050_000 },
            spot_percent: 30,
            storage_gb_hour_nanos: 111_000,
            free_storage_gb: 20,
            minimum_seconds: 60,
            windows_minimum_seconds: 300,
        }
    }
}
