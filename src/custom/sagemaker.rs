//! Amazon SageMaker AI: images and locations.

pub use super::s3::S3Location;
use super::text;
use crate::value::{IntoValue, Payload, Value};

/// A container image. Every setter of a string accepts it.
#[derive(Debug, Clone)]
#[must_use = "an image does nothing until it is passed to a builder"]
pub struct DockerImage(Payload);

impl DockerImage {
    /// An image by its full name in a registry, or a path or an expression that returns it.
    ///
    /// ```
    /// use sfn_tasks::prelude::*;
    /// use sfn_tasks::tasks::sagemaker::{ContainerDefinition, DockerImage};
    ///
    /// let container = ContainerDefinition::new().image(DockerImage::from_registry(path("$.model.image")));
    /// ```
    pub fn from_registry(name: impl IntoValue<String>) -> Self {
        Self(name.into_value().into_payload())
    }

    /// An image in an Amazon ECR repository, by the URI of the repository:
    /// `123456789012.dkr.ecr.eu-central-1.amazonaws.com/churn`. The default is the image with the tag `latest`;
    /// [`tag`](EcrImage::tag) or [`digest`](EcrImage::digest) selects another one.
    ///
    /// ```
    /// use sfn_tasks::prelude::*;
    /// use sfn_tasks::tasks::sagemaker::{ContainerDefinition, DockerImage};
    ///
    /// let image = DockerImage::from_ecr_repository(reference("RepositoryUri")).tag("v7");
    /// let container = ContainerDefinition::new().image(image);
    /// ```
    pub fn from_ecr_repository(uri: impl IntoValue<String>) -> EcrImage {
        EcrImage { repository: uri.into_value().into_payload(), separator: ":", version: "latest".into() }
    }
}

/// An image in an Amazon ECR repository. Created by [`DockerImage::from_ecr_repository`].
#[derive(Debug, Clone)]
#[must_use = "an image does nothing until it is passed to a builder"]
pub struct EcrImage {
    repository: Payload,
    separator: &'static str,
    version: Payload,
}

impl EcrImage {
    /// The image with this tag.
    pub fn tag(self, tag: impl IntoValue<String>) -> Self {
        Self { separator: ":", version: tag.into_value().into_payload(), ..self }
    }

    /// The image with this digest: `sha256:…`.
    pub fn digest(self, digest: impl IntoValue<String>) -> Self {
        Self { separator: "@", version: digest.into_value().into_payload(), ..self }
    }
}

impl IntoValue<String> for DockerImage {
    fn into_value(self) -> Value<String> {
        Value::unchecked(self.0)
    }
}

impl IntoValue<String> for EcrImage {
    fn into_value(self) -> Value<String> {
        Value::unchecked(text::concatenation(&[self.repository, self.separator.into(), self.version]))
    }
}
