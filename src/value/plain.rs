//! Values that are no JSON before a query language is chosen, for the sake of what the compiler says of `json!`.
//!
//! Their bounds never hold. The lifetimes keep the compiler from looking at a bound before somebody needs it.

use serde::ser::Error;
use serde::{Serialize, Serializer};

use super::{ContextValue, Element, Intrinsic, Jsonata, Path, Payload, Reference, Value};

/// What `serde_json::json!` and the rest of serde ask of a value, and no value of the run time has. serde has a message
/// of its own, in which this name is the only word that is ours.
#[doc(hidden)]
pub trait UsePayloadInsteadOfJson {}

macro_rules! not_plain {
    ($($of:ident),*) => {$(
        #[doc(hidden)]
        impl Serialize for $of
        where
            for<'never> Self: UsePayloadInsteadOfJson,
        {
            fn serialize<S: Serializer>(&self, _serializer: S) -> Result<S::Ok, S::Error> {
                Err(S::Error::custom("a value of the run time has no JSON of its own"))
            }
        }
    )*};
}

not_plain!(ContextValue, Element, Intrinsic, Jsonata, Path, Payload, Reference);

#[doc(hidden)]
impl<T: ?Sized> Serialize for Value<T>
where
    for<'never> Self: UsePayloadInsteadOfJson,
{
    fn serialize<S: Serializer>(&self, _serializer: S) -> Result<S::Ok, S::Error> {
        Err(S::Error::custom("a value of the run time has no JSON of its own"))
    }
}
