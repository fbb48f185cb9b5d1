//! The Kubernetes API of a cluster, as `kubectl` uses it: manifests are applied, objects are read and deleted.
//!
//! The words of a refusal are those that the API server or kubectl prints.

mod apply;
mod context;
mod create_token;
mod decode;
mod decode_token;
mod delete;
mod get;
pub(crate) mod kind;
mod kinds_not_modelled;
mod manifest;
pub(crate) mod refuse;
mod shape;
mod validate;
pub(super) mod whom;
mod written;
mod yaml;

use super::{Entry, change, query};

/// The operations of Kubernetes, in the order of help.
pub(super) const TABLE: &[Entry] = &[
    change::<apply::Apply>(),
    query::<get::Get>(),
    change::<delete::Delete>(),
    query::<create_token::CreateToken>(),
    query::<decode_token::DecodeToken>(),
];
