//! The format of `sdk.pack`: an index, an empty line, and a deflated text for each line of the index.

use std::sync::OnceLock;

use super::Service;

static PACK: &[u8] = include_bytes!("../sdk.pack");

/// The services of the index.
pub(super) fn services() -> Vec<Service> {
    let end = PACK.windows(2).position(|two| two == b"\n\n").unwrap_or(0);
    let index = std::str::from_utf8(&PACK[..end]).unwrap_or_default();
    let mut rest = PACK.get(end + 2..).unwrap_or_default();
    index.lines().filter_map(|line| service(line, &mut rest)).collect()
}

/// `length size =name errors uid title`: a service whose text has `size` bytes, compressed to `length` bytes.
fn service(line: &'static str, rest: &mut &'static [u8]) -> Option<Service> {
    let mut words = line.splitn(6, ' ');
    let mut number = || words.next()?.parse::<usize>().ok();
    let (length, size) = (number()?, number()?);
    let packed;
    (packed, *rest) = rest.split_at_checked(length)?;
    let name = words.next()?.strip_prefix('=')?;
    let (error_prefix, uid, title) = (words.next()?, words.next()?, words.next()?);
    Some(Service { name, error_prefix, uid, title, packed, size, lines: OnceLock::new() })
}

pub(super) fn unpack(packed: &[u8], size: usize) -> String {
    let bytes = miniz_oxide::inflate::decompress_to_vec_with_limit(packed, size).unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}
