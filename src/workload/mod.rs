//! Floor 3: how programs behave that nobody has described with `image.define`.
//!
//! An image is assumed to be the well-known one of its name, its command to be what it says, and anything else a small
//! server that starts at once and runs for ever. What was assumed is said to the user where the image is used first.

mod command;
mod public_images;

use crate::model::id::ImageId;
use crate::model::profile::Profile;
use crate::world::images::Images;

/// What an image's name stands for at this moment, with the parts of its command one after the other. Of a program that
/// nobody has described something is assumed.
pub fn resolve(images: &mut Images, image: &str, command: [&[String]; 2]) -> ImageId {
    let command = command.concat();
    images.resolve(image, &command, || assume(image, &command))
}

/// How the program in an image behaves, as far as its name and command tell.
pub fn assume(image: &str, command: &[String]) -> Profile {
    let known = public_images::profile(repository(image)).unwrap_or_default();
    match command::exit(command) {
        command::Reading::Ends(exit) => Profile { exit: Some(exit), ..known },
        command::Reading::RunsForever => Profile { exit: None, ..known },
        command::Reading::Unknown => known,
    }
}

/// Whether longshore knows this image by its name.
pub fn is_public(image: &str) -> bool {
    public_images::profile(repository(image)).is_some()
}

/// The last part of an image's repository: `public.ecr.aws/nginx/nginx:1.27` is `nginx`.
fn repository(image: &str) -> &str {
    let without_digest = image.split('@').next().unwrap_or(image);
    let last = without_digest.rsplit('/').next().unwrap_or(without_digest);
    last.split(':').next().unwrap_or(last)
}
