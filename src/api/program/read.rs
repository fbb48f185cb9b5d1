//! Reads a file in a container, as `kubectl exec POD -- cat FILE` does. The lab has the files that matter to who a pod
//! is: the tokens that its volumes bring.

use schemars::JsonSchema;
use serde::Deserialize;

use super::who::{self, Program};
use crate::api::refusal::Refusal;
use crate::api::{Operation, Query};
use crate::kubernetes::token;
use crate::model::token::issue;
use crate::world::World;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Request {
    /// In which pod or task: a pod (its description, `NAME` or `NAMESPACE/NAME`) or an ECS task (its description, ARN
    /// or id).
    program: who::Named,
    /// The file, such as `/var/run/secrets/eks.amazonaws.com/serviceaccount/token`.
    path: String,
    /// The container; the first where nothing is said.
    container: Option<String>,
}

pub(super) struct Read;

impl Operation for Read {
    const SERVICE: &'static str = "program";
    const NAME: &'static str = "Read";
    const SUMMARY: &'static str = "Reads a file in a running container, such as the token of a pod";
    const SEARCH: &'static [&'static str] = &["kubectl exec", "cat", "file", "token", "jwt", "irsa", "web identity"];
    const ARGUMENTS: &'static [&'static str] = &["program", "path"];
    const IS_METHOD: bool = true;
    const EXAMPLE: &'static str = r#"
try {
    program.read("web", "/var/run/secrets/eks.amazonaws.com/serviceaccount/token")
} catch (refusal) {
    refusal.message
}"#;
    type Request = Request;
    type Response = String;
}

impl Query for Read {
    fn call(world: &World, request: Request) -> Result<String, Refusal> {
        let Request { program, path, container } = request;
        let missing = |because: String, way_out: String| {
            let message = format!("cat: {path}: No such file or directory\ncommand terminated with exit code 1");
            Refusal::new("error", message).because(because).way_out(way_out).at(["path"]).by_client()
        };
        match who::program(world, &program, container.as_deref())? {
            Program::InPod(pod, index) => match token::in_file(world, pod, index, &path) {
                Some(claims) => Ok(issue(&claims, world.signing_key(&claims.iss))),
                None => {
                    let files = token::files(&world.kubernetes.pods[pod].spec, who::container(world, pod, index));
                    Err(missing(
                        "of the files in a container longshore has the tokens that volumes bring".to_owned(),
                        match files.is_empty() {
                            true => "mount a projected volume with a serviceAccountToken".to_owned(),
                            false => format!("read {}", files.join(" or ")),
                        },
                    ))
                }
            },
            Program::InTask(..) => Err(missing(
                "ECS puts no token into a container: a task has its role from an address".to_owned(),
                "ask AWS who it is: program.call(task, \"sts:GetCallerIdentity\")".to_owned(),
            )),
        }
    }
}
