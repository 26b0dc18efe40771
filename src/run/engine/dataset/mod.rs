//! `ItemReader` and `ResultWriter` of a distributed Map, over files below a folder: `FOLDER/BUCKET/KEY`.

mod bucket;
mod csv;
mod parquet;
mod results;

use std::path::Path;
use std::sync::Arc;

use super::World;
use super::fault::Fault;
use super::map::{Source, integer_at_path, no_figure};
use super::state::whole;
use crate::run::Timestamp;
use crate::run::runner::Problem;
use crate::value::{Json, Object};

pub(super) use results::{Writer, aborted, describe};

fn failed(cause: impl Into<String>) -> Fault {
    Fault { own: false, ..Fault::plain("States.ItemReaderFailed", cause) }
}

/// Where the items are, and how to write the results.
struct Reader<'r> {
    folder: &'r Path,
    bucket: &'r str,
    config: &'r Json,
    most: usize,
    /// When the execution started.
    started: Timestamp,
}

impl World<'_> {
    /// The items that the reader of a Map returns: those of the state's mock, or those in the files.
    pub(super) fn read_items(&mut self, number: usize, effective: &Arc<Json>) -> Result<Vec<Source>, Fault> {
        let state = self.state(number);
        let (jsonata, name) = (state.jsonata, Arc::clone(&state.name));
        let Some(reader) = state.get("ItemReader") else { return Ok(Vec::new()) };
        let resource = reader.get("Resource").and_then(Json::as_str).unwrap_or_default().to_owned();
        let here = self.here(number, effective);
        let parameters = match (reader.get("Arguments"), reader.get("Parameters")) {
            (Some(template), _) if jsonata => here.jsonata_template(template, "ItemReader/Arguments")?,
            (_, Some(template)) => here.template(template)?,
            _ => Json::Object(Object::new()),
        };
        let config = match reader.get("ReaderConfig") {
            Some(template) if jsonata => here.jsonata_template(template, "ItemReader/ReaderConfig")?,
            Some(config) => config.clone(),
            None => Json::Object(Object::new()),
        };
        let most = match reader.get("ReaderConfig").and_then(|config| config.get("MaxItemsPath")) {
            Some(Json::String(path)) => {
                let value = here.path(path)?;
                let most = integer_at_path(&value);
                Json::from(most.ok_or_else(|| no_figure("MaxItems", path, &value, "integer"))?)
            }
            _ => config.get("MaxItems").cloned().unwrap_or_else(|| Json::from(0)),
        };
        let most = match whole(&most) {
            Some(0) => usize::MAX,
            Some(most) if most > 0 => most as usize,
            _ => return Err(failed("field MaxItems must be positive")),
        };
        let text = |field: &str| parameters.get(field).and_then(Json::as_str).unwrap_or_default();
        let (bucket, lists) = (text("Bucket"), resource.ends_with("listObjectsV2"));
        let read_type = config.get("InputType").and_then(Json::as_str).unwrap_or_default();
        if let Some(items) = self.settings.mocks.items_of(&name) {
            // A listing has only a bucket; all other readers have an object too.
            let flattens = config.get("Transformation").and_then(Json::as_str) == Some("LOAD_AND_FLATTEN");
            let key = if lists && !flattens { "" } else { text("Key") };
            return Ok(items_of(items?, &uri(bucket, key))?.into_iter().take(most).collect());
        }
        let Some(folder) = self.settings.objects.as_deref() else {
            self.stop(Problem::NoItems { state: name.to_string() });
            return Ok(Vec::new());
        };
        if read_type.eq_ignore_ascii_case("PARQUET") && !cfg!(feature = "parquet") {
            self.stop(Problem::NoParquet { state: name.to_string() });
            return Ok(Vec::new());
        }
        let reader = Reader { folder, bucket, config: &config, most, started: self.settings.start };
        let items = if lists { reader.list(text("Prefix")) } else { reader.object(text("Key")) };
        let mut items = items?;
        items.truncate(most);
        Ok(items)
    }
}

impl Reader<'_> {
    fn text(&self, field: &str) -> Option<&str> {
        self.config.get(field).and_then(Json::as_str)
    }

    /// The objects of the bucket, or their content.
    fn list(&self, prefix: &str) -> Result<Vec<Source>, Fault> {
        let keys = bucket::keys(self.folder, self.bucket, prefix);
        if self.text("Transformation") == Some("LOAD_AND_FLATTEN") {
            return self.all(keys.into_iter().map(|key| (self.bucket.to_owned(), key)));
        }
        let source = uri(self.bucket, "");
        let listed = keys.iter().take(self.most).map(|key| bucket::listed(self.folder, self.bucket, key, self.started));
        let listed = listed.map(|item| Ok(Source::new(item.map_err(failed)?, &source)));
        listed.collect()
    }

    /// The content of an object, or of the objects that it lists if it is a manifest.
    fn object(&self, key: &str) -> Result<Vec<Source>, Fault> {
        match (self.text("ManifestType"), self.text("InputType")) {
            (Some("ATHENA_DATA"), _) => self.athena(key),
            (Some("S3_INVENTORY"), _) | (_, Some("MANIFEST")) => self.inventory(key),
            _ => self.data(self.bucket, key),
        }
    }

    /// The items of several objects, one object after the other, until there are enough.
    fn all(&self, objects: impl Iterator<Item = (String, String)>) -> Result<Vec<Source>, Fault> {
        let mut items = Vec::new();
        for (bucket, key) in objects {
            if items.len() >= self.most {
                break;
            }
            items.extend(self.data(&bucket, &key)?);
        }
        Ok(items)
    }

    /// The items of an object.
    fn data(&self, bucket: &str, key: &str) -> Result<Vec<Source>, Fault> {
        let content = bucket::read(self.folder, bucket, key).map_err(failed)?;
        let source = uri(bucket, key);
        let kind = self.text("InputType").unwrap_or("JSON");
        if kind.eq_ignore_ascii_case("PARQUET") {
            let rows = parquet::items(content, self.most).map_err(failed)?;
            return Ok(rows.into_iter().map(|row| Source::new(row, &source)).collect());
        }
        let content = text_of(content, bucket, key)?;
        let parse = |text: &str| {
            serde_json::from_str::<serde_json::Value>(text).map(Json::from).map_err(|error| failed(error.to_string()))
        };
        match kind {
            "CSV" => self.rows(&content, &source),
            "JSONL" => {
                let lines = content.lines().filter(|line| !line.trim().is_empty()).take(self.most);
                lines.map(|line| Ok(Source::new(parse(line)?, &source))).collect()
            }
            "JSON" => {
                let json = parse(&content)?;
                match self.text("ItemsPointer") {
                    Some(pointer) => match json.pointer(pointer) {
                        Some(items) => items_of(items.clone(), &source),
                        None => Err(failed(format!("The ItemsPointer {pointer} selects nothing in {source}"))),
                    },
                    None => items_of(json, &source),
                }
            }
            other => Err(failed(format!("Unknown InputType {other}"))),
        }
    }

    fn rows(&self, content: &str, source: &Arc<str>) -> Result<Vec<Source>, Fault> {
        let headers = (self.text("CSVHeaderLocation") == Some("GIVEN")).then(|| {
            let given = self.config.get("CSVHeaders").and_then(Json::as_array).unwrap_or_default();
            given.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect()
        });
        let rows = csv::items(content, csv::delimiter(self.text("CSVDelimiter")), headers).map_err(failed)?;
        Ok(rows.into_iter().map(|row| Source::new(row, source)).collect())
    }

    /// The objects that an inventory of S3 lists: rows of the files that its manifest names.
    fn inventory(&self, key: &str) -> Result<Vec<Source>, Fault> {
        let content = text_of(bucket::read(self.folder, self.bucket, key).map_err(failed)?, self.bucket, key)?;
        let manifest: Json = serde_json::from_str::<serde_json::Value>(&content)
            .map_err(|error| failed(format!("The manifest {} is not JSON: {error}", uri(self.bucket, key))))?
            .into();
        let text = |field: &str| manifest.get(field).and_then(Json::as_str).unwrap_or_default();
        if !text("fileFormat").eq_ignore_ascii_case("CSV") {
            return Err(failed("The output format of the S3 inventory must be CSV."));
        }
        let bucket = text("destinationBucket").rsplit(':').next().unwrap_or_default();
        let headers: Vec<String> = text("fileSchema").split(',').map(|name| name.trim().to_owned()).collect();
        let mut items = Vec::new();
        for file in manifest.get("files").and_then(Json::as_array).unwrap_or_default() {
            let key = file.get("key").and_then(Json::as_str).unwrap_or_default();
            let content = text_of(bucket::read(self.folder, bucket, key).map_err(failed)?, bucket, key)?;
            let rows = csv::items(&content, ',', Some(headers.clone())).map_err(failed)?;
            let source = uri(bucket, key);
            items.extend(rows.into_iter().map(|row| Source::new(row, &source)));
            if items.len() >= self.most {
                break;
            }
        }
        Ok(items)
    }

    /// The items of the objects that a manifest of Athena's UNLOAD names, one URI in each line.
    fn athena(&self, key: &str) -> Result<Vec<Source>, Fault> {
        let content = text_of(bucket::read(self.folder, self.bucket, key).map_err(failed)?, self.bucket, key)?;
        let named = csv::rows(&content, ',').into_iter().filter_map(|row| row.into_iter().next());
        let objects: Result<Vec<_>, Fault> = named
            .map(|named| {
                let path = named.strip_prefix("s3://").or_else(|| named.strip_prefix("S3://"));
                let parts = path.and_then(|path| path.split_once('/'));
                let (bucket, key) = parts
                    .ok_or_else(|| failed(format!("The manifest contains a value that is not an S3 URI: {named}")))?;
                Ok((bucket.to_owned(), key.to_owned()))
            })
            .collect();
        self.all(objects?.into_iter())
    }
}

/// The elements of an array, or the members of an object.
pub(super) fn items_of(json: Json, source: &Arc<str>) -> Result<Vec<Source>, Fault> {
    match json {
        Json::Array(items) => Ok(items.into_iter().map(|item| Source::new(item, source)).collect()),
        Json::Object(members) => Ok(members
            .into_iter()
            .map(|(name, value)| Source { key: Some(name.into_owned().into()), ..Source::new(value, source) })
            .collect()),
        _ => Err(failed("Attempting to map over non-iterable node.")),
    }
}

/// `S3://bucket/key`, as in `Map.Item.Source`.
fn uri(bucket: &str, key: &str) -> Arc<str> {
    if key.is_empty() { format!("S3://{bucket}") } else { format!("S3://{bucket}/{key}") }.into()
}

fn text_of(content: Vec<u8>, bucket: &str, key: &str) -> Result<String, Fault> {
    String::from_utf8(content).map_err(|_| failed(format!("The object {bucket}/{key} is not text in UTF-8")))
}
