//! `run`: runs a definition with an input and mocks.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use sfn_tasks::check::Severity;
use sfn_tasks::graph::Way;
use sfn_tasks::run::{Call, Cost, FieldValidation, Mocks, Problem, Run as Outcome, Runner, Step, Timestamp, record};
use sfn_tasks::value::{Json, Object};

use super::check::diagnose;
use crate::arguments::{GraphTheme, Levels, Run};
use crate::configuration::Configuration;
use crate::input::{Definition, load_one, read_document};
use crate::output::{Failure, Output, Status, complain, shown};
use crate::report::Finding;

pub(crate) fn run(arguments: &Run, configuration: &Configuration, output: &mut Output) -> Result<Status, Failure> {
    let definition = load_one(&arguments.file, arguments.machine.as_deref())?;
    let input = read_input(arguments.input.as_deref())?;
    let machine = definition.machine().substitute(arguments.substitute.iter().cloned());
    let mut runner = Runner::new(&machine).mocks(read_mocks(arguments)?).seed(arguments.seed);
    if arguments.express || definition.is_express() {
        runner = runner.express();
    }
    if let Some(folder) = &arguments.objects {
        runner = runner.objects(folder);
    }
    if let Some(start) = &arguments.start {
        let time = Timestamp::parse(start);
        runner = runner.start(time.ok_or_else(|| format!("`{start}` is not a time such as 2025-01-31T12:00:00Z"))?);
    }
    let others: Vec<(&str, Definition)> = arguments
        .with
        .iter()
        .map(|given| {
            let (name, path) = given.split_once('=').ok_or_else(|| format!("`--with {given}` is not NAME=FILE"))?;
            Ok((name, load_one(Path::new(path), None)?))
        })
        .collect::<Result<_, String>>()?;
    for (name, other) in &others {
        runner = runner.machine(*name, other.machine());
    }
    if arguments.any_result {
        runner = runner.field_validation(FieldValidation::None);
    }
    let status = tell_faults(&definition, arguments.express, configuration);
    let mut run = match runner.run(input.clone()) {
        Ok(run) => run,
        // The check has told what is wrong, and where.
        Err(Problem::NoState(_) | Problem::UnknownType(_)) if status == Status::Findings => return Ok(status),
        Err(problem) => return Err(explain(&problem).into()),
    };
    for _ in 0..arguments.redrive {
        if run.output().is_ok() {
            break;
        }
        run = runner.redrive(&run).map_err(|problem| explain(&problem))?;
    }
    if let Some(path) = &arguments.record {
        write_case(path, arguments, &input, &run)?;
    }
    if arguments.history {
        let events: Vec<Json> = run.history().iter().map(sfn_tasks::run::Event::to_json).collect();
        writeln!(output, "{:#}", Json::from(events))?;
    } else if let Some(format) = arguments.graph {
        let failed = |step: &Step| step.failure().is_some() && step.next().is_none();
        let way =
            run.steps().iter().fold(Way::default(), |way, step| way.visit(step.state(), step.next(), failed(step)));
        let options = super::graph::options(GraphTheme::Auto, &definition);
        output.write_all(super::graph::draw(&definition, Some(&way), format, &options).as_bytes())?;
    } else if arguments.json {
        writeln!(output, "{:#}", to_json(&run))?;
    } else {
        tell(&run, arguments.step, &definition, output)?;
    }
    Ok(if run.output().is_ok() { status } else { Status::Findings })
}

/// Prints the errors of the check on the standard error: Step Functions would not run such a definition, or it would fail.
fn tell_faults(definition: &Definition, is_express: bool, configuration: &Configuration) -> Status {
    let diagnostics = diagnose(definition, configuration, &Levels::default(), is_express, None);
    let mut status = Status::Clean;
    for diagnostic in diagnostics.iter().filter(|it| it.severity == Severity::Error) {
        let finding = Finding::of_diagnostic(definition, diagnostic);
        complain(finding.line());
        status = Status::Findings;
    }
    status
}

/// The message of a problem, with help for the command line instead of for Rust.
fn explain(problem: &Problem) -> String {
    let help = match problem {
        Problem::Unmocked { state, .. } => {
            format!("write {{ \"{state}\": {{ \"return\": … }} }} to a file, and name it with `--mocks`")
        }
        Problem::WrongResult { .. } => "fix the mock, or turn off this check with `--any-result`".to_owned(),
        Problem::NoItems { state } => format!(
            "write {{ \"{state}\": {{ \"return\": [ … ] }} }} to the file of `--mocks`, or give the files with `--objects`"
        ),
        Problem::Reference { name, .. } => format!("set one: `--substitute {name}=60`"),
        other => return other.to_string(),
    };
    // The library's help names methods of Rust, so it is replaced.
    let told = problem.to_string();
    format!("{}\nhelp: {help}", told.split("\nhelp: ").next().unwrap_or_default())
}

/// Reads JSON, or a file that contains it.
fn read_input(input: Option<&str>) -> Result<Json, String> {
    let Some(text) = input else { return Ok(Json::Object(Object::new())) };
    match serde_json::from_str::<serde_json::Value>(text) {
        Ok(json) => Ok(json.into()),
        Err(error) => {
            let path = text.strip_prefix('@').unwrap_or(text);
            match Path::new(path).exists() || path == "-" {
                true => read_document(Path::new(path)),
                false => Err(format!("`--input` is neither JSON ({error}) nor the name of a file: {text}")),
            }
        }
    }
}

fn read_mocks(arguments: &Run) -> Result<Mocks, Failure> {
    let Some(path) = &arguments.mocks else { return Ok(Mocks::new()) };
    let file = read_document(path)?;
    if Mocks::is_step_functions_local(&file) {
        let machines = file.get("StateMachines").and_then(Json::as_object);
        let cases = machines.into_iter().flat_map(|machines| machines.iter());
        let cases: Vec<&str> = cases
            .filter_map(|(_, machine)| machine.get("TestCases")?.as_object())
            .flat_map(|cases| cases.names())
            .collect();
        let case = match (arguments.case.as_deref(), &cases[..]) {
            (Some(case), _) => case,
            (None, [only]) => only,
            (None, _) => {
                let names = cases.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
                return Err(format!("{} has the test cases {names}; choose one with `--case`", path.display()).into());
            }
        };
        return Mocks::step_functions_local(&file, arguments.machine.as_deref(), case)
            .map_err(|fault| format!("{}: {fault}", path.display()).into());
    }
    Mocks::read(&file).map_err(|faults| super::test::list(path, &faults))
}

/// Writes the run as the first case of a new file.
fn write_case(path: &Path, arguments: &Run, input: &Json, run: &Outcome) -> Result<(), String> {
    if path.exists() {
        return Err(format!("{} already exists and is not overwritten", path.display()));
    }
    let mut case = record(arguments.name.as_deref().unwrap_or("recorded"), input, run);
    // The options of the run, in addition to input and mocks.
    if let Json::Object(case) = &mut case {
        if arguments.redrive > 0 {
            case.insert("redrives", arguments.redrive);
        }
        if arguments.express {
            case.insert("express", true);
        }
        if let Some(start) = &arguments.start {
            case.insert("start", start.clone());
        }
        if arguments.seed > 0 {
            case.insert("seed", arguments.seed);
        }
        if arguments.any_result {
            case.insert("fieldValidation", "NONE");
        }
    }
    let mut file = Object::new();
    // A test file next to a definition with the same name needs no `definition`.
    if super::test::beside(path).ok().as_deref() != Some(&*arguments.file) {
        let definition = from_folder(path.parent().unwrap_or(Path::new("")), &arguments.file);
        file.insert("definition", definition.to_string_lossy().replace('\\', "/"));
    }
    if !arguments.substitute.is_empty() {
        let mut values = Object::new();
        for (name, value) in &arguments.substitute {
            values.insert(name.clone(), value.clone());
        }
        file.insert("substitutions", values);
    }
    if let Some(folder) = &arguments.objects {
        let folder = from_folder(path.parent().unwrap_or(Path::new("")), folder);
        file.insert("objects", folder.to_string_lossy().replace('\\', "/"));
    }
    file.insert("cases", vec![case]);
    let file = Json::Object(file);
    let is_yaml = path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
    let text = if is_yaml { file.to_yaml() } else { format!("{file:#}\n") };
    std::fs::write(path, text).map_err(|error| format!("{} cannot be written: {error}", path.display()))
}

/// The path relative to a folder, or the absolute path if they have no folder in common.
fn from_folder(folder: &Path, path: &Path) -> PathBuf {
    let (Ok(folder), Ok(whole)) = (std::path::absolute(folder), std::path::absolute(path)) else { return path.into() };
    let shared = folder.components().zip(whole.components()).take_while(|(a, b)| a == b).count();
    if shared < 2 {
        return whole;
    }
    let up = folder.components().skip(shared).map(|_| "..");
    up.map(PathBuf::from).chain(whole.components().skip(shared).map(|part| PathBuf::from(part.as_os_str()))).collect()
}

fn tell(run: &Outcome, in_steps: bool, definition: &Definition, output: &mut Output) -> Result<(), Failure> {
    // On a terminal, pause after each state. The run itself has already ended.
    let waits = in_steps && std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    for step in run.steps() {
        tell_step(run, step, in_steps, output)?;
        if waits {
            write!(output, "-- Enter for the next state, `q` to end -- ")?;
            output.flush()?;
            let mut answer = String::new();
            if std::io::stdin().read_line(&mut answer).is_err() || answer.trim() == "q" {
                break;
            }
        }
    }
    let seconds = run.duration().as_secs_f64();
    writeln!(output, "{} after {seconds} s and {} state transitions", run.status(), run.state_transitions())?;
    match run.output() {
        Ok(result) => writeln!(output, "{result:#}")?,
        Err(failure) => writeln!(output, "error: {}", shown(failure))?,
    }
    let cost = run.cost();
    let kind = if definition.is_express() || cost.is_express { "Express" } else { "Standard" };
    writeln!(output, "cost as {kind}: about {cost}")?;
    writeln!(output, "  ({}: {})", cost.basis(), Cost::SOURCE)?;
    Ok(())
}

fn tell_step(run: &Outcome, step: &Step, in_full: bool, output: &mut Output) -> Result<(), Failure> {
    let at = step.entered().since(run.started()).as_secs_f64();
    let indent = "  ".repeat(step.iteration().len());
    let item = step.iteration().last().map_or(String::new(), |index| format!(" [{index}]"));
    let next = step.next().map_or(String::new(), |next| format!(" -> {}", shown(next)));
    writeln!(output, "{at:>9.3} s  {indent}{}{item} ({}){next}", shown(step.state()), step.state_type())?;
    let mut line = |name: &str, text: &str| writeln!(output, "{:13}{indent}{name}: {}", "", shown(text));
    if in_full {
        line("input", &step.input().to_string())?;
        for (name, value) in step.inspection().iter() {
            line(name, &value.to_string())?;
        }
    }
    if step.retries() > 0 {
        line("retried", &format!("{} times", step.retries()))?;
    }
    if let Some(failure) = step.failure().filter(|_| step.retries() == 0 || step.next().is_none() || in_full) {
        let name = if step.retries() > 0 && step.exited().is_some() { "last error" } else { "error" };
        line(name, &failure.to_string())?;
    }
    if in_full {
        if let Some(assigned) = step.assigned() {
            line("assigned", &assigned.to_string())?;
        }
        if let Some(result) = step.output() {
            line("output", &result.to_string())?;
        }
    }
    Ok(())
}

fn to_json(run: &Outcome) -> Json {
    let text = |text: &str| Json::from(text.to_owned());
    let steps = run.steps().iter().map(|step| {
        let mut object = Object::from_iter([
            ("state", text(step.state())),
            ("type", text(step.state_type().name())),
            ("input", step.input().clone()),
        ]);
        for (name, value) in [("output", step.output()), ("assigned", step.assigned())] {
            if let Some(value) = value {
                object.insert(name, value.clone());
            }
        }
        if let Some(next) = step.next() {
            object.insert("next", text(next));
        }
        if !step.iteration().is_empty() {
            let indexes: Vec<Json> = step.iteration().iter().map(|index| Json::from(*index as u64)).collect();
            object.insert("iteration", indexes);
        }
        if let Some(failure) = step.failure() {
            object.insert("failure", text(&failure.to_string()));
        }
        let inspection: Object = step.inspection().iter().map(|(name, value)| (name, value.clone())).collect();
        object.insert("inspectionData", inspection);
        Json::Object(object)
    });
    let calls = run.all_calls().iter().map(|call: &Call| {
        let mut object = Object::from_iter([
            ("state", text(call.state())),
            ("resource", text(call.resource())),
            ("parameters", call.parameters().clone()),
        ]);
        match call.result() {
            Some(Ok(result)) => drop(object.insert("result", result.clone())),
            Some(Err(error)) => drop(object.insert("error", text(&error.to_string()))),
            None => {}
        }
        Json::Object(object)
    });
    let mut json = Object::new();
    json.insert("status", run.status().name());
    match run.output() {
        Ok(output) => drop(json.insert("output", output.clone())),
        Err(failure) => {
            for (name, value) in [("error", &failure.error), ("cause", &failure.cause)] {
                if let Some(value) = value {
                    json.insert(name, text(value));
                }
            }
        }
    }
    json.insert("seconds", serde_json::json!(run.duration().as_secs_f64()));
    json.insert("stateTransitions", run.state_transitions() as u64);
    let cost = run.cost();
    json.insert(
        "cost",
        Object::from_iter([
            ("dollars", Json::from(serde_json::json!(cost.dollars))),
            ("basis", text(cost.basis())),
            ("source", text(Cost::SOURCE)),
        ]),
    );
    json.insert("steps", steps.collect::<Vec<_>>());
    json.insert("calls", calls.collect::<Vec<_>>());
    Json::Object(json)
}
