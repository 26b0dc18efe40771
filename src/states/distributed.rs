//! The Map state in distributed mode.

use super::map::{Form, Processor, items};
use super::{Builder, Field, FieldValue, IntoChain, IntoName};
use crate::asl::{ProcessorMode, StateType};
use crate::value::{IntoPayload, IntoValue, Payload};

/// The workflow type of the child executions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ExecutionType {
    /// Standard: runs for up to one year, with each step exactly once.
    Standard,
    /// Express: runs for up to five minutes and costs less, with each step at least once.
    Express,
}

crate::value::choices!(ExecutionType { Standard = "STANDARD", Express = "EXPRESS" });

/// Runs the same states for each item in a separate child execution, with thousands in parallel. It can read the
/// items from Amazon S3 and write the results to Amazon S3.
///
/// ```
/// use sfn_tasks::prelude::*;
///
/// let machine = StateMachine::new(
///     DistributedMap::new("Each order", ExecutionType::Express, Pass::new("Order"))
///         .item_reader(ItemReader::csv().bucket("orders").key(path("$.key")).csv_headers(CsvHeaders::FirstRow))
///         .item_batcher(ItemBatcher::new().max_items_per_batch(100))
///         .tolerated_failure_percentage(5.0)
///         .result_writer(ResultWriter::new().bucket("results").prefix("orders")),
/// )?;
/// let state = machine.asl().json().pointer("/States/Each order/ItemReader").map(ToString::to_string);
/// assert_eq!(
///     state.as_deref(),
///     Some(r#"{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW"},"Parameters":{"Bucket":"orders","Key.$":"$.key"}}"#),
/// );
/// # Ok::<(), sfn_tasks::Problems>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use = "a state does nothing until it is part of a machine"]
pub struct DistributedMap {
    builder: Builder,
}

impl DistributedMap {
    /// Runs the processor for each element of the input.
    pub fn new(name: impl IntoName, execution_type: impl IntoValue<ExecutionType>, processor: impl IntoChain) -> Self {
        let mut builder = Builder::new(name, StateType::Map);
        builder.add_machine(processor.into_chain());
        builder.node.processor = Some(Processor {
            mode: ProcessorMode::Distributed,
            execution_type: execution_type.into_value().into_option(),
            form: Form::ItemProcessor,
        });
        Self { builder }
    }

    /// The source of the items, if they are not in the input: the field `ItemReader`.
    pub fn item_reader(mut self, reader: ItemReader) -> Self {
        self.builder.set(Field::ItemReader, FieldValue::Template(reader.into_payload()));
        self
    }

    /// Passes several items to each child execution: the field `ItemBatcher`.
    pub fn item_batcher(mut self, batcher: ItemBatcher) -> Self {
        self.builder.set(Field::ItemBatcher, FieldValue::Template(Payload::Object(batcher.members.into())));
        self
    }

    /// The destination of the results: the field `ResultWriter`.
    pub fn result_writer(mut self, writer: ResultWriter) -> Self {
        self.builder.set(Field::ResultWriter, FieldValue::Template(writer.into_payload()));
        self
    }

    /// The number of items that can fail: the field `ToleratedFailureCount`.
    pub fn tolerated_failure_count(mut self, items: impl IntoValue<i64>) -> Self {
        self.builder.set(Field::ToleratedFailureCount, FieldValue::scalar::<i64>(items));
        self
    }

    /// The percentage of items that can fail: the field `ToleratedFailurePercentage`.
    pub fn tolerated_failure_percentage(mut self, percentage: impl IntoValue<f64>) -> Self {
        self.builder.set(Field::ToleratedFailurePercentage, FieldValue::scalar::<f64>(percentage));
        self
    }

    /// A part of the names of the map runs, at most 40 characters: the field `Label`.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.builder.set_plain(Field::Label, label.into());
        self
    }
}

items!(DistributedMap);

/// The source of the items of a [`DistributedMap`].
///
/// See [ItemReader](https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html).
#[derive(Debug, Clone, PartialEq)]
pub struct ItemReader {
    resource: &'static str,
    config: Payload,
    parameters: Payload,
}

/// The source of the names of the columns.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum CsvHeaders {
    /// The first row of the file.
    FirstRow,
    /// This list, in the definition.
    Given(Vec<String>),
}

/// The separator of the fields of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum CsvDelimiter {
    /// `,`
    Comma,
    /// `|`
    Pipe,
    /// `;`
    Semicolon,
    /// A space
    Space,
    /// A tab
    Tab,
}

crate::value::choices!(CsvDelimiter {
    Comma = "COMMA",
    Pipe = "PIPE",
    Semicolon = "SEMICOLON",
    Space = "SPACE",
    Tab = "TAB",
});

impl ItemReader {
    const GET_OBJECT: &'static str = "arn:${Partition}:states:::s3:getObject";
    const LIST_OBJECTS: &'static str = "arn:${Partition}:states:::s3:listObjectsV2";

    fn of(resource: &'static str, input_type: Option<&'static str>) -> Self {
        let mut config = Payload::object();
        if let Some(input_type) = input_type {
            config.set("InputType".into(), Payload::String(input_type.into()));
        }
        Self { resource, config, parameters: Payload::object() }
    }

    /// The objects of a bucket, as `ListObjectsV2` returns them: each is an item, with its key and size.
    pub fn objects() -> Self {
        Self::of(Self::LIST_OBJECTS, None)
    }

    /// A file with a JSON array.
    pub fn json() -> Self {
        Self::of(Self::GET_OBJECT, Some("JSON"))
    }

    /// A file with one JSON value per line.
    pub fn jsonl() -> Self {
        Self::of(Self::GET_OBJECT, Some("JSONL"))
    }

    /// A CSV file, in which each row becomes an object.
    pub fn csv() -> Self {
        Self::of(Self::GET_OBJECT, Some("CSV"))
    }

    /// The objects in an Amazon S3 inventory, from its manifest.
    pub fn s3_inventory() -> Self {
        Self::of(Self::GET_OBJECT, Some("MANIFEST")).config("ManifestType", "S3_INVENTORY")
    }

    /// The files of the result of an Athena query, from the manifest that `UNLOAD` writes. The input type is the
    /// format of the files: `CSV`, `JSONL` or `PARQUET`.
    pub fn athena_manifest(input_type: impl Into<String>) -> Self {
        let mut reader = Self::of(Self::GET_OBJECT, None).config("ManifestType", "ATHENA_DATA");
        if let Payload::Object(members) = &mut reader.config {
            members.insert(0, ("InputType".into(), Payload::from(input_type.into())));
        }
        reader
    }

    /// An Apache Parquet file.
    pub fn parquet() -> Self {
        Self::of(Self::GET_OBJECT, Some("PARQUET"))
    }

    fn config(mut self, name: &'static str, value: impl Into<Payload>) -> Self {
        self.config.set(name.into(), value.into());
        self
    }

    fn parameter(mut self, name: &'static str, value: impl IntoValue<String>) -> Self {
        if let Some(value) = value.into_value().into_option() {
            self.parameters.set(name.into(), value);
        }
        self
    }

    /// The name of the bucket.
    pub fn bucket(self, bucket: impl IntoValue<String>) -> Self {
        self.parameter("Bucket", bucket)
    }

    /// The key of the file.
    pub fn key(self, key: impl IntoValue<String>) -> Self {
        self.parameter("Key", key)
    }

    /// The version of the file.
    pub fn version_id(self, version: impl IntoValue<String>) -> Self {
        self.parameter("VersionId", version)
    }

    /// The account that must own the bucket; otherwise, the read fails.
    pub fn expected_bucket_owner(self, account: impl IntoValue<String>) -> Self {
        self.parameter("ExpectedBucketOwner", account)
    }

    /// The place of the array in a JSON file, as a JSON Pointer: the field `ItemsPointer`.
    pub fn items_pointer(self, pointer: impl IntoValue<String>) -> Self {
        self.config("ItemsPointer", pointer.into_value())
    }

    /// The prefix of the keys of the objects.
    pub fn prefix(self, prefix: impl IntoValue<String>) -> Self {
        self.parameter("Prefix", prefix)
    }

    /// The source of the column names of a CSV file.
    pub fn csv_headers(self, headers: CsvHeaders) -> Self {
        match headers {
            CsvHeaders::FirstRow => self.config("CSVHeaderLocation", "FIRST_ROW"),
            CsvHeaders::Given(names) => {
                self.config("CSVHeaderLocation", "GIVEN").config("CSVHeaders", Payload::from(names))
            }
        }
    }

    /// The separator of the fields in a CSV file. The default is a comma.
    pub fn csv_delimiter(self, delimiter: impl IntoValue<CsvDelimiter>) -> Self {
        self.config("CSVDelimiter", delimiter.into_value())
    }

    /// The maximum number of items to read: the field `MaxItems`, or `MaxItemsPath` for a path.
    pub fn max_items(self, items: impl IntoValue<i64>) -> Self {
        let (name, value) = scalar("MaxItems", items.into_value().into_payload());
        self.config(name, value)
    }

    /// Reads the contents of the listed objects instead of their metadata (`LOAD_AND_FLATTEN`). The input type is the
    /// format of the contents: `CSV`, `JSON`, `JSONL` or `PARQUET`.
    pub fn load_and_flatten(self, input_type: impl Into<String>) -> Self {
        self.config("InputType", input_type.into()).config("Transformation", "LOAD_AND_FLATTEN")
    }

    fn into_payload(self) -> Payload {
        let mut members = vec![("Resource".into(), Payload::String(self.resource.into()))];
        if self.config != Payload::object() {
            members.push(("ReaderConfig".into(), self.config));
        }
        members.push((PARAMETERS.into(), self.parameters));
        Payload::Object(members.into())
    }
}

/// The field with the parameters of a reader or a writer in a JSONPath state. In a JSONata state it is `Arguments`.
pub(crate) const PARAMETERS: &str = "Parameters";

/// The settings that combine items into batches, one for each child execution.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ItemBatcher {
    members: Vec<(crate::value::Text, Payload)>,
}

impl ItemBatcher {
    /// A batcher without limits. It needs at least one.
    pub fn new() -> Self {
        Self::default()
    }

    fn set(mut self, (name, value): (&'static str, Payload)) -> Self {
        self.members.push((name.into(), value));
        self
    }

    /// The maximum number of items in a batch: the field `MaxItemsPerBatch`, or its `…Path` form.
    pub fn max_items_per_batch(self, items: impl IntoValue<i64>) -> Self {
        self.set(scalar("MaxItemsPerBatch", items.into_value().into_payload()))
    }

    /// The maximum size of a batch in bytes, at most 262,144: the field `MaxInputBytesPerBatch`, or its `…Path` form.
    pub fn max_input_bytes_per_batch(self, bytes: impl IntoValue<i64>) -> Self {
        self.set(scalar("MaxInputBytesPerBatch", bytes.into_value().into_payload()))
    }

    /// Additional input of each batch: the field `BatchInput`.
    pub fn batch_input(self, input: impl IntoPayload) -> Self {
        self.set(("BatchInput", input.into_payload()))
    }
}

/// The destination of the results of a [`DistributedMap`].
///
/// See [ResultWriter](https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ResultWriter {
    config: Option<Payload>,
    parameters: Vec<(crate::value::Text, Payload)>,
}

/// The transformation of the results before they are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Transformation {
    /// The outputs and the metadata of the child executions.
    None,
    /// The outputs of the child executions.
    Compact,
    /// The outputs, with arrays flattened by one level.
    Flatten,
}

crate::value::choices!(Transformation { None = "NONE", Compact = "COMPACT", Flatten = "FLATTEN" });

/// The format of the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum OutputType {
    /// A JSON array.
    Json,
    /// One JSON value per line.
    Jsonl,
}

crate::value::choices!(OutputType { Json = "JSON", Jsonl = "JSONL" });

impl ResultWriter {
    /// A writer without a destination.
    pub fn new() -> Self {
        Self::default()
    }

    /// The name of the bucket.
    pub fn bucket(self, bucket: impl IntoValue<String>) -> Self {
        self.parameter("Bucket", bucket)
    }

    /// The account that must own the bucket; otherwise, the write fails.
    pub fn expected_bucket_owner(self, account: impl IntoValue<String>) -> Self {
        self.parameter("ExpectedBucketOwner", account)
    }

    /// The prefix of the keys of the files.
    pub fn prefix(self, prefix: impl IntoValue<String>) -> Self {
        self.parameter("Prefix", prefix)
    }

    fn parameter(mut self, name: &'static str, value: impl IntoValue<String>) -> Self {
        if let Some(value) = value.into_value().into_option() {
            self.parameters.retain(|(present, _)| present != name);
            self.parameters.push((name.into(), value));
        }
        self
    }

    /// The transformation of the results: the field `WriterConfig`. Without a bucket, the results stay in the output
    /// of the state.
    #[doc(alias = "transformation")]
    #[doc(alias = "output_type")]
    pub fn writer_config(
        mut self,
        transformation: impl IntoValue<Transformation>,
        output_type: impl IntoValue<OutputType>,
    ) -> Self {
        let mut config = Payload::object();
        let members =
            [("Transformation", transformation.into_value().into()), ("OutputType", output_type.into_value().into())];
        members.into_iter().for_each(|(name, value): (&'static str, Payload)| config.set(name.into(), value));
        self.config = Some(config);
        self
    }

    fn into_payload(self) -> Payload {
        let mut members = Vec::new();
        if !self.parameters.is_empty() {
            members.push(("Resource".into(), Payload::String("arn:${Partition}:states:::s3:putObject".into())));
        }
        if let Some(config) = self.config {
            members.push(("WriterConfig".into(), config));
        }
        if !self.parameters.is_empty() {
            members.push((PARAMETERS.into(), Payload::Object(self.parameters.into())));
        }
        Payload::Object(members.into())
    }
}

/// A number, or a path in the `…Path` form of the field. Both forms contain the path as text, without `.$`.
fn scalar(name: &'static str, value: Payload) -> (&'static str, Payload) {
    use crate::value::Expression;
    match value {
        Payload::Expression(Expression::Path(path)) => (path_twin(name), Payload::String(path)),
        other => (name, other),
    }
}

fn path_twin(name: &'static str) -> &'static str {
    match name {
        "MaxItems" => "MaxItemsPath",
        "MaxItemsPerBatch" => "MaxItemsPerBatchPath",
        _ => "MaxInputBytesPerBatchPath",
    }
}
