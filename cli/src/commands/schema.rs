//! `schema`: a JSON Schema for editors.

use std::io::Write;

use sfn_tasks::{catalog, schema};

use crate::arguments::Schema;
use crate::output::{Failure, Output, Status};

pub(crate) fn run(arguments: &Schema, output: &mut Output) -> Result<Status, Failure> {
    if arguments.of_specs {
        write!(output, "{}", sfn_tasks_codegen::SCHEMA)?;
        return Ok(Status::Clean);
    }
    if arguments.of_tests {
        write!(output, "{}", sfn_tasks::run::Suite::SCHEMA)?;
        return Ok(Status::Clean);
    }
    let mut services = catalog::services().to_vec();
    for name in &arguments.sdk {
        let full = format!("aws-sdk:{}", name.trim_start_matches("aws-sdk:"));
        let found = catalog::service(&full);
        services.push(found.ok_or_else(|| format!("there is no AWS SDK integration of a service `{name}`; `sfn-tasks catalog aws-sdk:{name}` suggests similar names"))?);
    }
    writeln!(output, "{}", schema::of_definitions(services))?;
    Ok(Status::Clean)
}
