//! A container instance as DescribeContainerInstances shows it.

use serde::Serialize;

use crate::model::id::InstanceId;
use crate::model::status::{InstanceStatus, TaskStatus};
use crate::model::tag::Tag;
use crate::model::time::Moment;
use crate::world::World;
use crate::world::ecs::{Instance, Resources};

/// The attribute that says in which availability zone an instance is. [DG task placement constraints]
pub(crate) const ZONE: &str = "ecs.availability-zone";
/// The attribute that says in which subnet an instance is. [DG task placement constraints]
pub(crate) const SUBNET: &str = "ecs.subnet-id";
/// The attribute that says in which VPC an instance is. [DG task placement constraints]
pub(crate) const VPC: &str = "ecs.vpc-id";

/// [API ContainerInstance]
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ContainerInstance {
    container_instance_arn: String,
    ec2_instance_id: String,
    version: u32,
    registered_resources: Vec<Resource>,
    remaining_resources: Vec<Resource>,
    status: InstanceStatus,
    agent_connected: bool,
    running_tasks_count: usize,
    pending_tasks_count: usize,
    registered_at: Moment,
    attributes: Vec<Attribute>,
    tags: Vec<Tag>,
}

/// [API Resource]
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Resource {
    name: &'static str,
    r#type: &'static str,
    integer_value: u32,
}

/// [API Attribute]
#[derive(Serialize)]
struct Attribute {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
}

/// The shape of a container instance.
pub(crate) fn instance(world: &World, id: InstanceId) -> ContainerInstance {
    let instance = &world.ecs.instances[id];
    let count = |wanted: fn(TaskStatus) -> bool| {
        instance.tasks.iter().filter(|&&task| wanted(world.ecs.tasks[task].last_status)).count()
    };
    ContainerInstance {
        container_instance_arn: world.instance_arn(id),
        ec2_instance_id: world.ec2_instance_id(id),
        version: instance.version,
        registered_resources: resources(instance.registered),
        remaining_resources: resources(instance.remaining),
        status: instance.status,
        agent_connected: true,
        running_tasks_count: count(|status| status == TaskStatus::Running),
        pending_tasks_count: count(TaskStatus::is_starting),
        registered_at: instance.registered_at,
        attributes: attributes(world, instance),
        tags: instance.tags.clone(),
    }
}

fn resources(resources: Resources) -> Vec<Resource> {
    let resource = |name, integer_value| Resource { name, r#type: "INTEGER", integer_value };
    vec![resource("CPU", resources.cpu), resource("MEMORY", resources.memory)]
}

/// Where it is, then what it registered with.
fn attributes(world: &World, instance: &Instance) -> Vec<Attribute> {
    let subnet = &world.vpc.subnets[instance.subnet];
    let place = [(ZONE, subnet.zone), (SUBNET, &subnet.id), (VPC, &world.vpc.id)];
    let place =
        place.into_iter().map(|(name, value)| Attribute { name: name.to_owned(), value: Some(value.to_owned()) });
    let own = instance.attributes.iter();
    place
        .chain(
            own.map(|(name, value)| Attribute { name: name.to_string(), value: value.as_deref().map(str::to_owned) }),
        )
        .collect()
}
