//! Buckets as folders, and objects as the files in them: `FOLDER/BUCKET/KEY`.

use std::io::Read;
use std::path::{Component, Path, PathBuf};

use md5::{Digest, Md5};

use crate::run::Timestamp;
use crate::value::{Json, Object};

/// The maximum size of an object, also after decompression: enough for a test, but not enough to fill the memory.
const MOST_BYTES: u64 = 256 * 1024 * 1024;

/// The file of an object; none if it is not below the folder.
pub(super) fn inside(folder: &Path, bucket: &str, key: &str) -> Option<PathBuf> {
    let plain = |text: &str| Path::new(text).components().all(|part| matches!(part, Component::Normal(_)));
    (!bucket.is_empty() && !key.is_empty() && plain(bucket) && plain(key)).then(|| folder.join(bucket).join(key))
}

/// The file of an object, if no symbolic link in its path leads out of the folder.
fn place(folder: &Path, bucket: &str, key: &str) -> Result<PathBuf, String> {
    let outside = || format!("The key is not in the bucket: {key}");
    let path = inside(folder, bucket, key).ok_or_else(outside)?;
    let Ok(root) = folder.canonicalize() else { return Ok(path) };
    // A part of the path that does not exist yet is created below its nearest existing ancestor.
    let present = path.ancestors().find(|path| path.symlink_metadata().is_ok());
    let real = present.map_or(Ok(root.clone()), Path::canonicalize);
    if real.is_ok_and(|real| real.starts_with(&root)) { Ok(path) } else { Err(outside()) }
}

/// The content of a file: a regular file of limited size.
fn content(folder: &Path, bucket: &str, key: &str) -> Result<(PathBuf, Vec<u8>), String> {
    let path = place(folder, bucket, key)?;
    let failed = |error: std::io::Error| format!("The object {bucket}/{key} cannot be read: {error}");
    // Opening a pipe would block.
    if !std::fs::metadata(&path).map_err(failed)?.is_file() {
        return Err(format!("The object {bucket}/{key} cannot be read: it is not a regular file"));
    }
    let file = std::fs::File::open(&path).map_err(failed)?;
    Ok((path, bounded(file, bucket, key)?))
}

/// The content of an object, decompressed according to its file extension.
pub(super) fn read(folder: &Path, bucket: &str, key: &str) -> Result<Vec<u8>, String> {
    let (path, content) = content(folder, bucket, key)?;
    match path.extension().and_then(std::ffi::OsStr::to_str) {
        Some("gz" | "gzip") => bounded(flate2::read::MultiGzDecoder::new(&*content), bucket, key),
        Some("zst" | "zstd") => {
            let decoder = ruzstd::decoding::StreamingDecoder::new(&*content)
                .map_err(|error| format!("The object {bucket}/{key} cannot be read: {error}"))?;
            bounded(decoder, bucket, key)
        }
        _ => Ok(content),
    }
}

fn bounded(decoder: impl Read, bucket: &str, key: &str) -> Result<Vec<u8>, String> {
    let mut content = Vec::new();
    let read = decoder.take(MOST_BYTES + 1).read_to_end(&mut content);
    read.map_err(|error| format!("The object {bucket}/{key} cannot be read: {error}"))?;
    match content.len() as u64 > MOST_BYTES {
        true => Err(format!("The object {bucket}/{key} has more than {MOST_BYTES} bytes")),
        false => Ok(content),
    }
}

/// Writes an object.
pub(super) fn write(folder: &Path, bucket: &str, key: &str, content: &str) -> Result<(), String> {
    let path = place(folder, bucket, key)?;
    let written = path.parent().map_or(Ok(()), std::fs::create_dir_all).and_then(|()| std::fs::write(&path, content));
    written.map_err(|error| format!("{} cannot be written: {error}", path.display()))
}

/// The keys of the objects in a bucket that begin with the prefix, in order, with their sizes.
pub(super) fn keys(folder: &Path, bucket: &str, prefix: &str) -> Vec<String> {
    let Some(root) = inside(folder, bucket, "x").and_then(|path| path.parent().map(Path::to_owned)) else {
        return Vec::new();
    };
    let (mut open, mut found) = (vec![root.clone()], Vec::new());
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => open.push(path),
                Ok(kind) if kind.is_file() => {
                    let key = path.strip_prefix(&root).map(|key| key.to_string_lossy().replace('\\', "/"));
                    found.extend(key.ok().filter(|key| key.starts_with(prefix)));
                }
                _ => {}
            }
        }
    }
    found.sort();
    found
}

/// What a listing shows of an object. Its time is the start of the execution, because the time of a file in a test
/// folder is the time of the checkout.
pub(super) fn listed(folder: &Path, bucket: &str, key: &str, time: Timestamp) -> Result<Json, String> {
    let (_, content) = content(folder, bucket, key)?;
    let tag = Md5::digest(&content).iter().fold(String::from("\""), |tag, byte| tag + &format!("{byte:02x}")) + "\"";
    Ok(Json::Object(Object::from_iter([
        ("Etag", Json::from(tag)),
        ("Key", Json::from(key.to_owned())),
        ("LastModified", Json::from(time.as_millis() / 1000)),
        ("Size", Json::from(content.len() as u64)),
        ("StorageClass", Json::from("STANDARD")),
    ])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stay_below_the_folder() {
        let folder = Path::new("/data");
        assert_eq!(inside(folder, "b", "x/y.json"), Some(PathBuf::from("/data/b/x/y.json")));
        for (bucket, key) in [("b", "../x"), ("..", "x"), ("b", "/etc/passwd"), ("", "x"), ("b", "a/../../x")] {
            assert_eq!(inside(folder, bucket, key), None, "{bucket} {key}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn links_do_not_lead_out_of_the_folder() {
        let folder = std::env::temp_dir().join(format!("sfn-tasks-bucket-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("objects/b")).unwrap();
        std::fs::write(folder.join("secret"), "hush").unwrap();
        std::os::unix::fs::symlink(&folder, folder.join("objects/b/up")).unwrap();
        std::os::unix::fs::symlink("/dev/zero", folder.join("objects/b/zero")).unwrap();
        let objects = folder.join("objects");
        for key in ["up/secret", "zero"] {
            assert!(read(&objects, "b", key).unwrap_err().contains("is not in the bucket"), "{key}");
            assert!(listed(&objects, "b", key, Timestamp::parse("2025-01-31T12:00:00Z").unwrap()).is_err(), "{key}");
            assert!(write(&objects, "b", key, "x").is_err(), "{key}");
        }
        assert!(write(&objects, "b", "up/new", "x").is_err() && !folder.join("new").exists());
        assert!(write(&objects, "b", "new/x.json", "1").is_ok());
        assert_eq!(read(&objects, "b", "new/x.json").as_deref(), Ok(&b"1"[..]));
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn what_is_decompressed_is_bounded() {
        assert_eq!(bounded(std::io::repeat(0).take(9), "b", "k").map(|content| content.len()), Ok(9));
        let error = bounded(std::io::repeat(0), "b", "k").unwrap_err();
        assert!(error.contains("b/k"), "{error}");
    }
}
