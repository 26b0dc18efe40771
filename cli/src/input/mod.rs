//! Finds and reads the definitions of the arguments: files, directories, globs and templates.

mod beside;
mod definition;
mod file;
mod files;
mod homes;
mod plan;
mod reach;
mod template;
mod terraform;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use sfn_tasks::value::Json;

pub(crate) use definition::{Definition, Fault};
pub(crate) use file::File;
pub(crate) use files::is_stdin;
pub(crate) use reach::{Reach, set_reach};

use crate::output::{Status, complain, note};
use crate::report;
use file::{Content, Parsed};
use files::{Candidate, Expanded, expand};
use reach::is_led_out;

/// How many notes are printed. A directory can have very many files that cause one.
const MOST_NOTES: usize = 20;

/// The definitions of the arguments.
#[derive(Debug)]
pub(crate) struct Inputs {
    /// The definitions in the order of the arguments, and the texts that cannot be parsed.
    pub(crate) definitions: Vec<Result<Definition, Fault>>,
    /// `Unusable` if a file could not be read; the error was already printed.
    pub(crate) status: Status,
}

/// The definitions of one file.
#[derive(Debug, Default)]
struct Found {
    definitions: Vec<Result<Definition, Fault>>,
    /// Why a part cannot be read.
    errors: Vec<String>,
    /// Definitions that are elsewhere, and skipped.
    notes: Vec<String>,
}

/// What a command does with a document that is not a definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Otherwise {
    /// Check it if its file name shows that it is meant as a definition; otherwise report an error.
    Judge,
    /// Report an error.
    Refuse,
    /// Skip it. It is not an error if no definition is left.
    PassOver,
}

/// Reads all definitions of the arguments. A file that cannot be read does not stop the others.
pub(crate) fn load(arguments: &[PathBuf], otherwise: Otherwise) -> Inputs {
    let Expanded { candidates, mut notes, problems: mut errors } = expand(arguments);
    let mut definitions = Vec::new();
    for candidate in &candidates {
        match read(candidate, otherwise) {
            Ok(found) => {
                definitions.extend(found.definitions);
                errors.extend(found.errors);
                notes.extend(found.notes);
            }
            Err(error) => errors.push(error),
        }
    }
    if definitions.is_empty() && errors.is_empty() {
        let names: Vec<String> = arguments.iter().map(|path| format!("`{}`", path.display())).collect();
        let looked_at = format!("{} searched", report::count(candidates.len(), "file"));
        let message = format!("there is no definition in {} ({looked_at})", names.join(", "));
        if otherwise == Otherwise::PassOver { notes.push(message) } else { errors.push(message) }
    }
    errors.iter().for_each(complain);
    notes.iter().take(MOST_NOTES).for_each(note);
    if notes.len() > MOST_NOTES {
        note(format!("there are {} more notes of this kind", notes.len() - MOST_NOTES));
    }
    let status = if errors.is_empty() { Status::Clean } else { Status::Unusable };
    Inputs { definitions: once_each(definitions), status }
}

/// Reads the only definition in a file, or the one with the given logical ID in a template.
pub(crate) fn load_one(path: &Path, machine: Option<&str>) -> Result<Definition, String> {
    load_with_others(path, machine).map(|(definition, _)| definition)
}

/// The same, with the other definitions of the template that can be read.
pub(crate) fn load_with_others(path: &Path, machine: Option<&str>) -> Result<(Definition, Vec<Definition>), String> {
    if !is_stdin(path) && is_led_out(path) {
        return Err(files::led_out(path));
    }
    let found = read(&Candidate { path: path.to_owned(), named: true }, Otherwise::Refuse)?;
    let (mut definitions, mut others, mut fault) = (Vec::new(), Vec::new(), None);
    for definition in found.definitions {
        let is_meant = |definition: &Definition| machine.is_none_or(|machine| definition.name() == Some(machine));
        match definition {
            Ok(definition) if is_meant(&definition) => definitions.push(definition),
            Ok(definition) => others.push(definition),
            Err(one) if one.is_beside => {}
            Err(one) if machine.is_none() => return Err(one.to_string()),
            // It can belong to another state machine.
            Err(one) => fault = Some(one.to_string()),
        }
    }
    let names: Vec<String> =
        definitions.iter().filter_map(|definition| Some(format!("`{}`", definition.name()?))).collect();
    match (definitions.pop(), definitions.len(), machine) {
        (Some(definition), 0, _) => Ok((definition, others)),
        (Some(_), _, _) => Err(format!(
            "{} has several state machines; choose one with `--machine`: {}",
            path.display(),
            names.join(", ")
        )),
        (None, ..) if fault.is_some() => Err(fault.unwrap_or_default()),
        (None, ..) if !found.errors.is_empty() || !found.notes.is_empty() => {
            Err([found.errors, found.notes].concat().join("; "))
        }
        (None, _, Some(machine)) => {
            Err(format!("{} has no state machine with the logical ID `{machine}`", path.display()))
        }
        (None, _, None) => Err(format!("there is no definition in {}", path.display())),
    }
}

/// Reads every definition in a file, and fails if one of them cannot be read.
pub(crate) fn load_all(path: &Path) -> Result<Vec<Definition>, String> {
    if !is_stdin(path) && is_led_out(path) {
        return Err(files::led_out(path));
    }
    let found = read(&Candidate { path: path.to_owned(), named: true }, Otherwise::Refuse)?;
    let mut definitions = Vec::new();
    for definition in found.definitions {
        match definition {
            Ok(definition) => definitions.push(definition),
            Err(one) if one.is_beside => {}
            Err(one) => return Err(one.to_string()),
        }
    }
    match definitions.is_empty() || !found.errors.is_empty() {
        true if found.errors.is_empty() && found.notes.is_empty() => {
            Err(format!("there is no definition in {}", path.display()))
        }
        true => Err([found.errors, found.notes].concat().join("; ")),
        false => Ok(definitions),
    }
}

/// Reads any file of JSON or YAML.
pub(crate) fn read_document(path: &Path) -> Result<Json, String> {
    match File::read(path)?.parse() {
        Ok(Parsed { content: Content::Template(template), .. }) => Ok(template.json().clone()),
        Ok(Parsed { content: Content::Other(json), .. }) => Ok(json),
        Ok(Parsed { file, .. }) => Err(format!("{} is neither JSON nor YAML", file.name())),
        Err(fault) => Err(fault.to_string()),
    }
}

/// If a file was found directly and is also named by a template, only the definition of the template remains.
fn once_each(definitions: Vec<Result<Definition, Fault>>) -> Vec<Result<Definition, Fault>> {
    let named: HashSet<PathBuf> = definitions
        .iter()
        .filter_map(|definition| definition.as_ref().ok().filter(|definition| definition.name().is_some()))
        .filter_map(|definition| definition.file().real_path())
        .collect();
    let is_repeated = |definition: &Result<Definition, Fault>| {
        let Ok(definition) = definition else { return false };
        definition.name().is_none() && definition.file().real_path().is_some_and(|path| named.contains(&path))
    };
    definitions.into_iter().filter(|definition| !is_repeated(definition)).collect()
}

fn read(candidate: &Candidate, otherwise: Otherwise) -> Result<Found, String> {
    let file = if candidate.named { File::read(&candidate.path)? } else { File::read_regular(&candidate.path)? };
    if !candidate.named && !file.may_hold_definition() {
        return Ok(Found::default());
    }
    let Parsed { file, content, beside } = match file.parse() {
        Ok(parsed) => parsed,
        Err(fault) => return Ok(Found { definitions: vec![Err(*fault)], ..Found::default() }),
    };
    let file = Rc::new(file);
    Ok(match content {
        Content::Template(template) => {
            let mut found = template::definitions(&file, template, &mut terraform::Homes::new());
            found.definitions.extend(beside.into_iter().map(Err));
            found
        }
        Content::Terraform if file.source().text().contains("aws_sfn_state_machine") => terraform::definitions(&file),
        Content::Terraform => Found::default(),
        Content::Other(json)
            if file::is_definition(&json)
                || (candidate.named && otherwise == Otherwise::Judge && file.is_meant_as_definition()) =>
        {
            Found {
                definitions: vec![Ok(Definition::new(file, sfn_tasks::template::Definition::whole(json)))],
                ..Found::default()
            }
        }
        Content::Other(_) if candidate.named && otherwise != Otherwise::PassOver => {
            let why = "it has neither `StartAt` nor `States`, and it is not a template with state machines";
            return Err(format!("{} is not a definition: {why}", file.name()));
        }
        Content::Other(_) => {
            let why = "is skipped: it contains `StartAt`, but is neither a definition nor a template";
            let notes = match file.source().text().contains("StartAt") {
                true => vec![format!("{} {why}", file.name())],
                false => Vec::new(),
            };
            Found { notes, ..Found::default() }
        }
    })
}
