//! Settings that are not in the definition.

/// The logging of a state machine. Its log group is `/aws/vendedlogs/states/…`: with this prefix, the resource policy
/// of CloudWatch Logs does not grow.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "pass it to `Export::logging`"]
pub struct Logging {
    pub(super) level: LogLevel,
    pub(super) with_data: bool,
    pub(super) retention_days: Option<u16>,
}

/// Which events are logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum LogLevel {
    /// All events.
    #[default]
    All,
    /// Errors.
    Error,
    /// Errors that end an execution.
    Fatal,
}

impl LogLevel {
    pub(super) const fn name(self) -> &'static str {
        match self {
            LogLevel::All => "ALL",
            LogLevel::Error => "ERROR",
            LogLevel::Fatal => "FATAL",
        }
    }
}

impl Logging {
    /// Logs without the data of the execution, kept until you delete them.
    pub fn new(level: LogLevel) -> Self {
        Self { level, with_data: false, retention_days: None }
    }

    /// Also logs input, output and the parameters of tasks.
    pub fn execution_data(mut self) -> Self {
        self.with_data = true;
        self
    }

    /// Keeps logs for this number of days: 1, 3, 5, 7, 14, 30, 60, 90, …
    pub fn retention_days(mut self, days: u16) -> Self {
        self.retention_days = Some(days);
        self
    }
}

/// An alias of the state machine. Each deployment moves it to a new version.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "pass it to `Export::alias`"]
pub struct Alias {
    pub(super) name: String,
    pub(super) shift: Shift,
    pub(super) alarms: Vec<String>,
}

/// How an alias moves to a new version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Shift {
    /// At once.
    #[default]
    AllAtOnce,
    /// First this percentage of the executions, and the rest after some minutes.
    Canary {
        /// The first percentage (1 to 99).
        percentage: u8,
        /// Minutes until the rest follows (1 to 2,100).
        minutes: u16,
    },
    /// The same percentage of the executions in each step.
    Linear {
        /// The percentage of each step (1 to 99).
        percentage: u8,
        /// Minutes between two steps (1 to 2,100).
        minutes: u16,
    },
}

impl Alias {
    /// An alias with this name, such as `live`, that moves at once.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), shift: Shift::default(), alarms: Vec::new() }
    }

    /// How the alias moves to a new version. In Terraform and the CDK it can only move at once.
    pub fn shift(mut self, shift: Shift) -> Self {
        self.shift = shift;
        self
    }

    /// Rolls back if this CloudWatch alarm goes into the `ALARM` state while the alias moves. Accepts its name, or a
    /// reference `${Name}`.
    pub fn alarm(mut self, name: impl Into<String>) -> Self {
        self.alarms.push(name.into());
        self
    }
}

impl Shift {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Shift::AllAtOnce => "ALL_AT_ONCE",
            Shift::Canary { .. } => "CANARY",
            Shift::Linear { .. } => "LINEAR",
        }
    }

    /// The percentage and the minutes.
    pub(super) const fn steps(self) -> Option<(u8, u16)> {
        match self {
            Shift::AllAtOnce => None,
            Shift::Canary { percentage, minutes } | Shift::Linear { percentage, minutes } => {
                Some((percentage, minutes))
            }
        }
    }
}
