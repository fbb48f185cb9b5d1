//! Reads a policy document from JSON text or a map. AWS says little about what is wrong with one; `because` and the
//! path say it all.
//!
//! Texts: seen in AWS's answers to CreateRole, PutRolePolicy and CreatePolicy. The order of the checks is UNSOURCED.

mod elements;

use serde_json::{Map, Value};

use super::{Document, Effect, Statement, Version};
use crate::model::meant;

/// What a document is for: each kind has its own members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Who may assume a role: principals, no resources.
    Trust,
    /// What somebody may do: resources, no principals.
    Identity,
    /// Who may do what with a resource: principals and resources.
    Resource,
}

/// Why a document is no policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// AWS's sentence.
    pub message: String,
    /// What is wrong.
    pub because: String,
    /// What would be right.
    pub way_out: String,
    /// Where, below the document.
    pub path: Vec<String>,
}

type Result<T> = std::result::Result<T, Malformed>;

const TOP: &[&str] = &["Version", "Id", "Statement"];
const MEMBERS: &[&str] =
    &["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"];
const SYNTAX: &str = "Syntax errors in policy.";

impl Document {
    /// Reads a document: a text of JSON, or a map.
    ///
    /// # Errors
    /// What AWS says about a document that is none, with the place.
    pub fn parse(value: &Value, purpose: Purpose) -> Result<Document> {
        let Value::String(text) = value else { return Reader { purpose, path: Vec::new() }.document(value, None) };
        let parsed = serde_json::from_str::<Value>(text).map_err(|error| Malformed {
            message: "This policy contains invalid Json".to_owned(),
            because: format!("the text is not JSON: {error}"),
            way_out: "write it as a map, #{ Version: \"2012-10-17\", Statement: [ … ] }".to_owned(),
            path: Vec::new(),
        })?;
        Reader { purpose, path: Vec::new() }.document(&parsed, Some(text))
    }
}

/// Walks down a document and remembers where it is.
struct Reader {
    purpose: Purpose,
    path: Vec<String>,
}

impl Reader {
    fn wrong<T>(
        &self,
        message: impl Into<String>,
        because: impl Into<String>,
        way_out: impl Into<String>,
    ) -> Result<T> {
        Err(Malformed {
            message: message.into(),
            because: because.into(),
            way_out: way_out.into(),
            path: self.path.clone(),
        })
    }

    /// Reads something one step further down.
    fn at<T>(&mut self, step: impl ToString, read: impl FnOnce(&mut Reader) -> Result<T>) -> Result<T> {
        self.path.push(step.to_string());
        let result = read(self);
        self.path.pop();
        result
    }

    fn document(&mut self, value: &Value, text: Option<&str>) -> Result<Document> {
        let map = self.map(value, "a policy document")?;
        self.check_names(map, TOP)?;
        let version = self.at("Version", |reader| reader.version(map.get("Version")))?;
        let id = map.get("Id").map(|id| self.at("Id", |reader| reader.text(id))).transpose()?;
        let Some(statements) = map.get("Statement") else {
            let message = if self.purpose == Purpose::Trust { "Missing required field Statement" } else { SYNTAX };
            return self.wrong(message, "the document has no `Statement`", "add `Statement: [ … ]`");
        };
        let statements = self.at("Statement", |reader| reader.statements(statements))?;
        let text = text.map_or_else(|| value.to_string(), str::to_owned);
        Ok(Document { text: text.into(), version, id, statements })
    }

    fn version(&self, value: Option<&Value>) -> Result<Version> {
        let version = match value.map(|value| value.as_str()) {
            None => Version::V2008,
            Some(Some("2008-10-17")) => Version::V2008,
            Some(Some("2012-10-17")) => Version::V2012,
            Some(_) => {
                return self.wrong(SYNTAX, "there are two versions of the policy language", "write \"2012-10-17\"");
            }
        };
        if self.purpose == Purpose::Identity && version == Version::V2008 {
            return self.wrong(
                "Policy document must be version 2012-10-17 or greater.",
                "`Version` names the policy language, not the day you wrote the document",
                "write `Version: \"2012-10-17\"`",
            );
        }
        Ok(version)
    }

    fn statements(&mut self, value: &Value) -> Result<Vec<Statement>> {
        let Value::Array(items) = value else { return Ok(vec![self.statement(value)?]) };
        if items.is_empty() {
            return self.wrong(SYNTAX, "there is no statement in the list", "write at least one statement");
        }
        let statements: Vec<Statement> = items
            .iter()
            .enumerate()
            .map(|(index, item)| self.at(index, |reader| reader.statement(item)))
            .collect::<Result<_>>()?;
        for (index, statement) in statements.iter().enumerate() {
            let Some(sid) = statement.sid.as_deref().filter(|sid| !sid.is_empty()) else { continue };
            if statements[..index].iter().any(|earlier| earlier.sid.as_deref() == Some(sid)) {
                return self.at(index, |reader| {
                    reader.wrong(
                        "Statement IDs (SID) in a single policy must be unique.",
                        format!("another statement is called `{sid}` too"),
                        "give each statement a Sid of its own, or none",
                    )
                });
            }
        }
        Ok(statements)
    }

    fn statement(&mut self, value: &Value) -> Result<Statement> {
        let map = self.map(value, "a statement")?;
        self.check_names(map, MEMBERS)?;
        self.check_purpose(map)?;
        let sid = map.get("Sid").map(|sid| self.at("Sid", |reader| reader.sid(sid))).transpose()?;
        let effect = self.effect(map.get("Effect"))?;
        let principal = self.scope(map, "Principal", "NotPrincipal", Reader::principals)?;
        let Some(action) = self.scope(map, "Action", "NotAction", Reader::actions)? else {
            let message = match self.purpose {
                Purpose::Trust => "Missing required field Action",
                _ => "Policy statement must contain actions.",
            };
            return self.wrong(message, "the statement has neither `Action` nor `NotAction`", "add `Action`");
        };
        let resource = self.scope(map, "Resource", "NotResource", Reader::resources)?;
        if resource.is_none() && self.purpose != Purpose::Trust {
            return self.wrong(
                "Policy statement must contain resources.",
                "the statement has neither `Resource` nor `NotResource`",
                "add `Resource: \"*\"`, or the ARNs it is about",
            );
        }
        let conditions = match map.get("Condition") {
            None => Vec::new(),
            Some(conditions) => self.at("Condition", |reader| reader.conditions(conditions))?,
        };
        Ok(Statement { sid, effect, principal, action, resource, conditions })
    }

    /// Principals and resources stand in the documents they belong to only.
    fn check_purpose(&self, map: &Map<String, Value>) -> Result<()> {
        let has = |name: &str| map.contains_key(name);
        match self.purpose {
            Purpose::Trust => {
                if let Some(name) = ["Resource", "NotResource"].into_iter().find(|name| has(name)) {
                    return self.wrong(
                        format!("Has prohibited field {name}"),
                        "a trust policy is about one resource only: the role that it hangs on",
                        format!("remove `{name}`; what the role may do belongs in an identity policy"),
                    );
                }
            }
            Purpose::Identity => {
                if let Some(name) = ["Principal", "NotPrincipal"].into_iter().find(|name| has(name)) {
                    return self.wrong(
                        "Policy document should not specify a principal.",
                        "an identity policy is about whom it is attached to",
                        format!("remove `{name}`; who may assume the role belongs in its trust policy"),
                    );
                }
            }
            Purpose::Resource => {}
        }
        if self.purpose != Purpose::Identity && !has("Principal") && !has("NotPrincipal") {
            return self.wrong(
                "Missing required field Principal",
                "the statement does not say who",
                "add `Principal: #{ Service: \"ecs-tasks.amazonaws.com\" }`, or whoever it is for",
            );
        }
        Ok(())
    }

    fn sid(&mut self, value: &Value) -> Result<Box<str>> {
        let sid = self.text(value)?;
        if self.purpose == Purpose::Identity && !sid.chars().all(|c| c.is_ascii_alphanumeric()) {
            return self.wrong(
                "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression \
                 [0-9A-Za-z]*",
                format!("`{sid}` has other characters"),
                "use letters and digits only",
            );
        }
        Ok(sid)
    }

    fn effect(&self, value: Option<&Value>) -> Result<Effect> {
        match value.map(|value| value.as_str()) {
            Some(Some("Allow")) => Ok(Effect::Allow),
            Some(Some("Deny")) => Ok(Effect::Deny),
            None if self.purpose == Purpose::Trust => {
                self.wrong("Missing required field Effect", "the statement has no `Effect`", "add `Effect: \"Allow\"`")
            }
            None => self.wrong(SYNTAX, "the statement has no `Effect`", "add `Effect: \"Allow\"`"),
            Some(_) => self.wrong(
                SYNTAX,
                "`Effect` is \"Allow\" or \"Deny\", with a capital letter",
                "write `Effect: \"Allow\"`",
            ),
        }
    }

    fn check_names(&self, map: &Map<String, Value>, known: &[&str]) -> Result<()> {
        let Some(name) = map.keys().find(|name| !known.contains(&name.as_str())) else { return Ok(()) };
        let message = if self.purpose == Purpose::Trust { format!("Unknown field {name}") } else { SYNTAX.to_owned() };
        let way_out = meant::one_of(name, known.iter().copied(), "the members here are");
        self.wrong(message, format!("policies have no member `{name}` here"), way_out)
    }

    fn map<'a>(&self, value: &'a Value, what: &str) -> Result<&'a Map<String, Value>> {
        match value {
            Value::Object(map) => Ok(map),
            _ => self.wrong(SYNTAX, format!("{what} is a map"), "write #{ name: value }"),
        }
    }

    fn text(&self, value: &Value) -> Result<Box<str>> {
        match value {
            Value::String(text) => Ok(text.as_str().into()),
            Value::Bool(truth) => Ok(truth.to_string().into()),
            Value::Number(number) => Ok(number.to_string().into()),
            _ => self.wrong(SYNTAX, "a text belongs here", "put it in quotes"),
        }
    }

    /// One text or a list of them.
    fn texts(&mut self, value: &Value) -> Result<Vec<Box<str>>> {
        match value {
            Value::Array(items) => {
                items.iter().enumerate().map(|(index, item)| self.at(index, |reader| reader.text(item))).collect()
            }
            one => Ok(vec![self.text(one)?]),
        }
    }
}

#[cfg(test)]
mod tests;
