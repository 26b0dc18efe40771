//! Files are replaced as a whole or not at all.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

/// Puts a new file in the place of `target`, with the permissions of `model`. Whatever fails, and whenever the program
/// is killed, `target` is either the old file or the new one.
pub(crate) fn write(target: &Path, model: &Path, bytes: &[u8]) -> io::Result<()> {
    // The file itself is replaced, and not a symbolic link to it.
    let target = if target.exists() { fs::canonicalize(target)? } else { target.to_owned() };
    let directory = match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut file = tempfile::Builder::new().prefix(".sfn-tasks-").tempfile_in(directory)?;
    file.write_all(bytes)?;
    file.as_file().set_permissions(fs::metadata(model)?.permissions())?;
    file.as_file().sync_all()?;
    file.persist(&target)?;
    sync_directory(directory)
}

/// Makes the new name last. Only Unix opens directories.
fn sync_directory(directory: &Path) -> io::Result<()> {
    if cfg!(unix) { fs::File::open(directory)?.sync_all() } else { Ok(()) }
}
