//! `sfn-tasks.toml`: the configuration of a project.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use serde::Deserialize;
use sfn_tasks::asl::{Machine, StateMachine};
use sfn_tasks::check::{self, Level, Levels, Options, Place, rules};
use sfn_tasks::template::Root;

use crate::arguments::{self, Policy};
use crate::output::reason;

/// The name of the file.
const NAME: &str = "sfn-tasks.toml";
/// Names for groups of codes.
const GROUPS: [&str; 2] = ["all", "warnings"];
/// How many findings comments can allow. It is limited, because each is compared with each finding.
const MOST_INLINE: usize = 1_000;
/// The text in a comment that allows findings.
const INLINE: &str = "sfn-tasks: allow(";

/// The content of the file.
#[derive(Debug, Default)]
pub(crate) struct Configuration {
    folder: PathBuf,
    content: Content,
    globs: Vec<GlobSet>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Content {
    partition: Option<String>,
    region: Option<String>,
    account: Option<String>,
    /// Specs of the project's own integrations.
    #[serde(default)]
    specs: Vec<PathBuf>,
    /// The kinds of references, by their names.
    #[serde(default)]
    references: BTreeMap<String, String>,
    #[serde(default)]
    allow: Vec<String>,
    #[serde(default)]
    warn: Vec<String>,
    #[serde(default)]
    deny: Vec<String>,
    #[serde(default)]
    paths: Vec<Paths>,
}

/// Options for some files.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Paths {
    files: Vec<String>,
    #[serde(default)]
    express: bool,
    #[serde(default)]
    allow: Vec<String>,
    #[serde(default)]
    warn: Vec<String>,
    #[serde(default)]
    deny: Vec<String>,
}

impl Configuration {
    /// The specs of the project's own integrations.
    ///
    /// # Errors
    ///
    /// One of them is not below the folder of the configuration.
    pub(crate) fn specs(&self) -> Result<Vec<PathBuf>, String> {
        if self.content.specs.is_empty() {
            return Ok(Vec::new());
        }
        let root = Root::new(&self.folder).map_err(|error| reason(&error))?;
        let find = |file: &PathBuf| root.find(&self.folder, &file.to_string_lossy());
        self.content.specs.iter().map(find).collect()
    }

    /// Reads the given file, or else the first one in the working directory or a parent folder, up to the root of the
    /// repository.
    pub(crate) fn load(given: Option<&Path>) -> Result<Self, String> {
        let Some(path) = given.map(Path::to_owned).or_else(find) else { return Ok(Self::default()) };
        let name = path.display().to_string();
        let text = Root::read(&path)?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let folder = folder.canonicalize().map_err(|error| format!("{name} cannot be read: {}", reason(&error)))?;
        Self::of(&text, &name, &folder)
    }

    /// Parses the text of the file `name` in `folder`.
    pub(crate) fn of(text: &str, name: &str, folder: &Path) -> Result<Self, String> {
        let content: Content = toml::from_str(text).map_err(|error| describe(name, text, &error))?;
        let wrong = |why: String| format!("{name}: {why}");
        let lists = [&content.allow, &content.warn, &content.deny];
        let of_paths = content.paths.iter().flat_map(|paths| [&paths.allow, &paths.warn, &paths.deny]);
        for code in lists.into_iter().chain(of_paths).flatten() {
            if !is_code(code) {
                return Err(wrong(no_such_code(code)));
            }
        }
        for (reference, kind) in &content.references {
            arguments::reference_kind(kind).map_err(|why| wrong(format!("`{reference}` of `references`: {why}")))?;
        }
        let globs = content.paths.iter().map(|paths| globs(&paths.files)).collect::<Result<_, _>>().map_err(wrong)?;
        Ok(Self { folder: folder.to_owned(), content, globs })
    }

    /// The arguments of `policy`, completed by the configuration. The command line has priority.
    pub(crate) fn complete(&self, arguments: &Policy) -> Policy {
        let mut arguments = arguments.clone();
        arguments.partition = arguments.partition.or_else(|| self.content.partition.clone());
        arguments.region = arguments.region.or_else(|| self.content.region.clone());
        arguments.account = arguments.account.or_else(|| self.content.account.clone());
        let references = self.content.references.iter();
        let said = references.filter_map(|(name, kind)| Some((name.clone(), arguments::reference_kind(kind).ok()?)));
        arguments.reference.splice(0..0, said);
        arguments
    }

    /// How to check the definition in a file. Comments have priority over the configuration, and a code on the command line
    /// has priority over both.
    pub(crate) fn check_options(&self, path: &Path, machine: &StateMachine, said: &arguments::Levels) -> Options {
        let mut options = Options::default();
        let content = &self.content;
        set(&mut options.levels, [&content.allow, &content.warn, &content.deny], &BOTH);
        let real = path.canonicalize();
        let inner = real.as_deref().ok().and_then(|real| real.strip_prefix(&self.folder).ok());
        for (paths, globs) in content.paths.iter().zip(&self.globs) {
            if inner.is_some_and(|inner| globs.is_match(inner)) {
                set(&mut options.levels, [&paths.allow, &paths.warn, &paths.deny], &BOTH);
                options.express |= paths.express;
            }
        }
        let said_levels = [&said.allow, &said.warn, &said.deny];
        set(&mut options.levels, said_levels, &[Kind::Group]);
        if !said.ignore_comments {
            options.levels.extend(inline(machine));
        }
        set(&mut options.levels, said_levels, &[Kind::Code]);
        options
    }
}

/// The findings that the comments of states, branches and the definition allow: `"Comment": "… sfn-tasks: allow(CODE, CODE)"`.
fn inline(machine: &StateMachine) -> Levels {
    let mut allowed = Vec::new();
    allow(&machine.definition(), &mut allowed);
    let mut levels = Levels::default();
    for (code, place) in allowed {
        levels.set(code, place, Level::Allow);
    }
    levels
}

fn allow(machine: &Machine<'_>, allowed: &mut Vec<(String, Place)>) {
    let mut note = |node: &sfn_tasks::asl::Node<'_>| {
        let comment = node.json().get("Comment").and_then(|comment| comment.as_str()).unwrap_or_default();
        for codes in comment.split(INLINE).skip(1).filter_map(|rest| Some(rest.split_once(')')?.0)) {
            for code in codes.split(',').map(str::trim).filter(|code| is_code(code)) {
                if allowed.len() < MOST_INLINE {
                    allowed.push((code.to_owned(), Place::Pointer(node.pointer())));
                }
            }
        }
    };
    note(machine);
    for state in machine.states() {
        note(&state);
    }
    for state in machine.states() {
        for inner in state.machines() {
            allow(&inner, allowed);
        }
    }
}

/// Whether the text is the code of a rule, or a group.
pub(crate) fn is_code(text: &str) -> bool {
    GROUPS.contains(&text) || rules().any(|rule| rule.code == text)
}

/// The error for an unknown code, with a similar one.
pub(crate) fn no_such_code(text: &str) -> String {
    let known = rules().map(|rule: &check::Rule| rule.code).chain(GROUPS);
    let near = known.map(|code| (strsim::damerau_levenshtein(text, code), code)).min().filter(|(far, _)| *far <= 3);
    match near {
        Some((_, near)) => format!("there is no finding with the code `{text}`; did you mean `{near}`?"),
        None => format!("there is no finding with the code `{text}`; docs/checks.md lists all codes"),
    }
}

/// Whether a name is a group or a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Group,
    Code,
}

/// Groups first, so that a code has priority over a group.
const BOTH: [Kind; 2] = [Kind::Group, Kind::Code];

fn set(levels: &mut Levels, [allow, warn, deny]: [&Vec<String>; 3], kinds: &[Kind]) {
    let kind_of = |code: &str| if GROUPS.contains(&code) { Kind::Group } else { Kind::Code };
    for kind in kinds {
        for (codes, level) in [(allow, Level::Allow), (warn, Level::Warn), (deny, Level::Deny)] {
            for code in codes.iter().filter(|code| kind_of(code) == *kind) {
                levels.set(code.clone(), Place::Everywhere, level);
            }
        }
    }
}

fn globs(patterns: &[String]) -> Result<GlobSet, String> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let glob = GlobBuilder::new(pattern).literal_separator(true).build();
        set.add(glob.map_err(|error| format!("the glob `{pattern}` is invalid: {}", error.kind()))?);
    }
    set.build().map_err(|error| error.to_string())
}

fn find() -> Option<PathBuf> {
    let mut folder = std::env::current_dir().ok()?;
    loop {
        let path = folder.join(NAME);
        if path.is_file() {
            return Some(path);
        }
        if folder.join(".git").exists() || !folder.pop() {
            return None;
        }
    }
}

/// `sfn-tasks.toml:3: unknown field …`
fn describe(name: &str, text: &str, error: &toml::de::Error) -> String {
    let line = error.span().map(|span| text.bytes().take(span.start).filter(|byte| *byte == b'\n').count() + 1);
    match line {
        Some(line) => format!("{name}:{line}: {}", error.message()),
        None => format!("{name}: {}", error.message()),
    }
}
