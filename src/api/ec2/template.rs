//! Launch templates as EC2 shows them, and what it says when there is none.

use serde::Serialize;

use crate::api::refusal::Refusal;
use crate::model::id::LaunchTemplateId;
use crate::model::meant;
use crate::model::time::Moment;
use crate::world::World;
use crate::world::launch_template::LaunchTemplate;

/// [EC2API LaunchTemplate]
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Shown {
    launch_template_id: String,
    launch_template_name: Box<str>,
    create_time: Moment,
    created_by: String,
    default_version_number: u64,
    latest_version_number: u64,
}

/// A template as EC2 shows it.
pub(super) fn shown(world: &World, id: LaunchTemplateId) -> Shown {
    let template = &world.launch_templates.all[id];
    Shown {
        launch_template_id: world.launch_template_id(id),
        launch_template_name: template.name.clone(),
        create_time: template.created_at,
        created_by: world.user_arn(),
        default_version_number: LaunchTemplate::VERSION,
        latest_version_number: LaunchTemplate::VERSION,
    }
}

/// The template with this name. The code is EC2's; the sentence is UNSOURCED.
pub(in crate::api) fn by_name(world: &World, name: &str) -> Result<LaunchTemplateId, Refusal> {
    world.launch_templates.by_name.get(name).copied().ok_or_else(|| {
        let known = world.launch_templates.by_name.keys().map(|name| &**name);
        Refusal::new(
            "InvalidLaunchTemplateName.NotFoundException",
            format!("The specified launch template, with template name {name}, does not exist."),
        )
        .because(format!("EC2 has no launch template `{name}`"))
        .way_out(meant::another(name, known, "ec2.create_launch_template(#{ … })"))
    })
}

/// The template with this id. The code is EC2's; the sentence is UNSOURCED.
pub(in crate::api) fn by_id(world: &World, id: &str) -> Result<LaunchTemplateId, Refusal> {
    world.find_launch_template(id).ok_or_else(|| {
        Refusal::new(
            "InvalidLaunchTemplateId.NotFound",
            format!("The specified launch template, with template ID {id}, does not exist."),
        )
        .because(format!("EC2 has no launch template `{id}`"))
        .way_out("list them: ec2.describe_launch_templates().LaunchTemplates")
    })
}
