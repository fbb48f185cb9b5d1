//! Objects as the API server shows them: metadata, spec, status.

use serde_json::{Map, Value, json};

use crate::kubernetes::scheduler;
use crate::model::id::{Id, NamespaceId, NodeId, PodId, ServiceAccountId};
use crate::model::instance_type::{self, InstanceType};
use crate::model::kubernetes::quantity::Quantity;
use crate::model::kubernetes::resources::Amounts;
use crate::model::kubernetes::{WaitingReason, image_name};
use crate::world::World;
use crate::world::kubernetes::{Container, Exit, Meta, State};

/// An object with its metadata.
fn object(world: &World, kind: &str, id: impl Id, meta: &Meta, namespace: Option<NamespaceId>) -> Map<String, Value> {
    let mut shown = Map::new();
    let mut put = |name: &str, value: Value| shown.insert(name.to_owned(), value);
    put("name", json!(meta.name));
    if let Some(namespace) = namespace {
        put("namespace", json!(world.kubernetes.namespaces[namespace].meta.name));
    }
    for (name, notes) in [("labels", &meta.labels), ("annotations", &meta.annotations)] {
        if !notes.is_empty() {
            put(name, json!(notes));
        }
    }
    put("uid", json!(world.uuid(id)));
    put("resourceVersion", json!(meta.version.to_string()));
    put("creationTimestamp", json!(meta.created_at));
    let mut object = Map::new();
    object.insert("apiVersion".to_owned(), json!("v1"));
    object.insert("kind".to_owned(), json!(kind));
    object.insert("metadata".to_owned(), Value::Object(shown));
    object
}

pub(super) fn namespace(world: &World, id: NamespaceId) -> Value {
    let record = &world.kubernetes.namespaces[id];
    let mut shown = object(world, "Namespace", id, &record.meta, None);
    shown.insert("status".to_owned(), json!({ "phase": record.phase }));
    Value::Object(shown)
}

pub(super) fn account(world: &World, id: ServiceAccountId) -> Value {
    let record = &world.kubernetes.accounts[id];
    let mut shown = object(world, "ServiceAccount", id, &record.meta, Some(record.namespace));
    if let Some(automount) = record.automount {
        shown.insert("automountServiceAccountToken".to_owned(), json!(automount));
    }
    Value::Object(shown)
}

/// [semantics/eks.md 5.3: labels of a node]
pub(super) fn node(world: &World, id: NodeId) -> Value {
    let record = &world.kubernetes.nodes[id];
    let group = &world.eks.nodegroups[record.nodegroup];
    let kind = instance_type::named(&group.instance_type).expect("a node group has an instance type that there is");
    let name = world.node_name(id);
    let labels = [
        ("eks.amazonaws.com/capacityType", "ON_DEMAND"),
        ("eks.amazonaws.com/nodegroup", &*group.name),
        ("kubernetes.io/hostname", &name),
        ("kubernetes.io/os", "linux"),
        ("node.kubernetes.io/instance-type", &*group.instance_type),
        ("topology.kubernetes.io/zone", world.vpc.subnets[record.subnet].zone),
    ];
    let labels = labels.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
    let meta = Meta {
        name: name.as_str().into(),
        labels,
        annotations: Default::default(),
        created_at: record.created_at,
        version: u64::from(id.number()) + 1,
        last_fact: record.last_fact,
    };
    let mut shown = object(world, "Node", id, &meta, None);
    let provider = format!("aws:///{}/{}", world.vpc.subnets[record.subnet].zone, world.node_instance_id(id));
    shown.insert("spec".to_owned(), json!({ "providerID": provider }));
    let [a, b, c, d] = world.node_address(id);
    shown.insert(
        "status".to_owned(),
        json!({
            "conditions": [{ "type": "Ready", "status": "True", "reason": "KubeletReady",
                "message": "kubelet is posting ready status" }],
            "addresses": [{ "type": "InternalIP", "address": format!("{a}.{b}.{c}.{d}") }],
            "capacity": amounts(kind.capacity(), kind),
            "allocatable": amounts(kind.allocatable(), kind),
            "nodeInfo": { "kubeletVersion": format!("v{}.0-eks", world.eks.clusters[record.cluster].version) },
        }),
    );
    Value::Object(shown)
}

/// What a node has, as the kubelet writes it.
fn amounts(of: Amounts, kind: &InstanceType) -> Value {
    json!({
        "cpu": Quantity::of_milli(of.cpu), "ephemeral-storage": Quantity::of_bytes(of.storage),
        "memory": Quantity::of_bytes(of.memory), "pods": kind.max_pods.to_string(),
    })
}

pub(super) fn pod(world: &World, id: PodId) -> Value {
    let record = &world.kubernetes.pods[id];
    let mut shown = object(world, "Pod", id, &record.meta, Some(record.namespace));
    if let (Some(by), Some(Value::Object(meta))) = (record.deletion, shown.get_mut("metadata")) {
        meta.insert("deletionTimestamp".to_owned(), json!(by));
    }
    let mut spec = serde_json::to_value(&*record.spec).expect("a specification is plain data");
    if let (Some(node), Some(spec)) = (record.node, spec.as_object_mut()) {
        spec.insert("nodeName".to_owned(), json!(world.node_name(node)));
    }
    shown.insert("spec".to_owned(), spec);
    shown.insert("status".to_owned(), status(world, id));
    Value::Object(shown)
}

/// [semantics/eks.md 1.1]
fn status(world: &World, id: PodId) -> Value {
    let record = &world.kubernetes.pods[id];
    let mut status = Map::new();
    let mut put = |name: &str, value: Value| status.insert(name.to_owned(), value);
    put("phase", json!(record.phase));
    put("qosClass", json!(record.spec.quality_of_service()));
    let Some(node) = record.node else {
        let cluster = world.kubernetes.cluster_of(id);
        if !world.kubernetes.control_planes[&cluster].unscheduled.contains(&id) {
            // The scheduler has not looked at it yet.
            return Value::Object(status);
        }
        let message = scheduler::complaint(world, id);
        let condition =
            json!({ "type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": message });
        put("conditions", json!([condition]));
        return Value::Object(status);
    };
    let ready = record.containers.iter().all(|container| matches!(container.state, State::Running(_)));
    let ready = if ready { "True" } else { "False" };
    put(
        "conditions",
        json!([
            { "type": "Initialized", "status": "True" },
            { "type": "Ready", "status": ready },
            { "type": "ContainersReady", "status": ready },
            { "type": "PodScheduled", "status": "True" },
        ]),
    );
    let [a, b, c, d] = world.node_address(node);
    put("hostIP", json!(format!("{a}.{b}.{c}.{d}")));
    let own = world.pod_address(id).filter(|_| record.spec.host_network != Some(true));
    put("podIP", json!(own.unwrap_or_else(|| format!("{a}.{b}.{c}.{d}"))));
    put("startTime", json!(record.started_at));
    let named = record.spec.containers.iter().zip(&record.containers);
    let containers: Vec<Value> =
        named.map(|(spec, container)| container_status(&spec.name, &spec.image, container)).collect();
    put("containerStatuses", json!(containers));
    Value::Object(status)
}

fn container_status(name: &str, image: &str, container: &Container) -> Value {
    let running = matches!(container.state, State::Running(_));
    let state = match container.state {
        State::Waiting(reason) => waiting(reason, image),
        State::Running(since) => json!({ "running": { "startedAt": since } }),
        State::Terminated(exit) => terminated(&exit),
    };
    let last = container.last.filter(|_| !matches!(container.state, State::Terminated(_)));
    json!({
        "name": name, "image": image, "ready": running, "started": running, "restartCount": container.restarts,
        "state": state, "lastState": last.map_or_else(|| json!({}), |exit| terminated(&exit)),
    })
}

fn waiting(reason: WaitingReason, image: &str) -> Value {
    match image_name::complaint(image).filter(|_| reason == WaitingReason::InvalidImageName) {
        Some(message) => json!({ "waiting": { "reason": reason, "message": message } }),
        None => json!({ "waiting": { "reason": reason } }),
    }
}

fn terminated(exit: &Exit) -> Value {
    json!({ "terminated": {
        "exitCode": exit.code, "reason": exit.reason(), "startedAt": exit.started_at, "finishedAt": exit.at,
    } })
}
