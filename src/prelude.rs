//! The items that most programs need: `use sfn_tasks::prelude::*;`

pub use std::time::Duration;

pub use crate::iam::Scope;
pub use crate::payload;
pub use crate::states::{
    Branch, Catch, Chain, Choice, Condition, CsvDelimiter, CsvHeaders, DistributedMap, ErrorName, ExecutionType, Fail,
    IntoChain, ItemBatcher, ItemReader, Map, OutputType, Parallel, Pass, ResultWriter, Retry, Succeed, Transformation,
    Wait, all, any, errors, goto, not, var,
};
pub use crate::task::Task;
pub use crate::value::{
    IntoValue, Payload, QueryLanguage, Size, Value, context, element, intrinsic, jsonata, path, reference, state_input,
    task_token,
};
pub use crate::{Problems, StateMachine};
