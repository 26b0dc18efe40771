//! How far away from where it is looked for a file may lie.
//!
//! The command line runs on the files of strangers. A symbolic link among them does not choose what is read.

use std::path::{Component, Path, PathBuf};
use std::sync::OnceLock;

/// What the command line says.
#[derive(Debug, Default)]
pub(crate) struct Reach {
    /// The folder below which templates may name files.
    pub(crate) root: Option<PathBuf>,
    /// Whether symbolic links are followed wherever they lead.
    pub(crate) follow_links: bool,
    /// Whether what is hidden, or what `.gitignore` names, is searched too.
    pub(crate) no_ignore: bool,
}

static REACH: OnceLock<Reach> = OnceLock::new();

/// Says it, once and before anything is read.
pub(crate) fn set_reach(reach: Reach) {
    let _ = REACH.set(reach);
}

/// What the command line says.
pub(super) fn reach() -> &'static Reach {
    REACH.get_or_init(Reach::default)
}

/// Whether the shell hands something over under that name: `<(command)`. Nothing that is checked out has such a name.
pub(super) fn is_handed_over(path: &Path) -> bool {
    ["/dev/fd", "/proc/self/fd"].iter().any(|folder| path.parent() == Some(Path::new(folder)))
        || path == Path::new("/dev/stdin")
}

/// Whether links lead a path that was named out of the folder in which it seems to lie: the working directory, or its
/// own folder if it does not lie there.
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

/// Whether links lead a file that was found out of the folder in which it was searched.
pub(super) fn is_led_out_of(path: &Path, folder: &Path) -> bool {
    let Ok(real) = path.canonicalize() else { return true };
    !reach().follow_links && !is_below(&real, Some(folder)) && !is_below(&real, reach().root.as_deref())
}

fn is_below(real: &Path, folder: Option<&Path>) -> bool {
    let folder = folder.map(|folder| if folder.as_os_str().is_empty() { Path::new(".") } else { folder });
    folder.and_then(|folder| folder.canonicalize().ok()).is_some_and(|folder| real.starts_with(folder))
}
