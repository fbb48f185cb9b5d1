//! Launch templates of EC2, as far as they decide something here: how far an instance's metadata service answers.

use std::collections::BTreeMap;

use crate::kernel::arena::Arena;
use crate::kernel::chance;
use crate::model::id::{Id, LaunchTemplateId};
use crate::model::time::Moment;
use crate::world::World;

/// All launch templates of one account and Region.
#[derive(Clone, Debug, Default, Hash)]
pub struct LaunchTemplates {
    /// In the order of creation.
    pub all: Arena<LaunchTemplateId, LaunchTemplate>,
    /// By their names, which are unique.
    pub by_name: BTreeMap<Box<str>, LaunchTemplateId>,
}

/// A launch template, of which there is one version.
#[derive(Clone, Debug, Hash)]
pub struct LaunchTemplate {
    /// Its name.
    pub name: Box<str>,
    /// How many hops it lets an answer of the metadata service take, if it says so.
    pub hops: Option<u8>,
    /// When it was created.
    pub created_at: Moment,
}

impl LaunchTemplate {
    /// The only version, which is the default and the latest one.
    pub const VERSION: u64 = 1;

    /// How many hops an answer of the metadata service may take: one where the template does not say. [EC2API
    /// LaunchTemplateInstanceMetadataOptionsRequest]
    pub fn hop_limit(&self) -> u8 {
        self.hops.unwrap_or(1)
    }
}

impl LaunchTemplates {
    /// Adds a template under its name, which nobody has.
    pub fn add(&mut self, template: LaunchTemplate) -> LaunchTemplateId {
        let name = template.name.clone();
        let id = self.all.add(template);
        self.by_name.insert(name, id);
        id
    }
}

impl World {
    /// `lt-` and 17 hex digits. The first eight are a permutation of the number, so reading it back needs no index.
    pub fn launch_template_id(&self, id: LaunchTemplateId) -> String {
        let head = chance::shuffle(id.number(), self.seed, LaunchTemplateId::KIND);
        let tail = chance::roll(self.seed, LaunchTemplateId::KIND, "tail", u64::from(id.number())) >> (64 - 36);
        format!("lt-{head:08x}{tail:09x}")
    }

    /// The template with this `lt-…`.
    pub fn find_launch_template(&self, text: &str) -> Option<LaunchTemplateId> {
        let head = u32::from_str_radix(text.strip_prefix("lt-")?.get(..8)?, 16).ok()?;
        let id = LaunchTemplateId::new(chance::unshuffle(head, self.seed, LaunchTemplateId::KIND));
        let known = self.launch_templates.all.get(id).is_some() && self.launch_template_id(id) == text;
        known.then_some(id)
    }
}
