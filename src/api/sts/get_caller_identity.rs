//! Who am I? It needs no permission. [STS API GetCallerIdentity]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::refusal::Refusal;
use crate::api::{Operation, Query};
use crate::world::World;
use crate::world::names::ACCOUNT;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Request {}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Response {
    user_id: String,
    account: &'static str,
    arn: String,
}

pub(super) struct GetCallerIdentity;

impl Operation for GetCallerIdentity {
    const SERVICE: &'static str = "sts";
    const NAME: &'static str = "GetCallerIdentity";
    const SUMMARY: &'static str = "Says whose operations these are";
    const SEARCH: &'static [&'static str] = &["whoami", "account", "user"];
    const EXAMPLE: &'static str = r#"sts.get_caller_identity().Arn"#;
    type Request = Request;
    type Response = Response;
}

impl Query for GetCallerIdentity {
    fn call(world: &World, _request: Request) -> Result<Response, Refusal> {
        Ok(Response { user_id: world.user_id(), account: ACCOUNT, arn: world.user_arn() })
    }
}
