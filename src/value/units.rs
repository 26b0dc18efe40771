//! Time and memory in the unit that an API counts in.

use std::time::Duration;

use super::{Payload, ReferenceForm, Value};

/// An amount of memory or storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Size {
    bytes: u128,
}

impl Size {
    /// So many bytes.
    pub const fn bytes(bytes: u64) -> Self {
        Self { bytes: bytes as u128 }
    }

    /// So many MiB (1,048,576 bytes).
    pub const fn mebibytes(mebibytes: u64) -> Self {
        Self { bytes: (mebibytes as u128) << 20 }
    }

    /// So many GiB (1,024 MiB).
    pub const fn gibibytes(gibibytes: u64) -> Self {
        Self { bytes: (gibibytes as u128) << 30 }
    }

    /// So many TiB (1,024 GiB).
    pub const fn tebibytes(tebibytes: u64) -> Self {
        Self { bytes: (tebibytes as u128) << 40 }
    }
}

macro_rules! units {
    ($($(#[$docs:meta])* $unit:ident: $from:ty, $amount:expr, $size:expr, $plural:literal;)*) => {$(
        $(#[$docs])*
        #[derive(Debug)]
        pub enum $unit {}

        impl ReferenceForm for $unit {
            const QUOTED: bool = false;
        }

        /// An amount that is no whole number of the unit is reported when the machine is made.
        impl From<$from> for Value<$unit> {
            fn from(value: $from) -> Self {
                let amount: u128 = ($amount)(value);
                Self::unchecked(match u64::try_from(amount / $size) {
                    Ok(whole) if amount % $size == 0 => Payload::from(whole),
                    _ => Payload::Fault(format!("{value:?} is no whole number of {}", $plural).into()),
                })
            }
        }
    )*};
}

units! {
    /// A time that the API counts in milliseconds.
    Milliseconds: Duration, |time: Duration| time.as_nanos(), 1_000_000, "milliseconds";
    /// A time that the API counts in seconds.
    Seconds: Duration, |time: Duration| time.as_nanos(), 1_000_000_000, "seconds";
    /// A time that the API counts in minutes.
    Minutes: Duration, |time: Duration| time.as_nanos(), 60_000_000_000, "minutes";
    /// A time that the API counts in hours.
    Hours: Duration, |time: Duration| time.as_nanos(), 3_600_000_000_000, "hours";
    /// A time that the API counts in days.
    Days: Duration, |time: Duration| time.as_nanos(), 86_400_000_000_000, "days";
    /// An amount of memory that the API counts in MiB.
    Mebibytes: Size, |size: Size| size.bytes, 1 << 20, "MiB";
    /// An amount of storage that the API counts in GiB.
    Gibibytes: Size, |size: Size| size.bytes, 1 << 30, "GiB";
}
