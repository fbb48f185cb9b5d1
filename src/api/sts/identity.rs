//! Whom a web identity token proves somebody to be: steps 2 to 5 of semantics/eks.md 6.3, before any role is looked at.

use crate::api::refusal::Refusal;
use crate::aws::iam::request::{Caller, Keys, account_of};
use crate::model::id::ProviderId;
use crate::model::token::{Claims, Token};
use crate::world::World;
use crate::world::iam::{Provider, host_and_path};
use crate::world::names::ACCOUNT;

/// What a trust policy must allow.
pub(crate) const ACTION: &str = "sts:AssumeRoleWithWebIdentity";

/// A token that this account believes.
pub(crate) struct Proven {
    pub(super) provider: ProviderId,
    pub(super) claims: Claims,
    /// The audience that the provider accepts.
    pub(super) audience: String,
}

/// Checks form, claims, issuer, signature, expiry and audience of a token, in this order. [semantics/eks.md 6.3; that a
/// missing audience comes before the issuer: issue aws/aws-sdk-ruby#2698]
pub(super) fn prove(world: &World, role_arn: &str, token: &str) -> Result<Proven, Refusal> {
    let token = Token::parse(token).map_err(|error| {
        // UNSOURCED: AWS's words for a token that is none.
        invalid("The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)")
            .because(error)
            .way_out("pass the whole content of AWS_WEB_IDENTITY_TOKEN_FILE")
    })?;
    // Old tokens are found out by what they lack, not by their issuer, which no account has a provider for.
    if token.claims.aud.is_empty() {
        return Err(invalid("Missing a required claim: aud")
            .because("the token is for nobody in particular, as old service account tokens from a Secret are")
            .way_out("use one with the audience sts.amazonaws.com: k8s.create_token(\"web\", \"sts.amazonaws.com\")"));
    }
    let provider = believed(world, role_arn, &token.claims.iss)?;
    if !token.is_signed_with(world.signing_key(&token.claims.iss)) {
        return Err(invalid(
            "Couldn't retrieve verification key from your identity provider, please reference AssumeRoleWithWebIdentity \
             documentation for requirements",
        )
        .because("the signature is not the issuer's, or somebody changed the token")
        .way_out("pass the token as the issuer gave it"));
    }
    check_expiry(world, &token.claims)?;
    let audience = audience(&world.iam.providers[provider], &token.claims)?;
    Ok(Proven { provider, audience, claims: token.claims })
}

/// The provider of the issuer, in the account of the role.
fn believed(world: &World, role_arn: &str, issuer: &str) -> Result<ProviderId, Refusal> {
    let here = account_of(role_arn) == Some(ACCOUNT);
    world.iam.provider(issuer).filter(|_| here).ok_or_else(|| {
        let because = match here {
            true => format!("IAM has no provider for the issuer of the token, {issuer}"),
            false => format!("the role is in another account than {ACCOUNT}, and its providers count"),
        };
        invalid(format!("No OpenIDConnect provider found in your account for {issuer}"))
            .because(because)
            .way_out(format!("create it: iam.create_open_id_connect_provider(#{{ Url: \"{issuer}\", … }})"))
    })
}

fn check_expiry(world: &World, claims: &Claims) -> Result<(), Refusal> {
    let now = world.now.unix_millis() / 1000;
    if now < claims.exp {
        return Ok(());
    }
    Err(Refusal::new(
        "ExpiredTokenException",
        format!("Token expired: current date/time {now} must be before the expiration date/time {}", claims.exp),
    )
    .because(format!("the token ended {} s ago", now - claims.exp))
    .way_out("read the token file again: the kubelet renews it in time")
    .at(["WebIdentityToken"]))
}

/// The first audience of the token that the provider has as a client ID.
fn audience(provider: &Provider, claims: &Claims) -> Result<String, Refusal> {
    let accepted = claims.aud.iter().find(|aud| provider.client_ids.iter().any(|client| **client == ***aud));
    accepted.cloned().ok_or_else(|| {
        let clients = provider.client_ids.join("\", \"");
        invalid("Incorrect token audience")
            .because(format!(
                "the token is for \"{}\", and the provider's client IDs are \"{clients}\"",
                claims.aud.join("\", \"")
            ))
            .way_out(format!(
                "iam.add_client_id_to_open_id_connect_provider(#{{ OpenIDConnectProviderArn: \"{}\", ClientID: \"{}\" }}), \
                 if that is whom the token should be for; STS is sts.amazonaws.com",
                provider.arn(),
                claims.aud[0]
            ))
    })
}

fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::new("InvalidIdentityToken", message).at(["WebIdentityToken"])
}

impl Proven {
    /// Who asks, as trust policies name it.
    pub(super) fn caller(&self, world: &World) -> Caller {
        Caller::Federated(world.iam.providers[self.provider].arn())
    }

    /// The keys that the token brings: the issuer without `https://`, and the claim. [semantics/eks.md 6.2]
    pub(super) fn keys(&self) -> Keys {
        let issuer = host_and_path(&self.claims.iss);
        Keys::default()
            .with(&format!("{issuer}:aud"), self.claims.aud.iter())
            .with(&format!("{issuer}:sub"), [&self.claims.sub])
    }
}
