//! How an EC2 instance joins a cluster. A cluster without instances has nowhere to put tasks of launch type EC2.
//!
//! In AWS only the ECS agent calls this, when an instance boots that was configured for the cluster; people launch
//! instances, mostly through an Auto Scaling group. Here it is the instance: the call takes what the agent would
//! report. A real agent reports what the operating system sees, a little less than the catalogue says.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::shape::instance::{SUBNET, VPC, ZONE};
use super::{lookup, shape};
use crate::api::refusal::Refusal;
use crate::api::{Change, Operation};
use crate::model::id::{ClusterId, FactId, SubnetId};
use crate::model::meant;
use crate::model::noun::Noun;
use crate::model::status::InstanceStatus;
use crate::model::tag::Tag;
use crate::world::World;
use crate::world::ecs::{Instance, Resources};

/// The largest amount of one resource: 1,024 vCPU, and 32 TiB. SIM: no EC2 instance has more of either.
const MOST: [(Name, u32); 2] = [(Name::Cpu, 1 << 20), (Name::Memory, 1 << 25)];
/// [API Attribute]
const ATTRIBUTE: usize = 128;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The cluster's name or ARN; `default` without one.
    #[schemars(extend("noun" = Noun::Cluster))]
    cluster: Option<String>,
    /// What the instance has: CPU in units of 1/1024 vCPU, MEMORY in MiB.
    total_resources: Vec<Resource>,
    /// `ecs.availability-zone` or `ecs.subnet-id` choose the place: without them the zone with the fewest instances
    /// of the cluster. Other attributes are kept and shown.
    #[serde(default)]
    attributes: Vec<Attribute>,
    /// Tags of the container instance.
    #[serde(default)]
    tags: Vec<Tag>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Resource {
    /// CPU or MEMORY; the others have no effect.
    name: Name,
    /// INTEGER.
    #[serde(default)]
    #[allow(dead_code, reason = "AWS has it; the name says it all")]
    r#type: Type,
    /// How much.
    integer_value: Option<u32>,
    /// Reserved ports, of PORTS and PORTS_UDP.
    #[serde(default)]
    #[allow(dead_code, reason = "it comes with resources that have no effect")]
    string_set_value: Vec<String>,
}

/// [API Resource.name]
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Name {
    Cpu,
    Memory,
    Ports,
    PortsUdp,
    Gpu,
}

/// [API Resource.type]
#[derive(Clone, Copy, Default, Deserialize, JsonSchema)]
enum Type {
    #[default]
    #[serde(rename = "INTEGER")]
    Integer,
    #[serde(rename = "DOUBLE")]
    Double,
    #[serde(rename = "LONG")]
    Long,
    #[serde(rename = "STRINGSET")]
    StringSet,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Attribute {
    /// Its name.
    name: String,
    /// Its value.
    value: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Response {
    container_instance: shape::instance::ContainerInstance,
}

pub(super) struct RegisterContainerInstance;

impl Operation for RegisterContainerInstance {
    const SERVICE: &'static str = "ecs";
    const NAME: &'static str = "RegisterContainerInstance";
    const SUMMARY: &'static str = "Adds an EC2 instance to a cluster; in AWS the agent on the instance calls it";
    const SEARCH: &'static [&'static str] = &["add", "join", "node", "host", "server", "capacity", "ec2", "machine"];
    const EXAMPLE: &'static str = r#"
ecs.create_cluster(#{ clusterName: "prod" });
ecs.register_container_instance(#{
    cluster: "prod",
    totalResources: [
        #{ name: "CPU", type: "INTEGER", integerValue: 2048 },
        #{ name: "MEMORY", type: "INTEGER", integerValue: 3943 },
    ],
    attributes: [#{ name: "ecs.availability-zone", value: "us-east-1b" }],
}).containerInstance.status"#;
    type Request = Request;
    type Response = Response;

    fn notices(_world: &World, request: &Request) -> Vec<String> {
        let mut notices = Vec::new();
        if request.total_resources.iter().any(|resource| !matches!(resource.name, Name::Cpu | Name::Memory)) {
            notices.push("not modelled: of totalResources only CPU and MEMORY have an effect".to_owned());
        }
        notices
    }
}

impl Change for RegisterContainerInstance {
    fn call(world: &mut World, asked: FactId, request: Request) -> Result<Response, Refusal> {
        let cluster = lookup::cluster(world, request.cluster.as_deref())?;
        let registered = resources(&request.total_resources)?;
        let subnet = subnet(world, cluster, &request.attributes)?;
        let attributes = own_attributes(request.attributes)?;
        check_quota(world, cluster)?;
        let instance = Instance {
            dynamic_ports: 0,
            cluster,
            status: InstanceStatus::Active,
            subnet,
            registered,
            remaining: registered,
            tasks: BTreeSet::new(),
            images: BTreeSet::new(),
            attributes,
            registered_at: world.now,
            version: 1,
            tags: request.tags,
        };
        let id = world.add_instance(instance, asked);
        Ok(Response { container_instance: shape::instance::instance(world, id) })
    }
}

/// CPU and memory, each once and within reason. The literal sentences are UNSOURCED.
fn resources(total: &[Resource]) -> Result<Resources, Refusal> {
    let amount = |wanted: Name, word: &str| {
        let mut named = total.iter().enumerate().filter(|(_, resource)| resource.name == wanted);
        let refuse = |message: &str, because: String| {
            Refusal::invalid_parameter(message).because(because).way_out(format!(
                "totalResources: [… #{{ name: \"{word}\", type: \"INTEGER\", integerValue: 2048 }} …]"
            ))
        };
        let Some((index, resource)) = named.next() else {
            let because = format!("an instance has to say how much {word} it has, or nothing can be placed on it");
            return Err(refuse(&format!("Resource {word} is missing."), because).at(["totalResources"]));
        };
        if let Some((again, _)) = named.next() {
            return Err(refuse(&format!("Duplicate resource {word}."), "each resource is given once".to_owned())
                .at(["totalResources".to_owned(), again.to_string()]));
        }
        let most = MOST.into_iter().find(|(name, _)| *name == wanted).map_or(0, |(_, most)| most);
        match resource.integer_value {
            Some(amount) if (1..=most).contains(&amount) => Ok(amount),
            given => {
                let given = given.map_or("it has no integerValue".to_owned(), |given| format!("it is {given}"));
                Err(refuse(&format!("Invalid value for resource {word}."), format!("{given}; 1 to {most} is possible"))
                    .at(["totalResources".to_owned(), index.to_string()]))
            }
        }
    };
    Ok(Resources { cpu: amount(Name::Cpu, "CPU")?, memory: amount(Name::Memory, "MEMORY")? })
}

/// The subnet that the attributes name, or the one with the fewest instances of the cluster; the first where several
/// have.
fn subnet(world: &World, cluster: ClusterId, attributes: &[Attribute]) -> Result<SubnetId, Refusal> {
    let mut fitting: Vec<SubnetId> = world.vpc.subnets.iter().map(|(id, _)| id).collect();
    for (index, attribute) in attributes.iter().enumerate() {
        let value = attribute.value.as_deref().unwrap_or_default();
        let of = |id: &SubnetId| match attribute.name.as_str() {
            ZONE => Some(world.vpc.subnets[*id].zone),
            SUBNET => Some(world.vpc.subnets[*id].id.as_str()),
            VPC => Some(world.vpc.id.as_str()),
            _ => None,
        };
        let before = fitting.clone();
        fitting.retain(|id| of(id).is_none_or(|own| own == value));
        if fitting.is_empty() {
            let way_out = meant::one_of(value, before.iter().filter_map(of), "use one of");
            return Err(Refusal::invalid_parameter(format!("Invalid value for attribute {}.", attribute.name))
                .because(format!(
                    "no subnet of the lab's VPC has {} \"{value}\" and the attributes before it",
                    attribute.name
                ))
                .way_out(way_out)
                .at(["attributes".to_owned(), index.to_string(), "value".to_owned()]));
        }
    }
    let instances = &world.ecs.clusters[cluster].instances;
    let count = |subnet: SubnetId| instances.iter().filter(|&&id| world.ecs.instances[id].subnet == subnet).count();
    Ok(fitting.into_iter().min_by_key(|&subnet| (count(subnet), subnet)).expect("the default VPC has subnets"))
}

/// The attributes that do not follow from the subnet. [API Attribute]
fn own_attributes(attributes: Vec<Attribute>) -> Result<BTreeMap<Box<str>, Option<Box<str>>>, Refusal> {
    let fits = |text: &str| !text.is_empty() && text.len() <= ATTRIBUTE;
    let mut own = BTreeMap::new();
    for (index, Attribute { name, value }) in attributes.into_iter().enumerate() {
        if !fits(&name) || !value.as_deref().is_none_or(fits) {
            return Err(Refusal::invalid_parameter("Invalid attribute.")
                .because(format!("name and value of an attribute have 1 to {ATTRIBUTE} characters"))
                .way_out("shorten it, or leave the value away")
                .at(["attributes".to_owned(), index.to_string()]));
        }
        if ![ZONE, SUBNET, VPC].contains(&name.as_str()) {
            own.insert(name.into(), value.map(Into::into));
        }
    }
    Ok(own)
}

fn check_quota(world: &World, cluster: ClusterId) -> Result<(), Refusal> {
    let most = world.tuning.instances_per_cluster as usize;
    if world.ecs.clusters[cluster].instances.len() < most {
        return Ok(());
    }
    // The literal sentence is UNSOURCED; the quota is documented.
    Err(Refusal::client("The limit of container instances in the cluster has been exceeded.")
        .because(format!("a cluster has at most {most} container instances"))
        .way_out("deregister one first: ecs.deregister_container_instance(#{ cluster: …, containerInstance: … })"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::api::trial::{answered, call};
    use crate::world::World;

    const REGISTER: &str = "ecs.register_container_instance";

    fn lab() -> World {
        let mut world = World::new(42);
        call(&mut world, "ecs.create_cluster", json!({ "clusterName": "prod" })).expect("it is new");
        world
    }

    fn request(cpu: Value, memory: Value, attributes: Value) -> Value {
        json!({ "cluster": "prod", "attributes": attributes, "totalResources": [
            { "name": "CPU", "type": "INTEGER", "integerValue": cpu },
            { "name": "MEMORY", "type": "INTEGER", "integerValue": memory },
        ] })
    }

    fn zone(instance: &Value) -> &str {
        instance["attributes"][0]["value"].as_str().expect("the zone comes first")
    }

    #[test]
    fn an_instance_goes_where_it_says_or_where_there_are_fewest() {
        let mut world = lab();
        let second = world.vpc.subnets.iter().nth(1).expect("there are three").1.id.clone();
        for (attributes, expected) in [
            (json!([]), "us-east-1a"),
            (json!([]), "us-east-1b"),
            (json!([{ "name": "ecs.availability-zone", "value": "us-east-1a" }]), "us-east-1a"),
            (json!([]), "us-east-1c"),
            (json!([]), "us-east-1b"),
            (json!([{ "name": "ecs.subnet-id", "value": second }]), "us-east-1b"),
            (json!([{ "name": "disk", "value": "ssd" }, { "name": "spot" }]), "us-east-1c"),
        ] {
            let answer = call(&mut world, REGISTER, request(json!(2048), json!(4096), attributes)).expect("good");
            assert_eq!(zone(&answer["containerInstance"]), expected);
        }
        assert_eq!(world.ecs.clusters.iter().next().expect("one").1.instances.len(), 7);
        assert_eq!(world.violations(), Vec::<String>::new());
    }

    #[test]
    fn the_answer_shows_what_was_registered() {
        let mut world = lab();
        let mut request = request(json!(1024), json!(2000), json!([{ "name": "disk", "value": "ssd" }]));
        request["tags"] = json!([{ "key": "team", "value": "web" }]);
        let answer = call(&mut world, REGISTER, request).expect("good");
        let instance = &answer["containerInstance"];
        let resources = json!([
            { "name": "CPU", "type": "INTEGER", "integerValue": 1024 },
            { "name": "MEMORY", "type": "INTEGER", "integerValue": 2000 },
        ]);
        assert_eq!(instance["registeredResources"], resources);
        assert_eq!(instance["remainingResources"], resources);
        assert_eq!(instance["status"], "ACTIVE");
        assert_eq!(instance["agentConnected"], true);
        assert_eq!(instance["registeredAt"], "2026-01-05T09:00:00Z");
        assert_eq!(instance["attributes"][3], json!({ "name": "disk", "value": "ssd" }));
        assert_eq!(instance["tags"], json!([{ "key": "team", "value": "web" }]));
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        let mut world = lab();
        let subnet = world.vpc.subnets.iter().next().expect("there are three").1.id.clone();
        let one = |name: &str| json!({ "name": name, "integerValue": 512 });
        for (request, message, place) in [
            (json!({ "cluster": "prod" }), "Missing required parameter in input: \"totalResources\"", ""),
            (json!({ "cluster": "dev", "totalResources": [] }), "Cluster not found.", "cluster"),
            (json!({ "cluster": "prod", "totalResources": [] }), "Resource CPU is missing.", "totalResources"),
            (
                json!({ "cluster": "prod", "totalResources": [one("CPU")] }),
                "Resource MEMORY is missing.",
                "totalResources",
            ),
            (
                json!({ "cluster": "prod", "totalResources": [one("CPU"), one("MEMORY"), one("CPU")] }),
                "Duplicate resource CPU.",
                "totalResources.2",
            ),
            (
                json!({ "cluster": "prod", "totalResources": [one("CPUS")] }),
                "Invalid value for parameter",
                "totalResources.0.name",
            ),
            (request(json!(0), json!(512), json!([])), "Invalid value for resource CPU.", "totalResources.0"),
            (request(json!(null), json!(512), json!([])), "Invalid value for resource CPU.", "totalResources.0"),
            (request(json!(512), json!(1 << 30), json!([])), "Invalid value for resource MEMORY.", "totalResources.1"),
            (
                request(json!(512), json!(512), json!([{ "name": "ecs.availability-zone", "value": "us-east-1z" }])),
                "Invalid value for attribute ecs.availability-zone.",
                "attributes.0.value",
            ),
            (
                request(
                    json!(512),
                    json!(512),
                    json!([
                        { "name": "ecs.subnet-id", "value": subnet },
                        { "name": "ecs.availability-zone", "value": "us-east-1b" },
                    ]),
                ),
                "Invalid value for attribute ecs.availability-zone.",
                "attributes.1.value",
            ),
            (request(json!(512), json!(512), json!([{ "name": "" }])), "Invalid attribute.", "attributes.0"),
        ] {
            let refusal = call(&mut world, REGISTER, request).expect_err(message);
            assert!(refusal.message.contains(message), "{refusal:?}");
            assert_eq!(refusal.path.join("."), place, "{message}");
        }
    }

    #[test]
    fn a_cluster_holds_so_many_and_no_more() {
        let mut world = lab();
        world.tuning.instances_per_cluster = 1;
        call(&mut world, REGISTER, request(json!(512), json!(512), json!([]))).expect("the first");
        let refusal = call(&mut world, REGISTER, request(json!(512), json!(512), json!([]))).expect_err("the second");
        assert_eq!(refusal.code, "ClientException");
    }

    #[test]
    fn ports_are_accepted_and_said_to_have_no_effect() {
        let mut world = lab();
        let mut request = request(json!(512), json!(512), json!([]));
        let ports = json!({ "name": "PORTS", "type": "STRINGSET", "stringSetValue": ["22", "2375"] });
        request["totalResources"].as_array_mut().expect("a list").push(ports);
        let answer = answered(&mut world, REGISTER, request).expect("good");
        assert_eq!(answer.notices, ["not modelled: of totalResources only CPU and MEMORY have an effect"]);
    }
}
