//! Amazon Athena.

pub use super::s3::S3Location;
