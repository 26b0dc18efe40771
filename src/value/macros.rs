//! The `payload!` macro.

/// A [`Payload`](crate::value::Payload), written as JSON is written. Any value may be an expression of Rust.
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
    // Elements of an array: done elements in brackets, then what is left.
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
        $crate::payload!(@array [$($done,)* $crate::value::Payload::from($next),] $($($rest)*)?)
    };
    // Members of an object, likewise.
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
        $crate::payload!(@object [$($done,)* (($name).into(), $crate::value::Payload::from($next)),] $($($rest)*)?)
    };
    (null) => { $crate::value::Payload::Null };
    ([$($inner:tt)*]) => { $crate::value::Payload::Array($crate::payload!(@array [] $($inner)*)) };
    ({$($inner:tt)*}) => { $crate::value::Payload::Object($crate::payload!(@object [] $($inner)*)) };
    ($value:expr) => { $crate::value::Payload::from($value) };
}
