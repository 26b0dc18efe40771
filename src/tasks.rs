//! The service integrations, with one module for each service. They are generated from the specs.
//!
//! Each API is a struct that is its own builder. A [`Task`](crate::task::Task) accepts it when all required
//! parameters are set.
//!
//! These are the optimized integrations. Every other service, such as Amazon S3, is called with its AWS SDK
//! integration: with [`Task::raw`](crate::task::Task::raw), or with [typed builders](crate::guide::sdk) that your
//! `build.rs` generates for the calls that you name.

include!(concat!(env!("OUT_DIR"), "/sfn_tasks/index.rs"));
