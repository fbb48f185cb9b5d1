//! An issuer that this account believes, and for which audiences.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::lookup;
use crate::api::refusal::Refusal;
use crate::api::{Operation, Query};
use crate::model::noun::Noun;
use crate::model::time::Moment;
use crate::world::World;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The provider's ARN.
    #[serde(rename = "OpenIDConnectProviderArn")]
    #[schemars(extend("noun" = Noun::IdentityProvider))]
    open_id_connect_provider_arn: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Response {
    url: String,
    #[serde(rename = "ClientIDList")]
    client_ids: Vec<String>,
    thumbprint_list: Vec<String>,
    create_date: Moment,
}

pub(super) struct GetOpenIDConnectProvider;

impl Operation for GetOpenIDConnectProvider {
    const SERVICE: &'static str = "iam";
    const NAME: &'static str = "GetOpenIDConnectProvider";
    const SUMMARY: &'static str = "Shows an OpenID Connect provider and the audiences that it accepts";
    const SEARCH: &'static [&'static str] = &["describe", "oidc", "audience", "client id"];
    const EXAMPLE: &'static str = r#"
let provider = iam.create_open_id_connect_provider(#{ Url: "https://oidc.eks.us-east-1.amazonaws.com/id/EXAMPLE", ClientIDList: ["sts.amazonaws.com"] });
iam.get_open_id_connect_provider(#{ OpenIDConnectProviderArn: provider.OpenIDConnectProviderArn }).ClientIDList"#;
    type Request = Request;
    type Response = Response;
}

impl Query for GetOpenIDConnectProvider {
    fn call(world: &World, request: Request) -> Result<Response, Refusal> {
        let id = lookup::provider(world, &request.open_id_connect_provider_arn)?;
        let provider = &world.iam.providers[id];
        let texts = |list: &[Box<str>]| list.iter().map(ToString::to_string).collect();
        Ok(Response {
            url: provider.url.to_string(),
            client_ids: texts(&provider.client_ids),
            thumbprint_list: texts(&provider.thumbprints),
            create_date: provider.created_at,
        })
    }
}
