//! UpdateService: a new revision, network or `forceNewDeployment` starts a deployment; a new count or percentage does
//! not.
//!
//! The newest deployment becomes PRIMARY; those before it become ACTIVE and are scaled to zero. [API Deployment]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::capacity::{self, Asked, Capacity, Item};
use super::network::Attached;
use super::placement_rules::{self, Constraint, Strategy};
use super::rollout::{self, DeploymentConfiguration, Percentages};
use super::{load_balancers, lookup, network, shape};
use crate::api::refusal::Refusal;
use crate::api::{Change, Operation};
use crate::aws::ecs::{scheduler, verdict};
use crate::model::id::FactId;
use crate::model::noun::Noun;
use crate::model::task_definition::NetworkConfiguration;
use crate::world::World;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The cluster's name or ARN; `default` without one.
    #[schemars(extend("noun" = Noun::Cluster))]
    cluster: Option<String>,
    /// The service's name or ARN.
    #[schemars(extend("noun" = Noun::Service))]
    service: String,
    /// How many tasks to keep from now on.
    desired_count: Option<u32>,
    /// The revision to roll out: `family`, `family:revision` or an ARN.
    #[schemars(extend("noun" = Noun::TaskDefinition))]
    task_definition: Option<String>,
    /// How far this and later deployments may go below and above the desired count.
    deployment_configuration: Option<DeploymentConfiguration>,
    /// Another strategy, for tasks that start from now on; an empty list goes back to the launch type.
    capacity_provider_strategy: Option<Vec<Item>>,
    /// Other subnets or security groups.
    network_configuration: Option<NetworkConfiguration>,
    /// Other target groups; an empty list leaves those it has. A deployment follows.
    load_balancers: Option<Vec<load_balancers::Item>>,
    /// Another grace period; no deployment follows.
    health_check_grace_period_seconds: Option<u32>,
    /// Which container instances may take new tasks: refused on Fargate, without effect on EC2.
    #[serde(default)]
    placement_constraints: Vec<Constraint>,
    /// Which container instances should take new tasks: refused on Fargate, without effect on EC2.
    #[serde(default)]
    placement_strategy: Vec<Strategy>,
    /// Replaces every task even if nothing else has changed; image tags are resolved again.
    #[serde(default)]
    force_new_deployment: bool,
}

#[derive(Serialize)]
pub(super) struct Response {
    service: shape::service::Service,
}

pub(super) struct UpdateService;

impl Operation for UpdateService {
    const SERVICE: &'static str = "ecs";
    const NAME: &'static str = "UpdateService";
    const SUMMARY: &'static str = "Changes a service: its count, its revision, its percentages";
    const SEARCH: &'static [&'static str] = &["scale", "rolling", "deploy", "restart", "rollback", "release"];
    const EXAMPLE: &'static str = r#"
ecs.create_cluster(#{ clusterName: "prod" });
ecs.register_task_definition(#{ family: "web", containerDefinitions: [#{ name: "web", image: "nginx", memory: 128 }] });
ecs.create_service(#{ cluster: "prod", serviceName: "web", taskDefinition: "web", desiredCount: 0 });
ecs.update_service(#{ cluster: "prod", service: "web", desiredCount: 3 }).service.desiredCount"#;
    type Request = Request;
    type Response = Response;

    fn notices(_world: &World, request: &Request) -> Vec<String> {
        placement_rules::notices(&request.placement_constraints, &request.placement_strategy)
    }
}

impl Change for UpdateService {
    fn call(world: &mut World, asked: FactId, request: Request) -> Result<Response, Refusal> {
        let cluster = lookup::cluster(world, request.cluster.as_deref())?;
        let id = lookup::service(world, cluster, &request.service)?;
        let service = &world.ecs.services[id];
        let primary = &world.ecs.deployments[service.deployments[0]];
        let before = Percentages { minimum_healthy: service.minimum_healthy_percent, maximum: service.maximum_percent };
        let desired = request.desired_count.unwrap_or(service.desired);
        rollout::check_desired(world, desired)?;
        let percentages = rollout::percentages(before, request.deployment_configuration.as_ref())?;
        let breaker = rollout::breaker(service.breaker, request.deployment_configuration.as_ref())?;
        let definition = match &request.task_definition {
            Some(reference) => lookup::active_definition(world, reference)?,
            None => primary.definition,
        };
        let capacity = match request.capacity_provider_strategy {
            None => Capacity { launch: primary.launch, strategy: primary.strategy.clone() },
            Some(items) if items.is_empty() => Capacity { launch: primary.launch, strategy: Vec::new() },
            strategy => capacity::resolve(world, cluster, definition, Asked { launch: None, strategy })?,
        };
        capacity::check_compatible(world, definition, &capacity)?;
        placement_rules::check(capacity.launch, &request.placement_constraints, &request.placement_strategy)?;
        let attached = match request.network_configuration {
            None if world.ecs.definitions[definition].content.network_mode
                == world.ecs.definitions[primary.definition].content.network_mode =>
            {
                Attached { network: primary.network.clone(), subnets: primary.subnets.clone() }
            }
            configuration => network::attach(world, definition, configuration)?,
        };
        let load_balancers = match request.load_balancers {
            Some(items) => load_balancers::resolve(world, definition, items)?,
            None => {
                load_balancers::check_kept(world, definition, &primary.load_balancers)?;
                primary.load_balancers.clone()
            }
        };
        let grace = match request.health_check_grace_period_seconds {
            Some(seconds) => load_balancers::grace(world, definition, &load_balancers, seconds)?,
            None => service.grace,
        };
        let rolls_out = request.force_new_deployment
            || definition != primary.definition
            || attached.network != primary.network
            || load_balancers != primary.load_balancers;

        let service = &mut world.ecs.services[id];
        service.desired = desired;
        let other_grace = std::mem::replace(&mut service.grace, grace) != grace;
        service.breaker = breaker;
        service.minimum_healthy_percent = percentages.minimum_healthy;
        service.maximum_percent = percentages.maximum;
        if rolls_out {
            let deployment = rollout::deployment(world, id, definition, capacity, attached, load_balancers);
            world.add_deployment(deployment, asked);
        } else {
            let primary = world.ecs.services[id].deployments[0];
            let primary = &mut world.ecs.deployments[primary];
            primary.launch = capacity.launch;
            primary.strategy = capacity.strategy;
        }
        if other_grace {
            verdict::grace_changed(world, id);
        }
        scheduler::changed(world, id, asked);
        Ok(Response { service: shape::service::service(world, id) })
    }
}
