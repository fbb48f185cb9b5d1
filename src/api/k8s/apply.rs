//! Applies manifests: what is not there is created, what is there is changed, what is as it should be stays.
//!
//! Several documents go through all or not at all: kubectl would have applied those before the one that is refused, and
//! the refusal says so.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::kind::Kind;
use super::written::{self, Manifest, Written};
use super::{context, refuse, shape, validate};
use crate::api::refusal::Refusal;
use crate::api::{Change, Operation};
use crate::kernel::agenda::Agenda;
use crate::kubernetes::{admission, kubelet, namespaces};
use crate::model::id::{EksClusterId, FactId, NamespaceId, PodId};
use crate::model::kubernetes::manifest::{ObjectMeta, PodManifest, ServiceAccountManifest, Strings};
use crate::model::kubernetes::pod::PodSpec;
use crate::model::kubernetes::{NamespacePhase, PodPhase, WaitingReason};
use crate::model::meant;
use crate::model::noun::Noun;
use crate::world::World;
use crate::world::fact::What;
use crate::world::images::Images;
use crate::world::kubernetes::{Container, Kubernetes, Meta, Pod, ServiceAccount, State};
use crate::world::timer::Due;

/// The annotation with what was applied last: kubectl keeps it, and longshore keeps the manifest itself.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Request {
    /// YAML text of one or several documents, or a map, or a list of maps. Of several all are applied or, other than
    /// with kubectl, none.
    manifest: Written,
    /// The namespace of what names none; `default` without one.
    #[schemars(extend("noun" = Noun::Namespace))]
    namespace: Option<String>,
    /// The EKS cluster; the newest that is ACTIVE without one.
    #[schemars(extend("noun" = Noun::EksCluster))]
    cluster: Option<String>,
}

pub(super) struct Apply;

impl Operation for Apply {
    const SERVICE: &'static str = "k8s";
    const NAME: &'static str = "Apply";
    const SUMMARY: &'static str = "Creates or changes Kubernetes objects from YAML or a map";
    const SEARCH: &'static [&'static str] = &["kubectl", "yaml", "manifest", "create", "pod", "service account"];
    const ARGUMENTS: &'static [&'static str] = &["manifest", "namespace"];
    const EXAMPLE: &'static str = r#"
try {
    k8s.apply(`
apiVersion: v1
kind: ServiceAccount
metadata:
  name: web
`)
} catch (refusal) {
    refusal.message
}"#;
    type Request = Request;
    type Response = Value;

    fn notices(_world: &World, request: &Request) -> Vec<String> {
        request.manifest.notices()
    }
}

impl Change for Apply {
    fn call(world: &mut World, asked: FactId, request: Request) -> Result<Value, Refusal> {
        let documents = request.manifest.documents()?;
        let cluster = context::cluster(world, request.cluster.as_deref())?;
        let manifests = written::manifests(documents)?;
        let target = Target { cluster, namespace: request.namespace.as_deref().unwrap_or("default"), asked };
        // A single document is checked before it changes anything; of several, a later one may be refused.
        let before = (manifests.len() > 1).then(|| Before::of(world));
        let mut objects = Vec::new();
        for (place, manifest) in manifests {
            match target.apply(world, manifest) {
                Ok(object) => objects.push(object),
                Err(refusal) => {
                    if let Some(before) = before {
                        before.restore(world, asked);
                    }
                    return Err(place.tell(refusal));
                }
            }
        }
        Ok(match objects.as_mut_slice() {
            [one] => one.take(),
            _ => json!({ "apiVersion": "v1", "kind": "List", "items": objects }),
        })
    }
}

/// What applying changes, as it was before.
struct Before {
    kubernetes: Kubernetes,
    images: Images,
    agenda: Agenda<Due>,
}

impl Before {
    fn of(world: &World) -> Before {
        Before { kubernetes: world.kubernetes.clone(), images: world.images.clone(), agenda: world.agenda.clone() }
    }

    /// Takes back what was applied, and the facts since the request.
    fn restore(self, world: &mut World, asked: FactId) {
        (world.kubernetes, world.images, world.agenda) = (self.kubernetes, self.images, self.agenda);
        world.unrecord_after(asked);
    }
}

/// Where manifests go.
struct Target<'a> {
    cluster: EksClusterId,
    namespace: &'a str,
    asked: FactId,
}

impl Target<'_> {
    fn apply(&self, world: &mut World, manifest: Manifest) -> Result<Value, Refusal> {
        match manifest {
            Manifest::Namespace(manifest) => self.apply_namespace(world, manifest.metadata),
            Manifest::Account(manifest) => self.apply_account(world, manifest),
            Manifest::Pod(manifest) => self.apply_pod(world, manifest),
        }
    }

    fn apply_namespace(&self, world: &mut World, mut meta: ObjectMeta) -> Result<Value, Refusal> {
        validate::named(Kind::Namespace, &meta)?;
        validate::object(Kind::Namespace, &meta)?;
        namespaces::label(&meta.name, &mut meta.labels);
        if let Some(id) = world.kubernetes.namespace(self.cluster, &meta.name) {
            if !same_notes(&world.kubernetes.namespaces[id].meta, &meta) {
                let notes = self.meta(world, meta);
                world.relabel_namespace(id, |meta| (meta.labels, meta.annotations) = (notes.labels, notes.annotations));
            }
            return Ok(shape::namespace(world, id));
        }
        check_ever(world)?;
        let meta = self.meta(world, meta);
        let id = namespaces::create(world, self.cluster, meta, self.asked);
        Ok(shape::namespace(world, id))
    }

    fn apply_account(&self, world: &mut World, manifest: ServiceAccountManifest) -> Result<Value, Refusal> {
        let ServiceAccountManifest { metadata: meta, automount_service_account_token: automount } = manifest;
        validate::named(Kind::ServiceAccount, &meta)?;
        let namespace = self.namespace(world, &meta)?;
        if let Some(id) = world.kubernetes.account(namespace, &meta.name) {
            let account = &world.kubernetes.accounts[id];
            let same = same_notes(&account.meta, &meta) && account.automount == automount.or(account.automount);
            if !same {
                validate::object(Kind::ServiceAccount, &meta)?;
                let notes = self.meta(world, meta);
                world.change_account(id, self.asked, |account| {
                    (account.meta.labels, account.meta.annotations) = (notes.labels, notes.annotations);
                    account.automount = automount.or(account.automount);
                });
            }
            return Ok(shape::account(world, id));
        }
        check_open(world, namespace, Kind::ServiceAccount, &meta.name)?;
        validate::object(Kind::ServiceAccount, &meta)?;
        check_ever(world)?;
        let meta = self.meta(world, meta);
        let id = world.add_account(ServiceAccount { namespace, meta, automount }, self.asked);
        Ok(shape::account(world, id))
    }

    fn apply_pod(&self, world: &mut World, manifest: PodManifest) -> Result<Value, Refusal> {
        let PodManifest { metadata: meta, spec } = manifest;
        validate::named(Kind::Pod, &meta)?;
        let namespace = self.namespace(world, &meta)?;
        if let Some(id) = world.kubernetes.pod(namespace, &meta.name) {
            self.change_pod(world, id, meta, &spec)?;
            return Ok(shape::pod(world, id));
        }
        let id = self.create_pod(world, namespace, meta, spec)?;
        Ok(shape::pod(world, id))
    }

    /// Creates a pod: what admission makes of it is decided now, and never again. It is checked after that, as the API
    /// server does.
    fn create_pod(
        &self,
        world: &mut World,
        namespace: NamespaceId,
        meta: ObjectMeta,
        mut spec: PodSpec,
    ) -> Result<PodId, Refusal> {
        let older = spec.service_account.take();
        spec.service_account_name = spec.service_account_name.or(older);
        check_open(world, namespace, Kind::Pod, &meta.name)?;
        check_ever(world)?;
        let account = world
            .kubernetes
            .account(namespace, spec.account())
            .ok_or_else(|| no_account(world, namespace, &meta.name, spec.account()))?;
        let (admitted, injected) =
            admission::admit(world, &world.kubernetes.accounts[account], &meta.annotations, &spec);
        validate::pod(&meta, &admitted)?;
        let images = kubelet::resolve_images(world, &admitted);
        let waiting = State::Waiting(WaitingReason::ContainerCreating);
        let containers = images.into_iter().map(|image| Container {
            image,
            state: waiting,
            last: None,
            restarts: 0,
            backoff: None,
            session: None,
        });
        let pod = Pod {
            namespace,
            meta: self.meta(world, meta),
            account,
            applied: Arc::new(spec),
            spec: Arc::new(admitted),
            phase: PodPhase::Pending,
            node: None,
            misfit: None,
            started_at: None,
            containers: containers.collect(),
            deletion: None,
            gone: false,
        };
        let id = world.add_pod(pod, self.asked);
        if injected {
            let cause = world.kubernetes.pods[id].meta.last_fact;
            world.record(Some(cause), What::PodInjected(id));
        }
        world.agenda.put(Due::SchedulePod(id));
        Ok(id)
    }

    /// Changes a pod, as far as pods can be changed: its labels and annotations.
    fn change_pod(&self, world: &mut World, id: PodId, meta: ObjectMeta, spec: &PodSpec) -> Result<(), Refusal> {
        validate::pod(&meta, &admission::with_defaults(spec))?;
        let pod = &world.kubernetes.pods[id];
        let mut asked = spec.clone();
        let older = asked.service_account.take();
        asked.service_account_name = asked.service_account_name.or(older);
        if asked != *pod.applied && *spec != *pod.spec {
            return Err(immutable(world, id, &asked));
        }
        if !same_notes(&pod.meta, &meta) {
            let notes = self.meta(world, meta);
            world.relabel_pod(id, |meta| (meta.labels, meta.annotations) = (notes.labels, notes.annotations));
        }
        Ok(())
    }

    fn namespace(&self, world: &World, meta: &ObjectMeta) -> Result<NamespaceId, Refusal> {
        let name = meta.namespace.as_deref().unwrap_or(self.namespace);
        context::namespace(world, self.cluster, name).map_err(|mut missing| {
            missing.message = format!("error when creating \"STDIN\": {}", missing.message);
            missing
        })
    }

    fn meta(&self, world: &World, meta: ObjectMeta) -> Meta {
        Meta {
            name: meta.name.into(),
            labels: meta.labels,
            annotations: without_last_applied(meta.annotations),
            created_at: world.now,
            version: 0,
            last_fact: self.asked,
        }
    }
}

fn without_last_applied(mut annotations: Strings) -> Strings {
    annotations.remove(LAST_APPLIED);
    annotations
}

fn same_notes(known: &Meta, asked: &ObjectMeta) -> bool {
    known.labels == asked.labels && known.annotations == without_last_applied(asked.annotations.clone())
}

/// Nothing new is created in a namespace that is to go. [K32 plugin/pkg/admission/namespace/lifecycle]
fn check_open(world: &World, namespace: NamespaceId, kind: Kind, name: &str) -> Result<(), Refusal> {
    let record = &world.kubernetes.namespaces[namespace];
    if record.phase == NamespacePhase::Active {
        return Ok(());
    }
    let of = &record.meta.name;
    Err(Refusal::new(
        "Forbidden",
        format!(
            "error when creating \"STDIN\": {} \"{name}\" is forbidden: unable to create new content in namespace {of} \
             because it is being terminated",
            kind.plural()
        ),
    )
    .because("somebody has deleted the namespace")
    .way_out("wait until it is gone, and create it again"))
}

/// [semantics/eks.md 1.1]
fn no_account(world: &World, namespace: NamespaceId, pod: &str, account: &str) -> Refusal {
    let record = &world.kubernetes.namespaces[namespace];
    let of = &record.meta.name;
    let known = record.accounts.keys().map(|name| &**name);
    let way_out = meant::one_of(account, known, format_args!("create it first; namespace {of} has"));
    Refusal::new(
        "Forbidden",
        format!(
            "error when creating \"STDIN\": pods \"{pod}\" is forbidden: error looking up service account {of}/{account}: \
             serviceaccount \"{account}\" not found"
        ),
    )
    .because(format!("namespace `{of}` has no service account `{account}`"))
    .way_out(way_out)
}

/// [K32 pkg/apis/core/validation ValidatePodUpdate]
fn immutable(world: &World, id: PodId, asked: &PodSpec) -> Refusal {
    let pod = &world.kubernetes.pods[id];
    let images_only = {
        let mut other = asked.clone();
        for (container, before) in other.containers.iter_mut().zip(&pod.applied.containers) {
            container.image.clone_from(&before.image);
        }
        other == *pod.applied
    };
    if images_only {
        return Refusal::not_modelled("a change of the image of an existing pod")
            .because("Kubernetes would start the container again with the new image")
            .way_out("delete the pod, and apply it again");
    }
    let problem = "spec: Forbidden: pod updates may not change fields other than \
         `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` \
         (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if \
         it was previously negative)";
    refuse::invalid("Pod", &pod.meta.name, &[problem.to_owned()])
        .because("a pod is made once; what it consists of does not change")
        .way_out(format!("delete it, and apply again: k8s.delete(\"pod\", \"{}\")", pod.meta.name))
}

/// longshore's own limit on what one world creates.
fn check_ever(world: &World) -> Result<(), Refusal> {
    let most = world.tuning.objects_ever;
    if world.kubernetes.ever() < most {
        return Ok(());
    }
    Err(Refusal::lab_is_full("Kubernetes objects", most))
}
