//! Runs a state machine: offline, in virtual time, as AWS would.
//!
//! A [`Runner`] takes a definition and [`Mocks`] for its tasks; what comes back is a [`Run`]: status, output, every
//! visit of a state, every call of a task and the event history. A year's wait takes no time, and nothing is random
//! but from a seed.

mod cost;
mod coverage;
mod engine;
mod history;
mod local;
mod mocks;
mod outcome;
mod runner;
mod state_test;
mod suite;
mod time;
mod validation;

pub use cost::Cost;
pub use coverage::{Coverage, Part, PartKind};
pub use history::Event;
pub use local::LocalFault;
pub use mocks::{Call, Mock, Mocks, TaskError};
pub use outcome::{Failure, Inspection, Run, Status, Step};
pub use runner::{NotRedrivable, Problem, Runner};
pub use state_test::{ApiError, StateAnswer, StateTest};
pub use suite::{Case, CaseResult, Report, Suite, SuiteFault, record};
pub use time::Timestamp;
pub use validation::FieldValidation;
