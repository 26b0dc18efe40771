//! Types that cannot be JSON before the query language is known. The impls improve the compiler's message for
//! `json!`.
//!
//! Their bounds never hold. Because of the lifetime, the compiler only checks a bound when it is used.

use serde::ser::Error;
use serde::{Serialize, Serializer};

use super::{ContextValue, Element, Intrinsic, Jsonata, Path, Payload, Reference, Value};

/// The bound that `serde_json::json!` needs and that no such type satisfies. serde has its own message for a missing
/// impl; the name of this trait is the only part that we can choose.
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
                Err(S::Error::custom("a run-time value cannot be written as JSON"))
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
        Err(S::Error::custom("a run-time value cannot be written as JSON"))
    }
}
