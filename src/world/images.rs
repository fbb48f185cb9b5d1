//! Which image behaves how: what people defined in this world, over what longshore assumes.
//!
//! An id stands for one content of an image, as a digest does: an image that is defined again gets a new id, so what
//! already runs keeps its behaviour, and a deployment keeps what it resolved first.

use std::collections::BTreeMap;

use crate::kernel::arena::Arena;
use crate::model::id::ImageId;
use crate::model::profile::Profile;

/// The images that have been named so far.
#[derive(Clone, Debug, Default, Hash)]
pub struct Images {
    profiles: Arena<ImageId, Profile>,
    defined: BTreeMap<Box<str>, ImageId>,
    assumed: BTreeMap<(Box<str>, Box<[String]>), ImageId>,
}

impl Images {
    /// Says how the program in an image behaves, from now on and whatever its command.
    pub fn define(&mut self, name: &str, profile: Profile) -> ImageId {
        let id = self.profiles.add(profile);
        self.defined.insert(name.into(), id);
        id
    }

    /// The image that somebody defined under exactly this name.
    pub fn defined(&self, name: &str) -> Option<ImageId> {
        self.defined.get(name).copied()
    }

    /// The image with this name and command; `assume` says how it behaves where nobody has defined it.
    pub fn resolve(&mut self, name: &str, command: &[String], assume: impl FnOnce() -> Profile) -> ImageId {
        if let Some(id) = self.defined(name) {
            return id;
        }
        let key = (name.into(), command.into());
        if let Some(&id) = self.assumed.get(&key) {
            return id;
        }
        let id = self.profiles.add(assume());
        self.assumed.insert(key, id);
        id
    }

    /// How the program in an image behaves.
    pub fn profile(&self, id: ImageId) -> &Profile {
        &self.profiles[id]
    }

    /// Every defined name with its behaviour, in alphabetical order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Profile)> {
        self.defined.iter().map(|(name, &id)| (&**name, &self.profiles[id]))
    }
}
