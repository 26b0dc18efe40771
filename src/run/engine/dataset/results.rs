//! `ResultWriter`: the form of the results, and the files that contain them.

use std::sync::Arc;

use super::super::World;
use super::super::execution::Execution;
use super::super::map::Map;
use super::bucket;
use crate::run::Timestamp;
use crate::run::engine::fault::Fault;
use crate::run::outcome::{Failure, Status};
use crate::value::{Json, Object};

/// The settings of a `ResultWriter`, evaluated before the first item runs.
#[derive(Debug, Clone)]
pub(in crate::run::engine) struct Writer {
    transformation: Transformation,
    lines: bool,
    /// The bucket and the prefix, if the results are written to S3.
    target: Option<(String, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Transformation {
    /// With everything that is known about the child executions.
    None,
    Compact,
    Flatten,
}

impl Writer {
    /// Whether the results need more than the outputs of the child executions.
    pub(in crate::run::engine) fn tells_all(&self) -> bool {
        self.target.is_some() || self.transformation == Transformation::None
    }
}

impl World<'_> {
    /// The settings of a state's `ResultWriter`, if it has one.
    pub(in crate::run::engine) fn writer(&self, number: usize, effective: &Json) -> Result<Option<Writer>, Fault> {
        let state = self.state(number);
        let Some(writer) = state.get("ResultWriter") else { return Ok(None) };
        let here = self.here(number, effective);
        let parameters = match (writer.get("Arguments"), writer.get("Parameters")) {
            (Some(template), _) if state.jsonata => Some(here.jsonata_template(template, "ResultWriter/Arguments")?),
            (_, Some(template)) => Some(here.template(template)?),
            _ => None,
        };
        let text = |json: &Json, field: &str| json.get(field).and_then(Json::as_str).unwrap_or_default().to_owned();
        let config = writer.get("WriterConfig").cloned().unwrap_or_default();
        Ok(Some(Writer {
            transformation: match text(&config, "Transformation").as_str() {
                "COMPACT" => Transformation::Compact,
                "FLATTEN" => Transformation::Flatten,
                _ => Transformation::None,
            },
            lines: text(&config, "OutputType") == "JSONL",
            target: parameters.map(|parameters| (text(&parameters, "Bucket"), text(&parameters, "Prefix"))),
        }))
    }

    /// The result of a Map with a `ResultWriter`: the results in that form, or where they are. They are written if
    /// there is a folder for them.
    pub(in crate::run::engine) fn write_results(&self, map: &Map) -> Result<Option<Json>, Fault> {
        let Some(writer) = &map.writer else { return Ok(None) };
        let Some((bucket, prefix)) = &writer.target else {
            let results = transform(writer, map);
            return Ok(Some(if writer.lines { Json::from(lines(&results)) } else { Json::from(results) }));
        };
        let arn = map.run.as_ref().map(|(arn, _)| arn.clone()).unwrap_or_default();
        let run = arn.rsplit(':').next().unwrap_or_default().to_owned();
        let start = if prefix.is_empty() { run } else { format!("{}/{run}", prefix.trim_end_matches('/')) };
        let manifest = format!("{start}/manifest.json");
        if let Some(folder) = &self.settings.objects {
            let write = |key: &str, content: &str| {
                let written = bucket::write(folder, bucket, key, content);
                written.map_err(|cause| Fault { own: false, ..Fault::plain("States.ResultWriterFailed", cause) })
            };
            let succeeded = transform(writer, map);
            // Child executions that did not succeed are reported completely, with any transformation.
            let told = map.told.iter().flatten();
            let failed = told.filter(|told| told.get("Status").and_then(Json::as_str) != Some("SUCCEEDED")).cloned();
            let pending = map.unbegun().map(|input| {
                Json::Object(Object::from_iter([
                    ("Input", Json::from(input.to_string())),
                    ("Status", Json::from("PENDING")),
                ]))
            });
            let mut files = Object::new();
            for (name, results) in
                [("FAILED", failed.collect()), ("PENDING", pending.collect()), ("SUCCEEDED", succeeded)]
            {
                let results: Vec<Json> = results;
                let mut listed = Vec::new();
                if !results.is_empty() {
                    let key = format!("{start}/{name}_0.{}", if writer.lines { "jsonl" } else { "json" });
                    let content = if writer.lines { lines(&results) } else { Json::from(results).to_string() };
                    write(&key, &content)?;
                    listed.push(Json::Object(Object::from_iter([
                        ("Key", Json::from(key)),
                        ("Size", Json::from(content.len() as u64)),
                    ])));
                }
                files.insert(name, listed);
            }
            let told = Object::from_iter([
                ("DestinationBucket", Json::from(bucket.clone())),
                ("MapRunArn", Json::from(arn.clone())),
                ("ResultFiles", Json::Object(files)),
            ]);
            write(&manifest, &Json::Object(told).to_string())?;
        }
        let details = Object::from_iter([("Bucket", Json::from(bucket.clone())), ("Key", Json::from(manifest))]);
        Ok(Some(Json::Object(Object::from_iter([
            ("MapRunArn", Json::from(arn)),
            ("ResultWriterDetails", Json::Object(details)),
        ]))))
    }

    /// A child execution that ended, as in a file of results.
    pub(in crate::run::engine) fn tell_item(&self, execution: usize) -> Option<Json> {
        let execution = self.executions.get(execution)?;
        let (status, result) = execution.result.as_ref()?;
        let mut told = describe(execution, *status, result, &|value| Json::from(value.to_string()));
        told.insert("StartDate", execution.started.to_string());
        told.insert("StopDate", self.now.to_string());
        Some(Json::Object(told))
    }
}

/// What `DescribeExecution` returns for an execution that ended, without its times.
pub(in crate::run::engine) fn describe(
    execution: &Execution,
    status: Status,
    result: &Result<Arc<Json>, Failure>,
    data: &dyn Fn(&Json) -> Json,
) -> Object {
    let included = || Json::Object(Object::from_iter([("Included", true)]));
    let text = |text: &str| Json::from(text.to_owned());
    let mut told = Object::new();
    if let Err(failure) = result {
        told.insert("Cause", failure.cause.as_deref().map_or(Json::Null, text));
        told.insert("Error", failure.error.as_deref().map_or(Json::Null, text));
    }
    told.insert("ExecutionArn", text(&execution.id));
    told.insert("Input", data(&execution.input));
    told.insert("InputDetails", included());
    told.insert("Name", text(&execution.name));
    if let Ok(output) = result {
        told.insert("Output", data(output));
        told.insert("OutputDetails", included());
    }
    told.insert("RedriveCount", execution.redrives);
    match result {
        Ok(_) => {
            told.insert("RedriveStatus", "NOT_REDRIVABLE");
            told.insert("RedriveStatusReason", "Execution is SUCCEEDED and cannot be redriven");
        }
        Err(_) => drop(told.insert("RedriveStatus", "REDRIVABLE")),
    }
    told.insert("StateMachineArn", text(&execution.machine_id));
    told.insert("Status", status.name());
    told
}

/// A child execution that was stopped from outside, as in a file of results.
pub(in crate::run::engine) fn aborted(execution: &Execution, now: Timestamp) -> Json {
    let failure = Err(Failure::default());
    let mut told = describe(execution, Status::Failed, &failure, &|value| Json::from(value.to_string()));
    told.remove("Error");
    told.remove("Cause");
    told.insert("Status", "ABORTED");
    told.insert("StartDate", execution.started.to_string());
    told.insert("StopDate", now.to_string());
    Json::Object(told)
}

/// The results of the items that succeeded, and of those that failed unless they go to a separate file.
fn transform(writer: &Writer, map: &Map) -> Vec<Json> {
    let mut results = Vec::new();
    for (index, output) in map.outputs.iter().enumerate() {
        let told = map.told.get(index).and_then(Option::as_ref);
        match (output, writer.transformation) {
            (Some(output), Transformation::Compact) => results.push((**output).clone()),
            (Some(output), Transformation::Flatten) => match &**output {
                Json::Array(elements) => results.extend(elements.iter().cloned()),
                other => results.push(other.clone()),
            },
            (Some(_), Transformation::None) => results.extend(told.cloned()),
            (None, _) if writer.target.is_none() => results.extend(told.cloned()),
            (None, _) => {}
        }
    }
    results
}

fn lines(results: &[Json]) -> String {
    results.iter().map(|result| format!("{result}\n")).collect()
}
