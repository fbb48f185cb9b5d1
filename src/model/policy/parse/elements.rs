//! The members of a statement: who, which actions, which resources, under which conditions.

use serde_json::{Map, Value};

use super::{Purpose, Reader, Result, SYNTAX};
use crate::model::policy::{Condition, Operator, Principal, Scope};

impl Reader {
    /// Reads a member or its opposite; both are too many.
    pub(super) fn scope<T>(
        &mut self,
        map: &Map<String, Value>,
        only: &str,
        all_but: &str,
        read: fn(&mut Reader, &Value) -> Result<Vec<T>>,
    ) -> Result<Option<Scope<T>>> {
        match (map.get(only), map.get(all_but)) {
            (None, None) => Ok(None),
            (Some(value), None) => Ok(Some(Scope::Only(self.at(only, |reader| read(reader, value))?))),
            (None, Some(value)) => Ok(Some(Scope::AllBut(self.at(all_but, |reader| read(reader, value))?))),
            (Some(_), Some(_)) => self.wrong(
                SYNTAX,
                format!("the statement has `{only}` and `{all_but}`"),
                format!("split it into two statements, or remove `{all_but}`"),
            ),
        }
    }

    pub(super) fn principals(&mut self, value: &Value) -> Result<Vec<Principal>> {
        let map = match value {
            Value::String(star) if star == "*" => return Ok(vec![Principal::Anyone]),
            Value::Object(map) if !map.is_empty() => map,
            _ => {
                return self.wrong(
                    "Invalid principal in policy.",
                    "a principal is \"*\", or a map from its kind to its name",
                    "write `Principal: #{ AWS: … }`, `#{ Service: … }` or `#{ Federated: … }`",
                );
            }
        };
        let mut principals = Vec::new();
        for (kind, names) in map {
            for name in self.at(kind, |reader| reader.texts(names))? {
                principals.push(match kind.as_str() {
                    "AWS" if &*name == "*" => Principal::Anyone,
                    "AWS" if is_aws_principal(&name) => Principal::Aws(name),
                    "Service" if name.contains('.') => Principal::Service(name),
                    "Federated" if !name.contains(['*', '?']) => Principal::Federated(name),
                    _ => return self.bad_principal(kind, &name),
                });
            }
        }
        Ok(principals)
    }

    fn bad_principal<T>(&self, kind: &str, name: &str) -> Result<T> {
        let (because, way_out) = match kind {
            "AWS" if name.contains(['*', '?']) => (
                "a principal's ARN has no wildcards: it is one name, or \"*\" alone",
                "name it in full, or match it with a condition: ArnLike on aws:PrincipalArn",
            ),
            "Federated" => (
                "a federated principal is one identity provider, named without wildcards",
                "write its ARN in full: iam.list_open_id_connect_providers().OpenIDConnectProviderList",
            ),
            "AWS" => (
                "AWS principals are an account id, `arn:aws:iam::ACCOUNT:root`, or the ARN of a role or user",
                "write the ARN in full",
            ),
            "Service" => ("a service is named by its host, such as `ecs-tasks.amazonaws.com`", "write the full name"),
            _ => ("the kinds of principals are AWS, Service and Federated", "use one of them"),
        };
        self.wrong(format!("Invalid principal in policy: \"{kind}\":\"{name}\""), because, way_out)
    }

    pub(super) fn actions(&mut self, value: &Value) -> Result<Vec<Box<str>>> {
        let actions = self.texts(value)?;
        if actions.is_empty() {
            return self.wrong("Policy statement must contain actions.", "the list is empty", "name an action");
        }
        for action in &actions {
            let parts: Vec<&str> = action.split(':').collect();
            let way_out = "write `service:Action`, such as `s3:GetObject`";
            match parts.as_slice() {
                ["*"] | [_, _] => {}
                [_] => {
                    return self.wrong(
                        "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
                        format!("`{action}` has no service in front"),
                        way_out,
                    );
                }
                _ => {
                    return self.wrong(
                        "Actions/Condition can contain only one colon.",
                        format!("`{action}` has several"),
                        way_out,
                    );
                }
            }
            if self.purpose == Purpose::Trust && !action.to_ascii_lowercase().starts_with("sts:") && &**action != "*" {
                return self.wrong(
                    "AssumeRole policy may only specify STS AssumeRole actions",
                    format!("`{action}` is not about assuming this role"),
                    "use sts:AssumeRole or sts:AssumeRoleWithWebIdentity here, and an identity policy for the rest",
                );
            }
        }
        Ok(actions)
    }

    pub(super) fn resources(&mut self, value: &Value) -> Result<Vec<Box<str>>> {
        let resources = self.texts(value)?;
        if resources.is_empty() {
            return self.wrong("Policy statement must contain resources.", "the list is empty", "name a resource");
        }
        let in_form = |resource: &str| resource.starts_with("arn:") || resource == "*";
        if let Some(resource) = resources.iter().find(|resource| !in_form(resource)) {
            return self.wrong(
                format!("Resource {resource} must be in ARN format or \"*\"."),
                format!("`{resource}` does not start with `arn:`"),
                "write the ARN, such as `arn:aws:s3:::bucket/*`",
            );
        }
        Ok(resources)
    }

    pub(super) fn conditions(&mut self, value: &Value) -> Result<Vec<Condition>> {
        let mut conditions = Vec::new();
        for (name, keys) in self.map(value, "`Condition`")? {
            let Some(operator) = Operator::parse(name) else {
                let message = if self.purpose == Purpose::Trust { "Invalid Condition type : " } else { SYNTAX };
                let message = if message == SYNTAX { message.to_owned() } else { format!("{message}{name}") };
                let way_out = "StringEquals and StringLike are the usual ones; the keys stand one level deeper";
                return self.at(name, |reader| {
                    reader.wrong(message, format!("there is no condition operator `{name}`"), way_out)
                });
            };
            self.at(name, |reader| {
                for (key, values) in reader.map(keys, "a condition operator")? {
                    let values = reader.at(key, |reader| reader.texts(values))?;
                    conditions.push(Condition { operator, key: key.as_str().into(), values });
                }
                Ok(())
            })?;
        }
        Ok(conditions)
    }
}

/// Whether a text can name an AWS principal: an account, or an ARN without wildcards.
fn is_aws_principal(name: &str) -> bool {
    let is_account = |text: &str| text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit());
    let parts: Vec<&str> = name.splitn(6, ':').collect();
    match parts.as_slice() {
        [account] => is_account(account),
        ["arn", _, "iam" | "sts", "", account, resource] => {
            is_account(account) && !resource.is_empty() && !resource.contains(['*', '?'])
        }
        _ => false,
    }
}
