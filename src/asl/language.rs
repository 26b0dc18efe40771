//! The words of the language that name a kind: state types, modes.

use std::fmt;

/// What a state does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum StateType {
    /// Calls a service.
    Task,
    /// Hands its input on, changed or not.
    Pass,
    /// Branches by conditions.
    Choice,
    /// Waits.
    Wait,
    /// Ends the machine well.
    Succeed,
    /// Ends the machine with an error.
    Fail,
    /// Runs branches side by side.
    Parallel,
    /// Runs the same states for each item.
    Map,
    /// Something else: no `Type`, or one that the language does not have, or a placeholder.
    Unknown,
}

/// How a Map state runs its items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
#[non_exhaustive]
pub enum ProcessorMode {
    /// Within the execution, which is so where nothing is said.
    #[default]
    Inline,
    /// Each in a child execution of its own.
    Distributed,
}

macro_rules! names {
    ($type:ident { $($variant:ident = $name:literal),+ $(,)? }) => {
        impl $type {
            /// Every one that has a name.
            pub const ALL: &'static [$type] = &[$($type::$variant),+];

            /// The one of that name.
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
            /// The name, as it is in a definition.
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
    /// Whether a machine ends in such a state without `End`.
    pub const fn is_terminal(self) -> bool {
        matches!(self, StateType::Succeed | StateType::Fail)
    }
}
