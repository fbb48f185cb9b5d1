//! Reads objects: all of a kind, or one by its name.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::kind::Kind;
use super::{context, refuse, shape, whom};
use crate::api::refusal::Refusal;
use crate::api::{Operation, Query};
use crate::model::id::EksClusterId;
use crate::model::noun::Noun;
use crate::world::World;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The kind as kubectl takes it, such as `pods`, `pod`, `po` or `pod/web`.
    #[schemars(extend("noun" = Noun::KubernetesKind))]
    resource: String,
    /// The name; all of the kind without one.
    #[schemars(extend("noun" = Noun::KubernetesObject))]
    name: Option<String>,
    /// The namespace; `default` without one.
    #[schemars(extend("noun" = Noun::Namespace))]
    namespace: Option<String>,
    /// The EKS cluster; the newest that is ACTIVE without one.
    #[schemars(extend("noun" = Noun::EksCluster))]
    cluster: Option<String>,
}

pub(super) struct Get;

impl Operation for Get {
    const SERVICE: &'static str = "k8s";
    const NAME: &'static str = "Get";
    const SUMMARY: &'static str = "Reads Kubernetes objects: pods, serviceaccounts, namespaces, nodes";
    const SEARCH: &'static [&'static str] = &["kubectl", "list", "describe", "pods", "read"];
    const ARGUMENTS: &'static [&'static str] = &["resource", "name", "namespace"];
    const EXAMPLE: &'static str = r#"
try {
    k8s.get("pods")
} catch (refusal) {
    refusal.message
}"#;
    type Request = Request;
    type Response = Value;
}

impl Query for Get {
    fn call(world: &World, request: Request) -> Result<Value, Refusal> {
        let (kind, name) = named(&request.resource, request.name.as_deref())?;
        let cluster = context::cluster(world, request.cluster.as_deref())?;
        let namespace = request.namespace.as_deref().unwrap_or("default");
        match name {
            Some(name) => one(world, cluster, kind, namespace, name),
            None => Ok(json!({ "apiVersion": "v1", "kind": "List", "items": all(world, cluster, kind, namespace) })),
        }
    }
}

/// The kind and the name in `pods`, `web` or `pod/web`.
pub(super) fn named<'a>(resource: &'a str, name: Option<&'a str>) -> Result<(Kind, Option<&'a str>), Refusal> {
    match (resource.split_once('/'), name) {
        (Some((kind, name)), None) => Ok((Kind::of_resource(kind)?, Some(name))),
        (Some(_), Some(_)) => Err(refuse::client(
            "there is no need to specify a resource type as a separate argument when passing arguments in resource/name \
             form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'",
        )
        .because("the name is there twice")
        .way_out("write \"pod/web\", or \"pod\" and \"web\"")
        .at(["resource"])),
        (None, name) => Ok((Kind::of_resource(resource)?, name)),
    }
}

fn one(world: &World, cluster: EksClusterId, kind: Kind, namespace: &str, name: &str) -> Result<Value, Refusal> {
    match kind {
        Kind::Namespace => context::namespace(world, cluster, name).map(|id| shape::namespace(world, id)),
        Kind::Node => {
            let nodes = &world.kubernetes.control_planes[&cluster].nodes;
            let found = nodes.iter().find(|&&id| world.node_name(id) == name);
            found.map(|&id| shape::node(world, id)).ok_or_else(|| {
                refuse::not_found("nodes", name)
                    .because(format!("cluster `{}` has no such node", world.eks.clusters[cluster].name))
                    .way_out("list them: k8s.get(\"nodes\")")
                    .at(["name"])
            })
        }
        Kind::Pod => {
            let namespace = missing_namespace(world, cluster, kind, namespace, name)?;
            whom::pod(world, namespace, name).map(|id| shape::pod(world, id))
        }
        Kind::ServiceAccount => {
            let namespace = missing_namespace(world, cluster, kind, namespace, name)?;
            whom::account(world, namespace, name).map(|id| shape::account(world, id))
        }
    }
}

/// The namespace of something that is looked for: to the API server, nothing is found in one that does not exist.
pub(super) fn missing_namespace(
    world: &World,
    cluster: EksClusterId,
    kind: Kind,
    namespace: &str,
    name: &str,
) -> Result<crate::model::id::NamespaceId, Refusal> {
    context::namespace(world, cluster, namespace).map_err(|missing| {
        refuse::not_found(kind.plural(), name).because(missing.because).way_out(missing.way_out).at(["namespace"])
    })
}

/// All objects of a kind, in the order of their names.
fn all(world: &World, cluster: EksClusterId, kind: Kind, namespace: &str) -> Vec<Value> {
    let plane = &world.kubernetes.control_planes[&cluster];
    let namespace = world.kubernetes.namespace(cluster, namespace).map(|id| &world.kubernetes.namespaces[id]);
    match kind {
        Kind::Namespace => plane.namespaces.values().map(|&id| shape::namespace(world, id)).collect(),
        Kind::Node => plane.nodes.iter().map(|&id| shape::node(world, id)).collect(),
        Kind::Pod => {
            namespace.iter().flat_map(|namespace| namespace.pods.values()).map(|&id| shape::pod(world, id)).collect()
        }
        Kind::ServiceAccount => namespace
            .iter()
            .flat_map(|namespace| namespace.accounts.values())
            .map(|&id| shape::account(world, id))
            .collect(),
    }
}
