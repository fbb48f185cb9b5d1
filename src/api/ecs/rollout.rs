//! `deploymentConfiguration`: how far a rolling update may go below and above the desired count, and when it has
//! failed.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use schemars::JsonSchema;
use serde::Deserialize;

use crate::api::refusal::Refusal;
use crate::model::id::{DefinitionId, ServiceId};
use crate::model::status::{DeploymentStatus, RolloutState};
use crate::world::World;
use crate::world::ecs::{Attempts, Breaker, Deployment, LoadBalancing, Threshold};

use super::capacity::Capacity;
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
    /// Ends a deployment whose tasks keep failing.
    pub(super) deployment_circuit_breaker: Option<CircuitBreaker>,
}

/// [API DeploymentCircuitBreaker]
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct CircuitBreaker {
    /// Whether it watches at all.
    enable: bool,
    /// Whether a failed deployment goes back to the newest completed one.
    rollback: bool,
    /// Whether a task that becomes healthy sets the count back to zero. It does by default.
    #[serde(default = "yes")]
    reset_on_healthy_task: bool,
    /// How many failures are too many; 50 percent of the desired count, but 3 to 200, by default.
    threshold_configuration: Option<ThresholdConfiguration>,
}

fn yes() -> bool {
    true
}

/// [API ThresholdConfiguration]
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ThresholdConfiguration {
    /// BOUNDED_PERCENT, UNBOUNDED_PERCENT or COUNT.
    r#type: ThresholdType,
    /// A percentage from 1 to 100, or a number.
    value: u32,
}

/// [API ThresholdType]
#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum ThresholdType {
    BoundedPercent,
    UnboundedPercent,
    Count,
}

/// The breaker that a call leads to, starting from `before`.
pub(super) fn breaker(
    before: Option<Breaker>,
    configuration: Option<&DeploymentConfiguration>,
) -> Result<Option<Breaker>, Refusal> {
    let Some(said) = configuration.and_then(|said| said.deployment_circuit_breaker.as_ref()) else { return Ok(before) };
    let threshold = match &said.threshold_configuration {
        None => DEFAULT_THRESHOLD,
        Some(threshold) => {
            let percent = !matches!(threshold.r#type, ThresholdType::Count);
            if threshold.value == 0 || percent && threshold.value > 100 {
                // The range is documented, the literal sentence is UNSOURCED.
                return Err(Refusal::invalid_parameter(
                    "The threshold of the deployment circuit breaker is out of range.",
                )
                .because(format!("its value is {}", threshold.value))
                .way_out("a percentage is 1 to 100, a count at least 1")
                .at([
                    "deploymentConfiguration",
                    "deploymentCircuitBreaker",
                    "thresholdConfiguration",
                    "value",
                ]));
            }
            match threshold.r#type {
                ThresholdType::BoundedPercent => Threshold::BoundedPercent(threshold.value),
                ThresholdType::UnboundedPercent => Threshold::UnboundedPercent(threshold.value),
                ThresholdType::Count => Threshold::Count(threshold.value),
            }
        }
    };
    let breaker = Breaker { rollback: said.rollback, reset_on_healthy: said.reset_on_healthy_task, threshold };
    Ok(said.enable.then_some(breaker))
}

/// [API DeploymentCircuitBreaker.thresholdConfiguration]
const DEFAULT_THRESHOLD: Threshold = Threshold::BoundedPercent(50);

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
    capacity: Capacity,
    attached: Attached,
    load_balancers: Vec<LoadBalancing>,
) -> Deployment {
    Deployment {
        service,
        definition,
        launch: capacity.launch,
        first_strategy: capacity.strategy.clone(),
        strategy: capacity.strategy,
        network: attached.network,
        subnets: attached.subnets,
        load_balancers,
        images: Vec::new(),
        status: DeploymentStatus::Primary,
        rollout: RolloutState::InProgress,
        created_at: world.now,
        updated_at: world.now,
        failed: 0,
        zones: BTreeMap::new(),
        spread: BTreeMap::new(),
        starting: 0,
        running: 0,
        healthy: 0,
        unhealthy: BTreeSet::new(),
        rolled_back_to: None,
        attempts: Attempts::default(),
        has_run: false,
        breaker_count: 0,
        deactivating: 0,
        stopping: 0,
        vacancies: VecDeque::new(),
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
