//! A library with its own integrations.
//!
//! `spec/acme.json` is the spec, `build.rs` generates Rust from it, and [`tasks`] includes the Rust.

/// The builders. They work with `Task` like those of sfn-tasks.
pub mod tasks {
    include!(concat!(env!("OUT_DIR"), "/sfn_tasks/index.rs"));
}
