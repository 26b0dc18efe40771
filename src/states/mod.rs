//! Builders for the states of a state machine, and chains of them.
//!
//! [`StateMachine::new`](crate::StateMachine::new) accepts every state. The method `next` continues with another state,
//! a [`Chain`] or a [`goto`].

#[macro_use]
mod common;

mod chain;
mod choice;
mod condition;
mod distributed;
mod error;
mod fail;
mod field;
mod lower;
mod map;
mod name;
mod node;
mod nodes;
mod parallel;
mod pass;
mod retry;
mod succeed;
mod teach;
mod wait;

pub use chain::{Chain, IntoChain, goto};
pub use choice::{Branch, Choice, IntoBranch};
pub use condition::{Comparable, Condition, Variable, all, any, not, var};
pub use distributed::{
    CsvDelimiter, CsvHeaders, DistributedMap, ExecutionType, ItemBatcher, ItemReader, OutputType, ResultWriter,
    Transformation,
};
pub use error::{ErrorName, IntoErrorNames, errors};
pub use fail::Fail;
pub(crate) use field::{Field, FieldValue};
pub(crate) use lower::{Call, Setting, lower_machine};
pub use map::Map;
pub use name::IntoName;
pub(crate) use node::{Builder, Flow, Granted, Node};
pub use parallel::Parallel;
pub use pass::Pass;
pub use retry::{Catch, Retry};
pub use succeed::Succeed;
#[doc(hidden)]
pub use teach::{CanFail, GoesOn};
pub use wait::Wait;
