//! Generates typed Rust builders and catalog tables from spec files of AWS Step Functions service integrations.
//!
//! Your own library can add integrations to those of sfn-tasks. In its `build.rs`:
//!
//! ```no_run
//! sfn_tasks_codegen::Build::new().spec("spec/billing.json").run();
//! ```
//!
//! Include the generated code in a module:
//!
//! ```ignore
//! include!(concat!(env!("OUT_DIR"), "/sfn_tasks/index.rs"));
//! ```
//!
//! The JSON Schema [`SCHEMA`] describes spec files. Editors use it to complete and check them.

mod build;
mod fault;
mod json;
mod json_schema;
mod locate;
mod model;
mod render;
mod sdk;
mod spec;

pub use build::Build;
pub use fault::{Fault, Faults};
#[doc(hidden)]
pub use model::{OWN_CALLS, OwnCall};
pub use render::File;

use std::collections::{BTreeMap, BTreeSet};

use fault::Report;

/// The JSON Schema of spec files. [`generate`] rejects every file that the schema rejects.
///
/// A spec refers to it with the key `$schema`. A test can keep a copy next to your specs:
///
/// ```no_run
/// std::fs::write("spec/service.schema.json", sfn_tasks_codegen::SCHEMA).expect("the folder exists");
/// ```
///
/// `sfn-tasks schema --of-specs` prints it too.
pub const SCHEMA: &str = include_str!("../service.schema.json");

/// A spec file, or a file that specs refer to: its name and its text.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The name in messages: `spec/dynamodb.json`.
    pub name: &'a str,
    /// The text.
    pub text: &'a str,
}

/// Why a spec cannot have this pattern for texts of such a length, for tools that write specs.
pub fn pattern_fault(pattern: &str, min_length: Option<u64>, max_length: Option<u64>) -> Option<String> {
    model::pattern_fault(pattern, &model::Bounds { min: min_length, max: max_length })
}

/// The text of a spec file, from its bytes.
///
/// # Errors
///
/// A fault that names the encoding, if the file is not UTF-8.
pub fn text(name: &str, bytes: Vec<u8>) -> Result<String, Fault> {
    let fault = |(line, column): (usize, usize), message: String| Fault {
        file: name.to_owned(),
        line,
        column,
        pointer: String::new(),
        message,
    };
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(fault((1, 1), "the file is encoded as UTF-16 or UTF-32: save it as UTF-8".to_owned()));
    }
    let place = |read: &[u8]| {
        let before = String::from_utf8_lossy(read);
        (before.matches('\n').count() + 1, before.rsplit('\n').next().unwrap_or_default().chars().count() + 1)
    };
    if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
        let told = "the byte 0 is not allowed in JSON; the file is probably encoded as UTF-16: save it as UTF-8";
        return Err(fault(place(&bytes[..at]), told.to_owned()));
    }
    String::from_utf8(bytes).map_err(|error| {
        let read = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let place = place(read);
        let byte = error.as_bytes().get(read.len()).copied().unwrap_or_default();
        fault(place, format!("the byte {byte:#04x} is not UTF-8, so the file has another encoding: save it as UTF-8"))
    })
}

/// Generates the Rust files of these specs.
///
/// `module_path` is the path of the module that includes them, such as `my_library::tasks`. Without it, the examples in the
/// docs are not run.
///
/// # Errors
///
/// All faults of all files.
pub fn generate(sources: &[Source<'_>], module_path: Option<&str>) -> Result<Vec<File>, Faults> {
    let sources: Vec<_> =
        sources.iter().map(|source| Input { source: *source, features: &[], builders: true }).collect();
    generate_inputs(&sources, module_path, false).map(|generated| generated.files)
}

/// The other files that these specs refer to: shared types and JSON Schemas. [`generate`] and [`facts`] need them among
/// their sources.
pub fn files_beside(sources: &[Source<'_>]) -> Vec<String> {
    let found: BTreeSet<String> = sources.iter().flat_map(|Source { name, text }| model::files(name, text)).collect();
    found.into_iter().filter(|file| sources.iter().all(|source| source.name != file)).collect()
}

/// The files that specs refer to.
struct Shared {
    files: BTreeMap<String, model::Beside>,
    faults: Vec<Fault>,
    missing: Vec<String>,
}

impl Shared {
    fn read(sources: &[Source<'_>], lenient: bool) -> Self {
        let named: BTreeSet<String> = sources.iter().flat_map(|it| model::files(it.name, it.text)).collect();
        let mut shared = Self { files: BTreeMap::new(), faults: Vec::new(), missing: Vec::new() };
        for Source { name, text } in sources {
            if named.contains(*name) || name.ends_with(".types.json") {
                let report = Report::new(name, text, lenient);
                shared.files.insert((*name).to_owned(), model::Beside::read(name, text, &report));
                shared.missing.extend(report.missing());
                shared.faults.extend(report.into_faults());
            }
        }
        shared
    }

    /// The resolved spec; `None` for a file that is not a spec.
    fn resolve(&self, Source { name, text }: Source<'_>, report: &Report<'_>) -> Option<model::Service> {
        if self.files.get(name).is_some_and(|file| !file.is_spec) {
            return None;
        }
        let mut spec = spec::Service::parse(text, report).filter(|_| !report.is_misread())?;
        model::settle(&mut spec, name, &self.files, report);
        Some(model::resolve(name, &spec, report))
    }
}

/// The facts of these specs in the format of `sfn_tasks::catalog::Facts`, each with the name of its service. It is for
/// programs that read specs at run time.
///
/// # Errors
///
/// All faults of all files.
pub fn facts(sources: &[Source<'_>]) -> Result<Vec<(String, String)>, Faults> {
    let mut shared = Shared::read(sources, false);
    let mut faults = std::mem::take(&mut shared.faults);
    let mut facts = Vec::new();
    for source in sources {
        let report = Report::new(source.name, source.text, false);
        let service = shared.resolve(*source, &report);
        faults.extend(report.into_faults());
        facts.extend(service.map(|service| (service.name.clone(), render::facts(&service).text)));
    }
    if faults.is_empty() { Ok(facts) } else { Err(Faults(faults)) }
}

/// A spec file, and when its builders are compiled.
#[derive(Clone, Copy)]
struct Input<'a> {
    source: Source<'a>,
    /// The Cargo features: one of them must be on. If the list is empty, the builders are always compiled.
    features: &'a [String],
    /// Whether they are compiled in this build.
    builders: bool,
}

/// The output of the generator.
struct Generated {
    files: Vec<File>,
    /// Messages about missing texts.
    missing: Vec<String>,
    /// Warnings for libraries other than sfn-tasks.
    remarks: Vec<String>,
}

fn generate_inputs(inputs: &[Input<'_>], module_path: Option<&str>, lenient: bool) -> Result<Generated, Faults> {
    let mut remarks = Vec::new();
    let sources: Vec<Source<'_>> = inputs.iter().map(|input| input.source).collect();
    let mut shared = Shared::read(&sources, lenient);
    let mut missing = std::mem::take(&mut shared.missing);
    let mut faults = std::mem::take(&mut shared.faults);
    let mut services = Vec::new();
    for input in inputs {
        let report = Report::new(input.source.name, input.source.text, lenient);
        let service = shared.resolve(input.source, &report);
        missing.extend(report.missing());
        remarks.extend(report.remarks());
        faults.extend(report.into_faults());
        services.extend(service.map(|service| (service, input)));
    }
    services.sort_by(|(a, _), (b, _)| a.module.cmp(&b.module));
    let (services, inputs): (Vec<model::Service>, Vec<&Input<'_>>) = services.into_iter().unzip();
    for pair in services.windows(2).filter(|pair| pair[0].module == pair[1].module) {
        let message =
            format!("the module `{}` already belongs to {}: rename one of the services", pair[1].module, pair[0].file);
        let text = sources.iter().find(|source| source.name == pair[1].file).map_or("", |source| source.text);
        let report = Report::new(&pair[1].file, text, false);
        report.add("/service", message);
        faults.extend(report.into_faults());
    }
    if !faults.is_empty() {
        return Err(Faults(faults));
    }
    let features: Vec<&[String]> = inputs.iter().map(|input| input.features).collect();
    let mut files = vec![render::index(&services, &features)];
    for (service, input) in services.iter().zip(inputs) {
        files.push(render::facts(service));
        files.extend(input.builders.then(|| render::service(service, module_path)));
    }
    Ok(Generated { files, missing, remarks })
}

#[cfg(test)]
mod tests {
    use super::{Generated, Input, Source, generate_inputs};

    #[test]
    fn texts_may_be_missing_while_one_works() {
        let spec = include_str!("../tests/billing.json");
        let text = spec.replace("Who is charged.", "").replace("\"EUR\": \"Euro.\"", "\"EUR\": \"\"");
        let input = Input { source: Source { name: "billing.json", text: &text }, features: &[], builders: true };
        let generated = generate_inputs(&[input], None, true).expect("only texts are missing");
        let Generated { files, missing, remarks } = generated;
        assert!(remarks[0].contains("only AWS can add an integration such as `billing:charge`"), "{remarks:?}");
        assert!(files.iter().any(|file| file.text.contains("Not written yet.")));
        assert_eq!(
            missing,
            [
                "billing.json:40:109: 2 texts are not written yet; the first is /actions/charge/parameters/CustomerId/docs"
            ]
        );
        let faults = generate_inputs(&[input], None, false).err().expect("texts are missing").0;
        assert_eq!(faults.len(), 2, "{faults:?}");
        // A title must not be missing.
        let untitled = spec.replace("\"title\": \"Billing\"", "\"title\": \"\"");
        let input = Input { source: Source { name: "billing.json", text: &untitled }, ..input };
        assert!(generate_inputs(&[input], None, true).is_err());
    }
}
