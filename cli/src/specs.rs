//! Specs of a company's own services, given with `--spec`: checked and permitted like what the library knows.

use std::path::PathBuf;
use std::sync::OnceLock;

use sfn_tasks::catalog::{Action, Facts, Service};
use sfn_tasks::check::Catalog;
use sfn_tasks::template::Root;
use sfn_tasks_codegen::Source;

use crate::output::Failure;

static SERVICES: OnceLock<Vec<&'static Service>> = OnceLock::new();

/// Reads the specs.
pub(crate) fn set(files: &[PathBuf]) -> Result<(), Failure> {
    let mut texts = Vec::new();
    for file in files {
        let name = file.display().to_string();
        let text = Root::read(file)?;
        let text = sfn_tasks_codegen::text(&name, text.into_bytes()).map_err(|fault| fault.to_string())?;
        texts.push((name, text));
    }
    let sources: Vec<Source<'_>> = texts.iter().map(|(name, text)| Source { name, text }).collect();
    let facts = sfn_tasks_codegen::facts(&sources).map_err(|faults| faults.to_string())?;
    // They live as long as the program, like the facts that are compiled in.
    let read = |(name, text): (String, String)| -> &'static Service {
        Box::leak(Box::new(Facts::v1(String::leak(name), String::leak(text))))
    };
    SERVICES.get_or_init(|| facts.into_iter().map(read).collect());
    Ok(())
}

/// The services of the specs.
pub(crate) fn services() -> &'static [&'static Service] {
    SERVICES.get().map_or(&[], Vec::as_slice)
}

/// Their actions.
pub(crate) fn actions() -> Vec<&'static Action> {
    services().iter().flat_map(|service| service.actions).copied().collect()
}

/// What tasks are checked against: what the library knows, and these.
pub(crate) fn catalog() -> Catalog {
    actions().into_iter().fold(Catalog::default(), Catalog::with)
}
