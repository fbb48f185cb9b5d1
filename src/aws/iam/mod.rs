//! How IAM decides: one evaluator for everything, with a trace of all that it looked at.
//!
//! [`evaluate`] is pure: a request and policies in, a [`trace::Verdict`] out. [`authorize`] finds the policies of a
//! role, a session or a trust in the world and asks it. [`denial`] puts a no into AWS's words, and into the words that
//! AWS keeps to itself; [`mend`] says what would turn it into a yes.

pub mod authorize;
mod condition;
pub mod denial;
pub mod evaluate;
pub mod issued;
pub mod mend;
pub(crate) mod pattern;
pub mod request;
pub mod trace;
