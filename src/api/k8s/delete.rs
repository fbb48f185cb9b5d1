//! Deletes an object. A pod gets its grace period; a namespace takes everything in it along first.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::kind::Kind;
use super::{context, get, refuse, whom};
use crate::api::refusal::Refusal;
use crate::api::{Change, Operation};
use crate::kubernetes::{kubelet, namespaces};
use crate::model::id::FactId;
use crate::model::noun::Noun;
use crate::world::World;
use crate::world::kubernetes::FIRST_NAMESPACES;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The kind as kubectl takes it, such as `pod`, or `pod/web`.
    #[schemars(extend("noun" = Noun::KubernetesKind))]
    resource: String,
    /// The name.
    #[schemars(extend("noun" = Noun::KubernetesObject))]
    name: Option<String>,
    /// The namespace; `default` without one.
    #[schemars(extend("noun" = Noun::Namespace))]
    namespace: Option<String>,
    /// The EKS cluster; the newest that is ACTIVE without one.
    #[schemars(extend("noun" = Noun::EksCluster))]
    cluster: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Response {
    kind: &'static str,
    name: String,
    status: &'static str,
}

pub(super) struct Delete;

impl Operation for Delete {
    const SERVICE: &'static str = "k8s";
    const NAME: &'static str = "Delete";
    const SUMMARY: &'static str = "Deletes a Kubernetes object";
    const SEARCH: &'static [&'static str] = &["kubectl", "remove", "stop", "pod"];
    const ARGUMENTS: &'static [&'static str] = &["resource", "name", "namespace"];
    const EXAMPLE: &'static str = r#"
try {
    k8s.delete("pod", "web")
} catch (refusal) {
    refusal.message
}"#;
    type Request = Request;
    type Response = Response;
}

impl Change for Delete {
    fn call(world: &mut World, asked: FactId, request: Request) -> Result<Response, Refusal> {
        let (kind, name) = get::named(&request.resource, request.name.as_deref())?;
        let Some(name) = name else {
            return Err(refuse::client("resource(s) were provided, but no name was specified")
                .because("nothing says which one is meant")
                .way_out(format!("k8s.delete(\"{}\", name)", kind.plural()))
                .at(["name"]));
        };
        let cluster = context::cluster(world, request.cluster.as_deref())?;
        let namespace = request.namespace.as_deref().unwrap_or("default");
        match kind {
            Kind::Namespace => {
                let id = context::namespace(world, cluster, name)?;
                check_may_go(name)?;
                namespaces::delete(world, id, asked);
            }
            Kind::Node => {
                return Err(Refusal::not_modelled("deleting a single node")
                    .way_out("delete its node group: eks.delete_nodegroup(#{ … })"));
            }
            Kind::Pod => {
                let namespace = get::missing_namespace(world, cluster, kind, namespace, name)?;
                let id = whom::pod(world, namespace, name)?;
                kubelet::delete(world, id, None, asked);
            }
            Kind::ServiceAccount => {
                let namespace = get::missing_namespace(world, cluster, kind, namespace, name)?;
                let record = &world.kubernetes.namespaces[namespace];
                let Some(id) = world.kubernetes.account(namespace, name) else {
                    return Err(whom::missing("serviceaccounts", name, &record.meta.name, record.accounts.keys()));
                };
                namespaces::delete_account(world, id, asked);
            }
        }
        Ok(Response { kind: kind.name(), name: name.to_owned(), status: "deleted" })
    }
}

/// [K32 plugin/pkg/admission/namespace/lifecycle]
fn check_may_go(name: &str) -> Result<(), Refusal> {
    if !FIRST_NAMESPACES.contains(&name) || name == "kube-node-lease" {
        return Ok(());
    }
    Err(Refusal::new("Forbidden", format!("namespaces \"{name}\" is forbidden: this namespace may not be deleted"))
        .because("the cluster itself needs it")
        .way_out("delete what is in it")
        .at(["name"]))
}
