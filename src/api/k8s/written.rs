//! What somebody gives to `k8s.apply`: text, a map or a list, and the manifests that it comes to.
//!
//! It is read once, for its notices and for what is done with it.

use std::borrow::Cow;
use std::cell::OnceCell;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde_json::Value;

use super::decode;
use super::kind::Kind;
use super::manifest::{self, Document, Place};
use crate::api::refusal::Refusal;
use crate::model::kubernetes::manifest::{NamespaceManifest, PodManifest, ServiceAccountManifest};

/// Manifests as somebody wrote them.
#[derive(Deserialize)]
#[serde(from = "Value")]
pub(super) struct Written {
    value: Value,
    read: OnceCell<Result<Vec<Read>, Refusal>>,
}

/// A document that was read, with what was left out of it.
pub(super) struct Read {
    place: Place,
    manifest: Result<Manifest, Refusal>,
    notices: Vec<String>,
}

/// A manifest of one of the kinds.
pub(super) enum Manifest {
    Namespace(NamespaceManifest),
    Account(ServiceAccountManifest),
    Pod(PodManifest),
}

impl From<Value> for Written {
    fn from(value: Value) -> Written {
        Written { value, read: OnceCell::new() }
    }
}

impl JsonSchema for Written {
    fn schema_name() -> Cow<'static, str> {
        "Manifest".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["object", "string"], "title": "manifest" })
    }
}

impl Written {
    /// What is left out of the documents that can be read.
    pub(super) fn notices(&self) -> Vec<String> {
        let documents = self.read.get_or_init(|| read_all(self.value.clone())).as_deref().unwrap_or_default();
        documents.iter().filter(|read| read.manifest.is_ok()).flat_map(|read| read.notices.clone()).collect()
    }

    /// The documents, before anything is known of what they say.
    ///
    /// # Errors
    /// What kubectl says of text that holds none.
    pub(super) fn documents(self) -> Result<Vec<Read>, Refusal> {
        let Written { value, read } = self;
        read.into_inner().unwrap_or_else(|| read_all(value))
    }
}

/// The manifests of documents, each with its place.
///
/// # Errors
/// What the API server says of the first that is none.
pub(super) fn manifests(documents: Vec<Read>) -> Result<Vec<(Place, Manifest)>, Refusal> {
    let each = documents.into_iter().map(|Read { place, manifest, .. }| match manifest {
        Ok(manifest) => Ok((place, manifest)),
        Err(refusal) => Err(place.tell(refusal)),
    });
    each.collect()
}

fn read_all(value: Value) -> Result<Vec<Read>, Refusal> {
    Ok(manifest::documents(value)?.into_iter().map(read).collect())
}

fn read(document: Document) -> Read {
    let Document { kind, content, place } = document;
    let mut notices = Vec::new();
    let manifest = match kind {
        Kind::Namespace => decode::manifest(kind, content, &mut notices).map(Manifest::Namespace),
        Kind::ServiceAccount => decode::manifest(kind, content, &mut notices).map(Manifest::Account),
        Kind::Pod => decode::manifest(kind, content, &mut notices).map(Manifest::Pod),
        Kind::Node => Err(Refusal::not_modelled("nodes that people write")),
    };
    Read { place, manifest, notices }
}
