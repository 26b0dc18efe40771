//! `cargo xtask pack`: compresses the files of `facts/sdk/` into `facts/sdk.pack`.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::DeflateEncoder;

/// Writes `sdk.pack`, and reports its size.
pub(super) fn write() -> Result<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../facts");
    let named = |path: &Path| {
        let path = path.display().to_string();
        move |error| format!("{path}: {error}")
    };
    let sdk = folder.join("sdk");
    let mut paths: Vec<PathBuf> =
        fs::read_dir(&sdk).map_err(named(&sdk))?.flatten().map(|entry| entry.path()).collect();
    paths.sort_by_key(|path| path.file_stem().map(ToOwned::to_owned));
    let (mut index, mut packed) = (String::new(), Vec::new());
    for path in &paths {
        let text = fs::read_to_string(path).map_err(named(path))?;
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        let bytes = encoder.write_all(text.as_bytes()).and_then(|()| encoder.finish()).map_err(named(path))?;
        let head = text.lines().next().unwrap_or_default();
        index.push_str(&format!("{} {} {head}\n", bytes.len(), text.len()));
        packed.extend(bytes);
    }
    let pack = folder.join("sdk.pack");
    let bytes = [index.as_bytes(), b"\n", &packed].concat();
    fs::write(&pack, &bytes).map_err(named(&pack))?;
    Ok(format!("Packed {} services into {} bytes.", paths.len(), bytes.len()))
}
