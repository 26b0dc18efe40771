//! The names of state types and processor modes.

use std::fmt;

/// The type of a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum StateType {
    /// Calls a service.
    Task,
    /// Passes its input to its output, with or without changes.
    Pass,
    /// Chooses the next state by conditions.
    Choice,
    /// Waits for a time.
    Wait,
    /// Ends the machine successfully.
    Succeed,
    /// Ends the machine with an error.
    Fail,
    /// Runs branches in parallel.
    Parallel,
    /// Runs the same states for each item.
    Map,
    /// Any other `Type`: absent, unknown, or a placeholder.
    Unknown,
}

/// How a Map state runs its items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
#[non_exhaustive]
pub enum ProcessorMode {
    /// In the execution itself. The default.
    #[default]
    Inline,
    /// Each item or batch in its own child execution.
    Distributed,
}

macro_rules! names {
    ($type:ident { $($variant:ident = $name:literal),+ $(,)? }) => {
        impl $type {
            /// All variants that have a name.
            pub const ALL: &'static [$type] = &[$($type::$variant),+];

            /// The variant with this name.
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    $($name => Some($type::$variant),)+
                    _ => None,
                }
            }
        }
    };
    ($type:ident { $($variant:ident = $name:literal),+ $(,)? } else $other:ident = $unnamed:literal) => {
        names!($type { $($variant = $name),+ });
        names!(@name $type { $($variant = $name,)+ $other = $unnamed });
    };
    (@name $type:ident { $($variant:ident = $name:literal),+ }) => {
        impl $type {
            /// The name in the definition.
            pub const fn name(self) -> &'static str {
                match self {
                    $($type::$variant => $name,)+
                }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}

names!(ProcessorMode { Inline = "INLINE", Distributed = "DISTRIBUTED" });
names!(@name ProcessorMode { Inline = "INLINE", Distributed = "DISTRIBUTED" });
names!(StateType {
    Task = "Task",
    Pass = "Pass",
    Choice = "Choice",
    Wait = "Wait",
    Succeed = "Succeed",
    Fail = "Fail",
    Parallel = "Parallel",
    Map = "Map",
} else Unknown = "unknown");

impl StateType {
    /// Whether a state of this type ends its machine without the field `End`.
    pub const fn is_terminal(self) -> bool {
        matches!(self, StateType::Succeed | StateType::Fail)
    }
}
