//! `deploymentConfiguration`: how far a rolling update may go below and above the desired count.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::api::refusal::Refusal;
use crate::model::id::{DefinitionId, ServiceId};
use crate::model::status::{DeploymentStatus, RolloutState};
use crate::world::World;
use crate::world::ecs::Deployment;

use super::network::Attached;

/// [API DeploymentConfiguration]
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct DeploymentConfiguration {
    /// Healthy tasks that must remain during a deployment, in percent of the desired count, rounded up. 100 by default.
    pub(super) minimum_healthy_percent: Option<u32>,
    /// Running and pending tasks allowed during a deployment, in percent of the desired count, rounded down. 200 by
    /// default.
    pub(super) maximum_percent: Option<u32>,
}

/// The two percentages of a service.
#[derive(Clone, Copy)]
pub(super) struct Percentages {
    pub(super) minimum_healthy: u32,
    pub(super) maximum: u32,
}

/// Defaults of a REPLICA service. [API DeploymentConfiguration]
pub(super) const DEFAULTS: Percentages = Percentages { minimum_healthy: 100, maximum: 200 };

/// The percentages that a call leads to, starting from `before`.
pub(super) fn percentages(
    before: Percentages,
    configuration: Option<&DeploymentConfiguration>,
) -> Result<Percentages, Refusal> {
    let Some(said) = configuration else { return Ok(before) };
    let after = Percentages {
        minimum_healthy: said.minimum_healthy_percent.unwrap_or(before.minimum_healthy),
        maximum: said.maximum_percent.unwrap_or(before.maximum),
    };
    // The ranges are documented, the literal sentences are UNSOURCED.
    let refuse = |message: &str, because: String, way_out: &str, member: &str| {
        Err(Refusal::invalid_parameter(message)
            .because(because)
            .way_out(way_out)
            .at(["deploymentConfiguration", member]))
    };
    if after.minimum_healthy > 100 {
        return refuse(
            "minimumHealthyPercent must be between 0 and 100.",
            format!("it is {}", after.minimum_healthy),
            "100 keeps every task until its replacement is healthy",
            "minimumHealthyPercent",
        );
    }
    if !(100..=200).contains(&after.maximum) {
        return refuse(
            "maximumPercent must be between 100 and 200.",
            format!("it is {}", after.maximum),
            "200 allows a replacement beside every task",
            "maximumPercent",
        );
    }
    Ok(after)
}

/// A deployment that has not started anything yet.
pub(super) fn deployment(
    world: &World,
    service: ServiceId,
    definition: DefinitionId,
    attached: Attached,
) -> Deployment {
    Deployment {
        service,
        definition,
        network: attached.network,
        subnets: attached.subnets,
        images: Vec::new(),
        status: DeploymentStatus::Primary,
        rollout: RolloutState::InProgress,
        created_at: world.now,
        updated_at: world.now,
        failed: 0,
        zones: std::collections::BTreeMap::new(),
        starting: 0,
        running: 0,
        healthy: 0,
        stopping: 0,
        vacancies: Vec::new(),
    }
}

/// Checks a desired count against the quota. [DG service quotas]
pub(super) fn check_desired(world: &World, desired: u32) -> Result<(), Refusal> {
    let most = world.tuning.tasks_per_service;
    if desired <= most {
        return Ok(());
    }
    Err(Refusal::invalid_parameter("Desired count exceeds limit.")
        .because(format!("a service keeps at most {most} tasks, and {desired} were asked for"))
        .way_out(format!("ask for {most} or fewer, or spread them over several services"))
        .at(["desiredCount"]))
}
