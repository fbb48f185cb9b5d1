//! Says how the program in an image behaves: when it is ready, when and how it ends, what memory it takes.
//!
//! What already runs keeps its behaviour, and so does a deployment that has resolved the image: define it again and
//! force a new deployment, as one does after pushing over a tag.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::refusal::Refusal;
use crate::api::{Change, Operation};
use crate::model::id::FactId;
use crate::model::profile::Profile;
use crate::model::time::Millis;
use crate::world::World;

/// [API ContainerDefinition.image]
const NAME: usize = 255;
/// Points that a line over time may have. A limit of longshore's own.
const POINTS: usize = 100;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The image exactly as container definitions name it, such as `my-app:v2`.
    image: String,
    /// How it behaves; every member has a default.
    #[serde(default)]
    profile: Profile,
}

#[derive(Serialize)]
pub(super) struct Response {
    image: String,
    profile: Profile,
}

pub(super) struct Define;

impl Operation for Define {
    const SERVICE: &'static str = "image";
    const NAME: &'static str = "Define";
    const SUMMARY: &'static str = "Says how the program in an image behaves when it runs";
    const SEARCH: &'static [&'static str] = &["boot", "slow start", "exit code", "memory leak", "sigterm", "docker"];
    const ARGUMENTS: &'static [&'static str] = &["image", "profile"];
    const EXAMPLE: &'static str = r#"image.define("my-app:v2", #{ boot: "20s", exit: #{ code: 1, after: "5s" }, ports: [8080] }).profile.exit.code"#;
    type Request = Request;
    type Response = Response;
}

impl Change for Define {
    fn call(world: &mut World, _asked: FactId, request: Request) -> Result<Response, Refusal> {
        let Request { image, profile } = request;
        check_name(&image)?;
        check_points("memory", profile.memory.iter().map(|point| point.at))?;
        check_points("health", profile.health.iter().map(|point| point.at))?;
        world.images.define(&image, profile.clone());
        Ok(Response { image, profile })
    }
}

fn check_name(image: &str) -> Result<(), Refusal> {
    let printable = image.chars().all(|c| c.is_ascii_graphic());
    if !image.is_empty() && image.len() <= NAME && printable {
        return Ok(());
    }
    Err(Refusal::invalid_parameter("Container.image contains invalid characters")
        .because(format!("an image's name has 1 to {NAME} characters and no blanks"))
        .way_out("write it like \"my-app:v2\"")
        .at(["image"]))
}

/// The moments of a line over time rise.
fn check_points(member: &str, moments: impl Iterator<Item = Millis>) -> Result<(), Refusal> {
    let moments: Vec<Millis> = moments.collect();
    let refuse = |because: String, way_out: &str| {
        Err(Refusal::invalid_parameter(format!("profile.{member} makes no line over time."))
            .because(because)
            .way_out(way_out)
            .at(["profile", member]))
    };
    if moments.len() > POINTS {
        return refuse(format!("it has {} points", moments.len()), "100 points are enough for any line");
    }
    match moments.windows(2).find(|pair| pair[0] >= pair[1]) {
        Some(pair) => {
            refuse(format!("{} comes after {}", pair[1], pair[0]), "sort the points by `at`, each moment once")
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::api::{Kind, find};
    use crate::world::World;

    fn define(world: &mut World, request: Value) -> Result<Value, String> {
        let Kind::Change(change) = find("image", "define").expect("in the table").kind else {
            panic!("it changes things")
        };
        change(world, request).map(|answered| answered.response).map_err(|refusal| refusal.message)
    }

    #[test]
    fn a_profile_has_to_make_sense() {
        let mut world = World::new(42);
        let digest = world.digest();
        let memory = json!([{ "at": "1m", "mib": 10 }, { "at": "10s", "mib": 20 }]);
        for (request, sentence) in [
            (json!({ "image": "" }), "Container.image contains invalid characters"),
            (json!({ "image": "two words" }), "Container.image contains invalid characters"),
            (json!({ "image": "a", "profile": { "memory": memory } }), "profile.memory makes no line over time."),
            (
                json!({ "image": "a", "profile": { "boot": 5 } }),
                "Parameter validation failed: Invalid type for parameter profile.boot, value: 5, type: integer, valid types: string",
            ),
            (
                json!({ "image": "a", "profile": { "boot": "soon" } }),
                "Parameter validation failed: Invalid value for parameter profile.boot: \"soon\"",
            ),
            (
                json!({ "image": "a", "profile": { "exit": { "code": 300 } } }),
                "Parameter validation failed: Invalid type for parameter profile.exit.code, value: 300, type: integer, valid types: integer from 0 to 255",
            ),
        ] {
            assert_eq!(define(&mut world, request), Err(sentence.to_owned()));
        }
        assert_eq!(world.digest(), digest);
        let response = define(&mut world, json!({ "image": "my-app:v2", "profile": { "boot": "20s" } })).expect("good");
        assert_eq!(response["profile"]["boot"], "20s");
        assert!(world.images.defined("my-app:v2").is_some());
    }
}
