//! `graph`: a picture of a definition.

use std::ffi::OsStr;
use std::io::Write;

use sfn_tasks::graph::{SvgOptions, Theme, dot, mermaid, svg};

use crate::arguments::{Graph, GraphFormat, GraphTheme};
use crate::input::{Definition, load_one};
use crate::output::{Failure, Output, Status};

pub(crate) fn run(arguments: &Graph, output: &mut Output) -> Result<Status, Failure> {
    let definition = load_one(&arguments.file, arguments.machine.as_deref())?;
    let picture = match arguments.format {
        GraphFormat::Mermaid => mermaid(definition.machine()),
        GraphFormat::Dot => dot(definition.machine()),
        GraphFormat::Svg => svg(definition.machine(), &options(arguments, &definition)),
    };
    output.write_all(picture.as_bytes())?;
    Ok(Status::Clean)
}

/// The picture is called like the state machine, or else like its file.
fn options(arguments: &Graph, definition: &Definition) -> SvgOptions {
    let options = SvgOptions::default().theme(match arguments.theme {
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
