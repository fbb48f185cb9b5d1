//! What longshore takes an image for: what was defined, what is known of a public image, or what is assumed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::refusal::Refusal;
use crate::api::{Operation, Query};
use crate::model::noun::Noun;
use crate::model::profile::Profile;
use crate::workload;
use crate::world::World;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The image as container definitions name it.
    #[schemars(extend("noun" = Noun::Image))]
    image: String,
}

/// Where the knowledge comes from.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Known {
    Defined,
    Public,
    Assumed,
}

#[derive(Serialize)]
pub(super) struct Response {
    image: String,
    known: Known,
    profile: Profile,
}

pub(super) struct Describe;

impl Operation for Describe {
    const SERVICE: &'static str = "image";
    const NAME: &'static str = "Describe";
    const SUMMARY: &'static str = "Shows what an image is taken for, and how it behaves without a command of its own";
    const SEARCH: &'static [&'static str] = &["profile", "behaviour", "show"];
    const ARGUMENTS: &'static [&'static str] = &["image"];
    const EXAMPLE: &'static str = r#"image.describe("nginx:1.27").known"#;
    type Request = Request;
    type Response = Response;
}

impl Query for Describe {
    fn call(world: &World, request: Request) -> Result<Response, Refusal> {
        let image = request.image;
        let (known, profile) = match world.images.defined(&image) {
            Some(id) => (Known::Defined, world.images.profile(id).clone()),
            None if workload::is_public(&image) => (Known::Public, workload::assume(&image, &[])),
            None => (Known::Assumed, workload::assume(&image, &[])),
        };
        Ok(Response { image, known, profile })
    }
}
