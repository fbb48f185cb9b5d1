//! Accepts one more audience from an issuer: the cure for "Incorrect token audience". [semantics/eks.md 6.3]
//!
//! One that is accepted already is no mistake. [IAM API AddClientIDToOpenIDConnectProvider]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::lookup;
use crate::api::constraint;
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
    /// The audience, such as `sts.amazonaws.com`.
    #[serde(rename = "ClientID")]
    client_id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Response {}

pub(super) struct AddClientIDToOpenIDConnectProvider;

impl Operation for AddClientIDToOpenIDConnectProvider {
    const SERVICE: &'static str = "iam";
    const NAME: &'static str = "AddClientIDToOpenIDConnectProvider";
    const SUMMARY: &'static str = "Accepts one more audience in the tokens of an OpenID Connect issuer";
    const SEARCH: &'static [&'static str] = &["oidc", "irsa", "audience", "aud", "repair"];
    const EXAMPLE: &'static str = r#"
let provider = iam.create_open_id_connect_provider(#{ Url: "https://oidc.eks.us-east-1.amazonaws.com/id/EXAMPLE", ClientIDList: [] });
iam.add_client_id_to_open_id_connect_provider(#{
    OpenIDConnectProviderArn: provider.OpenIDConnectProviderArn, ClientID: "sts.amazonaws.com",
})"#;
    type Request = Request;
    type Response = Response;
}

impl Change for AddClientIDToOpenIDConnectProvider {
    fn call(world: &mut World, _asked: FactId, request: Request) -> Result<Response, Refusal> {
        constraint::length(&request.client_id, "ClientID", 1, 255)?;
        let id = lookup::provider(world, &request.open_id_connect_provider_arn)?;
        let most = world.tuning.iam.client_ids;
        let accepted = &mut world.iam.providers[id].client_ids;
        if accepted.iter().any(|known| **known == *request.client_id) {
            return Ok(Response {});
        }
        if accepted.len() >= most {
            return Err(lookup::quota("ClientIdsPerOpenIdConnectProvider", most)
                .way_out("create another provider, or accept fewer audiences")
                .at(["ClientID"]));
        }
        accepted.push(request.client_id.into());
        Ok(Response {})
    }
}
