//! No longer believes an issuer. Roles that name it stay, and nobody gets in through it any more.
//!
//! Deleting one that is not there is no mistake. [IAM API DeleteOpenIDConnectProvider]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::lookup;
use crate::api::refusal::Refusal;
use crate::api::{Change, Operation};
use crate::model::id::FactId;
use crate::model::noun::Noun;
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
pub(super) struct Response {}

pub(super) struct DeleteOpenIDConnectProvider;

impl Operation for DeleteOpenIDConnectProvider {
    const SERVICE: &'static str = "iam";
    const NAME: &'static str = "DeleteOpenIDConnectProvider";
    const SUMMARY: &'static str = "Deletes an OpenID Connect provider";
    const SEARCH: &'static [&'static str] = &["remove", "oidc"];
    const EXAMPLE: &'static str = r#"
let provider = iam.create_open_id_connect_provider(#{ Url: "https://oidc.eks.us-east-1.amazonaws.com/id/EXAMPLE", ClientIDList: ["sts.amazonaws.com"] });
iam.delete_open_id_connect_provider(#{ OpenIDConnectProviderArn: provider.OpenIDConnectProviderArn })"#;
    type Request = Request;
    type Response = Response;
}

impl Change for DeleteOpenIDConnectProvider {
    fn call(world: &mut World, _asked: FactId, request: Request) -> Result<Response, Refusal> {
        if let Some(id) = lookup::find_provider(world, &request.open_id_connect_provider_arn) {
            let url = world.iam.providers[id].url.clone();
            world.iam.provider_by_url.remove(&url);
        }
        Ok(Response {})
    }
}
