//! The images that were defined in this lab.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::refusal::Refusal;
use crate::api::{Operation, Query};
use crate::world::World;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Request {}

#[derive(Serialize)]
pub(super) struct Response {
    images: Vec<String>,
}

pub(super) struct List;

impl Operation for List {
    const SERVICE: &'static str = "image";
    const NAME: &'static str = "List";
    const SUMMARY: &'static str = "Lists the images that were defined in this lab";
    const SEARCH: &'static [&'static str] = &["all", "which"];
    const EXAMPLE: &'static str = r#"image.list().images"#;
    type Request = Request;
    type Response = Response;
}

impl Query for List {
    fn call(world: &World, _request: Request) -> Result<Response, Refusal> {
        Ok(Response { images: world.images.iter().map(|(name, _)| name.to_owned()).collect() })
    }
}
