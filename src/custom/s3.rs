//! Locations in Amazon S3.

use super::text;
use crate::value::{IntoValue, Payload, Value};

/// A location in Amazon S3, as an `s3://` URI. Every setter of a string accepts it.
#[derive(Debug, Clone)]
#[must_use = "a location does nothing until it is passed to a builder"]
pub struct S3Location(Payload);

impl S3Location {
    /// A key, or the prefix of keys, in a bucket. Both can be a path, an expression or a reference; then the URI is
    /// computed at run time or deployment.
    ///
    /// ```
    /// use sfn_tasks::prelude::*;
    /// use sfn_tasks::tasks::sagemaker::{OutputDataConfig, S3Location};
    ///
    /// // s3://models/churn
    /// let output = OutputDataConfig::new().s3_output_path(S3Location::from_bucket("models", "churn"));
    /// // States.Format('s3://{}/churn', $.bucket)
    /// let output = OutputDataConfig::new().s3_output_path(S3Location::from_bucket(path("$.bucket"), "churn"));
    /// ```
    pub fn from_bucket(bucket: impl IntoValue<String>, key: impl IntoValue<String>) -> Self {
        let bucket = bucket.into_value().into_payload();
        let key = key.into_value().into_payload();
        if let Payload::String(name) = &bucket {
            if name.is_empty() || name.contains(['/', ':']) {
                return Self(Payload::Fault(
                    format!(
                        "`{name}` is not the name of a bucket: pass a bucket and a key, or use `S3Location::from_uri`"
                    )
                    .into(),
                ));
            }
        }
        let key = match key {
            Payload::String(key) => Payload::String(key.strip_prefix('/').unwrap_or(&key).to_owned().into()),
            key => key,
        };
        Self(text::concatenation(&["s3://".into(), bucket, "/".into(), key]))
    }

    /// A URI, or a path or an expression that returns one.
    pub fn from_uri(uri: impl IntoValue<String>) -> Self {
        let uri = uri.into_value().into_payload();
        if let Payload::String(text) = &uri {
            if !["s3://", "https://", "${"].iter().any(|start| text.starts_with(start)) {
                return Self(Payload::Fault(
                    format!("`{text}` is not a location in Amazon S3: write it in the form `s3://bucket/key`").into(),
                ));
            }
        }
        Self(uri)
    }
}

impl IntoValue<String> for S3Location {
    fn into_value(self) -> Value<String> {
        Value::unchecked(self.0)
    }
}
