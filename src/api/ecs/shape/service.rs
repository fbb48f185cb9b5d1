//! A service as DescribeServices shows it, with its deployments and events.

use serde::Serialize;

use crate::model::capacity::StrategyItem;
use crate::model::id::{DeploymentId, ServiceId};
use crate::model::status::{DeploymentStatus, LaunchType, RolloutState, ServiceStatus};
use crate::model::tag::Tag;
use crate::model::task_definition::NetworkConfiguration;
use crate::model::time::Moment;
use crate::world::World;
use crate::world::ecs::{Breaker, Deployment as Record, LoadBalancing, Threshold};

/// [API Service]
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Service {
    service_arn: String,
    service_name: String,
    cluster_arn: String,
    status: ServiceStatus,
    desired_count: u32,
    running_count: u32,
    pending_count: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    launch_type: Option<LaunchType>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    capacity_provider_strategy: Vec<StrategyItem>,
    #[serde(skip_serializing_if = "Option::is_none")]
    task_definition: Option<String>,
    load_balancers: Vec<LoadBalancer>,
    deployment_configuration: DeploymentConfiguration,
    health_check_grace_period_seconds: u64,
    deployments: Vec<Deployment>,
    events: Vec<Event>,
    created_at: Moment,
    scheduling_strategy: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    network_configuration: Option<NetworkConfiguration>,
    tags: Vec<Tag>,
}

/// [API LoadBalancer]
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LoadBalancer {
    target_group_arn: String,
    container_name: String,
    container_port: u16,
}

/// [API DeploymentConfiguration]
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DeploymentConfiguration {
    maximum_percent: u32,
    minimum_healthy_percent: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    deployment_circuit_breaker: Option<CircuitBreaker>,
}

/// [API DeploymentCircuitBreaker]
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CircuitBreaker {
    enable: bool,
    rollback: bool,
    reset_on_healthy_task: bool,
    threshold_configuration: ThresholdConfiguration,
}

/// [API ThresholdConfiguration]
#[derive(Serialize)]
struct ThresholdConfiguration {
    r#type: &'static str,
    value: u32,
}

/// [API Deployment]
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Deployment {
    id: String,
    status: DeploymentStatus,
    task_definition: String,
    desired_count: u32,
    pending_count: u32,
    running_count: u32,
    failed_tasks: u32,
    created_at: Moment,
    updated_at: Moment,
    #[serde(skip_serializing_if = "Option::is_none")]
    launch_type: Option<LaunchType>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    capacity_provider_strategy: Vec<StrategyItem>,
    #[serde(skip_serializing_if = "Option::is_none")]
    network_configuration: Option<NetworkConfiguration>,
    rollout_state: RolloutState,
    rollout_state_reason: String,
}

/// [API ServiceEvent]
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    id: String,
    created_at: Moment,
    message: String,
}

/// The shape of a service.
pub(crate) fn service(world: &World, id: ServiceId) -> Service {
    let service = &world.ecs.services[id];
    let records = || service.deployments.iter().map(|&id| &world.ecs.deployments[id]);
    let primary = records().next();
    Service {
        service_arn: world.service_arn(id),
        service_name: service.name.to_string(),
        cluster_arn: world.cluster_arn(service.cluster),
        status: service.status,
        desired_count: service.desired,
        running_count: records().map(|d| d.running).sum(),
        pending_count: records().map(|d| d.starting).sum(),
        launch_type: primary.and_then(launch_type),
        capacity_provider_strategy: primary.map(|d| d.strategy.clone()).unwrap_or_default(),
        task_definition: primary.map(|d| world.definition_arn(d.definition)),
        load_balancers: primary.map(|d| load_balancers(world, d)).unwrap_or_default(),
        deployment_configuration: DeploymentConfiguration {
            maximum_percent: service.maximum_percent,
            minimum_healthy_percent: service.minimum_healthy_percent,
            deployment_circuit_breaker: service.breaker.map(circuit_breaker),
        },
        health_check_grace_period_seconds: service.grace.0 / 1000,
        deployments: service.deployments.iter().map(|&id| deployment(world, id)).collect(),
        events: events(world, id),
        created_at: service.created_at,
        scheduling_strategy: "REPLICA",
        network_configuration: primary.and_then(network),
        tags: service.tags.clone(),
    }
}

fn load_balancers(world: &World, deployment: &Record) -> Vec<LoadBalancer> {
    let shape = |entry: &LoadBalancing| LoadBalancer {
        target_group_arn: world.target_group_arn(entry.group),
        container_name: entry.container_name.to_string(),
        container_port: entry.container_port,
    };
    deployment.load_balancers.iter().map(shape).collect()
}

fn circuit_breaker(breaker: Breaker) -> CircuitBreaker {
    let (r#type, value) = match breaker.threshold {
        Threshold::BoundedPercent(value) => ("BOUNDED_PERCENT", value),
        Threshold::UnboundedPercent(value) => ("UNBOUNDED_PERCENT", value),
        Threshold::Count(value) => ("COUNT", value),
    };
    CircuitBreaker {
        enable: true,
        rollback: breaker.rollback,
        reset_on_healthy_task: breaker.reset_on_healthy,
        threshold_configuration: ThresholdConfiguration { r#type, value },
    }
}

/// AWS shows either a launch type or a strategy.
fn launch_type(deployment: &Record) -> Option<LaunchType> {
    deployment.strategy.is_empty().then_some(deployment.launch)
}

fn deployment(world: &World, id: DeploymentId) -> Deployment {
    let record = &world.ecs.deployments[id];
    let service = &world.ecs.services[record.service];
    Deployment {
        id: world.deployment_name(id),
        status: record.status,
        task_definition: world.definition_arn(record.definition),
        desired_count: if record.status == DeploymentStatus::Primary { service.desired } else { 0 },
        pending_count: record.starting,
        running_count: record.running,
        failed_tasks: record.failed,
        created_at: record.created_at,
        updated_at: record.updated_at,
        launch_type: launch_type(record),
        capacity_provider_strategy: record.strategy.clone(),
        network_configuration: network(record),
        rollout_state: record.rollout,
        rollout_state_reason: rollout_reason(world, id),
    }
}

/// `rolloutStateReason`. Texts: `semantics/ecs.md` 5.3.
fn rollout_reason(world: &World, id: DeploymentId) -> String {
    let name = world.deployment_name(id);
    let record = &world.ecs.deployments[id];
    match record.rollout {
        RolloutState::InProgress => format!("ECS deployment {name} in progress."),
        RolloutState::Completed => format!("ECS deployment {name} completed."),
        RolloutState::Failed => match record.rolled_back_to {
            None => "ECS deployment circuit breaker: tasks failed to start.".to_owned(),
            Some(target) => {
                let target = world.deployment_name(target);
                format!("ECS deployment circuit breaker: rolling back to deploymentId {target}.")
            }
        },
    }
}

fn network(deployment: &Record) -> Option<NetworkConfiguration> {
    deployment.network.clone().map(|awsvpc_configuration| NetworkConfiguration { awsvpc_configuration })
}

/// The newest events first, a hundred of them. [API Service.events]
fn events(world: &World, id: ServiceId) -> Vec<Event> {
    let service = &world.ecs.services[id];
    let newest = service.events.iter().enumerate().rev().take(world.tuning.events_shown);
    newest
        .map(|(number, event)| Event {
            id: world.event_id(id, number as u64),
            created_at: event.at,
            message: world.event_text(&service.name, &event.says),
        })
        .collect()
}
