//! Web identity tokens: JSON Web Tokens, as an issuer such as an EKS cluster gives them to pods. [RFC 7519;
//! semantics/eks.md 6.2]
//!
//! They look like real ones and any JWT tool can read them. Only the signature is a lab's: a digest that depends on a
//! key, so that a token that somebody changed, or signed with another key, is found out.

use std::hash::Hasher;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value, json};
use siphasher::sip::SipHasher13;

/// What a token says. Times are seconds since 1970.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Claims {
    /// Who issued it, with `https://`.
    #[serde(default)]
    pub iss: String,
    /// Whom it is about, such as `system:serviceaccount:default:web`.
    #[serde(default)]
    pub sub: String,
    /// Whom it is for; one or several.
    #[serde(default, deserialize_with = "one_or_many", skip_serializing_if = "Vec::is_empty")]
    pub aud: Vec<String>,
    /// When it ends.
    pub exp: u64,
    /// When it was issued.
    #[serde(default)]
    pub iat: u64,
    /// From when on it holds.
    #[serde(default)]
    pub nbf: u64,
    /// Anything else, such as `kubernetes.io`.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// Reads one text, or a list of texts.
pub(crate) fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "it should be a text, or a list of texts")]
    enum OneOrMany {
        One(String),
        Many(Vec<String>),
    }
    Ok(match OneOrMany::deserialize(deserializer)? {
        OneOrMany::One(one) => vec![one],
        OneOrMany::Many(many) => many,
    })
}

/// A token that was read; nobody has looked at its signature yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    /// How it is signed, and with which key.
    pub header: Map<String, Value>,
    /// What it says.
    pub claims: Claims,
    signed: String,
    signature: Vec<u8>,
}

/// Makes a token: `header.payload.signature`.
pub fn issue(claims: &Claims, key: u64) -> String {
    let header = json!({ "alg": "RS256", "kid": format!("{:016x}", digest(key, b"kid", 0)), "typ": "JWT" });
    let payload = serde_json::to_string(claims).expect("claims are a map with string keys");
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(payload));
    let signature = URL_SAFE_NO_PAD.encode(sign(&signed, key));
    format!("{signed}.{signature}")
}

impl Token {
    /// Takes a token apart.
    ///
    /// # Errors
    /// What is wrong with its form.
    pub fn parse(text: &str) -> Result<Token, String> {
        let parts: Vec<&str> = text.split('.').collect();
        let [header, payload, signature] = parts.as_slice() else {
            return Err(format!("a token has three parts between dots, and this has {}", parts.len()));
        };
        let decode = |name: &str, part: &str| {
            URL_SAFE_NO_PAD.decode(part).map_err(|error| format!("its {name} is not base64url: {error}"))
        };
        let header: Map<String, Value> = serde_json::from_slice(&decode("header", header)?)
            .map_err(|error| format!("its header is not a JSON map: {error}"))?;
        if header.get("alg").and_then(Value::as_str) != Some("RS256") {
            return Err("its header does not name the algorithm RS256".to_owned());
        }
        let claims = serde_json::from_slice(&decode("payload", payload)?)
            .map_err(|error| format!("its payload does not hold claims: {error}"))?;
        let signed = text.rsplit_once('.').map_or("", |(signed, _)| signed).to_owned();
        Ok(Token { header, claims, signed, signature: decode("signature", signature)? })
    }

    /// Whether it was signed with this key and nobody has changed it since.
    pub fn is_signed_with(&self, key: u64) -> bool {
        self.signature == sign(&self.signed, key)
    }
}

impl Serialize for Token {
    /// The claims alone.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.claims.serialize(serializer)
    }
}

/// 256 bytes, as many as RS256 has.
fn sign(signed: &str, key: u64) -> Vec<u8> {
    (0..32).flat_map(|nth| digest(key, signed.as_bytes(), nth).to_be_bytes()).collect()
}

fn digest(key: u64, bytes: &[u8], nth: u64) -> u64 {
    let mut hasher = SipHasher13::new_with_keys(key, nth);
    hasher.write(bytes);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims() -> Claims {
        Claims {
            iss: "https://oidc.eks.us-east-1.amazonaws.com/id/AB".into(),
            sub: "system:serviceaccount:default:web".into(),
            aud: vec!["sts.amazonaws.com".into()],
            exp: 2,
            iat: 1,
            nbf: 1,
            other: Map::from_iter([("kubernetes.io".to_owned(), json!({ "namespace": "default" }))]),
        }
    }

    #[test]
    fn a_token_says_what_its_issuer_said() {
        let text = issue(&claims(), 7);
        let token = Token::parse(&text).unwrap();
        assert_eq!(token.claims, claims());
        assert!(token.is_signed_with(7));
        assert!(!token.is_signed_with(8), "another issuer's key");
    }

    #[test]
    fn a_changed_token_is_found_out() {
        let text = issue(&claims(), 7);
        let mut other = claims();
        other.sub = "system:serviceaccount:kube-system:admin".into();
        let (header, signature) = (text.split('.').next().unwrap(), text.rsplit('.').next().unwrap());
        let payload = URL_SAFE_NO_PAD.encode(serde_json::to_string(&other).unwrap());
        let token = Token::parse(&format!("{header}.{payload}.{signature}")).unwrap();
        assert_eq!(token.claims.sub, other.sub);
        assert!(!token.is_signed_with(7));
    }

    #[test]
    fn one_audience_may_stand_alone() {
        let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"RS256"}"#);
        for (payload, aud) in [
            (r#"{"exp":1,"aud":"a"}"#, vec!["a"]),
            (r#"{"exp":1,"aud":["a","b"]}"#, vec!["a", "b"]),
            (r#"{"exp":1}"#, vec![]),
        ] {
            let token = Token::parse(&format!("{header}.{}.", URL_SAFE_NO_PAD.encode(payload))).unwrap();
            assert_eq!(token.claims.aud, aud);
        }
    }

    #[test]
    fn what_is_no_token_is_said() {
        let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#);
        for (text, error) in [
            ("", "a token has three parts between dots, and this has 1"),
            ("a.b", "a token has three parts between dots, and this has 2"),
            ("§.b.c", "its header is not base64url"),
            ("e30.e30.e30", "its header does not name the algorithm RS256"),
            (&format!("{none}.e30."), "its header does not name the algorithm RS256"),
            ("W10.e30.", "its header is not a JSON map"),
            ("eyJhbGciOiJSUzI1NiJ9.e30.", "its payload does not hold claims"),
        ] {
            let said = Token::parse(text).unwrap_err();
            assert!(said.starts_with(error), "{text}: {said}");
        }
    }
}
