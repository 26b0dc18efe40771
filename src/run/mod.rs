//! Runs a state machine offline, in virtual time, as AWS does.
//!
//! A [`Runner`] takes a definition and [`Mocks`] for its tasks, and returns a [`Run`]: status, output, every visit of a
//! state, every call of a task and the event history. A wait of a year takes no time, and random values come from a
//! seed.

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
pub use mocks::{Call, IntoAnswer, Mock, Mocks, TaskError};
pub use outcome::{Failure, Inspection, Run, Status, Step};
pub use runner::{NotRedrivable, Problem, Runner};
pub use state_test::{ApiError, StateAnswer, StateTest};
pub use suite::{Case, CaseResult, Report, Suite, SuiteFault, record};
pub use time::Timestamp;
pub use validation::FieldValidation;
