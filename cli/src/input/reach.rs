//! Which files may be read.
//!
//! The command line runs on untrusted files. A symbolic link among them must not choose what is read.

use std::path::{Component, Path, PathBuf};
use std::sync::OnceLock;

/// The options of the command line.
#[derive(Debug, Default)]
pub(crate) struct Reach {
    /// The folder below which templates may name files.
    pub(crate) root: Option<PathBuf>,
    /// Whether symbolic links to any place are followed.
    pub(crate) follow_links: bool,
    /// Whether hidden files, and files that `.gitignore` excludes, are read too.
    pub(crate) no_ignore: bool,
}

static REACH: OnceLock<Reach> = OnceLock::new();

/// Sets the options, once, before any file is read.
pub(crate) fn set_reach(reach: Reach) {
    let _ = REACH.set(reach);
}

/// The options of the command line.
pub(super) fn reach() -> &'static Reach {
    REACH.get_or_init(Reach::default)
}

/// Whether the path is a process substitution of the shell, `<(command)`. A file in a checkout cannot have such a path.
pub(super) fn is_handed_over(path: &Path) -> bool {
    ["/dev/fd", "/proc/self/fd"].iter().any(|folder| path.parent() == Some(Path::new(folder)))
        || path == Path::new("/dev/stdin")
}

/// Whether a symbolic link in the path of an argument points outside the working directory, or outside its own folder if
/// that is elsewhere.
pub(super) fn is_led_out(path: &Path) -> bool {
    if reach().follow_links || is_handed_over(path) {
        return false;
    }
    let (Ok(real), Ok(here)) = (path.canonicalize(), std::env::current_dir()) else { return false };
    let climbs = path.components().any(|part| part == Component::ParentDir);
    let folder = match !climbs && (path.is_relative() || path.starts_with(&here)) {
        true => Some(here),
        false => path.parent().map(Path::to_owned),
    };
    !is_below(&real, folder.as_deref()) && !is_below(&real, reach().root.as_deref())
}

/// Whether a symbolic link in the path of a found file points outside the searched folder.
pub(super) fn is_led_out_of(path: &Path, folder: &Path) -> bool {
    let Ok(real) = path.canonicalize() else { return true };
    !reach().follow_links && !is_below(&real, Some(folder)) && !is_below(&real, reach().root.as_deref())
}

fn is_below(real: &Path, folder: Option<&Path>) -> bool {
    let folder = folder.map(|folder| if folder.as_os_str().is_empty() { Path::new(".") } else { folder });
    folder.and_then(|folder| folder.canonicalize().ok()).is_some_and(|folder| real.starts_with(folder))
}
