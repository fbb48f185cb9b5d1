//! A standalone task is one-shot: it runs until it ends or is stopped, and nobody replaces it.
//!
//! Partial success is normal: what could not be placed stands in `failures[]`, and the call has still succeeded.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::capacity::{self, Asked, Capacity, Item};
use super::network::Attached;
use super::placement_rules::{self, Constraint, Strategy};
use super::shape::Failure;
use super::{lookup, network, shape};
use crate::api::refusal::Refusal;
use crate::api::{Change, Operation};
use crate::aws::ecs::launch_rates::{self, Throttled};
use crate::aws::ecs::lifecycle;
use crate::aws::ecs::roles::{self, Unassumable};
use crate::aws::ecs::{capacity_split, placement};
use crate::kernel::bucket::Rate;
use crate::model::capacity::CapacityProvider;
use crate::model::id::{ClusterId, DefinitionId, FactId, InstanceId, SubnetId};
use crate::model::noun::Noun;
use crate::model::status::LaunchType;
use crate::model::tag::Tag;
use crate::model::task_definition::NetworkConfiguration;
use crate::world::World;
use crate::world::ecs::{Standalone, Task};
use crate::world::says::Shortage;

/// [API RunTask.count]
const MOST: u32 = 10;
/// [API RunTask.startedBy]
const STARTED_BY: usize = 128;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The cluster's name or ARN; `default` without one.
    #[schemars(extend("noun" = Noun::Cluster))]
    cluster: Option<String>,
    /// `family`, `family:revision` or an ARN.
    #[schemars(extend("noun" = Noun::TaskDefinition))]
    task_definition: String,
    /// How many copies: 1 to 10.
    #[serde(default = "one")]
    count: u32,
    /// FARGATE or EC2; the cluster's default strategy, or else EC2, where nothing is said.
    launch_type: Option<LaunchType>,
    /// How the tasks are spread over capacity providers; not together with a launch type.
    capacity_provider_strategy: Option<Vec<Item>>,
    /// Subnets and security groups; needed under awsvpc.
    network_configuration: Option<NetworkConfiguration>,
    /// Which container instances may take tasks: refused on Fargate, without effect on EC2.
    #[serde(default)]
    placement_constraints: Vec<Constraint>,
    /// Which container instances should take tasks: refused on Fargate, without effect on EC2.
    #[serde(default)]
    placement_strategy: Vec<Strategy>,
    /// A note about who started the tasks, for listing them later.
    started_by: Option<String>,
    /// The task group; `family:FAMILY` where nothing is said.
    group: Option<String>,
    /// Tags of the tasks.
    #[serde(default)]
    tags: Vec<Tag>,
}

fn one() -> u32 {
    1
}

#[derive(Serialize)]
pub(super) struct Response {
    tasks: Vec<shape::task::Task>,
    failures: Vec<Failure>,
}

pub(super) struct RunTask;

impl Operation for RunTask {
    const SERVICE: &'static str = "ecs";
    const NAME: &'static str = "RunTask";
    const SUMMARY: &'static str = "Starts one-shot tasks that nobody replaces when they end";
    const SEARCH: &'static [&'static str] = &["start", "launch", "batch", "job", "one-off", "standalone"];
    const EXAMPLE: &'static str = r#"
ecs.create_cluster(#{ clusterName: "prod" });
ecs.register_task_definition(#{
    family: "web", networkMode: "awsvpc", cpu: "256", memory: "512", requiresCompatibilities: ["FARGATE"],
    containerDefinitions: [#{ name: "web", image: "nginx" }],
});
let subnet = ec2.describe_subnets().Subnets[0].SubnetId;
ecs.run_task(#{
    cluster: "prod", taskDefinition: "web", launchType: "FARGATE",
    networkConfiguration: #{ awsvpcConfiguration: #{ subnets: [subnet] } },
}).tasks[0].lastStatus"#;
    type Request = Request;
    type Response = Response;

    fn notices(_world: &World, request: &Request) -> Vec<String> {
        placement_rules::notices(&request.placement_constraints, &request.placement_strategy)
    }
}

impl Change for RunTask {
    fn call(world: &mut World, asked: FactId, request: Request) -> Result<Response, Refusal> {
        let cluster = lookup::cluster(world, request.cluster.as_deref())?;
        let definition = lookup::active_definition(world, &request.task_definition)?;
        let asked_for = Asked { launch: request.launch_type, strategy: request.capacity_provider_strategy };
        let capacity = capacity::resolve(world, cluster, definition, asked_for)?;
        let launch = capacity.launch;
        placement_rules::check(launch, &request.placement_constraints, &request.placement_strategy)?;
        check_count(request.count)?;
        check_started_by(request.started_by.as_deref())?;
        capacity::check_room_for(world, request.count)?;
        roles::check(world, definition).map_err(|unassumable| unassumable_role(world, definition, *unassumable))?;
        let attached = network::attach(world, definition, request.network_configuration)?;
        if launch == LaunchType::Ec2 && world.ecs.clusters[cluster].instances.is_empty() {
            return Err(no_instances(world, cluster));
        }
        let mut counts = vec![0; capacity.strategy.len()];
        let providers: Vec<_> = (0..request.count).map(|_| next_provider(&capacity, &mut counts)).collect();
        if launch == LaunchType::Fargate {
            let has_room = |provider: &Option<CapacityProvider>| provider.is_none_or(|one| world.ecs.has_capacity(one));
            let starting: Vec<_> = providers.iter().copied().filter(has_room).collect();
            launch_rates::take_call(world, &starting).map_err(|throttled| rate_exceeded(world, throttled))?;
        }
        let family = &world.ecs.definitions[definition].content.family;
        let standalone = Standalone {
            started_by: request.started_by.map(Into::into),
            group: request.group.unwrap_or_else(|| format!("family:{family}")).into(),
            network: attached.network.clone(),
            tags: request.tags,
        };
        let images = lifecycle::resolve_images(world, definition);
        let mut response = Response { tasks: Vec::new(), failures: Vec::new() };
        let mut used = Vec::new();
        for provider in providers {
            let spot = match provider {
                Some(provider) if !world.ecs.has_capacity(provider) => Err(Shortage::FargateCapacity),
                _ => spot(world, cluster, definition, launch, &attached, &standalone.group, &used),
            };
            match spot {
                Ok((instance, subnet)) => {
                    used.push(subnet);
                    let new = Task {
                        standalone: Some(Box::new(standalone.clone())),
                        provider,
                        instance,
                        ..Task::new(cluster, definition, launch, subnet, world.now)
                    };
                    let task = lifecycle::start(world, new, &images, asked);
                    response.tasks.push(shape::task::task(world, task));
                }
                Err(shortage) => response.failures.push(failure(world, cluster, shortage)),
            }
        }
        Ok(response)
    }
}

/// The provider of the next task, where a strategy decides.
fn next_provider(capacity: &Capacity, counts: &mut [u32]) -> Option<CapacityProvider> {
    if capacity.strategy.is_empty() {
        return None;
    }
    let item = capacity_split::next(&capacity.strategy, counts);
    counts[item] += 1;
    Some(capacity.strategy[item].capacity_provider)
}

/// Where the next task goes: Fargate takes the subnets in turn, as far as they have addresses; EC2 asks placement.
fn spot(
    world: &World,
    cluster: ClusterId,
    definition: DefinitionId,
    launch: LaunchType,
    attached: &Attached,
    group: &str,
    used: &[SubnetId],
) -> Result<(Option<InstanceId>, SubnetId), Shortage> {
    match launch {
        LaunchType::Fargate => {
            let count = |subnet| used.iter().filter(|&&used| used == subnet).count();
            let subnet = placement::emptiest(&world.vpc, &attached.subnets, count);
            Ok((None, subnet.expect("a network configuration without subnets has been refused")))
        }
        LaunchType::Ec2 => {
            let kin = placement::spread_of_group(world, cluster, group);
            let instance = placement::place(world, cluster, definition, &attached.subnets, &[&kin])?;
            Ok((Some(instance), world.ecs.instances[instance].subnet))
        }
    }
}

fn failure(world: &World, cluster: ClusterId, shortage: Shortage) -> Failure {
    let arn = shortage.instance().map_or_else(|| world.cluster_arn(cluster), |id| world.instance_arn(id));
    Failure { arn, reason: shortage.failure_reason().to_owned(), detail: None }
}

/// In the words that events have, too: [boto3 issue 1878].
fn unassumable_role(world: &World, definition: DefinitionId, unassumable: Unassumable) -> Refusal {
    let Unassumable { usage, because, way_out, verdict } = unassumable;
    let refusal = Refusal::client(world.unassumable_text(definition, usage))
        .because(because)
        .way_out(way_out)
        .at(["taskDefinition"]);
    match verdict {
        Some(verdict) => refusal.traced(verdict),
        None => refusal,
    }
}

/// A call that comes too fast is refused whole, and takes nothing from any rate. [API request throttling; DG Fargate
/// throttling quotas]
fn rate_exceeded(world: &World, throttled: Throttled) -> Refusal {
    let (because, rest) = match throttled {
        Throttled::Calls(rest) => {
            let most = world.tuning.run_task_calls.burst;
            (format!("RunTask on Fargate is answered {most} times a second, and this call is one more"), rest)
        }
        Throttled::Launches(provider, rest) => {
            let kind = if provider == Some(CapacityProvider::FargateSpot) { "Fargate Spot" } else { "Fargate" };
            let Rate { burst, per_minute } = world.tuning.fargate_launches;
            let rate = per_minute / 60;
            (format!("{kind} launches {burst} tasks of an account at once and {rate} a second from then on"), rest)
        }
    };
    let seconds = rest.0.div_ceil(1000);
    Refusal::new("ThrottlingException", "Rate exceeded").because(because).way_out(format!(
        "wait(\"{seconds}s\") and call again; a program backs off and retries; a service comes again by itself"
    ))
}

fn no_instances(world: &World, cluster: ClusterId) -> Refusal {
    let name = &world.ecs.clusters[cluster].name;
    Refusal::invalid_parameter("No Container Instances were found in your cluster.")
        .because(format!("launch type EC2 runs tasks on container instances, and cluster `{name}` has none"))
        .way_out("say launchType: \"FARGATE\", or register an instance: ecs.register_container_instance(#{ … })")
}

fn check_count(count: u32) -> Result<(), Refusal> {
    if (1..=MOST).contains(&count) {
        return Ok(());
    }
    // The literal sentence is UNSOURCED; the range is documented.
    Err(Refusal::invalid_parameter(format!("count must be between 1 and {MOST}."))
        .because(format!("RunTask was asked for {count} tasks"))
        .way_out(match count {
            0 => "write count: 1, or leave it away",
            _ => "call it several times, or let a service keep that many with ecs.create_service",
        })
        .at(["count"]))
}

fn check_started_by(started_by: Option<&str>) -> Result<(), Refusal> {
    match started_by {
        Some(text) if text.len() > STARTED_BY => {
            Err(Refusal::invalid_parameter(format!("startedBy can have at most {STARTED_BY} characters."))
                .because(format!("it has {}", text.len()))
                .way_out("shorten it")
                .at(["startedBy"]))
        }
        _ => Ok(()),
    }
}
