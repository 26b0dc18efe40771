//! The fields of a state, in canonical order.

use crate::value::{IntoPath, IntoTime, IntoValue, Json, Payload, Seconds, Text};

macro_rules! fields {
    ($($field:ident),* $(,)?) => {
        /// A field of a state. Fields are rendered in this order.
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum Field {
            $($field,)*
            /// A field that the library does not know
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

/// The value of a field before its query language is known.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum FieldValue {
    /// JSON without run-time parts
    Plain(Json),
    /// A payload, which in JSONPath must not be a single path
    Template(Payload),
    /// One value. In JSONPath, a path sets the `…Path` form of the field, such as `TimeoutSecondsPath`
    Scalar(Payload),
}

impl FieldValue {
    /// A value, or `None` for an `Option` that is `None`.
    pub(crate) fn scalar<T: ?Sized>(value: impl IntoValue<T>) -> Option<Self> {
        value.into_value().into_option().map(FieldValue::Scalar)
    }

    /// A time, or `None` for an `Option` that is `None`.
    pub(crate) fn seconds(time: impl IntoTime<Seconds>) -> Option<Self> {
        Self::scalar(time.into_time())
    }

    /// A path, as text.
    pub(crate) fn path(path: impl IntoPath) -> Self {
        FieldValue::Plain(Json::String(path.into_path().0))
    }
}
