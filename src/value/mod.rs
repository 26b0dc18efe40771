//! Values: the JSON of a definition, and the values that the parameters of builders accept.

mod choice;
mod expression;
mod into_payload;
pub mod intrinsic;
mod json;
mod language;
mod lower;
mod macros;
mod number;
mod payload;
mod plain;
mod pointer;
mod printable;
mod render;
mod substitute;
mod texts;
mod tree;
mod typed;
mod units;
mod yaml;

#[doc(hidden)]
pub use crate::__choices as choices;
pub use choice::UnknownChoice;
pub use expression::{
    ContextValue, Element, Expression, IntoPath, Jsonata, Path, Reference, context, element, jsonata, path, reference,
    state_input, task_token,
};
pub(crate) use expression::{in_braces, without_braces};
pub use into_payload::IntoPayload;
pub use intrinsic::Intrinsic;
pub use json::{Json, Object, Text};
pub use language::QueryLanguage;
pub(crate) use lower::{At, Fault, Faults, Lowered, Lowering};
pub use number::Number;
pub use payload::Payload;
#[doc(hidden)]
pub use payload::{InPayload, payload_of};
#[doc(hidden)]
pub use plain::UsePayloadInsteadOfJson;
pub use pointer::{escape_token, token_index, unescape_token};
pub use printable::{is_printable, printable};
pub use texts::IntoTexts;
pub use tree::{Elements, Members, Tree};
pub(crate) use tree::{copy, equal};
pub use typed::{Blob, IntoKey, IntoValue, NumberText, ReferenceForm, Timestamp, Value};
pub use units::{Days, Gibibytes, Hours, IntoSize, IntoTime, Mebibytes, Milliseconds, Minutes, Seconds, Size, Unit};
