//! The values that setters of free JSON accept.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use super::expression::{ContextValue, Expression, Jsonata, Path, Reference};
use super::{Intrinsic, Json, Number, Payload, Value};

/// The values that a setter of free JSON accepts, such as `output`, `assign` and `parameters`: the result of
/// [`payload!`](crate::payload), text, numbers, booleans, lists, maps, expressions, and `serde_json::Value`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a payload",
    label = "write `payload!(…)`, text, a number, `path(…)`, `jsonata(…)`, `reference(…)` or an intrinsic function",
    note = "for a value of your own type that implements `Serialize` write `Payload::serialize(&value)`"
)]
pub trait IntoPayload {
    /// The payload.
    fn into_payload(self) -> Payload;
}

macro_rules! into_payload {
    ($($({$($generics:tt)*})? $of:ty;)*) => {$(
        impl $(<$($generics)*>)? IntoPayload for $of {
            fn into_payload(self) -> Payload {
                self.into()
            }
        }
    )*};
}

into_payload! {
    ();
    bool;
    i8;
    u8;
    i16;
    u16;
    i32;
    u32;
    i64;
    u64;
    isize;
    usize;
    i128;
    u128;
    f32;
    f64;
    Number;
    &str;
    &String;
    String;
    Box<str>;
    Rc<str>;
    Arc<str>;
    Cow<'_, str>;
    Payload;
    &Payload;
    Json;
    serde_json::Value;
    Expression;
    Path;
    Jsonata;
    ContextValue;
    Reference;
    Intrinsic;
    {T: ?Sized} Value<T>;
    {T: Into<Payload>} Option<T>;
    {T: Into<Payload>} Vec<T>;
    {T: Into<Payload> + Clone} &[T];
    {T: Into<Payload>, const N: usize} [T; N];
    {T: Into<Payload>} BTreeMap<String, T>;
    {T: Into<Payload>} HashMap<String, T>;
}
