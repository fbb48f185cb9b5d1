//! Says how the program in an image behaves: when it is ready, when and how it ends, what memory it takes.
//!
//! What already runs keeps its behaviour, and so does a deployment that has resolved the image: define it again and
//! force a new deployment, as one does after pushing over a tag.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::refusal::Refusal;
use crate::api::{Change, Operation};
use crate::model::id::FactId;
use crate::model::noun::Noun;
use crate::model::profile::Profile;
use crate::model::time::Millis;
use crate::world::World;

/// [API ContainerDefinition.image]
const NAME: usize = 255;
/// Points that a line over time may have. A limit of longshore's own.
const POINTS: usize = 100;
/// The longest time in a profile. A limit of longshore's own: the steepest line over it can still be computed.
const LONGEST: Millis = Millis::minutes(365 * 24 * 60);
/// The largest image in MB, a terabyte. A limit of longshore's own.
const SIZE_MB: u32 = 1 << 20;
/// The most memory in MiB, 32 TiB: as much as the largest container instance. A limit of longshore's own.
const MEMORY_MIB: u32 = 1 << 25;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The image exactly as container definitions name it, such as `my-app:v2`.
    #[schemars(extend("noun" = Noun::Image))]
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
        check_sizes(&profile)?;
        check_times(&profile)?;
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

/// Sizes are such that sums and products of them are numbers still.
fn check_sizes(profile: &Profile) -> Result<(), Refusal> {
    let memory = profile.memory.iter().map(|point| point.mib).max().unwrap_or_default();
    for (member, size, most, unit) in
        [("sizeMb", profile.size_mb, SIZE_MB, "MB"), ("memory", memory, MEMORY_MIB, "MiB")]
    {
        if size > most {
            return Err(Refusal::invalid_parameter(format!("profile.{member} is too large."))
                .because(format!("it says {size} {unit}, and {most} {unit} is the most"))
                .way_out("write a smaller number")
                .at(["profile", member]));
        }
    }
    match profile.ports.iter().position(|&port| port == 0) {
        Some(index) => Err(Refusal::invalid_parameter("profile.ports has a port that cannot be.")
            .because("nothing listens on port 0")
            .way_out("write ports from 1 to 65535")
            .at(["profile".to_owned(), "ports".to_owned(), index.to_string()])),
        None => Ok(()),
    }
}

/// Nothing takes longer than the longest time.
fn check_times(profile: &Profile) -> Result<(), Refusal> {
    let last = |moments: &mut dyn Iterator<Item = Millis>| moments.max().unwrap_or_default();
    for (member, time) in [
        ("boot", profile.boot),
        ("exit", profile.exit.map(|exit| exit.after).unwrap_or_default()),
        ("memory", last(&mut profile.memory.iter().map(|point| point.at))),
        ("health", last(&mut profile.health.iter().map(|point| point.at))),
        ("sigterm", profile.sigterm.after),
    ] {
        if time > LONGEST {
            return Err(Refusal::invalid_parameter(format!("profile.{member} takes too long."))
                .because(format!("it says {time}, and {LONGEST} is the longest"))
                .way_out("write a shorter time; what never happens is left away")
                .at(["profile", member]));
        }
    }
    Ok(())
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

    /// The largest numbers that are accepted: an instance runs two such images, and nothing overflows.
    #[test]
    fn the_largest_profile_can_run() {
        use crate::api::trial::{call, run_task, wait};
        let mut world = World::new(42);
        call(&mut world, "ecs.create_cluster", json!({ "clusterName": "prod" })).expect("it is new");
        let total = json!([{ "name": "CPU", "integerValue": 1024 }, { "name": "MEMORY", "integerValue": 1024 }]);
        let request = json!({ "cluster": "prod", "totalResources": total });
        call(&mut world, "ecs.register_container_instance", request).expect("good");
        let memory = json!([{ "at": "0s", "mib": 0 }, { "at": "365days", "mib": super::MEMORY_MIB }]);
        for image in ["a", "b"] {
            let profile = json!({ "sizeMb": super::SIZE_MB, "memory": memory, "boot": "365days" });
            call(&mut world, "image.define", json!({ "image": image, "profile": profile })).expect("just so");
        }
        let container = |name: &str| json!({ "name": name, "image": name, "memory": 128 });
        let task = run_task(&mut world, "prod", json!([container("a"), container("b")]));
        wait(&mut world, 24 * 60 * 60);
        assert!(world.ecs.tasks[task].times.started.is_some(), "the pull takes hours, not for ever");
        let id = world.images.defined("a").expect("it is defined");
        let age = crate::model::time::Millis::minutes(365 * 24 * 60 - 1);
        assert!(world.images.profile(id).memory_at(age) < super::MEMORY_MIB);
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
            (json!({ "image": "a", "profile": { "sizeMb": 4_000_000_000_u32 } }), "profile.sizeMb is too large."),
            (
                json!({ "image": "a", "profile": { "memory": [{ "at": "0s", "mib": 4_000_000_000_u32 }] } }),
                "profile.memory is too large.",
            ),
            (json!({ "image": "a", "profile": { "ports": [80, 0] } }), "profile.ports has a port that cannot be."),
            (json!({ "image": "a", "profile": { "boot": "400days" } }), "profile.boot takes too long."),
            (json!({ "image": "a", "profile": { "exit": { "after": "2years" } } }), "profile.exit takes too long."),
            (
                json!({ "image": "a", "profile": { "sigterm": { "after": "2years" } } }),
                "profile.sigterm takes too long.",
            ),
            (
                json!({ "image": "a", "profile": { "memory": [{ "at": "2years", "mib": 1 }] } }),
                "profile.memory takes too long.",
            ),
            (
                json!({ "image": "a", "profile": { "health": [{ "at": "2years", "healthy": false }] } }),
                "profile.health takes too long.",
            ),
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
