//! Deploy-time placeholders: `${Name}` in the syntax that CloudFormation, SAM and Terraform's `templatefile` share.

use std::ops::Range;

/// The placeholders of a text, as byte ranges that take in `${` and `}`.
///
/// A name has no quotation mark, brace or line break in it; so no `${` that stands for itself swallows half a text.
pub fn find(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let start = from + text.get(from..)?.find("${")?;
            from = start + 2;
            let inside = text.get(from..)?;
            if let Some(length) = inside.find(['}', '{', '"', '\n']) {
                if length > 0 && inside.as_bytes()[length] == b'}' {
                    from += length + 1;
                    return Some(start..from);
                }
            }
        }
    })
}

/// Whether a part of the text is only known when it is deployed.
pub fn is_in(text: &str) -> bool {
    find(text).next().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_whole_placeholders_only() {
        let text = "arn:${AWS::Partition}:lambda:${aws_region.current}:x";
        let found: Vec<&str> = find(text).map(|range| &text[range]).collect();
        assert_eq!(found, ["${AWS::Partition}", "${aws_region.current}"]);
        assert!(!is_in("${}") && !is_in("${open") && !is_in("$5 {a}") && !is_in(""));
        assert!(is_in("${ ${Name}"));
    }
}
