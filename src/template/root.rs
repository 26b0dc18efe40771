//! Files that a template names. The author of a template must not be able to choose any file.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use crate::asl::MAX_LENGTH;

/// The folder below which files are read.
#[derive(Debug, Clone)]
pub struct Root {
    folder: PathBuf,
}

impl Root {
    /// The folder at that path.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no such folder.
    pub fn new(folder: &Path) -> io::Result<Self> {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        Ok(Self { folder: fs::canonicalize(folder)? })
    }

    /// The path of the file that a document in `folder` refers to as `path`.
    ///
    /// # Errors
    ///
    /// Returns an error if the file does not exist, or is outside the root (through `..` or a symbolic link).
    pub fn find(&self, folder: &Path, path: &str) -> Result<PathBuf, String> {
        let named = Path::new(path);
        let outside = || format!("`{path}` is outside of {}", self.folder.display());
        if named.components().any(|part| matches!(part, Component::RootDir | Component::Prefix(_))) {
            return Err(outside());
        }
        let joined = folder.join(named);
        // A path outside is rejected before it is read, so that its existence is not revealed.
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let mut place = fs::canonicalize(folder).map_err(|error| failed(path, &error))?;
        for part in named.components() {
            match part {
                Component::ParentDir => {
                    place.pop();
                }
                Component::Normal(name) => {
                    place.push(name);
                    if let Ok(real) = fs::canonicalize(&place) {
                        place = real;
                    }
                }
                _ => {}
            }
            if !place.starts_with(&self.folder) && !self.folder.starts_with(&place) {
                return Err(outside());
            }
        }
        let real = fs::canonicalize(&joined).map_err(|error| failed(path, &error))?;
        if real.starts_with(&self.folder) { Ok(joined) } else { Err(outside()) }
    }

    /// Reads a file of limited size.
    ///
    /// # Errors
    ///
    /// Returns an error if it is not a regular file, is too large, is not UTF-8, or cannot be read.
    pub fn read(path: &Path) -> Result<String, String> {
        let name = path.display().to_string();
        let is_regular = |metadata: &fs::Metadata| match metadata.is_file() {
            true => Ok(()),
            false => Err(format!("{name} cannot be read: it is not a regular file")),
        };
        // Opening a pipe would block.
        is_regular(&fs::metadata(path).map_err(|error| failed(&name, &error))?)?;
        let file = File::open(path).map_err(|error| failed(&name, &error))?;
        is_regular(&file.metadata().map_err(|error| failed(&name, &error))?)?;
        let mut bytes = Vec::new();
        file.take(MAX_LENGTH as u64 + 1).read_to_end(&mut bytes).map_err(|error| failed(&name, &error))?;
        if bytes.len() > MAX_LENGTH {
            return Err(format!("{name} cannot be read: it has more than {MAX_LENGTH} bytes"));
        }
        String::from_utf8(bytes).map_err(|_| format!("{name} cannot be read: it is not UTF-8 text"))
    }
}

fn failed(name: &str, error: &io::Error) -> String {
    let reason = match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    };
    format!("{name} cannot be read: {reason}")
}
