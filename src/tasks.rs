//! The service integrations, one module a service, generated from the spec files.
//!
//! Each API is a struct that is its own builder; a [`Task`](crate::task::Task) takes it when every required parameter
//! is set.
//!
//! These are the optimized integrations. Every other service, such as Amazon S3, is called by its AWS SDK integration:
//! by [`Task::raw`](crate::task::Task::raw), or by [typed builders](crate::guide::sdk) that `build.rs` makes of the calls
//! that you name.

include!(concat!(env!("OUT_DIR"), "/sfn_tasks/index.rs"));
