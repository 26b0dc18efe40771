//! Replaces a file completely or not at all.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

/// Replaces `target` with a new file that has the permissions of `model`. If a step fails or the program is killed,
/// `target` is either the complete old file or the complete new one.
pub(crate) fn write(target: &Path, model: &Path, bytes: &[u8]) -> io::Result<()> {
    // Replace the file, not a symbolic link to it.
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

/// Writes the new directory entry to disk. Only Unix can open directories.
fn sync_directory(directory: &Path) -> io::Result<()> {
    if cfg!(unix) { fs::File::open(directory)?.sync_all() } else { Ok(()) }
}
