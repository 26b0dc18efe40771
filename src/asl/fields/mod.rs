//! The table of all fields of the Amazon States Language: the fields of each kind of object, in canonical order.
//!
//! Rendering in canonical order and the check for unknown and misplaced fields use the same table.

mod table;

use super::{QueryLanguage, StateType};

pub use table::{
    BRANCH, CATCHER, CHOICE_RULE, CREDENTIALS, DEFINITION, ITEM_BATCHER, ITEM_PROCESSOR, ITEM_READER, PROCESSOR_CONFIG,
    READER_CONFIG, RESULT_WRITER, RETRIER, STATE, WRITER_CONFIG,
};

/// The fields of one kind of object.
#[derive(Debug)]
#[non_exhaustive]
pub struct FieldSet {
    /// The kind of object with its article, for a message: `a retrier`.
    pub name: &'static str,
    /// The fields in their canonical order.
    pub fields: &'static [Field],
}

impl FieldSet {
    /// The field with this name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

/// A field of the Amazon States Language.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Field {
    /// The name.
    pub name: &'static str,
    /// The values that the field accepts.
    pub content: Content,
    /// The only query language that has the field. `None` if both have it.
    pub language: Option<QueryLanguage>,
    /// The types of states that have the field. Empty if every state has it, or if the object is not a state.
    pub states: &'static [StateType],
    /// Whether the field is required, in the states and the query language that have it.
    pub required: bool,
    /// Whether a JSONata state accepts a JSONata expression as the value.
    pub expression: bool,
}

impl Field {
    /// Whether a state of this type has the field. A state of an unknown type may have any field.
    pub fn belongs_to(&self, state: StateType) -> bool {
        self.states.is_empty() || state == StateType::Unknown || self.states.contains(&state)
    }

    /// Whether a state with this query language has the field.
    pub fn speaks(&self, language: QueryLanguage) -> bool {
        self.language.is_none_or(|only| only == language)
    }
}

/// The values that a field accepts.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Content {
    /// A string.
    Text,
    /// The name of a state of the same machine.
    StateName,
    /// One of these strings.
    OneOf(&'static [&'static str]),
    /// An RFC 3339 date and time.
    Timestamp,
    /// `true` or `false`.
    Boolean,
    /// An integer within these bounds.
    Integer(i64, i64),
    /// A number within these bounds.
    Number(f64, f64),
    /// A JSONPath, or `null`.
    Path,
    /// A JSONPath that identifies a single node.
    ReferencePath,
    /// A reference path, or `null`.
    ResultPath,
    /// A reference path, or an intrinsic function.
    PathOrIntrinsic,
    /// JSON that may contain expressions.
    Payload,
    /// JSON without expressions.
    Json,
    /// An object whose keys are names of variables.
    Variables,
    /// A JSONata expression that returns a boolean.
    Condition,
    /// The value with which a choice rule compares its variable.
    Comparison(Operand),
    /// A reference path to the value with which a choice rule compares its variable.
    ComparisonPath(Operand),
    /// `true` or `false`: the expected result of a test of the variable, such as `IsPresent`.
    Test,
    /// An array of strings.
    Texts,
    /// An array of error names.
    ErrorNames,
    /// An object with states, whose keys are their names.
    States,
    /// An object.
    Object(&'static FieldSet),
    /// An array of objects.
    Objects(&'static FieldSet),
}

/// The type of the values that a choice rule compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Operand {
    /// Strings.
    Text,
    /// Numbers.
    Number,
    /// Booleans.
    Boolean,
    /// Timestamps.
    Timestamp,
}
