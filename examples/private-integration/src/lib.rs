//! A library with an integration that sfn-tasks does not know.
//!
//! The spec is in `spec/acme.json`, `build.rs` makes Rust of it, and [`tasks`] mounts it.

/// The builders. They work with `Task` exactly like those of sfn-tasks.
pub mod tasks {
    include!(concat!(env!("OUT_DIR"), "/sfn_tasks/index.rs"));
}
