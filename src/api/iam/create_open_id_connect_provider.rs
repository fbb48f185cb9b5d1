//! Says that this account believes the tokens of an issuer, for the audiences named. [semantics/eks.md 6.2]
//!
//! An EKS cluster has an issuer from birth; that IAM believes it is a separate step, and easily forgotten.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::lookup;
use crate::api::constraint;
use crate::api::refusal::Refusal;
use crate::api::{Change, Operation};
use crate::model::id::FactId;
use crate::world::World;
use crate::world::iam::{Provider, host_and_path};

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The issuer's URL, with `https://`; of an EKS cluster: `identity.oidc.issuer`.
    url: String,
    /// The audiences that are accepted, such as `sts.amazonaws.com`.
    #[serde(default, rename = "ClientIDList")]
    client_ids: Vec<String>,
    /// Thumbprints of the issuer's certificate: 40 hex digits each; not used for EKS.
    #[serde(default)]
    thumbprint_list: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Response {
    #[serde(rename = "OpenIDConnectProviderArn")]
    open_id_connect_provider_arn: String,
}

pub(super) struct CreateOpenIDConnectProvider;

impl Operation for CreateOpenIDConnectProvider {
    const SERVICE: &'static str = "iam";
    const NAME: &'static str = "CreateOpenIDConnectProvider";
    const SUMMARY: &'static str = "Lets this account believe the tokens of an OpenID Connect issuer";
    const SEARCH: &'static [&'static str] = &["oidc", "irsa", "issuer", "jwt", "web identity", "federation"];
    const EXAMPLE: &'static str = r#"
let provider = iam.create_open_id_connect_provider(#{ Url: "https://oidc.eks.us-east-1.amazonaws.com/id/EXAMPLE", ClientIDList: ["sts.amazonaws.com"] });
provider.OpenIDConnectProviderArn"#;
    type Request = Request;
    type Response = Response;
}

impl Change for CreateOpenIDConnectProvider {
    fn call(world: &mut World, _asked: FactId, request: Request) -> Result<Response, Refusal> {
        let url = issuer(&request.url)?;
        let quotas = &world.tuning.iam;
        for client in &request.client_ids {
            constraint::length(client, "ClientIDList", 1, 255)?;
        }
        for thumbprint in &request.thumbprint_list {
            constraint::length(thumbprint, "ThumbprintList", 40, 40)?;
        }
        let lists = [
            (request.client_ids.len(), quotas.client_ids, "ClientIdsPerOpenIdConnectProvider"),
            (request.thumbprint_list.len(), quotas.thumbprints, "ThumbprintsPerOpenIdConnectProvider"),
        ];
        for (count, most, name) in lists {
            if count > most {
                return Err(lookup::quota(name, most).way_out(format!("name {most} at most")));
            }
        }
        check_free(world, url)?;
        let provider = Provider {
            url: url.into(),
            client_ids: request.client_ids.into_iter().map(Into::into).collect(),
            thumbprints: request.thumbprint_list.into_iter().map(Into::into).collect(),
            created_at: world.now,
        };
        let open_id_connect_provider_arn = provider.arn();
        let id = world.iam.providers.add(provider);
        world.iam.provider_by_url.insert(url.into(), id);
        Ok(Response { open_id_connect_provider_arn })
    }
}

/// The issuer without `https://`. The refusal's words are UNSOURCED.
fn issuer(url: &str) -> Result<&str, Refusal> {
    let rest = url.strip_prefix("https://").unwrap_or_default();
    let legal =
        url.len() <= 255 && !rest.is_empty() && !rest.contains(|c: char| c.is_whitespace() || c == '?' || c == '#');
    if legal && !rest.starts_with('/') {
        return Ok(host_and_path(url));
    }
    Err(Refusal::new("ValidationError", "Invalid Open ID Connect Provider URL")
        .because(format!("`{url}` is not https://, a host and perhaps a path"))
        .way_out("write the issuer's URL in full, such as https://oidc.eks.us-east-1.amazonaws.com/id/EXAMPLE")
        .at(["Url"]))
}

fn check_free(world: &World, url: &str) -> Result<(), Refusal> {
    if world.iam.provider(url).is_some() {
        return Err(Refusal::new("EntityAlreadyExists", format!("Provider with url https://{url} already exists."))
            .because("an account has one provider for each issuer")
            .way_out("use the one that is there: iam.list_open_id_connect_providers()")
            .at(["Url"]));
    }
    let most = world.tuning.iam.providers;
    if world.iam.provider_by_url.len() >= most {
        return Err(lookup::quota("OpenIdConnectProvidersPerAccount", most)
            .way_out("delete one first: iam.delete_open_id_connect_provider(#{ … })"));
    }
    lookup::check_ever(world, "identity providers", world.iam.providers.len())
}
