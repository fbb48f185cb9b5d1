//! Tags: what a learner writes onto things, for their own use and for conditions of policies.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A tag. [API Tag]
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Tag {
    /// The tag's name.
    pub key: String,
    /// Its value.
    #[serde(default)]
    pub value: String,
}
