//! Finds the files of the arguments.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

use globset::GlobBuilder;
use ignore::WalkBuilder;

use super::reach::{is_led_out, is_led_out_of, reach};
use crate::output::reason;

/// A file to read.
#[derive(Debug, Clone)]
pub(crate) struct Candidate {
    /// Its path; `-` is the standard input.
    pub(crate) path: PathBuf,
    /// Whether an argument names it. A file that was found in a directory is used only if it contains a definition.
    pub(crate) named: bool,
}

/// The files of the arguments.
#[derive(Debug, Default)]
pub(crate) struct Expanded {
    /// The files, each once.
    pub(crate) candidates: Vec<Candidate>,
    /// Files that are skipped, and why.
    pub(crate) notes: Vec<String>,
    /// Errors in the arguments.
    pub(crate) problems: Vec<String>,
}

/// Finds the files of the arguments.
pub(crate) fn expand(arguments: &[PathBuf]) -> Expanded {
    let Expanded { mut candidates, mut notes, mut problems } = Expanded::default();
    let mut seen = HashSet::new();
    for argument in arguments {
        if is_led_out(argument) {
            problems.push(led_out(argument));
            continue;
        }
        let (found, named) = if is_stdin(argument) || argument.is_file() {
            (vec![argument.clone()], true)
        } else if argument.is_dir() {
            (within(argument, &mut problems, &mut notes), false)
        } else if is_glob(argument) {
            (matching(argument, &mut problems), true)
        } else {
            (vec![argument.clone()], true)
        };
        candidates
            .extend(found.into_iter().filter(|path| seen.insert(path.clone())).map(|path| Candidate { path, named }));
    }
    Expanded { candidates, notes, problems }
}

/// Whether the argument is the standard input.
pub(crate) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

fn is_glob(path: &Path) -> bool {
    path.to_string_lossy().contains(['*', '?', '[', '{'])
}

/// The files below a directory whose extension allows a definition.
fn within(directory: &Path, problems: &mut Vec<String>, notes: &mut Vec<String>) -> Vec<PathBuf> {
    let mut walk = WalkBuilder::new(directory);
    // Follow `.gitignore` only: with an `.ignore` file, a contributor could hide files from the checks.
    walk.standard_filters(!reach().no_ignore).ignore(false);
    walk.filter_entry(|entry| entry.file_name() != "node_modules" && entry.file_name() != ".git");
    let has_end = |path: &Path| {
        let end = path.extension().and_then(OsStr::to_str).unwrap_or_default().to_ascii_lowercase();
        matches!(end.as_str(), "json" | "yaml" | "yml" | "asl" | "template" | "tf")
    };
    // A link in an untrusted directory must not choose which file is read.
    let is_within = |path: &Path| {
        let is_within = !is_led_out_of(path, directory);
        if !is_within {
            notes.push(format!("{} is a link to a file outside the directory, and is skipped", path.display()));
        }
        is_within
    };
    let found = files(&mut walk, problems).into_iter().filter(|path| has_end(path));
    found
        .filter({
            let mut is_within = is_within;
            move |path| is_within(path)
        })
        .collect()
}

/// The files that match a glob.
fn matching(pattern: &Path, problems: &mut Vec<String>) -> Vec<PathBuf> {
    let text = pattern.to_string_lossy();
    let glob = match GlobBuilder::new(text.trim_start_matches("./")).literal_separator(true).build() {
        Ok(glob) => glob.compile_matcher(),
        Err(error) => {
            problems.push(format!("the glob `{text}` is invalid: {}", error.kind()));
            return Vec::new();
        }
    };
    // The part before the first pattern is a plain directory.
    let fixed = |part: &Component<'_>| !is_glob(Path::new(part.as_os_str()));
    let base: PathBuf = pattern.components().take_while(fixed).collect();
    let base = if base.as_os_str().is_empty() { Path::new(".") } else { &base };
    if is_led_out(base) {
        problems.push(led_out(base));
        return Vec::new();
    }
    let mut walk = WalkBuilder::new(base);
    walk.standard_filters(false);
    let found: Vec<PathBuf> = match base.exists() {
        true => files(&mut walk, problems).into_iter().filter(|path| glob.is_match(path)).collect(),
        false => Vec::new(),
    };
    if found.is_empty() {
        problems.push(format!("no file matches `{text}`"));
    }
    let (outside, found) = found.into_iter().partition(|path| is_led_out_of(path, base));
    let outside: Vec<PathBuf> = outside;
    problems.extend(outside.iter().map(|path| led_out(path)));
    found
}

pub(super) fn led_out(path: &Path) -> String {
    format!(
        "{} is not read: a symbolic link points outside the searched folder; use `--follow-links` to read it",
        path.display()
    )
}

fn files(walk: &mut WalkBuilder, problems: &mut Vec<String>) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in walk.sort_by_file_name(Ord::cmp).build() {
        match entry {
            // Symbolic links to files are read; those to directories are not followed.
            Ok(entry) if entry.path().is_file() => files.push(without_dot(entry.path())),
            Ok(_) => {}
            Err(error) => problems.push(describe(&error)),
        }
    }
    files
}

/// `./a` is `a`.
pub(super) fn without_dot(path: &Path) -> PathBuf {
    path.components().filter(|part| *part != Component::CurDir).collect()
}

/// Why a directory cannot be searched.
fn describe(error: &ignore::Error) -> String {
    match (error, error.io_error()) {
        (ignore::Error::WithPath { path, .. }, Some(why)) => {
            format!("{} cannot be read: {}", path.display(), reason(why))
        }
        (ignore::Error::WithDepth { err, .. }, _) => describe(err),
        _ => error.to_string(),
    }
}
