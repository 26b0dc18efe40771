//! The `payload!` macro.

/// A [`Payload`](crate::value::Payload) in the syntax of JSON. Each value can be a Rust expression, including values
/// that are known only at run time or at deployment, which `serde_json::json!` does not accept.
///
/// ```
/// use sfn_tasks::prelude::*;
///
/// let payload = payload!({
///     "order": path("$.order.id"),
///     "lines": [{ "sku": "a-1", "count": 1 + 1 }, null],
///     "at": context::state_entered_time(),
/// });
/// ```
#[macro_export]
macro_rules! payload {
    // Elements of an array: the finished elements in brackets, then the rest.
    (@array [$($done:expr,)*]) => { ::std::vec![$($done),*] };
    (@array [$($done:expr,)*] null $(, $($rest:tt)*)?) => {
        $crate::payload!(@array [$($done,)* $crate::value::Payload::Null,] $($($rest)*)?)
    };
    (@array [$($done:expr,)*] [$($inner:tt)*] $(, $($rest:tt)*)?) => {
        $crate::payload!(@array [$($done,)* $crate::payload!([$($inner)*]),] $($($rest)*)?)
    };
    (@array [$($done:expr,)*] {$($inner:tt)*} $(, $($rest:tt)*)?) => {
        $crate::payload!(@array [$($done,)* $crate::payload!({$($inner)*}),] $($($rest)*)?)
    };
    (@array [$($done:expr,)*] $next:expr $(, $($rest:tt)*)?) => {
        $crate::payload!(@array [$($done,)* $crate::value::payload_of($next),] $($($rest)*)?)
    };
    // Members of an object, in the same form.
    (@object [$($done:expr,)*]) => { ::std::vec![$($done),*] };
    (@object [$($done:expr,)*] $name:tt : null $(, $($rest:tt)*)?) => {
        $crate::payload!(@object [$($done,)* (($name).into(), $crate::value::Payload::Null),] $($($rest)*)?)
    };
    (@object [$($done:expr,)*] $name:tt : [$($inner:tt)*] $(, $($rest:tt)*)?) => {
        $crate::payload!(@object [$($done,)* (($name).into(), $crate::payload!([$($inner)*])),] $($($rest)*)?)
    };
    (@object [$($done:expr,)*] $name:tt : {$($inner:tt)*} $(, $($rest:tt)*)?) => {
        $crate::payload!(@object [$($done,)* (($name).into(), $crate::payload!({$($inner)*})),] $($($rest)*)?)
    };
    (@object [$($done:expr,)*] $name:tt : $next:expr $(, $($rest:tt)*)?) => {
        $crate::payload!(@object [$($done,)* (($name).into(), $crate::value::payload_of($next)),] $($($rest)*)?)
    };
    (null) => { $crate::value::Payload::Null };
    ([$($inner:tt)*]) => { $crate::value::Payload::Array($crate::value::Elements::from($crate::payload!(@array [] $($inner)*))) };
    ({$($inner:tt)*}) => { $crate::value::Payload::Object($crate::value::Members::from($crate::payload!(@object [] $($inner)*))) };
    ($value:expr) => { $crate::value::payload_of($value) };
}

/// The methods that every enum of a service has.
#[doc(hidden)]
#[macro_export]
macro_rules! __choices {
    ($choice:ident { $($variant:ident = $text:literal),* $(,)? }) => {
        impl $choice {
            /// Every value that this version of the library knows.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The text in the definition.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }

            /// A value that AWS added later. The checker accepts it with a warning.
            pub fn other(text: impl ::std::convert::Into<::std::string::String>) -> $crate::value::Value<Self> {
                $crate::value::Value::other(text.into())
            }
        }

        impl ::std::str::FromStr for $choice {
            type Err = $crate::value::UnknownChoice;

            fn from_str(text: &str) -> ::std::result::Result<Self, $crate::value::UnknownChoice> {
                let find = |choice: &&Self| choice.as_str() == text;
                match Self::ALL.iter().find(find) {
                    ::std::option::Option::Some(choice) => ::std::result::Result::Ok(*choice),
                    ::std::option::Option::None => ::std::result::Result::Err($crate::value::UnknownChoice::new(
                        ::std::stringify!($choice),
                        text,
                        &[$($text),*],
                    )),
                }
            }
        }

        impl ::std::convert::TryFrom<&str> for $choice {
            type Error = $crate::value::UnknownChoice;

            fn try_from(text: &str) -> ::std::result::Result<Self, $crate::value::UnknownChoice> {
                text.parse()
            }
        }

        impl ::std::fmt::Display for $choice {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl $crate::value::ReferenceForm for $choice {
            const QUOTED: bool = true;
        }

        #[doc(hidden)]
        impl $crate::value::IntoValue<$choice> for $choice {
            fn into_value(self) -> $crate::value::Value<$choice> {
                $crate::value::Value::unchecked(self.as_str())
            }
        }
    };
}
