//! The handwritten parts of the builders that a spec cannot express, with one module for each service. The generated
//! module of the service exports them.

#[cfg(any(feature = "all", feature = "athena"))]
pub mod athena;
#[cfg(any(feature = "all", feature = "batch"))]
pub mod batch;
#[cfg(any(feature = "all", feature = "codebuild"))]
pub mod codebuild;
#[cfg(any(feature = "all", feature = "ecs"))]
pub mod ecs;
pub mod evaluate_expression;
#[cfg(any(feature = "all", feature = "lambda"))]
pub mod lambda;
#[cfg(any(feature = "all", feature = "athena", feature = "sagemaker"))]
mod s3;
#[cfg(any(feature = "all", feature = "sagemaker"))]
pub mod sagemaker;
#[cfg(any(feature = "all", feature = "sns"))]
pub mod sns;
#[cfg(any(feature = "all", feature = "sqs"))]
pub mod sqs;
#[cfg(any(feature = "all", feature = "states"))]
pub mod states;
#[cfg(any(feature = "all", feature = "athena", feature = "sagemaker", feature = "sns", feature = "sqs"))]
// A build with few services uses only a part of this module.
#[cfg_attr(not(feature = "all"), allow(dead_code))]
mod text;

/// Implements the conversion of a pair of a name and a value to the structure that contains both.
#[cfg(any(feature = "all", feature = "batch", feature = "codebuild", feature = "ecs"))]
macro_rules! name_and_value {
    ($structure:ident) => {
        /// A name and its value.
        impl<N: $crate::value::IntoValue<String>, V: $crate::value::IntoValue<String>>
            $crate::value::IntoValue<$structure> for (N, V)
        {
            fn into_value(self) -> $crate::value::Value<$structure> {
                $crate::value::IntoValue::into_value($structure::new().name(self.0).value(self.1))
            }
        }
    };
}

#[cfg(any(feature = "all", feature = "batch", feature = "codebuild", feature = "ecs"))]
use name_and_value;
