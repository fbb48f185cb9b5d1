//! All integration tests, in one binary.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod addresses;
mod adversary;
mod capacity;
mod class;
mod command_line;
mod container_order;
mod course_check;
mod determinism;
mod exports;
mod grading_command;
mod health;
mod identity;
mod insight;
mod kubernetes;
mod lab;
mod launch_templates;
mod lessons;
mod lifecycle;
mod load_balancing;
mod manifests;
mod network_balancing;
mod operations;
mod pod_identity;
mod pod_room;
mod sandbox;
mod scheduler;
mod scripts;
mod storm;
mod storm_capacity;
mod storm_placement;
mod storm_pods;
mod task_roles;
mod terminal;
mod tidy;
mod tokens;
mod transcripts;
mod ways_out;
mod weather;
