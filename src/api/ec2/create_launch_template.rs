//! A launch template says how instances begin. Here it says one thing: how many hops an answer of the instance metadata
//! service may take, and so whether pods get the role of their node.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::template::{self, Shown};
use crate::api::refusal::Refusal;
use crate::api::{Change, Operation};
use crate::model::id::FactId;
use crate::world::World;
use crate::world::launch_template::LaunchTemplate;

/// How many hops a template may name. [EC2API InstanceMetadataOptionsRequest]
const HOPS: std::ops::RangeInclusive<i64> = 1..=64;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The template's name: 3 to 128 letters, digits and `-()./_`.
    launch_template_name: String,
    /// What instances begin with.
    launch_template_data: Data,
}

/// [EC2API RequestLaunchTemplateData]
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Data {
    /// How the metadata service of the instance answers.
    metadata_options: Option<MetadataOptions>,
}

/// [EC2API LaunchTemplateInstanceMetadataOptionsRequest]
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct MetadataOptions {
    /// How many hops an answer may take: 1 ends on the instance, 2 reaches its pods.
    http_put_response_hop_limit: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Response {
    launch_template: Shown,
}

pub(super) struct CreateLaunchTemplate;

impl Operation for CreateLaunchTemplate {
    const SERVICE: &'static str = "ec2";
    const NAME: &'static str = "CreateLaunchTemplate";
    const SUMMARY: &'static str =
        "Says how instances begin: how many hops the answer of their metadata service may take";
    const SEARCH: &'static [&'static str] = &["hop limit", "imds", "metadata", "node", "instance", "credentials"];
    const EXAMPLE: &'static str = r#"
ec2.create_launch_template(#{
    LaunchTemplateName: "two-hops", LaunchTemplateData: #{ MetadataOptions: #{ HttpPutResponseHopLimit: 2 } },
}).LaunchTemplate.LaunchTemplateId"#;
    type Request = Request;
    type Response = Response;
}

impl Change for CreateLaunchTemplate {
    fn call(world: &mut World, _asked: FactId, request: Request) -> Result<Response, Refusal> {
        let name = request.launch_template_name;
        check_name(world, &name)?;
        let hops =
            request.launch_template_data.metadata_options.and_then(|options| options.http_put_response_hop_limit);
        let hops = hops.map(check_hops).transpose()?;
        if world.launch_templates.all.len() >= world.tuning.objects_ever {
            return Err(Refusal::lab_is_full("launch templates", world.tuning.objects_ever));
        }
        let template = LaunchTemplate { name: name.into(), hops, created_at: world.now };
        let id = world.launch_templates.add(template);
        Ok(Response { launch_template: template::shown(world, id) })
    }
}

/// The codes are EC2's; the sentences are UNSOURCED.
fn check_name(world: &World, name: &str) -> Result<(), Refusal> {
    let legal = |letter: char| letter.is_ascii_alphanumeric() || "-()./_".contains(letter);
    if !(3..=128).contains(&name.len()) || !name.chars().all(legal) {
        return Err(Refusal::new(
            "InvalidLaunchTemplateName.MalformedException",
            "A launch template name must be between 3 and 128 characters, and may contain letters, numbers, and the \
             following characters: - ( ) . / _.",
        )
        .because(format!("the name is `{name}`"))
        .way_out("write such a name: \"two-hops\"")
        .at(["LaunchTemplateName"]));
    }
    if world.launch_templates.by_name.contains_key(name) {
        return Err(Refusal::new(
            "InvalidLaunchTemplateName.AlreadyExistsException",
            "Launch template name already in use.",
        )
        .because(format!("there is a launch template `{name}`"))
        .way_out("use that one, or pick another name")
        .at(["LaunchTemplateName"]));
    }
    Ok(())
}

/// The code is EC2's; the sentence is UNSOURCED.
fn check_hops(hops: i64) -> Result<u8, Refusal> {
    u8::try_from(hops).ok().filter(|_| HOPS.contains(&hops)).ok_or_else(|| {
        let message = format!("Invalid value '{hops}' for HttpPutResponseHopLimit. Value must be between 1 and 64.");
        Refusal::new("InvalidParameterValue", message)
            .because("an answer ends on its instance after one hop, and no network needs more than 64")
            .way_out("write 2, so that pods get the answer, or 1")
            .at(["LaunchTemplateData", "MetadataOptions", "HttpPutResponseHopLimit"])
    })
}
