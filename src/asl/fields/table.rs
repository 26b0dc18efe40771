//! The table.

use super::super::{QueryLanguage, StateType};
use super::Content::{
    self, Boolean, Comparison, ComparisonPath, Condition, ErrorNames, Integer, Json, Number, Object, Objects, OneOf,
    Path, PathOrIntrinsic, Payload, ReferencePath, ResultPath, StateName, States, Test, Text, Texts, Timestamp,
    Variables,
};
use super::{Field, FieldSet, Operand};
use StateType::{Choice, Fail, Map, Parallel, Pass, Succeed, Task, Wait};

const fn field(name: &'static str, content: Content) -> Field {
    Field { name, content, language: None, states: &[], required: false, expression: false }
}

impl Field {
    const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    const fn expression(self) -> Self {
        Self { expression: true, ..self }
    }

    const fn json_path(self) -> Self {
        Self { language: Some(QueryLanguage::JsonPath), ..self }
    }

    const fn jsonata(self) -> Self {
        Self { language: Some(QueryLanguage::Jsonata), ..self }
    }

    const fn of(self, states: &'static [StateType]) -> Self {
        Self { states, ..self }
    }
}

const QUERY_LANGUAGES: Content = OneOf(&["JSONPath", "JSONata"]);
const ANY: i64 = i64::MAX;
/// The maximum of a field with seconds.
const SECONDS: i64 = 99_999_999;

/// The whole definition.
pub static DEFINITION: FieldSet = FieldSet {
    name: "a state machine",
    fields: &[
        field("Comment", Text),
        field("QueryLanguage", QUERY_LANGUAGES),
        field("Version", Text),
        field("TimeoutSeconds", Integer(1, SECONDS)),
        field("StartAt", StateName).required(),
        field("States", States).required(),
    ],
};

/// An element of `Branches`.
pub static BRANCH: FieldSet = FieldSet {
    name: "a branch",
    fields: &[
        field("Comment", Text),
        field("QueryLanguage", QUERY_LANGUAGES),
        field("StartAt", StateName).required(),
        field("States", States).required(),
    ],
};

/// `ItemProcessor` and `Iterator`.
pub static ITEM_PROCESSOR: FieldSet = FieldSet {
    name: "an item processor",
    fields: &[
        field("Comment", Text),
        field("ProcessorConfig", Object(&PROCESSOR_CONFIG)),
        field("StartAt", StateName).required(),
        field("States", States).required(),
    ],
};

/// `ProcessorConfig`.
pub static PROCESSOR_CONFIG: FieldSet = FieldSet {
    name: "a processor configuration",
    fields: &[
        field("Mode", OneOf(&["INLINE", "DISTRIBUTED"])),
        field("ExecutionType", OneOf(&["STANDARD", "EXPRESS"])),
    ],
};

/// A state of any type.
pub static STATE: FieldSet = FieldSet {
    name: "a state",
    fields: &[
        field("Type", OneOf(&["Task", "Pass", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map"])).required(),
        field("QueryLanguage", QUERY_LANGUAGES),
        field("Comment", Text),
        field("InputPath", Path).json_path().of(&[Task, Pass, Choice, Wait, Succeed, Parallel, Map]),
        field("Items", Payload).jsonata().of(&[Map]),
        field("ItemsPath", ReferencePath).json_path().of(&[Map]),
        field("ItemReader", Object(&ITEM_READER)).of(&[Map]),
        field("ItemSelector", Payload).of(&[Map]),
        field("ItemBatcher", Object(&ITEM_BATCHER)).of(&[Map]),
        field("MaxConcurrency", Integer(0, ANY)).expression().of(&[Map]),
        field("MaxConcurrencyPath", ReferencePath).json_path().of(&[Map]),
        field("ToleratedFailureCount", Integer(0, ANY)).expression().of(&[Map]),
        field("ToleratedFailureCountPath", ReferencePath).json_path().of(&[Map]),
        field("ToleratedFailurePercentage", Number(0.0, 100.0)).expression().of(&[Map]),
        field("ToleratedFailurePercentagePath", ReferencePath).json_path().of(&[Map]),
        field("Label", Text).of(&[Map]),
        field("Resource", Text).required().of(&[Task]),
        field("Credentials", Object(&CREDENTIALS)).expression().of(&[Task]),
        field("Parameters", Payload).json_path().of(&[Task, Pass, Parallel, Map]),
        field("Arguments", Payload).jsonata().of(&[Task, Parallel]),
        field("Result", Json).json_path().of(&[Pass]),
        field("Seconds", Integer(0, SECONDS)).expression().of(&[Wait]),
        field("SecondsPath", ReferencePath).json_path().of(&[Wait]),
        field("Timestamp", Timestamp).expression().of(&[Wait]),
        field("TimestampPath", ReferencePath).json_path().of(&[Wait]),
        field("Error", Text).expression().of(&[Fail]),
        field("ErrorPath", PathOrIntrinsic).json_path().of(&[Fail]),
        field("Cause", Text).expression().of(&[Fail]),
        field("CausePath", PathOrIntrinsic).json_path().of(&[Fail]),
        field("TimeoutSeconds", Integer(1, SECONDS)).expression().of(&[Task]),
        field("TimeoutSecondsPath", ReferencePath).json_path().of(&[Task]),
        field("HeartbeatSeconds", Integer(1, SECONDS)).expression().of(&[Task]),
        field("HeartbeatSecondsPath", ReferencePath).json_path().of(&[Task]),
        field("ResultWriter", Object(&RESULT_WRITER)).of(&[Map]),
        field("ResultSelector", Payload).json_path().of(&[Task, Parallel, Map]),
        field("ResultPath", ResultPath).json_path().of(&[Task, Pass, Parallel, Map]),
        field("OutputPath", Path).json_path().of(&[Task, Pass, Choice, Wait, Succeed, Parallel, Map]),
        field("Assign", Variables).of(&[Task, Pass, Choice, Wait, Parallel, Map]),
        field("Output", Payload).jsonata().of(&[Task, Pass, Choice, Wait, Succeed, Parallel, Map]),
        field("Branches", Objects(&BRANCH)).required().of(&[Parallel]),
        field("ItemProcessor", Object(&ITEM_PROCESSOR)).of(&[Map]),
        field("Iterator", Object(&ITEM_PROCESSOR)).of(&[Map]),
        field("Choices", Objects(&CHOICE_RULE)).required().of(&[Choice]),
        field("Retry", Objects(&RETRIER)).of(&[Task, Parallel, Map]),
        field("Catch", Objects(&CATCHER)).of(&[Task, Parallel, Map]),
        field("Default", StateName).of(&[Choice]),
        field("Next", StateName).of(&[Task, Pass, Wait, Parallel, Map]),
        field("End", Boolean).of(&[Task, Pass, Wait, Parallel, Map]),
    ],
};

/// `Credentials` of a Task state.
pub static CREDENTIALS: FieldSet = FieldSet {
    name: "credentials",
    fields: &[field("RoleArn", Text).expression(), field("RoleArn.$", PathOrIntrinsic).json_path()],
};

/// An element of `Retry`.
pub static RETRIER: FieldSet = FieldSet {
    name: "a retrier",
    fields: &[
        field("ErrorEquals", ErrorNames).required(),
        field("Comment", Text),
        field("IntervalSeconds", Integer(1, SECONDS)),
        field("MaxAttempts", Integer(0, SECONDS)),
        field("BackoffRate", Number(1.0, f64::MAX)),
        field("MaxDelaySeconds", Integer(1, 31_622_400)),
        field("JitterStrategy", OneOf(&["FULL", "NONE"])),
    ],
};

/// An element of `Catch`.
pub static CATCHER: FieldSet = FieldSet {
    name: "a catcher",
    fields: &[
        field("ErrorEquals", ErrorNames).required(),
        field("Comment", Text),
        field("ResultPath", ResultPath).json_path(),
        field("Assign", Variables),
        field("Output", Payload).jsonata(),
        field("Next", StateName).required(),
    ],
};

/// An element of `Choices`, or a condition inside one (without `Next`, `Assign` and `Output`).
pub static CHOICE_RULE: FieldSet = FieldSet {
    name: "a choice rule",
    fields: &[
        field("Condition", Condition).jsonata(),
        field("Variable", ReferencePath).json_path(),
        field("StringEquals", Comparison(Operand::Text)).json_path(),
        field("StringEqualsPath", ComparisonPath(Operand::Text)).json_path(),
        field("StringLessThan", Comparison(Operand::Text)).json_path(),
        field("StringLessThanPath", ComparisonPath(Operand::Text)).json_path(),
        field("StringGreaterThan", Comparison(Operand::Text)).json_path(),
        field("StringGreaterThanPath", ComparisonPath(Operand::Text)).json_path(),
        field("StringLessThanEquals", Comparison(Operand::Text)).json_path(),
        field("StringLessThanEqualsPath", ComparisonPath(Operand::Text)).json_path(),
        field("StringGreaterThanEquals", Comparison(Operand::Text)).json_path(),
        field("StringGreaterThanEqualsPath", ComparisonPath(Operand::Text)).json_path(),
        field("StringMatches", Comparison(Operand::Text)).json_path(),
        field("NumericEquals", Comparison(Operand::Number)).json_path(),
        field("NumericEqualsPath", ComparisonPath(Operand::Number)).json_path(),
        field("NumericLessThan", Comparison(Operand::Number)).json_path(),
        field("NumericLessThanPath", ComparisonPath(Operand::Number)).json_path(),
        field("NumericGreaterThan", Comparison(Operand::Number)).json_path(),
        field("NumericGreaterThanPath", ComparisonPath(Operand::Number)).json_path(),
        field("NumericLessThanEquals", Comparison(Operand::Number)).json_path(),
        field("NumericLessThanEqualsPath", ComparisonPath(Operand::Number)).json_path(),
        field("NumericGreaterThanEquals", Comparison(Operand::Number)).json_path(),
        field("NumericGreaterThanEqualsPath", ComparisonPath(Operand::Number)).json_path(),
        field("BooleanEquals", Comparison(Operand::Boolean)).json_path(),
        field("BooleanEqualsPath", ComparisonPath(Operand::Boolean)).json_path(),
        field("TimestampEquals", Comparison(Operand::Timestamp)).json_path(),
        field("TimestampEqualsPath", ComparisonPath(Operand::Timestamp)).json_path(),
        field("TimestampLessThan", Comparison(Operand::Timestamp)).json_path(),
        field("TimestampLessThanPath", ComparisonPath(Operand::Timestamp)).json_path(),
        field("TimestampGreaterThan", Comparison(Operand::Timestamp)).json_path(),
        field("TimestampGreaterThanPath", ComparisonPath(Operand::Timestamp)).json_path(),
        field("TimestampLessThanEquals", Comparison(Operand::Timestamp)).json_path(),
        field("TimestampLessThanEqualsPath", ComparisonPath(Operand::Timestamp)).json_path(),
        field("TimestampGreaterThanEquals", Comparison(Operand::Timestamp)).json_path(),
        field("TimestampGreaterThanEqualsPath", ComparisonPath(Operand::Timestamp)).json_path(),
        field("IsNull", Test).json_path(),
        field("IsPresent", Test).json_path(),
        field("IsNumeric", Test).json_path(),
        field("IsString", Test).json_path(),
        field("IsBoolean", Test).json_path(),
        field("IsTimestamp", Test).json_path(),
        field("And", Objects(&CHOICE_RULE)).json_path(),
        field("Or", Objects(&CHOICE_RULE)).json_path(),
        field("Not", Object(&CHOICE_RULE)).json_path(),
        field("Comment", Text),
        field("Assign", Variables),
        field("Output", Payload).jsonata(),
        field("Next", StateName),
    ],
};

/// `ItemReader` of a Map state in distributed mode.
pub static ITEM_READER: FieldSet = FieldSet {
    name: "an item reader",
    fields: &[
        field("Resource", Text).required(),
        field("ReaderConfig", Object(&READER_CONFIG)),
        field("Parameters", Payload).json_path(),
        field("Arguments", Payload).jsonata(),
    ],
};

/// `ReaderConfig` of an item reader.
pub static READER_CONFIG: FieldSet = FieldSet {
    name: "a reader configuration",
    fields: &[
        field("InputType", OneOf(&["CSV", "JSON", "JSONL", "PARQUET", "MANIFEST"])),
        field("ManifestType", OneOf(&["ATHENA_DATA", "S3_INVENTORY"])),
        field("Transformation", OneOf(&["NONE", "LOAD_AND_FLATTEN"])),
        field("ItemsPointer", Text),
        field("CSVDelimiter", OneOf(&["COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"])),
        field("CSVHeaderLocation", OneOf(&["FIRST_ROW", "GIVEN"])),
        field("CSVHeaders", Texts),
        field("MaxItems", Integer(0, 100_000_000)).expression(),
        field("MaxItemsPath", ReferencePath).json_path(),
    ],
};

/// `ItemBatcher` of a Map state in distributed mode.
pub static ITEM_BATCHER: FieldSet = FieldSet {
    name: "an item batcher",
    fields: &[
        field("BatchInput", Payload),
        field("MaxItemsPerBatch", Integer(1, ANY)).expression(),
        field("MaxItemsPerBatchPath", ReferencePath).json_path(),
        field("MaxInputBytesPerBatch", Integer(1, 262_144)).expression(),
        field("MaxInputBytesPerBatchPath", ReferencePath).json_path(),
    ],
};

/// `ResultWriter` of a Map state in distributed mode.
pub static RESULT_WRITER: FieldSet = FieldSet {
    name: "a result writer",
    fields: &[
        field("Resource", Text),
        field("WriterConfig", Object(&WRITER_CONFIG)),
        field("Parameters", Payload).json_path(),
        field("Arguments", Payload).jsonata(),
    ],
};

/// `WriterConfig` of a result writer.
pub static WRITER_CONFIG: FieldSet = FieldSet {
    name: "a writer configuration",
    fields: &[
        field("Transformation", OneOf(&["NONE", "COMPACT", "FLATTEN"])),
        field("OutputType", OneOf(&["JSON", "JSONL"])),
    ],
};
