//! What cannot be, in the words of Kubernetes's validation: a path and what is wrong there.
//! [K32 pkg/apis/core/validation; apimachinery/pkg/api/validation]
//!
//! It sees what admission has made of a pod, as the API server's does.

mod container;
mod resources;
mod volume;

use super::kind::Kind;
use super::refuse;
use crate::api::refusal::Refusal;
use crate::model::kubernetes::format::{self, quoted};
use crate::model::kubernetes::manifest::ObjectMeta;
use crate::model::kubernetes::pod::PodSpec;

/// Bytes of all annotations together, keys and values. [apimachinery TotalAnnotationSizeLimitB]
const ANNOTATION_BYTES: usize = 256 << 10;

/// What is wrong with an object, each a path and a sentence; the first that has one says why and what to do.
#[derive(Default)]
struct Problems {
    list: Vec<String>,
    hint: Option<(&'static str, &'static str)>,
}

impl Problems {
    /// `what` is wrong at `path`. Nothing is said twice.
    fn add(&mut self, path: &str, what: impl std::fmt::Display) {
        let problem = format!("{path}: {what}");
        if !self.list.contains(&problem) {
            self.list.push(problem);
        }
    }

    /// A value that a check finds fault with.
    fn check(&mut self, path: &str, value: &str, wrong: Vec<String>) {
        for what in wrong {
            self.add(path, format_args!("Invalid value: {}: {what}", quoted(value)));
        }
    }

    /// Says why the problems since `before` are some, and what to do, unless an earlier one has.
    fn explain(&mut self, before: usize, because: &'static str, way_out: &'static str) {
        if self.list.len() > before {
            self.hint.get_or_insert((because, way_out));
        }
    }

    fn refuse(self, kind: Kind, name: &str) -> Result<(), Refusal> {
        if self.list.is_empty() {
            return Ok(());
        }
        let (because, way_out) = self.hint.unwrap_or((
            "the API server checks every field of an object before it takes it",
            "mend what is named, and apply again",
        ));
        Err(refuse::invalid(kind.name(), name, &self.list).because(because).way_out(way_out))
    }
}

/// Checks that a manifest names its object: kubectl looks whether it is there before it sends it.
pub(super) fn named(kind: Kind, meta: &ObjectMeta) -> Result<(), Refusal> {
    if !meta.name.is_empty() {
        return Ok(());
    }
    let plural = kind.plural();
    let namespace = if kind.is_namespaced() { meta.namespace.as_deref().unwrap_or("default") } else { "" };
    Err(refuse::client(format!(
        "error when retrieving current configuration of:\nResource: \"/v1, Resource={plural}\", GroupVersionKind: \"/v1, \
         Kind={}\"\nName: \"\", Namespace: \"{namespace}\"\nfrom server for: \"STDIN\": resource name may not be empty",
        kind.name()
    ))
    .because("the manifest has no metadata.name")
    .way_out("add a name below metadata"))
}

/// Checks an object that is nothing but its metadata.
pub(super) fn object(kind: Kind, meta: &ObjectMeta) -> Result<(), Refusal> {
    let mut problems = Problems::default();
    check_meta(kind, meta, &mut problems);
    problems.refuse(kind, &meta.name)
}

/// Checks a pod.
pub(super) fn pod(meta: &ObjectMeta, spec: &PodSpec) -> Result<(), Refusal> {
    let mut problems = Problems::default();
    check_meta(Kind::Pod, meta, &mut problems);
    let volumes = volume::check(&spec.volumes, &mut problems);
    container::check(spec, &volumes, &mut problems);
    if let Some(seconds) = spec.termination_grace_period_seconds.filter(|&seconds| seconds < 0) {
        let path = "spec.terminationGracePeriodSeconds";
        problems.add(path, format_args!("Invalid value: {seconds}: must be greater than or equal to 0"));
    }
    container::check_images(spec, &mut problems);
    problems.refuse(Kind::Pod, &meta.name)
}

/// [apimachinery ValidateObjectMeta]
fn check_meta(kind: Kind, meta: &ObjectMeta, problems: &mut Problems) {
    let wrong = match kind {
        Kind::Namespace => format::label(&meta.name),
        _ => format::subdomain(&meta.name),
    };
    problems.check("metadata.name", &meta.name, wrong);
    problems.explain(0, "names end up in DNS names", "use small letters, digits and hyphens");
    let before = problems.list.len();
    for (key, value) in &meta.labels {
        problems.check("metadata.labels", key, format::qualified_name(key));
        problems.check("metadata.labels", value, format::label_value(value));
    }
    problems.explain(
        before,
        "labels are what selectors match, so their keys and values are short and plain",
        "use letters, digits, - _ and . in it, or make it an annotation: those hold any text",
    );
    let before = problems.list.len();
    for key in meta.annotations.keys() {
        // Capital letters are legal in the prefix of an annotation's key alone.
        problems.check("metadata.annotations", key, format::qualified_name(&key.to_lowercase()));
    }
    let bytes: usize = meta.annotations.iter().map(|(key, value)| key.len() + value.len()).sum();
    if bytes > ANNOTATION_BYTES {
        // 1.32 and later; before: "must have at most 262144 bytes". UNSOURCED which of them 1.32 itself says.
        let path = "metadata.annotations";
        problems.add(path, format_args!("Too long: may not be more than {ANNOTATION_BYTES} bytes"));
    }
    problems.explain(
        before,
        "the keys of annotations are names, with or without a domain before them, and there is an end to their size",
        "write the key as name or example.com/name, and put large texts elsewhere",
    );
}
