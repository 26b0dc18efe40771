//! The fields of a state, in the order in which a person writes them.

use crate::value::{Json, Path, Payload, Text, Value};

macro_rules! fields {
    ($($field:ident),* $(,)?) => {
        /// A field of a state. Fields are rendered in this order.
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum Field {
            $($field,)*
            /// One that the library does not know
            Other(Text),
        }

        impl Field {
            pub(crate) fn name(&self) -> Text {
                match self {
                    $(Field::$field => Text::Borrowed(stringify!($field)),)*
                    Field::Other(name) => name.clone(),
                }
            }
        }
    };
}

fields! {
    Comment, InputPath, Items, ItemReader, ItemSelector, ItemBatcher, MaxConcurrency, ToleratedFailureCount,
    ToleratedFailurePercentage, Label, Credentials, Parameters, Result, Seconds, Timestamp, Error, Cause,
    TimeoutSeconds, HeartbeatSeconds, ResultWriter, ResultSelector, ResultPath, OutputPath, Assign, Output,
}

/// What a field holds before its query language is known.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum FieldValue {
    /// JSON without run-time parts
    Plain(Json),
    /// A payload, which in JSONPath must not be a path as a whole
    Template(Payload),
    /// One value; in JSONPath a path makes it the field's twin, such as `TimeoutSecondsPath`
    Scalar(Payload),
}

impl FieldValue {
    pub(crate) fn scalar<T: ?Sized>(value: impl Into<Value<T>>) -> Self {
        FieldValue::Scalar(value.into().into_payload())
    }

    /// A path, as text.
    pub(crate) fn path(path: impl Into<Path>) -> Self {
        FieldValue::Plain(Json::String(path.into().0))
    }
}
