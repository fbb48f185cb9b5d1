//! How Elastic Load Balancing moves, a concern per file.
//!
//! | question | file |
//! |---|---|
//! | what does a check of a target come to, and when does its health turn | [`health`] |
//! | how is a target registered, how does it leave, when is it checked at all | [`membership`] |

pub mod health;
pub mod membership;
