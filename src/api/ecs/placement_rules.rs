//! `placementConstraints` and `placementStrategy`: on which container instances tasks may and should go.
//!
//! On Fargate there are no instances, and the rules are refused. On EC2 they are accepted and have no effect: longshore
//! places as AWS does without rules. [API UpdateService; semantics/ecs.md 7]

use schemars::JsonSchema;
use serde::Deserialize;

use crate::api::refusal::Refusal;
use crate::api::request::no_effect;
use crate::model::status::LaunchType;

/// [API PlacementConstraint]
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[allow(dead_code, reason = "rules are read, and have no effect")]
pub(super) struct Constraint {
    /// distinctInstance or memberOf.
    r#type: ConstraintType,
    /// For memberOf: a cluster query.
    expression: Option<String>,
}

/// [API PlacementConstraintType]
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
enum ConstraintType {
    DistinctInstance,
    MemberOf,
}

/// [API PlacementStrategy]
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[allow(dead_code, reason = "rules are read, and have no effect")]
pub(super) struct Strategy {
    /// random, spread or binpack.
    r#type: StrategyType,
    /// What it spreads over or packs by.
    field: Option<String>,
}

/// [API PlacementStrategyType]
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum StrategyType {
    Random,
    Spread,
    Binpack,
}

/// Fargate takes no rules. [GetSimpl/cloudlift pull 138: the sentence about constraints; the one about strategies is
/// quoted in public Terraform code]
pub(super) fn check(launch: LaunchType, constraints: &[Constraint], strategy: &[Strategy]) -> Result<(), Refusal> {
    let (what, member) = match (launch, constraints, strategy) {
        (LaunchType::Ec2, ..) | (_, [], []) => return Ok(()),
        (_, [_, ..], _) => ("Placement constraints", "placementConstraints"),
        (_, [], _) => ("Placement strategies", "placementStrategy"),
    };
    Err(Refusal::invalid_parameter(format!("{what} are not supported with FARGATE launch type."))
        .because(
            "they choose among container instances, and tasks on Fargate have none: they are spread over the subnets",
        )
        .way_out(format!("leave {member} away, or run the tasks on EC2"))
        .at([member]))
}

/// What is said where rules are accepted.
pub(super) fn notices(constraints: &[Constraint], strategy: &[Strategy]) -> Vec<String> {
    let given = [(constraints.is_empty(), "placementConstraints"), (strategy.is_empty(), "placementStrategy")];
    given.into_iter().filter(|(empty, _)| !empty).map(|(_, member)| no_effect(member)).collect()
}
