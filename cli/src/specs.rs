//! Specs of the user's own integrations (`--spec`). Checks and policies treat them like those of the library.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use sfn_tasks::catalog::{Action, Facts, Service};
use sfn_tasks::check::Catalog;
use sfn_tasks::iam;
use sfn_tasks::template::Root;
use sfn_tasks_codegen::{Faults, Source};

use crate::output::Failure;

static SERVICES: OnceLock<Vec<&'static Service>> = OnceLock::new();

/// Reads the specs.
pub(crate) fn set(files: &[PathBuf]) -> Result<(), Failure> {
    let read = |name: String| -> Result<(String, String), Failure> {
        let text = Root::read(Path::new(&name))?;
        let text = sfn_tasks_codegen::text(&name, text.into_bytes()).map_err(|fault| fault.to_string())?;
        Ok((name, text))
    };
    let mut texts = Vec::new();
    for file in files {
        texts.push(read(file.display().to_string())?);
        let beside = {
            let (name, text) = &texts[texts.len() - 1];
            sfn_tasks_codegen::files_beside(&[Source { name, text }])
        };
        let folder = file.parent().unwrap_or(Path::new(""));
        for name in beside.into_iter().filter(|name| texts.iter().all(|(known, _)| known != name)).collect::<Vec<_>>() {
            // The generator reports a missing file at the reference to it. A file outside the folder is not read.
            let path = Path::new(&name).strip_prefix(folder).unwrap_or(Path::new(&name)).to_string_lossy().into_owned();
            let root = Root::new(folder).map_err(|error| error.to_string())?;
            if root.find(folder, &path).is_ok() {
                texts.push(read(name)?);
            }
        }
    }
    let sources: Vec<Source<'_>> = texts.iter().map(|(name, text)| Source { name, text }).collect();
    let told = |faults: Faults| Failure::Several(faults.0.iter().map(ToString::to_string).collect());
    let facts = sfn_tasks_codegen::facts(&sources).map_err(told)?;
    // The catalog needs `'static`, and the specs are used until the program ends.
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

/// The catalog of the library, with the actions of the specs.
pub(crate) fn catalog() -> Catalog {
    actions().into_iter().fold(Catalog::default(), Catalog::with)
}

/// The options of policies, with the actions of the specs.
pub(crate) fn policy_options() -> iam::Options {
    actions().into_iter().fold(iam::Options::default(), iam::Options::integration)
}
