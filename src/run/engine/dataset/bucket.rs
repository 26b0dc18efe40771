//! Buckets as folders, and objects as the files in them: `FOLDER/BUCKET/KEY`.

use std::io::Read;
use std::path::{Component, Path, PathBuf};

use md5::{Digest, Md5};

use crate::run::Timestamp;
use crate::value::{Json, Object};

/// What an object may have at most after it is decompressed: enough for a test, and not enough to fill the memory.
const MOST_BYTES: u64 = 256 * 1024 * 1024;

/// The file of an object; none if it would not lie below the folder.
pub(super) fn inside(folder: &Path, bucket: &str, key: &str) -> Option<PathBuf> {
    let plain = |text: &str| Path::new(text).components().all(|part| matches!(part, Component::Normal(_)));
    (!bucket.is_empty() && !key.is_empty() && plain(bucket) && plain(key)).then(|| folder.join(bucket).join(key))
}

/// What an object holds, decompressed as the end of its name says.
pub(super) fn read(folder: &Path, bucket: &str, key: &str) -> Result<Vec<u8>, String> {
    let path = inside(folder, bucket, key).ok_or_else(|| format!("The key leads out of the bucket: {key}"))?;
    let failed = |error: std::io::Error| format!("The object {bucket}/{key} cannot be read: {error}");
    let content = std::fs::read(&path).map_err(failed)?;
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
        true => Err(format!("The object {bucket}/{key} has more than {MOST_BYTES} bytes, decompressed")),
        false => Ok(content),
    }
}

/// Writes an object.
pub(super) fn write(folder: &Path, bucket: &str, key: &str, content: &str) -> Result<(), String> {
    let path = inside(folder, bucket, key).ok_or_else(|| format!("The key leads out of the bucket: {key}"))?;
    let written = path.parent().map_or(Ok(()), std::fs::create_dir_all).and_then(|()| std::fs::write(&path, content));
    written.map_err(|error| format!("{} cannot be written: {error}", path.display()))
}

/// The keys of the objects in a bucket that begin with the prefix, in their order, with their sizes.
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

/// What a listing shows of an object. It was written when the execution began: the time of a file in a folder of tests
/// says when it was checked out.
pub(super) fn listed(folder: &Path, bucket: &str, key: &str, time: Timestamp) -> Result<Json, String> {
    let content = inside(folder, bucket, key).map(std::fs::read).and_then(Result::ok);
    let content = content.ok_or_else(|| format!("The object {bucket}/{key} cannot be read"))?;
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
    fn what_is_decompressed_is_bounded() {
        assert_eq!(bounded(std::io::repeat(0).take(9), "b", "k").map(|content| content.len()), Ok(9));
        let error = bounded(std::io::repeat(0), "b", "k").unwrap_err();
        assert!(error.contains("b/k"), "{error}");
    }
}
