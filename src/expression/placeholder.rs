//! Placeholders that are replaced at deployment: `${Name}` in the common syntax of CloudFormation, SAM and
//! Terraform's `templatefile`.

use std::ops::Range;

use crate::value::Json;

/// The placeholders of a text, as byte ranges that include `${` and `}`.
///
/// A name contains no quotation mark, brace or line break, so a literal `${` does not start a long false placeholder.
pub fn find(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    find_after("${", text)
}

/// The placeholders of a Serverless Framework plugin, `#{AWS::Region}`, as byte ranges. The library treats them as
/// text that another tool replaces.
pub fn find_hashed(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    find_after("#{", text)
}

fn find_after<'t>(opening: &'static str, text: &'t str) -> impl Iterator<Item = Range<usize>> + 't {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let start = from + text.get(from..)?.find(opening)?;
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

/// The placeholder at the start of the text, as a byte range.
pub(super) fn at_start(text: &str) -> Option<Range<usize>> {
    let inside = text.strip_prefix("${")?;
    let length = inside.find(['}', '{', '"', '\n']).filter(|length| *length > 0)?;
    inside[length..].starts_with('}').then_some(0..length + 3)
}

/// Whether the text contains a placeholder.
pub fn is_in(text: &str) -> bool {
    find(text).next().is_some()
}

/// Whether the text contains a placeholder of another template language or for a person: `%NAME%`, `{NAME}`,
/// `<name>`, `{{name}}` or `#{name}`.
pub fn has_stand_in(text: &str) -> bool {
    // The characters in between exclude the opening one, so each part of the text is searched once.
    let between = |open: &str, close: &str, belongs: fn(char) -> bool| {
        text.match_indices(open).any(|(at, _)| {
            let inside = &text[at + open.len()..];
            let rest = inside.trim_start_matches(belongs);
            rest.len() < inside.len() && rest.starts_with(close)
        })
    };
    find_hashed(text).next().is_some()
        || between("%", "%", |sign| sign.is_alphanumeric() || sign == '_')
        || between("{", "}", |sign| sign.is_ascii_uppercase() || sign == '_' || sign == '-')
        || between("<", ">", |sign| !"<>\"'=\n".contains(sign))
        || between("{{", "}}", |sign| !"{}\"".contains(sign))
}

/// Whether the value is only known at deployment.
pub(crate) fn is_value(json: &Json) -> bool {
    match json {
        Json::Placeholder(_) => true,
        Json::String(text) => find(text).any(|range| range.len() == text.trim().len()),
        // An intrinsic function of CloudFormation, for a definition in a template.
        Json::Object(object) => {
            object.len() == 1 && object.names().all(|name| name == "Ref" || name.starts_with("Fn::"))
        }
        _ => false,
    }
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

    #[test]
    fn knows_stand_ins_of_other_kinds() {
        for text in [
            "%ARN%",
            "arn:aws:lambda:{REGION}:{ACCOUNT-ID}:function:f",
            "arn:aws:states:<region>:<account-id>:x",
            "{{ table }}",
            "arn:aws:sns:#{AWS::Region}:1:t",
        ] {
            assert!(has_stand_in(text), "{text}");
        }
        for text in ["100% of 20%", "a < b", "<>", "{{}}", "plain", "a > b < c"] {
            assert!(!has_stand_in(text), "{text}");
        }
    }
}
