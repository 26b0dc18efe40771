//! Durations and sizes in the unit of an API.

use std::fmt;
use std::time::Duration;

use super::{ContextValue, IntoValue, Intrinsic, Jsonata, Path, Payload, Reference, ReferenceForm, Value};

/// An amount of memory or storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Size {
    bytes: u128,
}

impl Size {
    /// A number of bytes.
    pub const fn bytes(bytes: u64) -> Self {
        Self { bytes: bytes as u128 }
    }

    /// A number of MiB (1,048,576 bytes).
    pub const fn mebibytes(mebibytes: u64) -> Self {
        Self { bytes: (mebibytes as u128) << 20 }
    }

    /// A number of GiB (1,024 MiB).
    pub const fn gibibytes(gibibytes: u64) -> Self {
        Self { bytes: (gibibytes as u128) << 30 }
    }

    /// A number of TiB (1,024 GiB).
    pub const fn tebibytes(tebibytes: u64) -> Self {
        Self { bytes: (tebibytes as u128) << 40 }
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = [(40, "TiB"), (30, "GiB"), (20, "MiB"), (10, "KiB")];
        match units.into_iter().find(|(bits, _)| self.bytes > 0 && self.bytes % (1 << bits) == 0) {
            Some((bits, unit)) => write!(f, "{} {unit}", self.bytes >> bits),
            None => write!(f, "{} bytes", self.bytes),
        }
    }
}

/// The values that a setter of a duration accepts: a [`Duration`], a [`path`](super::path), a
/// [`jsonata`](super::jsonata) expression, an [intrinsic function](super::intrinsic), a member of the [context
/// object](super::context) or a [`reference`](super::reference()). `U` is the unit of the API. A value that is not a
/// whole number of this unit is reported when the state machine is built.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a duration: pass a `Duration`, `path(…)`, `jsonata(…)`, `reference(…)` or an intrinsic function",
    label = "such as `Duration::from_secs(60)`"
)]
pub trait IntoTime<U> {
    /// The value.
    fn into_time(self) -> Value<U>;
}

/// The values that a setter of a size accepts: a [`Size`], a [`path`](super::path), a [`jsonata`](super::jsonata)
/// expression, an [intrinsic function](super::intrinsic), a member of the [context object](super::context) or a
/// [`reference`](super::reference()). `U` is the unit of the API. A value that is not a whole number of this unit is
/// reported when the state machine is built.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a size: pass a `Size`, `path(…)`, `jsonata(…)`, `reference(…)` or an intrinsic function",
    label = "such as `Size::gibibytes(10)`"
)]
pub trait IntoSize<U> {
    /// The value.
    fn into_size(self) -> Value<U>;
}

/// The expressions that a setter accepts in place of an amount.
macro_rules! expressions {
    ($trait:ident, $method:ident) => {
        expressions!(@each $trait, $method: Path, Jsonata, Intrinsic, ContextValue);

        impl<U> $trait<U> for Reference {
            fn $method(self) -> Value<U> {
                Value::unchecked(self.into_unquoted())
            }
        }

        impl<U> $trait<U> for Value<U> {
            fn $method(self) -> Value<U> {
                self
            }
        }

        impl<U, V: $trait<U>> $trait<U> for Option<V> {
            fn $method(self) -> Value<U> {
                self.map(V::$method).into_value()
            }
        }
    };
    (@each $trait:ident, $method:ident: $($from:ty),*) => {$(
        impl<U> $trait<U> for $from {
            fn $method(self) -> Value<U> {
                self.into_value()
            }
        }
    )*};
}

expressions!(IntoTime, into_time);
expressions!(IntoSize, into_size);

/// A unit of time or of size.
pub trait Unit {
    /// The number of nanoseconds, or bytes, in one unit.
    #[doc(hidden)]
    const ONE: u128;
    /// The name of the unit, for a message.
    #[doc(hidden)]
    const PLURAL: &'static str;
}

fn whole<U: Unit>(amount: u128, given: &dyn fmt::Display) -> Value<U> {
    Value::unchecked(match u64::try_from(amount / U::ONE) {
        Ok(count) if amount % U::ONE == 0 => Payload::from(count),
        _ => {
            let (unit, next) = (U::PLURAL, (amount / U::ONE).saturating_add(1));
            Payload::Fault(
                format!("{given} is not a whole number of {unit}: round it, for example to {next} {unit}").into(),
            )
        }
    })
}

impl<U: Unit> IntoTime<U> for Duration {
    fn into_time(self) -> Value<U> {
        whole(self.as_nanos(), &format_args!("{self:?}"))
    }
}

impl<U: Unit> IntoSize<U> for Size {
    fn into_size(self) -> Value<U> {
        whole(self.bytes, &self)
    }
}

macro_rules! units {
    ($method:ident, $from:ty: $($(#[$docs:meta])* $unit:ident = $one:expr, $plural:literal;)*) => {$(
        $(#[$docs])*
        #[derive(Debug)]
        pub enum $unit {}

        impl Unit for $unit {
            const ONE: u128 = $one;
            const PLURAL: &'static str = $plural;
        }

        impl ReferenceForm for $unit {
            const QUOTED: bool = false;
        }

        impl IntoValue<$unit> for $from {
            fn into_value(self) -> Value<$unit> {
                self.$method()
            }
        }
    )*};
}

units! {
    into_time, Duration:
    /// A time that the API counts in milliseconds.
    Milliseconds = 1_000_000, "milliseconds";
    /// A time that the API counts in seconds.
    Seconds = 1_000_000_000, "seconds";
    /// A time that the API counts in minutes.
    Minutes = 60_000_000_000, "minutes";
    /// A time that the API counts in hours.
    Hours = 3_600_000_000_000, "hours";
    /// A time that the API counts in days.
    Days = 86_400_000_000_000, "days";
}

units! {
    into_size, Size:
    /// An amount of memory that the API counts in MiB.
    Mebibytes = 1 << 20, "MiB";
    /// An amount of storage that the API counts in GiB.
    Gibibytes = 1 << 30, "GiB";
}
