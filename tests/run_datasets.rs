//! Objects of S3 that a distributed Map reads and writes, as files.

#![cfg(feature = "run")]
#![allow(clippy::unwrap_used)]

use std::io::Write;
use std::path::PathBuf;

use serde_json::{Value, json};
use sfn_tasks::asl::StateMachine;
use sfn_tasks::run::{Mock, Run, Runner};
use sfn_tasks::value::Json;

/// A temporary folder, which is removed on drop.
struct Objects(PathBuf);

impl Objects {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("sfn-tasks-datasets-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn with(self, path: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.0.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
        self
    }

    fn read(&self, path: &str) -> Value {
        let text = std::fs::read_to_string(self.0.join(path)).unwrap();
        match path.ends_with(".jsonl") {
            true => text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()).collect(),
            false => serde_json::from_str(&text).unwrap(),
        }
    }
}

impl Drop for Objects {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A distributed Map whose output has each item with its source.
fn map(reader: Value) -> StateMachine {
    StateMachine::new(Json::from(json!({ "StartAt": "Each", "States": { "Each": {
        "Type": "Map", "ItemReader": reader, "End": true,
        "ItemSelector": { "value.$": "$$.Map.Item.Value", "source.$": "$$.Map.Item.Source" },
        "ItemProcessor": { "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS" },
            "StartAt": "P", "States": { "P": { "Type": "Pass", "End": true } } },
    } } })))
}

fn run(objects: &Objects, reader: Value) -> Run {
    Runner::new(&map(reader)).objects(&objects.0).run(json!({ "most": 1 })).unwrap()
}

fn reader(config: Value, key: &str) -> Value {
    json!({ "Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": config,
        "Parameters": { "Bucket": "in", "Key": key } })
}

fn values(run: &Run) -> Value {
    let output = Value::from(run.output().unwrap());
    output.as_array().unwrap().iter().map(|item| item["value"].clone()).collect()
}

fn sources(run: &Run) -> Vec<String> {
    let output = Value::from(run.output().unwrap());
    output.as_array().unwrap().iter().map(|item| item["source"].as_str().unwrap().to_owned()).collect()
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn json_is_read_whole_or_from_a_pointer() {
    let objects = Objects::new("json")
        .with("in/list.json", "[1, {\"a\": 2}]")
        .with("in/nested.json", r#"{ "inventory": { "featured": ["x", "y"] } }"#)
        .with("in/text.json", "\"text\"")
        .with("in/wrong.json", "[1,")
        .with("in/zipped.json.gz", gzip("[1, 2]"));
    assert_eq!(values(&run(&objects, reader(json!({ "InputType": "JSON" }), "list.json"))), json!([1, { "a": 2 }]));
    let nested =
        run(&objects, reader(json!({ "InputType": "JSON", "ItemsPointer": "/inventory/featured" }), "nested.json"));
    assert_eq!((values(&nested), sources(&nested)), (json!(["x", "y"]), vec!["S3://in/nested.json".to_owned(); 2]));
    // The members of an object are items too.
    assert_eq!(
        values(&run(&objects, reader(json!({ "InputType": "JSON" }), "nested.json"))),
        json!([{ "featured": ["x", "y"] }])
    );
    assert_eq!(values(&run(&objects, reader(json!({ "InputType": "JSON" }), "zipped.json.gz"))), json!([1, 2]));
    for (key, config, cause) in [
        ("text.json", json!({ "InputType": "JSON" }), "Attempting to map over non-iterable node."),
        ("wrong.json", json!({ "InputType": "JSON" }), "EOF"),
        ("none.json", json!({ "InputType": "JSON" }), "in/none.json"),
        ("list.json", json!({ "InputType": "JSON", "ItemsPointer": "/no" }), "/no"),
        ("list.json", json!({ "InputType": "JSON", "MaxItems": -1 }), "field MaxItems must be positive"),
        ("../list.json", json!({ "InputType": "JSON" }), "is not in the bucket"),
    ] {
        let run = run(&objects, reader(config, key));
        assert_eq!(run.error(), Some("States.ItemReaderFailed"), "{key}");
        assert!(run.cause().unwrap().contains(cause), "{key}: {:?}", run.cause());
    }
}

#[test]
fn lines_and_rows_are_read_up_to_the_greatest_number() {
    let objects =
        Objects::new("lines").with("in/a.jsonl", "{\"n\":1}\n\n{\"n\":2}\n").with("in/a.csv", "a|b\n1|2\n3|4\n");
    assert_eq!(
        values(&run(&objects, reader(json!({ "InputType": "JSONL" }), "a.jsonl"))),
        json!([{ "n": 1 }, { "n": 2 }])
    );
    let first = reader(json!({ "InputType": "JSONL", "MaxItemsPath": "$.most" }), "a.jsonl");
    assert_eq!(values(&run(&objects, first)), json!([{ "n": 1 }]));
    let rows = json!({ "InputType": "CSV", "CSVDelimiter": "PIPE", "CSVHeaderLocation": "FIRST_ROW", "MaxItems": 1 });
    assert_eq!(values(&run(&objects, reader(rows, "a.csv"))), json!([{ "a": "1", "b": "2" }]));
    let given =
        json!({ "InputType": "CSV", "CSVDelimiter": "PIPE", "CSVHeaderLocation": "GIVEN", "CSVHeaders": ["x"] });
    assert_eq!(values(&run(&objects, reader(given, "a.csv"))), json!([{ "x": "a" }, { "x": "1" }, { "x": "3" }]));
}

#[test]
fn a_listing_gives_the_objects_or_what_they_hold() {
    let objects = Objects::new("listing")
        .with("in/logs/1.jsonl", "{\"n\":1}\n{\"n\":2}\n")
        .with("in/logs/2.jsonl.gz", gzip("{\"n\":3}\n"))
        .with("in/other/3.jsonl", "{\"n\":4}\n");
    let lists = |config: Value| {
        json!({ "Resource": "arn:aws:states:::s3:listObjectsV2", "ReaderConfig": config,
            "Parameters": { "Bucket": "in", "Prefix": "logs/" } })
    };
    let listed = run(&objects, lists(json!({})));
    let items = values(&listed);
    assert_eq!((&items[0]["Key"], &items[0]["Size"]), (&json!("logs/1.jsonl"), &json!(16)));
    assert_eq!(items[0]["Etag"].as_str().unwrap().len(), 34);
    assert_eq!((items.as_array().unwrap().len(), sources(&listed)), (2, vec!["S3://in".to_owned(); 2]));
    let flat = run(&objects, lists(json!({ "InputType": "JSONL", "Transformation": "LOAD_AND_FLATTEN" })));
    assert_eq!(values(&flat), json!([{ "n": 1 }, { "n": 2 }, { "n": 3 }]));
    assert_eq!(sources(&flat), ["S3://in/logs/1.jsonl", "S3://in/logs/1.jsonl", "S3://in/logs/2.jsonl.gz"]);
    let most =
        run(&objects, lists(json!({ "InputType": "JSONL", "Transformation": "LOAD_AND_FLATTEN", "MaxItems": 2 })));
    assert_eq!(values(&most), json!([{ "n": 1 }, { "n": 2 }]));
}

#[test]
fn manifests_lead_to_their_files() {
    let manifest = json!({ "sourceBucket": "source", "destinationBucket": "arn:aws:s3:::inventory", "version": "2016-11-30",
        "fileFormat": "CSV", "fileSchema": "Bucket, Key, Size",
        "files": [{ "key": "data/1.csv.gz", "size": 7 }, { "key": "data/2.csv", "size": 7 }] });
    let mut orc = manifest.clone();
    orc["fileFormat"] = json!("ORC");
    let objects = Objects::new("manifests")
        .with("in/manifest.json", manifest.to_string())
        .with("in/orc.json", orc.to_string())
        .with("inventory/data/1.csv.gz", gzip("\"source\",\"a/\",\"0\"\n\"source\",\"a/b.csv\",\"12\"\n"))
        .with("inventory/data/2.csv", "\"source\",\"c\",\"1\"\n")
        .with("in/q-manifest.csv", "s3://out/q/1.gz\ns3://out/q/2.gz\n")
        .with("out/q/1.gz", gzip("{\"n\":1}\n"))
        .with("out/q/2.gz", gzip("{\"n\":2}\n"));
    let wanted = json!([
        { "Bucket": "source", "Key": "a/", "Size": "0" }, { "Bucket": "source", "Key": "a/b.csv", "Size": "12" },
        { "Bucket": "source", "Key": "c", "Size": "1" },
    ]);
    for config in [json!({ "InputType": "MANIFEST" }), json!({ "ManifestType": "S3_INVENTORY" })] {
        assert_eq!(values(&run(&objects, reader(config, "manifest.json"))), wanted);
    }
    let refused = run(&objects, reader(json!({ "InputType": "MANIFEST" }), "orc.json"));
    assert_eq!(refused.error(), Some("States.ItemReaderFailed"));
    let athena =
        run(&objects, reader(json!({ "ManifestType": "ATHENA_DATA", "InputType": "JSONL" }), "q-manifest.csv"));
    assert_eq!((values(&athena), sources(&athena)[1].as_str()), (json!([{ "n": 1 }, { "n": 2 }]), "S3://out/q/2.gz"));
}

#[cfg(feature = "parquet")]
#[test]
fn parquet_files_are_read() {
    use std::sync::Arc;

    use parquet::basic::Compression;
    use parquet::column::writer::ColumnWriter;
    use parquet::data_type::ByteArray;
    use parquet::file::properties::WriterProperties;
    use parquet::file::writer::SerializedFileWriter;

    let schema = "message rows { required int64 id; required binary name (UTF8); }";
    let schema = Arc::new(parquet::schema::parser::parse_message_type(schema).unwrap());
    for compression in [Compression::UNCOMPRESSED, Compression::SNAPPY, Compression::GZIP(Default::default())] {
        let properties = Arc::new(WriterProperties::builder().set_compression(compression).build());
        let mut writer = SerializedFileWriter::new(Vec::new(), Arc::clone(&schema), properties).unwrap();
        let mut rows = writer.next_row_group().unwrap();
        while let Some(mut column) = rows.next_column().unwrap() {
            match column.untyped() {
                ColumnWriter::Int64ColumnWriter(column) => column.write_batch(&[1, 2], None, None).unwrap(),
                ColumnWriter::ByteArrayColumnWriter(column) => {
                    column.write_batch(&[ByteArray::from("a"), ByteArray::from("b")], None, None).unwrap()
                }
                _ => unreachable!("two columns"),
            };
            column.close().unwrap();
        }
        rows.close().unwrap();
        let objects =
            Objects::new("parquet").with("in/a.parquet", writer.into_inner().unwrap()).with("in/b.parquet", "no");
        let read = run(&objects, reader(json!({ "InputType": "PARQUET" }), "a.parquet"));
        assert_eq!(values(&read), json!([{ "id": 1, "name": "a" }, { "id": 2, "name": "b" }]));
        assert_eq!(
            run(&objects, reader(json!({ "InputType": "PARQUET" }), "b.parquet")).error(),
            Some("States.ItemReaderFailed")
        );
    }
}

#[cfg(not(feature = "parquet"))]
#[test]
fn parquet_needs_its_feature() {
    let objects = Objects::new("no-parquet").with("in/a.parquet", "");
    let machine = map(reader(json!({ "InputType": "PARQUET" }), "a.parquet"));
    let problem = Runner::new(&machine).objects(&objects.0).run(json!({})).unwrap_err();
    assert!(problem.to_string().contains("feature `parquet`"), "{problem}");
}

/// A Map over lists, of which those with a `0` fail.
fn written(writer: Value, more: Value) -> StateMachine {
    let mut map = json!({ "Type": "Map", "End": true, "Label": "Each", "MaxConcurrency": 1, "ResultWriter": writer,
        "ItemProcessor": { "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
            "StartAt": "T", "States": { "T": { "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f",
                "End": true } } } });
    for (name, value) in more.as_object().unwrap() {
        map[name] = value.clone();
    }
    StateMachine::new(Json::from(json!({ "StartAt": "Each", "States": { "Each": map } })))
}

fn handing_on() -> Mock {
    Mock::calls(|call| match call.parameters() == &json!([0]) {
        true => Err(sfn_tasks::run::TaskError::new("Zero", "no zero")),
        false => Ok(call.parameters().clone()),
    })
}

#[test]
fn results_are_transformed_in_the_output() {
    let output = |config: Value| {
        let machine = written(json!({ "WriterConfig": config }), json!({ "ToleratedFailureCount": 1 }));
        let run = Runner::new(&machine).mock("T", handing_on()).run(json!([[1, 2], [3]])).unwrap();
        Value::from(run.output().unwrap())
    };
    assert_eq!(output(json!({ "Transformation": "COMPACT", "OutputType": "JSON" })), json!([[1, 2], [3]]));
    assert_eq!(output(json!({ "Transformation": "FLATTEN", "OutputType": "JSON" })), json!([1, 2, 3]));
    assert_eq!(output(json!({ "Transformation": "FLATTEN", "OutputType": "JSONL" })), json!("1\n2\n3\n"));
    let all = output(json!({ "Transformation": "NONE", "OutputType": "JSON" }));
    assert_eq!((&all[0]["Output"], &all[1]["Status"]), (&json!("[1,2]"), &json!("SUCCEEDED")));
    assert!(all[0]["ExecutionArn"].as_str().unwrap().contains(":StateMachine/Each:"), "{all}");
    assert_eq!(all[0]["StartDate"], json!("2025-01-01T00:00:00Z"));
}

#[test]
fn results_are_written_by_how_the_executions_ended() {
    let objects = Objects::new("writer");
    let target =
        json!({ "Resource": "arn:aws:states:::s3:putObject", "Parameters": { "Bucket": "out", "Prefix": "jobs/" } });
    let run = |writer: Value, more: Value, input: Value| {
        Runner::new(&written(writer, more)).mock("T", handing_on()).objects(&objects.0).run(input).unwrap()
    };
    let done = run(target.clone(), json!({ "ToleratedFailureCount": 1 }), json!([[1], [0]]));
    let told = Value::from(done.output().unwrap());
    let key = told["ResultWriterDetails"]["Key"].as_str().unwrap();
    let number = told["MapRunArn"].as_str().unwrap().rsplit(':').next().unwrap();
    assert_eq!(key, format!("jobs/{number}/manifest.json"));
    let started = done.history().iter().find(|event| event.event_type() == "MapRunStarted").unwrap();
    assert_eq!(Value::from(&started.to_json())["mapRunStartedEventDetails"]["mapRunArn"], told["MapRunArn"]);
    let manifest = objects.read(&format!("out/{key}"));
    assert_eq!((&manifest["DestinationBucket"], &manifest["MapRunArn"]), (&json!("out"), &told["MapRunArn"]));
    assert_eq!(manifest["ResultFiles"]["PENDING"], json!([]));
    let file = |manifest: &Value, kind: &str| {
        objects.read(&format!("out/{}", manifest["ResultFiles"][kind][0]["Key"].as_str().unwrap()))
    };
    assert_eq!(file(&manifest, "SUCCEEDED")[0]["Output"], json!("[1]"));
    assert_eq!(file(&manifest, "FAILED")[0]["Error"], json!("Zero"));

    let mut lines = target.clone();
    lines["WriterConfig"] = json!({ "Transformation": "FLATTEN", "OutputType": "JSONL" });
    let done = run(lines, json!({}), json!([[1, 2], [3]]));
    let told = Value::from(done.output().unwrap());
    let manifest = objects.read(&format!("out/{}", told["ResultWriterDetails"]["Key"].as_str().unwrap()));
    assert_eq!(file(&manifest, "SUCCEEDED"), json!([1, 2, 3]));

    // A failed Map Run reports the items that were not started.
    let mut other = target;
    other["Parameters"]["Bucket"] = json!("failed");
    let failed = run(other, json!({}), json!([[0], [1], [2]]));
    assert_eq!(failed.error(), Some("States.ExceedToleratedFailureThreshold"));
    let folder = std::fs::read_dir(objects.0.join("failed/jobs")).unwrap().next().unwrap().unwrap().path();
    let pending: Value =
        serde_json::from_str(&std::fs::read_to_string(folder.join("PENDING_0.json")).unwrap()).unwrap();
    assert_eq!(pending, json!([{ "Input": "[1]", "Status": "PENDING" }, { "Input": "[2]", "Status": "PENDING" }]));
}
