//! The fields of the language: which object has which, in the order in which a person writes them.
//!
//! Rendering in canonical order and the check for unknown and misplaced fields read the same table.

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
    /// What the object is, for a sentence: `a retrier`.
    pub name: &'static str,
    /// The fields in their canonical order.
    pub fields: &'static [Field],
}

impl FieldSet {
    /// The field of that name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

/// A field of the language.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Field {
    /// The name.
    pub name: &'static str,
    /// What is in it.
    pub content: Content,
    /// The only query language that has the field; none if both have it.
    pub language: Option<QueryLanguage>,
    /// The types of state that have the field; empty where the object is not a state, and for fields of every state.
    pub states: &'static [StateType],
    /// Whether it must be there (in the states and in the language that have it).
    pub required: bool,
    /// Whether a JSONata expression may be in its place in a JSONata state.
    pub expression: bool,
}

impl Field {
    /// Whether a state of that type has the field. What is not a known type may have any.
    pub fn belongs_to(&self, state: StateType) -> bool {
        self.states.is_empty() || state == StateType::Unknown || self.states.contains(&state)
    }

    /// Whether a state in that language has the field.
    pub fn speaks(&self, language: QueryLanguage) -> bool {
        self.language.is_none_or(|only| only == language)
    }
}

/// What is in a field.
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
    /// A whole number within these bounds.
    Integer(i64, i64),
    /// A number within these bounds.
    Number(f64, f64),
    /// A JSONPath, or `null`.
    Path,
    /// A JSONPath that names one place.
    ReferencePath,
    /// A reference path, or `null`.
    ResultPath,
    /// A JSONPath that names one place, or an intrinsic function.
    PathOrIntrinsic,
    /// JSON with parts that are worked out at run time.
    Payload,
    /// JSON that is taken as it is.
    Json,
    /// An object with the names of variables.
    Variables,
    /// A JSONata expression that is true or false.
    Condition,
    /// What the variable of a choice rule is compared with.
    Comparison(Operand),
    /// A reference path to what the variable of a choice rule is compared with.
    ComparisonPath(Operand),
    /// `true` or `false`: whether the variable of a choice rule is to be such a thing.
    Test,
    /// An array of strings.
    Texts,
    /// An array of error names.
    ErrorNames,
    /// An object with names of states and the states.
    States,
    /// An object.
    Object(&'static FieldSet),
    /// An array of objects.
    Objects(&'static FieldSet),
}

/// What a choice rule compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Operand {
    /// Strings.
    Text,
    /// Numbers.
    Number,
    /// Truth values.
    Boolean,
    /// Dates with times.
    Timestamp,
}
