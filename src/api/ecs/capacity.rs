//! Where tasks run: a launch type, a capacity provider strategy, or the cluster's default strategy; never two of them.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::api::refusal::Refusal;
use crate::model::capacity::{CapacityProvider, StrategyItem};
use crate::model::id::{ClusterId, DefinitionId};
use crate::model::meant;
use crate::model::noun::Noun;
use crate::model::status::LaunchType;
use crate::model::task_definition::Compatibility;
use crate::world::World;

/// [API CapacityProviderStrategy]
const MOST_PROVIDERS: usize = 20;
/// [API CapacityProviderStrategyItem.weight]
const MOST_WEIGHT: u32 = 1000;
/// [API CapacityProviderStrategyItem.base]
const MOST_BASE: u32 = 100_000;

/// One item of a strategy as it is written. [API CapacityProviderStrategyItem]
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Item {
    /// FARGATE or FARGATE_SPOT; it must be associated with the cluster.
    #[schemars(extend("noun" = Noun::CapacityProvider))]
    capacity_provider: String,
    /// The provider's share of the tasks beyond the base: 0 to 1000, 0 where nothing is said.
    #[serde(default)]
    weight: u32,
    /// How many tasks go here first: 0 to 100000, and only one provider may have a base.
    #[serde(default)]
    base: u32,
}

/// Where the tasks of a call run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Capacity {
    /// The launch type, which follows from the providers where a strategy was given.
    pub(super) launch: LaunchType,
    /// The strategy; empty where a launch type was given.
    pub(super) strategy: Vec<StrategyItem>,
}

/// What a call says about capacity.
pub(super) struct Asked {
    pub(super) launch: Option<LaunchType>,
    pub(super) strategy: Option<Vec<Item>>,
}

/// Decides where the tasks of a call run, in AWS's order: what was said, then the cluster's default strategy, then EC2
/// (the last is UNSOURCED for RunTask).
pub(super) fn resolve(
    world: &World,
    cluster: ClusterId,
    definition: DefinitionId,
    asked: Asked,
) -> Result<Capacity, Refusal> {
    let said = asked.strategy.filter(|items| !items.is_empty());
    let capacity = match (asked.launch, said) {
        (Some(launch), Some(_)) => return Err(both(launch)),
        (Some(launch), None) => Capacity { launch, strategy: Vec::new() },
        (None, Some(items)) => {
            let strategy = check(&items, "capacityProviderStrategy")?;
            // The literal sentence is UNSOURCED; that of the default strategy is not.
            check_weights(
                &strategy,
                "A capacity provider strategy must contain at least one capacity provider with a weight greater than \
                 0.",
            )?;
            check_associated(world, cluster, &strategy)?;
            Capacity { launch: LaunchType::Fargate, strategy }
        }
        (None, None) => match world.ecs.clusters[cluster].default_strategy.clone() {
            strategy if strategy.is_empty() => Capacity { launch: LaunchType::Ec2, strategy },
            strategy => {
                // [GitHub terraform-aws-modules/terraform-aws-ecs #27]
                check_weights(
                    &strategy,
                    "There are no capacity providers with a weight value greater than zero defined in the default \
                     capacity provider strategy. At least one capacity provider must have a weight value greater than \
                     zero specified. Update the cluster's default capacity provider strategy or specify a valid \
                     capacity provider strategy and try again.",
                )?;
                Capacity { launch: LaunchType::Fargate, strategy }
            }
        },
    };
    check_compatible(world, definition, &capacity)?;
    Ok(capacity)
}

fn both(launch: LaunchType) -> Refusal {
    Refusal::invalid_parameter(
        "Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.",
    )
    .because(format!("launchType {launch} and a capacityProviderStrategy both say where tasks run"))
    .way_out("keep the capacityProviderStrategy: Fargate providers imply the launch type")
    .at(["launchType"])
}

/// Checks the items of a strategy by themselves.
pub(super) fn check(items: &[Item], member: &str) -> Result<Vec<StrategyItem>, Refusal> {
    // Where AWS's literal sentence is not known the rule of the API reference is said: UNSOURCED wording.
    let refuse = |message: String, because: String, way_out: &str| {
        Err(Refusal::invalid_parameter(message).because(because).way_out(way_out).at([member]))
    };
    if items.len() > MOST_PROVIDERS {
        return refuse(
            format!("A capacity provider strategy can contain a maximum of {MOST_PROVIDERS} capacity providers."),
            format!("there are {}", items.len()),
            "name fewer",
        );
    }
    let mut strategy: Vec<StrategyItem> = Vec::new();
    for item in items {
        let capacity_provider = provider(&item.capacity_provider, member)?;
        if strategy.iter().any(|other| other.capacity_provider == capacity_provider) {
            return refuse(
                "A capacity provider can be specified only once in a capacity provider strategy.".to_owned(),
                format!("{capacity_provider} is there twice"),
                "add the weights up into one item",
            );
        }
        if item.weight > MOST_WEIGHT || item.base > MOST_BASE {
            return refuse(
                "The weight or base of a capacity provider is out of range.".to_owned(),
                format!("{capacity_provider} has weight {} and base {}", item.weight, item.base),
                "a weight is 0 to 1000, a base 0 to 100000",
            );
        }
        strategy.push(StrategyItem { capacity_provider, weight: item.weight, base: item.base });
    }
    if strategy.iter().filter(|item| item.base > 0).count() > 1 {
        return refuse(
            "Only one capacity provider in a capacity provider strategy can have a base defined.".to_owned(),
            "two of them have one".to_owned(),
            "keep the base of the provider that the first tasks belong on",
        );
    }
    Ok(strategy)
}

/// A strategy is for tasks only if one of its providers has a weight. A cluster may have one of zeros for its default.
/// [API CapacityProviderStrategyItem: RunTask and CreateService fail; GitHub aws/containers-roadmap #631]
fn check_weights(strategy: &[StrategyItem], message: &'static str) -> Result<(), Refusal> {
    if strategy.iter().any(|item| item.weight > 0) {
        return Ok(());
    }
    Err(Refusal::invalid_parameter(message)
        .because("all weights are 0, and a provider with weight 0 takes no tasks beyond its base")
        .way_out("give one of them a weight: weight: 1")
        .at(["capacityProviderStrategy"]))
}

/// The provider with this name.
pub(super) fn provider(name: &str, member: &str) -> Result<CapacityProvider, Refusal> {
    CapacityProvider::named(name).ok_or_else(|| {
        let known = CapacityProvider::ALL.iter().map(|provider| provider.as_str());
        let way_out = meant::way_out(name, known, || "longshore has FARGATE and FARGATE_SPOT".to_owned());
        Refusal::invalid_parameter(
            "The specified capacity provider was not found. Specify a valid capacity provider and try again.",
        )
        .because(format!("there is no capacity provider `{name}`"))
        .way_out(way_out)
        .at([member])
    })
}

/// Every provider of a strategy is associated with the cluster.
fn check_associated(world: &World, cluster: ClusterId, strategy: &[StrategyItem]) -> Result<(), Refusal> {
    let cluster = &world.ecs.clusters[cluster];
    let missing = strategy.iter().find(|item| !cluster.providers.contains(&item.capacity_provider));
    let Some(item) = missing else { return Ok(()) };
    Err(not_associated()
    .because(format!("cluster `{}` does not have {}", cluster.name, item.capacity_provider))
    .way_out(format!(
        "ecs.put_cluster_capacity_providers(#{{ cluster: \"{}\", capacityProviders: [\"FARGATE\", \"FARGATE_SPOT\"], \
         defaultCapacityProviderStrategy: [] }})",
        cluster.name
    ))
    .at(["capacityProviderStrategy"]))
}

fn not_associated() -> Refusal {
    Refusal::invalid_parameter(
        "The specified capacity provider strategy cannot contain a capacity provider that is not associated with the \
         cluster. Associate the capacity provider with the cluster or specify a valid capacity provider and try again.",
    )
}

/// What a definition was validated for, and its platform, decide where its tasks may run.
pub(super) fn check_compatible(world: &World, definition: DefinitionId, capacity: &Capacity) -> Result<(), Refusal> {
    let launch = capacity.launch;
    let on_spot = capacity.strategy.iter().any(|item| item.capacity_provider == CapacityProvider::FargateSpot);
    if on_spot && world.ecs.definitions[definition].content.is_windows() {
        // That Spot has no Windows is documented, the sentence is UNSOURCED. [API CapacityProviderStrategyItem]
        return Err(Refusal::invalid_parameter("FARGATE_SPOT does not support tasks with a Windows operating system.")
            .because(format!("`{}` has a Windows operatingSystemFamily", world.definition_name(definition)))
            .way_out("let it run on FARGATE alone")
            .at(["capacityProviderStrategy"]));
    }
    let needed = match launch {
        LaunchType::Ec2 => Compatibility::Ec2,
        LaunchType::Fargate => Compatibility::Fargate,
    };
    let compatibilities = &world.ecs.definitions[definition].compatibilities;
    if compatibilities.contains(&needed) {
        return Ok(());
    }
    let listed: Vec<&str> = compatibilities.iter().map(|c| c.as_str()).collect();
    Err(Refusal::invalid_parameter(format!("Task definition does not support launch_type {launch}."))
        .because(format!("`{}` is compatible with {}", world.definition_name(definition), listed.join(", ")))
        .way_out(match launch {
            LaunchType::Fargate => {
                "register it with networkMode: \"awsvpc\", cpu: \"256\", memory: \"512\" and \
                 requiresCompatibilities: [\"FARGATE\"] to learn what Fargate misses"
            }
            LaunchType::Ec2 => "say launchType: \"FARGATE\"",
        })
        .at(["launchType"]))
}

/// A limit of longshore's own on the tasks of one world.
pub(super) fn check_room_for(world: &World, more: u32) -> Result<(), Refusal> {
    let most = world.tuning.tasks_ever;
    if world.ecs.tasks.len() + more as usize <= most {
        return Ok(());
    }
    Err(Refusal::new("LabLimit", format!("A lab creates at most {most} tasks."))
        .because(format!("{} have been created, stopped ones included", world.ecs.tasks.len()))
        .way_out("start a new lab"))
}

/// The providers of a cluster, as a call names them.
pub(super) fn providers(names: &[String], member: &str) -> Result<Vec<CapacityProvider>, Refusal> {
    let mut providers = names.iter().map(|name| provider(name, member)).collect::<Result<Vec<_>, _>>()?;
    providers.sort_unstable();
    providers.dedup();
    Ok(providers)
}

/// The default strategy of a cluster names the cluster's providers only.
pub(super) fn default_strategy(items: &[Item], providers: &[CapacityProvider]) -> Result<Vec<StrategyItem>, Refusal> {
    const MEMBER: &str = "defaultCapacityProviderStrategy";
    let strategy = check(items, MEMBER)?;
    match strategy.iter().find(|item| !providers.contains(&item.capacity_provider)) {
        None => Ok(strategy),
        Some(item) => Err(not_associated()
            .because(format!("{} is not in capacityProviders", item.capacity_provider))
            .way_out(format!("add it: capacityProviders: [… \"{}\"]", item.capacity_provider))
            .at([MEMBER])),
    }
}
