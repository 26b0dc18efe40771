//! `ItemReader` and `ResultWriter` of a distributed Map, over files below a folder: `FOLDER/BUCKET/KEY`.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::World;
use super::evaluate::expression_of;
use super::fault::Fault;
use super::state::whole;
use crate::expression::evaluate;
use crate::run::outcome::Failure;
use crate::run::runner::Problem;
use crate::value::{Json, Object};

fn failed(cause: impl Into<String>) -> Fault {
    Fault { own: false, ..Fault::plain("States.ItemReaderFailed", cause) }
}

impl<'a> World<'a> {
    /// The items that the reader of a Map gives: what the mock for the state says, or what the files hold.
    pub(super) fn read_items(&mut self, number: usize, effective: &Arc<Json>) -> Result<Json, Fault> {
        let state = self.state(number);
        let (jsonata, name) = (state.jsonata, Arc::clone(&state.name));
        let Some(reader) = state.get("ItemReader") else { return Ok(Vec::new().into()) };
        let resource = reader.get("Resource").and_then(Json::as_str).unwrap_or_default().to_owned();
        let here = self.here(number, effective);
        let parameters = match (reader.get("Arguments"), reader.get("Parameters")) {
            (Some(template), _) if jsonata => here.jsonata_template(template, "ItemReader/Arguments")?,
            (_, Some(template)) => here.template(template)?,
            _ => Json::Object(Object::new()),
        };
        let config = reader.get("ReaderConfig").cloned().unwrap_or_default();
        let most =
            match (config.get("MaxItems"), reader.get("ReaderConfig").and_then(|config| config.get("MaxItemsPath"))) {
                (Some(Json::String(text)), _) if jsonata => {
                    here.jsonata(expression_of(text).unwrap_or(text), "ItemReader/ReaderConfig/MaxItems")?
                }
                (Some(value), _) => value.clone(),
                (None, Some(Json::String(path))) => here.path(path)?,
                _ => Json::from(0),
            };
        let most = match whole(&most) {
            Some(most) if most >= 0 => most as usize,
            _ => return Err(failed("field MaxItems must be positive")),
        };
        if let Some(items) = self.settings.mocks.items_of(&name) {
            return take(items?, most);
        }
        let text = |field: &str| parameters.get(field).and_then(Json::as_str).unwrap_or_default();
        let Some(folder) = self.settings.objects.clone() else {
            self.stop(Problem::NoItems { state: name.to_string() });
            return Ok(Vec::new().into());
        };
        if resource.ends_with("listObjectsV2") {
            return take(list(&folder, text("Bucket"), text("Prefix")), most);
        }
        let Some(path) = inside(&folder, text("Bucket"), text("Key")) else {
            return Err(failed(format!("The key leads out of the bucket: {}", text("Key"))));
        };
        let content = std::fs::read_to_string(&path).map_err(|error| {
            failed(format!("The object {}/{} cannot be read: {error}", text("Bucket"), text("Key")))
        })?;
        take(items_in(&content, &config)?, most)
    }

    /// What a Map with a `ResultWriter` passes on: where the results are. They are written if there is a folder for them.
    pub(super) fn write_results(
        &mut self,
        number: usize,
        outputs: &[Option<Arc<Json>>],
        failures: &[(usize, Failure)],
    ) -> Result<Option<Json>, Fault> {
        let state = self.state(number);
        let Some(writer) = state.get("ResultWriter") else { return Ok(None) };
        let input = Arc::clone(&self.threads[number].input);
        let here = self.here(number, &input);
        let parameters = match (writer.get("Arguments"), writer.get("Parameters")) {
            (Some(template), _) if state.jsonata => here.jsonata_template(template, "ResultWriter/Arguments")?,
            (_, Some(template)) => here.template(template)?,
            _ => return Ok(None),
        };
        let text = |field: &str| parameters.get(field).and_then(Json::as_str).unwrap_or_default().to_owned();
        let (bucket, prefix) = (text("Bucket"), text("Prefix"));
        let run = self.random.uuid();
        let start = if prefix.is_empty() { run.clone() } else { format!("{}/{run}", prefix.trim_end_matches('/')) };
        let manifest = format!("{start}/manifest.json");
        if let Some(folder) = &self.settings.objects {
            let done: Vec<Json> = outputs
                .iter()
                .flatten()
                .map(|output| {
                    Json::Object(Object::from_iter([
                        ("Status", Json::from("SUCCEEDED")),
                        ("Output", Json::from(output.to_string())),
                    ]))
                })
                .collect();
            let broken: Vec<Json> = failures
                .iter()
                .map(|(_, failure)| {
                    let text = |text: &Option<String>| text.clone().map_or(Json::Null, Json::from);
                    Json::Object(Object::from_iter([
                        ("Status", Json::from("FAILED")),
                        ("Error", text(&failure.error)),
                        ("Cause", text(&failure.cause)),
                    ]))
                })
                .collect();
            let mut files = Object::new();
            for (name, results) in [("SUCCEEDED", done), ("FAILED", broken)] {
                let mut listed = Vec::new();
                if !results.is_empty() {
                    let key = format!("{start}/{name}_0.json");
                    write(folder, &bucket, &key, &Json::from(results))?;
                    listed.push(Json::Object(Object::from_iter([("Key", Json::from(key))])));
                }
                files.insert(name, listed);
            }
            let told = Object::from_iter([
                ("DestinationBucket", Json::from(bucket.clone())),
                ("ResultFiles", Json::Object(files)),
            ]);
            write(folder, &bucket, &manifest, &Json::Object(told))?;
        }
        let execution = &self.executions[self.threads[number].execution];
        let arn = format!("{}:mapRun:{}/{}:{run}", self.arn_prefix(), execution.machine_name, self.label(number));
        let details = Object::from_iter([("Bucket", Json::from(bucket)), ("Key", Json::from(manifest))]);
        Ok(Some(Json::Object(Object::from_iter([
            ("MapRunArn", Json::from(arn)),
            ("ResultWriterDetails", Json::Object(details)),
        ]))))
    }
}

fn write(folder: &Path, bucket: &str, key: &str, json: &Json) -> Result<(), Fault> {
    let failed = |cause: String| Fault { own: false, ..Fault::plain("States.ResultWriterFailed", cause) };
    let path = inside(folder, bucket, key).ok_or_else(|| failed(format!("The key leads out of the bucket: {key}")))?;
    let written =
        path.parent().map_or(Ok(()), std::fs::create_dir_all).and_then(|()| std::fs::write(&path, json.to_string()));
    written.map_err(|error| failed(format!("{} cannot be written: {error}", path.display())))
}

/// The file of an object; none if it would not lie below the folder.
fn inside(folder: &Path, bucket: &str, key: &str) -> Option<PathBuf> {
    let plain = |text: &str| Path::new(text).components().all(|part| matches!(part, Component::Normal(_)));
    (!bucket.is_empty() && !key.is_empty() && plain(bucket) && plain(key)).then(|| folder.join(bucket).join(key))
}

fn take(items: Json, most: usize) -> Result<Json, Fault> {
    match items {
        Json::Array(items) if most > 0 => Ok(Json::Array(items.into_iter().take(most).collect())),
        Json::Array(_) => Ok(items),
        _ => Err(failed("Attempting to map over non-iterable node.")),
    }
}

/// The objects of a bucket, as a listing tells them.
fn list(folder: &Path, bucket: &str, prefix: &str) -> Json {
    let Some(root) = inside(folder, bucket, "x").and_then(|path| path.parent().map(Path::to_owned)) else {
        return Vec::new().into();
    };
    let (mut open, mut found) = (vec![root.clone()], Vec::new());
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => open.push(path),
                Ok(kind) if kind.is_file() => {
                    let key = path
                        .strip_prefix(&root)
                        .map(|key| key.to_string_lossy().replace('\\', "/"))
                        .unwrap_or_default();
                    let size = entry.metadata().map_or(0, |data| data.len());
                    if key.starts_with(prefix) {
                        found.push((key, size));
                    }
                }
                _ => {}
            }
        }
    }
    found.sort();
    let objects = found.into_iter().map(|(key, size)| {
        Json::Object(Object::from_iter([
            ("Key", Json::from(key)),
            ("Size", Json::from(size)),
            ("StorageClass", Json::from("STANDARD")),
        ]))
    });
    Json::Array(objects.collect())
}

/// The items in the text of an object.
fn items_in(content: &str, config: &Json) -> Result<Json, Fault> {
    let text = |field: &str| config.get(field).and_then(Json::as_str);
    let parse = |text: &str| {
        serde_json::from_str::<serde_json::Value>(text).map(Json::from).map_err(|error| failed(error.to_string()))
    };
    match text("InputType") {
        Some("CSV") => csv(content, config),
        Some("JSONL") => Ok(Json::Array(
            content.lines().filter(|line| !line.trim().is_empty()).map(parse).collect::<Result<_, _>>()?,
        )),
        Some("JSON") | None => {
            let json = parse(content)?;
            match text("ItemsPointer") {
                Some(pointer) => {
                    json.pointer(pointer).cloned().ok_or_else(|| failed(format!("There is nothing at {pointer}")))
                }
                None => Ok(json),
            }
        }
        Some(other) => Err(failed(format!("Items of the type {other} cannot be read offline."))),
    }
}

fn csv(content: &str, config: &Json) -> Result<Json, Fault> {
    let delimiter = match config.get("CSVDelimiter").and_then(Json::as_str) {
        Some("PIPE") => '|',
        Some("SEMICOLON") => ';',
        Some("SPACE") => ' ',
        Some("TAB") => '\t',
        _ => ',',
    };
    let mut rows = rows(content, delimiter).into_iter();
    let headers: Vec<String> = match config.get("CSVHeaderLocation").and_then(Json::as_str) {
        Some("GIVEN") => {
            let given = config.get("CSVHeaders").and_then(Json::as_array).unwrap_or_default();
            given.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect()
        }
        _ => rows.next().unwrap_or_default(),
    };
    if headers.iter().enumerate().any(|(at, name)| headers[..at].contains(name)) {
        return Err(failed("CSV headers cannot contain duplicates."));
    }
    let item = |row: Vec<String>| {
        let mut fields = row.into_iter();
        let members = headers.iter().map(|name| (name.clone(), Json::from(fields.next().unwrap_or_default())));
        Json::Object(members.collect())
    };
    let items: Json = Json::Array(rows.map(item).collect());
    debug_assert!(evaluate::measure(&items, usize::MAX / 2).is_some());
    Ok(items)
}

/// The rows of a text in CSV (RFC 4180). Lines without anything in them are no rows.
fn rows(content: &str, delimiter: char) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut field, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut begun = false;
    let mut signs = content.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '"' if quoted && signs.next_if_eq(&'"').is_some() => field.push('"'),
            '"' if quoted => quoted = false,
            sign if quoted => field.push(sign),
            '"' if field.is_empty() => (quoted, begun) = (true, true),
            '\r' if signs.peek() == Some(&'\n') => {}
            '\n' => {
                if begun || !field.is_empty() || !row.is_empty() {
                    row.push(std::mem::take(&mut field));
                    rows.push(std::mem::take(&mut row));
                }
                begun = false;
            }
            sign if sign == delimiter => row.push(std::mem::take(&mut field)),
            sign => field.push(sign),
        }
    }
    if begun || !field.is_empty() || !row.is_empty() {
        row.push(field);
        rows.push(row);
    }
    rows
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn csv_is_read_by_its_headers() {
        let text = "a,b\r\n1,\"x, \"\"y\"\"\"\n\n,\n2\n3,4,5";
        let items = items_in(text, &json!({ "InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW" }).into()).unwrap();
        let wanted = json!([
            { "a": "1", "b": "x, \"y\"" }, { "a": "", "b": "" }, { "a": "2", "b": "" }, { "a": "3", "b": "4" },
        ]);
        assert_eq!(items, wanted);
        let config = json!({ "InputType": "CSV", "CSVHeaderLocation": "GIVEN", "CSVHeaders": ["a", "a"] });
        let fault = items_in("1,2", &config.into()).unwrap_err();
        assert_eq!(fault.failure.cause.as_deref(), Some("CSV headers cannot contain duplicates."));
    }

    #[test]
    fn keys_stay_below_the_folder() {
        let folder = Path::new("/data");
        assert_eq!(inside(folder, "b", "x/y.json"), Some(PathBuf::from("/data/b/x/y.json")));
        for (bucket, key) in [("b", "../x"), ("..", "x"), ("b", "/etc/passwd"), ("", "x"), ("b", "a/../../x")] {
            assert_eq!(inside(folder, bucket, key), None, "{bucket} {key}");
        }
    }
}
