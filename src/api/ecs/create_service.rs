//! A service keeps a number of tasks running: it replaces what ends, and rolls new revisions out.
//!
//! It pins one revision of a task definition; registering a newer one changes nothing until UpdateService says so.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::capacity::{self, Asked, Item};
use super::placement_rules::{self, Constraint, Strategy};
use super::rollout::{self, DeploymentConfiguration};
use super::{check, load_balancers, lookup, network, shape};
use crate::api::refusal::Refusal;
use crate::api::{Change, Operation};
use crate::aws::ecs::scheduler;
use crate::kernel::bucket::Bucket;
use crate::model::id::{ClusterId, FactId, ServiceId};
use crate::model::noun::Noun;
use crate::model::status::{LaunchType, SchedulingStrategy, ServiceStatus};
use crate::model::tag::Tag;
use crate::model::task_definition::NetworkConfiguration;
use crate::world::World;
use crate::world::ecs::Service;

/// How a name is refused that is none. The rule is documented, the literal sentence is UNSOURCED.
const BAD_NAME: &str = "Invalid service name: it can only contain letters, numbers, hyphens, and underscores.";

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The cluster's name or ARN; `default` without one.
    #[schemars(extend("noun" = Noun::Cluster))]
    cluster: Option<String>,
    /// The service's name: up to 255 letters, digits, underscores and hyphens.
    service_name: String,
    /// `family`, `family:revision` or an ARN.
    #[schemars(extend("noun" = Noun::TaskDefinition))]
    task_definition: String,
    /// How many tasks to keep.
    desired_count: Option<u32>,
    /// FARGATE or EC2; the cluster's default strategy, or else EC2, where nothing is said.
    launch_type: Option<LaunchType>,
    /// How tasks are spread over capacity providers; not together with a launch type.
    capacity_provider_strategy: Option<Vec<Item>>,
    /// Subnets and security groups; needed under awsvpc.
    network_configuration: Option<NetworkConfiguration>,
    /// The target groups that its tasks are registered with: up to five.
    #[serde(default)]
    load_balancers: Vec<load_balancers::Item>,
    /// How far a rolling update may go below and above the desired count.
    deployment_configuration: Option<DeploymentConfiguration>,
    /// How many seconds after a task's start its bad health is overlooked: 0 where nothing is said. Needs a target
    /// group or a container health check.
    #[serde(default)]
    health_check_grace_period_seconds: u32,
    /// Which container instances may take tasks: refused on Fargate, without effect on EC2.
    #[serde(default)]
    placement_constraints: Vec<Constraint>,
    /// Which container instances should take tasks: refused on Fargate, without effect on EC2.
    #[serde(default)]
    placement_strategy: Vec<Strategy>,
    /// REPLICA.
    scheduling_strategy: Option<SchedulingStrategy>,
    /// Tags of the service.
    #[serde(default)]
    tags: Vec<Tag>,
}

#[derive(Serialize)]
pub(super) struct Response {
    service: shape::service::Service,
}

pub(super) struct CreateService;

impl Operation for CreateService {
    const SERVICE: &'static str = "ecs";
    const NAME: &'static str = "CreateService";
    const SUMMARY: &'static str = "Creates a service that keeps a number of tasks running";
    const SEARCH: &'static [&'static str] = &["deploy", "keep", "replicas", "desired", "heal"];
    const EXAMPLE: &'static str = r#"
ecs.create_cluster(#{ clusterName: "prod" });
ecs.register_task_definition(#{
    family: "web", networkMode: "awsvpc", cpu: "256", memory: "512", requiresCompatibilities: ["FARGATE"],
    containerDefinitions: [#{ name: "web", image: "nginx" }],
});
let subnet = ec2.describe_subnets().Subnets[0].SubnetId;
ecs.create_service(#{
    cluster: "prod", serviceName: "web", taskDefinition: "web", desiredCount: 2, launchType: "FARGATE",
    networkConfiguration: #{ awsvpcConfiguration: #{ subnets: [subnet] } },
});
wait("2m");
ecs.describe_services(#{ cluster: "prod", services: ["web"] }).services[0].runningCount"#;
    type Request = Request;
    type Response = Response;

    fn notices(world: &World, request: &Request) -> Vec<String> {
        let mut notices = placement_rules::notices(&request.placement_constraints, &request.placement_strategy);
        let Ok(cluster) = lookup::cluster(world, request.cluster.as_deref()) else { return notices };
        let cluster = &world.ecs.clusters[cluster];
        let says_nothing = request.launch_type.is_none() && request.capacity_provider_strategy.is_none();
        if says_nothing && cluster.default_strategy.is_empty() && cluster.instances.is_empty() {
            let note = "no launchType was given, so it is EC2, and the cluster has no container instances: nothing can \
                        start; launchType: \"FARGATE\" needs none";
            notices.push(note.to_owned());
        }
        notices
    }
}

impl Change for CreateService {
    fn call(world: &mut World, asked: FactId, request: Request) -> Result<Response, Refusal> {
        let cluster = lookup::cluster(world, request.cluster.as_deref())?;
        check::identifier(&request.service_name, "serviceName", BAD_NAME)?;
        if request.scheduling_strategy == Some(SchedulingStrategy::Daemon) {
            return Err(Refusal::not_modelled("schedulingStrategy DAEMON").at(["schedulingStrategy"]));
        }
        let desired = check_desired(world, request.desired_count)?;
        let definition = lookup::active_definition(world, &request.task_definition)?;
        let asked_for = Asked { launch: request.launch_type, strategy: request.capacity_provider_strategy };
        let capacity = capacity::resolve(world, cluster, definition, asked_for)?;
        placement_rules::check(capacity.launch, &request.placement_constraints, &request.placement_strategy)?;
        let attached = network::attach(world, definition, request.network_configuration)?;
        let percentages = rollout::percentages(rollout::DEFAULTS, request.deployment_configuration.as_ref())?;
        let breaker = rollout::breaker(None, request.deployment_configuration.as_ref())?;
        let load_balancers = load_balancers::resolve(world, definition, request.load_balancers)?;
        let grace = request.health_check_grace_period_seconds;
        let grace = load_balancers::grace(world, definition, &load_balancers, grace)?;
        if let Some(existing) = existing(world, cluster, &request.service_name)? {
            let same = {
                let service = &world.ecs.services[existing];
                let primary = &world.ecs.deployments[service.deployments[0]];
                service.desired == desired
                    && primary.launch == capacity.launch
                    && primary.strategy == capacity.strategy
                    && primary.definition == definition
                    && primary.network == attached.network
                    && primary.load_balancers == load_balancers
                    && service.minimum_healthy_percent == percentages.minimum_healthy
                    && service.maximum_percent == percentages.maximum
                    && service.breaker == breaker
                    && service.grace == grace
            };
            if !same {
                return Err(not_idempotent(world, existing));
            }
            return Ok(Response { service: shape::service::service(world, existing) });
        }
        check_quota(world, cluster)?;
        let service = world.ecs.services.add(Service {
            cluster,
            name: request.service_name.as_str().into(),
            status: ServiceStatus::Active,
            desired,
            minimum_healthy_percent: percentages.minimum_healthy,
            maximum_percent: percentages.maximum,
            grace,
            breaker,
            deployments: Vec::new(),
            completed: BTreeSet::new(),
            events: Vec::new(),
            created_at: world.now,
            tags: request.tags,
            launches: Bucket::full(world.tuning.service_launches, world.now),
            pass: None,
            trigger: asked,
            arrivals: Vec::new(),
            departures: Vec::new(),
            steady_since: None,
            complaint: None,
        });
        world.ecs.clusters[cluster].services.insert(request.service_name.into(), service);
        let deployment = rollout::deployment(world, service, definition, capacity, attached, load_balancers);
        world.add_deployment(deployment, asked);
        scheduler::changed(world, service, asked);
        Ok(Response { service: shape::service::service(world, service) })
    }
}

fn check_desired(world: &World, desired: Option<u32>) -> Result<u32, Refusal> {
    let Some(desired) = desired else {
        // That it is required is documented, the literal sentence is UNSOURCED.
        return Err(Refusal::invalid_parameter("desiredCount is required when schedulingStrategy is REPLICA.")
            .because("a REPLICA service keeps a number of tasks, and the number is missing")
            .way_out("add desiredCount: 1; 0 is allowed too"));
    };
    rollout::check_desired(world, desired)?;
    Ok(desired)
}

/// The ACTIVE service with this name, if there is one; a DRAINING one still blocks the name. [API DeleteService]
fn existing(world: &World, cluster: ClusterId, name: &str) -> Result<Option<ServiceId>, Refusal> {
    let Some(id) = lookup::any_service(world, cluster, name) else { return Ok(None) };
    match world.ecs.services[id].status {
        ServiceStatus::Active => Ok(Some(id)),
        ServiceStatus::Inactive => Ok(None),
        ServiceStatus::Draining => Err(Refusal::invalid_parameter("Unable to Start a service that is still Draining.")
            .because(format!("the last service `{name}` was deleted, and its tasks are still stopping"))
            .way_out("wait until they have stopped: wait(\"1m\")")
            .at(["serviceName"])),
    }
}

fn not_idempotent(world: &World, existing: ServiceId) -> Refusal {
    let service = &world.ecs.services[existing];
    let (name, cluster) = (&service.name, &world.ecs.clusters[service.cluster].name);
    Refusal::invalid_parameter("Creation of service was not idempotent.")
        .because(format!("an ACTIVE service `{name}` exists with other settings"))
        .way_out(format!(
            "change it with ecs.update_service, pick another name, or begin again after \
             ecs.delete_service(#{{ cluster: \"{cluster}\", service: \"{name}\", force: true }})"
        ))
        .at(["serviceName"])
}

fn check_quota(world: &World, cluster: ClusterId) -> Result<(), Refusal> {
    let most = world.tuning.services_per_cluster as usize;
    let live = |id: &&ServiceId| world.ecs.services[**id].status != ServiceStatus::Inactive;
    if world.ecs.clusters[cluster].services.values().filter(live).count() < most {
        return Ok(());
    }
    Err(Refusal::client("The maximum number of services has been reached.")
        .because(format!("a cluster has at most {most} services"))
        .way_out("delete one first: ecs.delete_service(#{ … }), or use another cluster"))
}
