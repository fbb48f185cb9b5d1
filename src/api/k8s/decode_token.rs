//! Takes a token apart, as people do with `jwt.io` or `base64 -d`: what it says, without asking whether it is true.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::api::refusal::Refusal;
use crate::api::{Operation, Query};
use crate::model::time::Moment;
use crate::model::token::{Claims, Token};
use crate::world::World;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Request {
    /// The token: header, payload and signature between dots.
    token: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Response {
    /// How it is signed.
    header: Map<String, Value>,
    /// What it claims.
    payload: Claims,
    /// `iat` for people.
    issued_at: Moment,
    /// `exp` for people.
    expires_at: Moment,
}

pub(super) struct DecodeToken;

impl Operation for DecodeToken {
    const SERVICE: &'static str = "k8s";
    const NAME: &'static str = "DecodeToken";
    const SUMMARY: &'static str = "Takes a token apart: who issued it, about whom, for whom, until when";
    const SEARCH: &'static [&'static str] = &["jwt", "claims", "aud", "sub", "iss", "base64", "irsa"];
    const ARGUMENTS: &'static [&'static str] = &["token"];
    const EXAMPLE: &'static str =
        r#"k8s.decode_token("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJtZSIsImV4cCI6MTc2NzYwNzIwMH0.").payload.sub"#;
    type Request = Request;
    type Response = Response;
}

impl Query for DecodeToken {
    fn call(_world: &World, request: Request) -> Result<Response, Refusal> {
        let Token { header, claims: payload, .. } = Token::parse(&request.token).map_err(|error| {
            Refusal::new("InvalidToken", "This is no JSON Web Token.")
                .because(error)
                .way_out("pass a whole one: k8s.create_token(…).status.token, or pod.read(…) of a token's file")
                .at(["token"])
                .by_client()
        })?;
        let moment = |seconds: u64| Moment::at(seconds.saturating_mul(1000)).min(Moment::END);
        Ok(Response { header, issued_at: moment(payload.iat), expires_at: moment(payload.exp), payload })
    }
}
