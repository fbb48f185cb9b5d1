//! The ARNs of the issuers that this account believes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::refusal::Refusal;
use crate::api::{Operation, Query};
use crate::world::World;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Request {}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Response {
    #[serde(rename = "OpenIDConnectProviderList")]
    providers: Vec<Entry>,
}

pub(super) struct ListOpenIDConnectProviders;

impl Operation for ListOpenIDConnectProviders {
    const SERVICE: &'static str = "iam";
    const NAME: &'static str = "ListOpenIDConnectProviders";
    const SUMMARY: &'static str = "Lists the OpenID Connect providers";
    const SEARCH: &'static [&'static str] = &["all", "which", "oidc", "irsa"];
    const EXAMPLE: &'static str = r#"iam.list_open_id_connect_providers().OpenIDConnectProviderList"#;
    type Request = Request;
    type Response = Response;
}

impl Query for ListOpenIDConnectProviders {
    fn call(world: &World, _request: Request) -> Result<Response, Refusal> {
        let providers = world.iam.provider_by_url.values().map(|&id| Entry { arn: world.iam.providers[id].arn() });
        Ok(Response { providers: providers.collect() })
    }
}

/// [IAM API OpenIDConnectProviderListEntry]
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    arn: String,
}
