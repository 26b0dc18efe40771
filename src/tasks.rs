//! The service integrations, one module a service, generated from the spec files.
//!
//! Each API is a struct that is its own builder; a [`Task`](crate::task::Task) takes it when every required parameter
//! is set.

include!(concat!(env!("OUT_DIR"), "/sfn_tasks/index.rs"));
