//! The fields of a state, in the order in which a person writes them.

use crate::value::{IntoPath, IntoTime, IntoValue, Json, Payload, Seconds, Text};

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
    /// A value, or nothing if it is a `None`.
    pub(crate) fn scalar<T: ?Sized>(value: impl IntoValue<T>) -> Option<Self> {
        value.into_value().into_option().map(FieldValue::Scalar)
    }

    /// A time, or nothing if it is a `None`.
    pub(crate) fn seconds(time: impl IntoTime<Seconds>) -> Option<Self> {
        Self::scalar(time.into_time())
    }

    /// A path, as text.
    pub(crate) fn path(path: impl IntoPath) -> Self {
        FieldValue::Plain(Json::String(path.into_path().0))
    }
}
