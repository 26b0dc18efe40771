//! The Map state in inline mode.

use super::{Builder, Field, FieldValue, IntoChain, IntoName};
use crate::asl::{ProcessorMode, StateType};
use crate::value::{IntoPayload, IntoValue, Payload};

/// The processor of a Map state, and its mode.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Processor {
    pub(crate) mode: ProcessorMode,
    pub(crate) execution_type: Option<Payload>,
    pub(crate) form: Form,
}

/// The fields in which the processor is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// `ItemProcessor` with a `ProcessorConfig`
    ItemProcessor,
    /// `ItemProcessor` without `ProcessorConfig`
    Bare,
    /// `Iterator`, which `ItemProcessor` replaces
    Iterator,
}

/// Runs the same states for each item of a list, inside the execution. Its result is the list of the outputs.
///
/// For more than about 40 items in parallel, or more events than the history of an execution can contain, see
/// [`DistributedMap`](super::DistributedMap).
///
/// ```
/// use sfn_tasks::prelude::*;
///
/// let machine = StateMachine::new(
///     Map::new("Each line", Pass::new("Line"))
///         .items(path("$.lines"))
///         .item_selector(payload!({ "line": context::map_item_value(), "order": path("$.id") }))
///         .max_concurrency(5),
/// )?;
/// assert_eq!(
///     format!("{:#}", machine),
///     r#"{
///   "StartAt": "Each line",
///   "States": {
///     "Each line": {
///       "Type": "Map",
///       "ItemsPath": "$.lines",
///       "ItemSelector": {
///         "line.$": "$$.Map.Item.Value",
///         "order.$": "$.id"
///       },
///       "MaxConcurrency": 5,
///       "ItemProcessor": {
///         "ProcessorConfig": {
///           "Mode": "INLINE"
///         },
///         "StartAt": "Line",
///         "States": {
///           "Line": {
///             "Type": "Pass",
///             "End": true
///           }
///         }
///       },
///       "End": true
///     }
///   }
/// }"#,
/// );
/// # Ok::<(), sfn_tasks::Problems>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use = "a state does nothing until it is part of a machine"]
pub struct Map {
    builder: Builder,
}

impl Map {
    /// Runs the processor for each element of the input.
    pub fn new(name: impl IntoName, processor: impl IntoChain) -> Self {
        let mut builder = Builder::new(name, StateType::Map);
        builder.add_machine(processor.into_chain());
        builder.node.processor =
            Some(Processor { mode: ProcessorMode::Inline, execution_type: None, form: Form::ItemProcessor });
        Self { builder }
    }

    fn form(mut self, form: Form) -> Self {
        if let Some(processor) = &mut self.builder.node.processor {
            processor.form = form;
        }
        self
    }

    /// Writes the processor in the field `Iterator`, as in definitions from before 2022. The effect is the same.
    pub fn iterator(self) -> Self {
        self.form(Form::Iterator)
    }

    /// Omits `ProcessorConfig`. The default mode is `INLINE`.
    pub fn without_processor_config(self) -> Self {
        self.form(Form::Bare)
    }
}

/// The setters of both modes of a Map state.
macro_rules! items {
    ($state:ty) => {
        impl $state {
            /// The items, if they differ from the state's input: the field `ItemsPath` of a JSONPath state, `Items` of
            /// a JSONata state.
            pub fn items(mut self, items: impl IntoValue<Vec<Payload>>) -> Self {
                self.builder.set(Field::Items, FieldValue::scalar::<Vec<Payload>>(items));
                self
            }

            /// The input of the processor for each item, if it differs from the item: the field `ItemSelector`.
            pub fn item_selector(mut self, selector: impl IntoPayload) -> Self {
                self.builder.set(Field::ItemSelector, FieldValue::Template(selector.into_payload()));
                self
            }

            /// The maximum number of items in parallel: the field `MaxConcurrency`, or `MaxConcurrencyPath` for a
            /// path. With 0, which is the default, Step Functions chooses.
            pub fn max_concurrency(mut self, items: impl IntoValue<i64>) -> Self {
                self.builder.set(Field::MaxConcurrency, FieldValue::scalar::<i64>(items));
                self
            }
        }

        state!($state);
        flow!($state);
        input_output!($state);
        result_path!($state);
        result_selector!($state);
        assign!($state);
        output!($state);
        errors!($state);
    };
}

items!(Map);
pub(super) use items;
