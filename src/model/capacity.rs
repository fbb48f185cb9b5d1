//! Capacity providers, and the strategies that spread tasks over them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::aws_enum::aws_enum;

aws_enum! {
    /// The capacity providers that every account has. [API CapacityProvider]
    CapacityProvider {
        /// Fargate at the on-demand price.
        Fargate = "FARGATE",
        /// Fargate on spare capacity: cheaper, and taken back with two minutes' notice.
        FargateSpot = "FARGATE_SPOT",
    }
}

impl CapacityProvider {
    /// The provider with this name.
    pub fn named(name: &str) -> Option<CapacityProvider> {
        CapacityProvider::ALL.iter().copied().find(|provider| provider.as_str() == name)
    }
}

/// One item of a capacity provider strategy, checked. [API CapacityProviderStrategyItem]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StrategyItem {
    /// Where the tasks go.
    pub capacity_provider: CapacityProvider,
    /// Its share of the tasks beyond the base.
    pub weight: u32,
    /// How many tasks go here before the weights are looked at.
    pub base: u32,
}
