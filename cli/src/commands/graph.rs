//! `graph`: a picture of a definition.

use std::io::Write;

use sfn_tasks::graph::{dot, mermaid};

use crate::arguments::{Graph, GraphFormat};
use crate::input::load_one;
use crate::output::{Failure, Output, Status};

pub(crate) fn run(arguments: &Graph, output: &mut Output) -> Result<Status, Failure> {
    let definition = load_one(&arguments.file, arguments.machine.as_deref())?;
    let picture = match arguments.format {
        GraphFormat::Mermaid => mermaid(definition.machine()),
        GraphFormat::Dot => dot(definition.machine()),
    };
    output.write_all(picture.as_bytes())?;
    Ok(Status::Clean)
}
