//! Policy documents in requests: JSON texts, as AWS has them, or maps, as scripts write them.

use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde_json::Value;

use crate::api::refusal::Refusal;
use crate::model::policy::{Document, Principal, Purpose};
use crate::world::World;
use crate::world::names::ACCOUNT;

/// A document as somebody wrote it.
#[derive(Deserialize)]
#[serde(transparent)]
pub(crate) struct Written(Value);

impl JsonSchema for Written {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "PolicyDocument".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["object", "string"], "title": "policy document" })
    }
}

impl Written {
    /// Reads the document; `member` is its place in the request.
    pub(crate) fn read(&self, purpose: Purpose, member: &str) -> Result<Arc<Document>, Refusal> {
        Document::parse(&self.0, purpose).map(Arc::new).map_err(|malformed| {
            let path = std::iter::once(member.to_owned()).chain(malformed.path);
            let place: Vec<String> = path.collect();
            Refusal::new("MalformedPolicyDocument", malformed.message)
                .because(format!("{}: {}", place.join("."), malformed.because))
                .way_out(malformed.way_out)
                .at(place)
        })
    }

    /// Reads a trust policy: short enough, and naming roles and users of this account only if they exist.
    pub(super) fn read_trust(&self, world: &World, member: &str) -> Result<Arc<Document>, Refusal> {
        let document = self.read(Purpose::Trust, member)?;
        let most = world.tuning.iam.trust_size;
        if document.size() > most {
            return Err(super::lookup::quota("ACLSizePerRole", most)
                .way_out("say the same in fewer statements")
                .at([member]));
        }
        let principals = document.statements.iter().filter_map(|statement| statement.principal.as_ref());
        for principal in principals.flat_map(|scope| scope.named()) {
            let Principal::Aws(arn) = principal else { continue };
            if is_missing(world, arn) {
                return Err(Refusal::new(
                    "MalformedPolicyDocument",
                    format!("Invalid principal in policy: \"AWS\":\"{arn}\""),
                )
                .because(format!("nobody in this account has the ARN `{arn}`"))
                .way_out("create the role first, or name the account and restrict it with a condition")
                .at([member]));
            }
        }
        Ok(document)
    }
}

/// Whether an ARN names a role or user of this account that does not exist.
fn is_missing(world: &World, arn: &str) -> bool {
    let own = format!("arn:aws:iam::{ACCOUNT}:");
    match arn.strip_prefix(&own) {
        Some(rest) if rest.starts_with("role/") => world.iam.role_with_arn(arn).is_none(),
        Some(rest) if rest.starts_with("user/") => arn != world.user_arn(),
        _ => false,
    }
}

/// A document as IAM gives it back: a map.
pub(super) fn shown(document: &Document) -> Value {
    serde_json::from_str(&document.text).expect("a document was read from this text")
}
