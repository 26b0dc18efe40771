//! `rust`: translates a definition into Rust code that uses the library.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::io::Write;

use sfn_tasks::check::{self, Severity};
use sfn_tasks::to_rust::{self, Options};

use crate::arguments::Rust;
use crate::input::load_one;
use crate::output::{Failure, Output, Status, note};
use crate::report::count;
use crate::specs;

pub(crate) fn run(arguments: &Rust, output: &mut Output) -> Result<Status, Failure> {
    let definition = load_one(&arguments.file, arguments.machine.as_deref())?;
    let file_name = definition.file().path().file_name().map(OsStr::to_string_lossy).unwrap_or_default();
    let stem = file_name.split('.').next().unwrap_or_default();
    let name = arguments.function.as_deref().or(definition.name()).unwrap_or(match stem {
        "" | "-" => "state_machine",
        stem => stem,
    });
    let mut checks = check::Options::default();
    checks.catalog = specs::catalog();
    let findings = check::check(definition.machine(), &checks);
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    let mut options = specs::actions().into_iter().fold(Options::new(name), Options::integration);
    if errors > 0 {
        note(format!(
            "the checker reports {} in the definition, so the function builds the state machine without checks",
            count(errors, "error")
        ));
        options = options.unchecked();
    }
    // `StateMachine::new` rejects a definition with a warning, unless the warning is allowed.
    let codes: BTreeSet<&str> = findings.iter().map(|finding| finding.code).collect();
    options = codes.into_iter().fold(options, Options::allow);
    let module = to_rust::module(definition.machine(), &options);
    for (pointer, what) in &module.left_out {
        let place = definition.locate(pointer);
        note(format!("{}:{}:{}: left out: {what}", definition.file().name(), place.line, place.column));
    }
    output.write_all(module.text.as_bytes())?;
    Ok(if module.left_out.is_empty() { Status::Clean } else { Status::Findings })
}
