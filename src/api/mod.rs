//! Floor 4: the operations that longshore offers, one file each, and the table of them.
//!
//! An operation declares itself once, in its own file: what it teaches, its request and response, its help and a
//! runnable example, and what it does. From the table come the script functions, help, completion, "did you mean",
//! the reference manual and the tests over all operations.
//!
//! A [`Query`] gets `&World`, a [`Change`] gets `&mut World`: that reading changes nothing is checked by the
//! compiler. A change is refused before it has changed anything.

pub(crate) mod constraint;
pub mod ec2;
pub mod ecs;
pub mod eks;
pub mod elbv2;
pub mod fault;
pub mod iam;
pub mod image;
pub mod k8s;
pub mod known;
pub mod members;
pub mod named;
pub mod page;
pub mod program;
pub mod refusal;
mod request;
pub mod stalled;
mod strict;
pub mod sts;
#[cfg(test)]
pub(crate) mod trial;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use schemars::{JsonSchema, Schema};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::model::id::FactId;
use crate::world::World;
use crate::world::fact::What;
use refusal::Refusal;

/// What every operation says about itself.
pub trait Operation {
    /// The service's handle in scripts, such as `ecs`.
    const SERVICE: &'static str;
    /// AWS's name, such as `CreateService`.
    const NAME: &'static str;
    /// One sentence for help.
    const SUMMARY: &'static str;
    /// Words that somebody might search for who does not know the name.
    const SEARCH: &'static [&'static str];
    /// Lines of script that use it and run in an empty lab.
    const EXAMPLE: &'static str;
    /// Members that may be given by position instead of in a map, as in `fault.crash(id)`.
    const ARGUMENTS: &'static [&'static str] = &[];
    /// Whether it may be called on its first argument, if that is a map: `pod.call(…)` for `program.call(pod, …)`.
    const IS_METHOD: bool = false;
    /// What goes in.
    type Request: DeserializeOwned + JsonSchema;
    /// What comes out.
    type Response: Serialize;

    /// What the caller should know about a request that is accepted: assumptions, parts without effect.
    fn notices(world: &World, request: &Self::Request) -> Vec<String> {
        let _ = (world, request);
        Vec::new()
    }
}

/// An operation that only reads.
pub trait Query: Operation {
    /// Answers the request.
    ///
    /// # Errors
    /// The refusal that AWS would give.
    fn call(world: &World, request: Self::Request) -> Result<Self::Response, Refusal>;
}

/// An operation that changes the world.
pub trait Change: Operation {
    /// Carries the request out; `asked` is the fact that a person asked for it, and the cause of all that follows.
    ///
    /// # Errors
    /// The refusal that AWS would give; the world is unchanged then.
    fn call(world: &mut World, asked: FactId, request: Self::Request) -> Result<Self::Response, Refusal>;
}

/// An answer, and what the caller should know about the request.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    /// The response, in AWS's shape.
    pub response: Value,
    /// Assumptions, and members without effect.
    pub notices: Vec<String>,
}

/// A row of the table.
#[derive(Clone, Copy)]
pub struct Entry {
    /// [`Operation::SERVICE`].
    pub service: &'static str,
    /// [`Operation::NAME`].
    pub name: &'static str,
    /// [`Operation::SUMMARY`].
    pub summary: &'static str,
    /// [`Operation::SEARCH`].
    pub search: &'static [&'static str],
    /// [`Operation::EXAMPLE`].
    pub example: &'static str,
    /// [`Operation::ARGUMENTS`].
    pub arguments: &'static [&'static str],
    /// [`Operation::IS_METHOD`].
    pub is_method: bool,
    /// The JSON Schema of the request.
    pub schema: fn() -> Schema,
    /// What it does.
    pub kind: Kind,
}

/// How an operation is called.
#[derive(Clone, Copy)]
pub enum Kind {
    /// It only reads.
    Query(fn(&World, Value) -> Result<Answered, Refusal>),
    /// It changes the world.
    Change(fn(&mut World, Value) -> Result<Answered, Refusal>),
}

impl Entry {
    /// The name that scripts use: `create_service`.
    pub fn method(&self) -> String {
        snake_case(self.name)
    }

    /// Whether a map may stand for the first positional argument. A lone map is the whole request otherwise.
    fn takes_map_first(&self) -> bool {
        let schema = (self.schema)();
        let property = self.arguments.first().and_then(|name| schema.get("properties")?.get(name));
        let types = property.and_then(|property| property.get("type"));
        types.and_then(Value::as_array).is_some_and(|types| types.iter().any(|kind| kind == "object"))
    }

    /// Whether a lone map is the value of the first positional argument rather than the request itself.
    pub fn is_first_argument(&self, map: &Value) -> bool {
        self.arguments.first().is_some_and(|name| map.get(name).is_none()) && self.takes_map_first()
    }

    /// The name that journals use: `ecs:CreateService`.
    pub fn action(&self) -> String {
        format!("{}:{}", self.service, self.name)
    }

    /// The name that IAM policies use, for operations of AWS: `elasticloadbalancing:CreateListener`.
    /// [Service Authorization Reference]
    pub fn iam_action(&self) -> Option<String> {
        let prefix = match self.service {
            "elbv2" => "elasticloadbalancing",
            // Kubernetes has its own permissions, and the lab's own operations need none.
            "k8s" | "program" | "image" | "fault" => return None,
            service => service,
        };
        Some(format!("{prefix}:{}", self.name))
    }
}

/// The row of a [`Query`].
pub(crate) const fn query<O: Query>() -> Entry {
    entry::<O>(Kind::Query(|world, input| {
        let request::Parsed { request, mut notices } = request::parse::<O::Request>(O::SERVICE, O::NAME, input)?;
        notices.extend(O::notices(world, &request));
        Ok(Answered { response: to_value::<O>(&O::call(world, request)?), notices })
    }))
}

/// The row of a [`Change`].
pub(crate) const fn change<O: Change>() -> Entry {
    entry::<O>(Kind::Change(|world, input| {
        let request::Parsed { request, mut notices } = request::parse::<O::Request>(O::SERVICE, O::NAME, input)?;
        notices.extend(O::notices(world, &request));
        let asked = world.record(None, What::Asked { service: O::SERVICE, operation: O::NAME });
        match O::call(world, asked, request) {
            Ok(response) => Ok(Answered { response: to_value::<O>(&response), notices }),
            Err(refusal) => {
                world.unrecord(asked);
                Err(refusal)
            }
        }
    }))
}

const fn entry<O: Operation>(kind: Kind) -> Entry {
    Entry {
        service: O::SERVICE,
        name: O::NAME,
        summary: O::SUMMARY,
        search: O::SEARCH,
        example: O::EXAMPLE,
        arguments: O::ARGUMENTS,
        is_method: O::IS_METHOD,
        schema: || schemars::schema_for!(O::Request),
        kind,
    }
}

/// The answer as plain data. While developing, every answer is held to the members that AWS's own has.
fn to_value<O: Operation>(response: &O::Response) -> Value {
    let value = serde_json::to_value(response).expect("responses are maps with string keys");
    debug_assert_eq!(
        members::foreign(O::SERVICE, O::NAME, &value),
        None,
        "AWS's answer to {} has no such member",
        O::NAME
    );
    value
}

/// The tables of all services, in the order of help.
const TABLES: &[&[Entry]] = &[
    ecs::TABLE,
    ec2::TABLE,
    elbv2::TABLE,
    iam::TABLE,
    sts::TABLE,
    eks::TABLE,
    k8s::TABLE,
    program::TABLE,
    image::TABLE,
    fault::TABLE,
];

/// Every operation.
pub fn all() -> impl Iterator<Item = &'static Entry> {
    TABLES.iter().copied().flatten()
}

/// The handles of the services, in the order of help.
pub fn services() -> impl Iterator<Item = &'static str> {
    TABLES.iter().filter_map(|table| table.first()).map(|entry| entry.service)
}

/// The operations by the name that scripts use, and of each name in the order of help.
pub fn by_method() -> &'static BTreeMap<String, Vec<&'static Entry>> {
    static METHODS: OnceLock<BTreeMap<String, Vec<&'static Entry>>> = OnceLock::new();
    METHODS.get_or_init(|| {
        let mut methods: BTreeMap<String, Vec<&'static Entry>> = BTreeMap::new();
        for entry in all() {
            methods.entry(entry.method()).or_default().push(entry);
        }
        methods
    })
}

/// The operation that a script calls `service.method`.
pub fn find(service: &str, method: &str) -> Option<&'static Entry> {
    by_method().get(method)?.iter().copied().find(|entry| entry.service == service)
}

/// The operation with this action name, such as `ecs:CreateService`.
pub fn find_action(action: &str) -> Option<&'static Entry> {
    let (service, name) = action.split_once(':')?;
    all().find(|entry| entry.service == service && entry.name == name)
}

/// `CreateService` as scripts write it: `create_service`; a run of capitals is one word, as in
/// `create_open_id_connect_provider`.
pub fn snake_case(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 8);
    let mut letters = name.chars().peekable();
    let mut before = None;
    while let Some(letter) = letters.next() {
        let after_small = || before.is_some_and(|before: char| !before.is_uppercase());
        let mut before_small = || before.is_some() && letters.peek().is_some_and(|next| next.is_lowercase());
        if letter.is_uppercase() && (after_small() || before_small()) {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
        before = Some(letter);
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::{find, snake_case};

    #[test]
    fn policies_have_names_of_their_own_for_actions() {
        for (service, method, action) in [
            ("ecs", "create_service", Some("ecs:CreateService")),
            ("elbv2", "create_listener", Some("elasticloadbalancing:CreateListener")),
            ("sts", "assume_role", Some("sts:AssumeRole")),
            ("k8s", "apply", None),
            ("fault", "crash", None),
        ] {
            let entry = find(service, method).expect("it is in the table");
            assert_eq!(entry.iam_action().as_deref(), action);
        }
    }

    #[test]
    fn names_are_snaked_as_boto3_does() {
        for (name, snake) in [
            ("CreateService", "create_service"),
            ("CreateOpenIDConnectProvider", "create_open_id_connect_provider"),
            ("ListOpenIDConnectProviders", "list_open_id_connect_providers"),
            ("AssumeRoleWithWebIdentity", "assume_role_with_web_identity"),
        ] {
            assert_eq!(snake_case(name), snake);
        }
    }
}
