//! `graph`: a picture of a definition.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ffi::OsStr;
use std::io::Write;

use sfn_tasks::graph::{Picture, SvgOptions, Theme, Way};
use sfn_tasks::value::Json;

use crate::arguments::{Graph, GraphFormat, GraphTheme};
use crate::input::{Definition, load_one, read_document};
use crate::output::{Failure, Output, Status};
use crate::specs;

pub(crate) fn run(arguments: &Graph, output: &mut Output) -> Result<Status, Failure> {
    let definition = load_one(&arguments.file, arguments.machine.as_deref())?;
    let options = options(arguments.theme, &definition);
    let way = match &arguments.history {
        Some(path) => Some(way_of(&read_document(path)?).ok_or_else(|| {
            format!(
                "{} is not an event history: expected an object with `events`, or a list of events, each with a `type`",
                path.display()
            )
        })?),
        None => None,
    };
    output.write_all(draw(&definition, way.as_ref(), arguments.format, &options).as_bytes())?;
    Ok(Status::Clean)
}

/// The picture of a definition, or of the path of an execution through it.
pub(super) fn draw(definition: &Definition, way: Option<&Way>, format: GraphFormat, options: &SvgOptions) -> String {
    let picture = Picture::new(definition.machine());
    let picture = specs::actions().into_iter().fold(picture, Picture::integration);
    let picture = way.into_iter().fold(picture, Picture::way);
    match format {
        GraphFormat::Mermaid => picture.mermaid(),
        GraphFormat::Dot => picture.dot(),
        GraphFormat::Svg => picture.svg(options),
    }
}

/// The path that an event history describes.
fn way_of(history: &Json) -> Option<Way> {
    let events = history.get("events").unwrap_or(history).as_array()?;
    let text = |event: &Json, details: &str| Some(event.get(details)?.get("name")?.as_str()?.to_owned());
    let number =
        |event: &Json, name: &str| event.get(name).and_then(Json::as_number).map(|number| number.as_f64() as u64);
    // By the ID of an event: the state that was left.
    let mut left = HashMap::new();
    let mut before = HashMap::new();
    for event in events {
        event.get("type")?.as_str()?;
        let id = number(event, "id")?;
        before.insert(id, number(event, "previousEventId").unwrap_or_default());
        if let Some(name) = text(event, "stateExitedEventDetails") {
            left.insert(id, name);
        }
    }
    let mut way = Way::default();
    let mut followed = HashSet::new();
    for event in events {
        let Some(name) = text(event, "stateEnteredEventDetails") else { continue };
        way = way.visited(&name, 1);
        let previous = number(event, "previousEventId").unwrap_or_default();
        if let Some(from) = left.get(&previous) {
            followed.insert(previous);
            way = way.moved(from, Some(&name), 1);
        }
    }
    for (id, name) in &left {
        if !followed.contains(id) {
            way = way.moved(name, None, 1);
        }
    }
    // A state that was entered more often than it was left failed.
    let mut open: BTreeMap<String, i64> = BTreeMap::new();
    for event in events {
        if let Some(name) = text(event, "stateEnteredEventDetails") {
            *open.entry(name).or_default() += 1;
        } else if let Some(name) = text(event, "stateExitedEventDetails") {
            *open.entry(name).or_default() -= 1;
        }
    }
    Some(open.into_iter().fold(way, |way, (name, times)| way.failed_times(&name, u32::try_from(times).unwrap_or(0))))
}

/// The title of the picture is the name of the state machine, or else of its file.
pub(super) fn options(theme: GraphTheme, definition: &Definition) -> SvgOptions {
    let options = SvgOptions::default().theme(match theme {
        GraphTheme::Auto => Theme::Auto,
        GraphTheme::Light => Theme::Light,
        GraphTheme::Dark => Theme::Dark,
    });
    let file_name = definition.file().path().file_name().map(OsStr::to_string_lossy).unwrap_or_default();
    let stem = file_name.split('.').next().unwrap_or_default();
    match definition.name().unwrap_or(stem) {
        "" | "-" => options,
        name => options.title(name),
    }
}
