//! Shows launch templates by name or id.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::template::{self, Shown};
use crate::api::refusal::Refusal;
use crate::api::{Operation, Query};
use crate::model::noun::Noun;
use crate::world::World;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Request {
    /// Names of templates; all of them without any.
    #[serde(default)]
    #[schemars(extend("noun" = Noun::LaunchTemplateName))]
    launch_template_names: Vec<String>,
    /// Their ids.
    #[serde(default)]
    launch_template_ids: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Response {
    launch_templates: Vec<Shown>,
}

pub(super) struct DescribeLaunchTemplates;

impl Operation for DescribeLaunchTemplates {
    const SERVICE: &'static str = "ec2";
    const NAME: &'static str = "DescribeLaunchTemplates";
    const SUMMARY: &'static str = "Shows launch templates";
    const SEARCH: &'static [&'static str] = &["show", "list", "hop limit", "node", "instance"];
    const EXAMPLE: &'static str = "ec2.describe_launch_templates().LaunchTemplates";
    type Request = Request;
    type Response = Response;
}

impl Query for DescribeLaunchTemplates {
    fn call(world: &World, request: Request) -> Result<Response, Refusal> {
        let mut found = Vec::new();
        for (index, name) in request.launch_template_names.iter().enumerate() {
            let place = ["LaunchTemplateNames".to_owned(), index.to_string()];
            found.push(template::by_name(world, name).map_err(|refusal| refusal.at(place))?);
        }
        for (index, id) in request.launch_template_ids.iter().enumerate() {
            let place = ["LaunchTemplateIds".to_owned(), index.to_string()];
            found.push(template::by_id(world, id).map_err(|refusal| refusal.at(place))?);
        }
        if request.launch_template_names.is_empty() && request.launch_template_ids.is_empty() {
            found.extend(world.launch_templates.all.iter().map(|(id, _)| id));
        }
        Ok(Response { launch_templates: found.into_iter().map(|id| template::shown(world, id)).collect() })
    }
}
