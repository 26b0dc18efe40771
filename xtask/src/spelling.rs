//! Converts names and patterns of botocore's models to those of a spec file.

use regex_syntax::ast::{Ast, parse::Parser};

/// The name of a member in Step Functions, in the style of the AWS SDK for Java 2: of the capitals at the beginning, all
/// except the first and the one that starts the next word become lowercase.
pub(crate) fn member(name: &str) -> String {
    // Every Java object has a method with this name.
    if name.eq_ignore_ascii_case("equals") {
        return "EqualsValue".to_owned();
    }
    let letters: Vec<char> = name.chars().collect();
    let run = letters.iter().take_while(|c| c.is_ascii_uppercase()).count();
    let next_is_lower = letters.get(run).is_some_and(char::is_ascii_lowercase);
    let lowered = if next_is_lower { run.saturating_sub(1) } else { run };
    let spelled: String =
        letters.iter().enumerate().map(|(i, c)| if i < lowered { c.to_ascii_lowercase() } else { *c }).collect();
    upper_first(&spelled)
}

/// The name with an uppercase first letter.
pub(crate) fn upper_first(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

pub(crate) fn lower_first(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect()
}

/// The setter of a member whose own setter would conflict with a method of every builder.
pub(crate) fn setter(member: &str) -> Option<&'static str> {
    match member {
        "New" => Some("new_value"),
        "Parameter" => Some("parameter_value"),
        "IntoPayload" => Some("into_payload_value"),
        _ => None,
    }
}

/// The name of a type: only letters and digits, with an uppercase first letter.
pub(crate) fn type_name(name: &str) -> String {
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    let plain = plain.trim_start_matches(|sign: char| sign.is_ascii_digit());
    match upper_first(plain).as_str() {
        "Self" => "SelfType".to_owned(),
        name => name.to_owned(),
    }
}

/// Splits `createCluster=RunJobFlow`. Without `=`, the two names differ only in the first letter.
pub(crate) fn action_and_operation(word: &str) -> (String, String) {
    let (action, operation) = word.split_once('=').unwrap_or((word, word));
    (lower_first(action), upper_first(operation))
}

/// The pattern for the whole string. `None` if it allows everything, if Rust's `regex` does not support it, or if it is
/// anchored at only one end, so that it matches a part of the string.
pub(crate) fn pattern(pattern: &str) -> Option<String> {
    const TRIVIAL: [&str; 5] = [".*", "[\\s\\S]*", "[\\S\\s]*", "(?s).*", "(.|\\r|\\n)*"];
    let inner = match (pattern.strip_prefix('^'), ends_anchored(pattern)) {
        (Some(rest), true) => &rest[..rest.len() - 1],
        (None, false) => pattern,
        _ => return None,
    };
    // Anchors of single alternatives cannot be removed.
    let is_choice = matches!(Parser::new().parse(pattern), Ok(Ast::Alternation(_)));
    let whole = if is_choice { pattern } else { inner };
    (!TRIVIAL.contains(&inner) && regex_syntax::parse(whole).is_ok()).then(|| whole.to_owned())
}

fn ends_anchored(pattern: &str) -> bool {
    let backslashes = pattern.chars().rev().skip(1).take_while(|c| *c == '\\').count();
    pattern.ends_with('$') && backslashes % 2 == 0
}

/// The unit of a number, if the name of its member contains it.
pub(crate) fn unit(member: &str) -> Option<&'static str> {
    const ENDINGS: [(&str, &str); 10] = [
        ("Milliseconds", "milliseconds"),
        ("InMillis", "milliseconds"),
        ("Seconds", "seconds"),
        ("Minutes", "minutes"),
        ("Hours", "hours"),
        ("Days", "days"),
        ("InMB", "MiB"),
        ("MiB", "MiB"),
        ("InGB", "GiB"),
        ("GiB", "GiB"),
    ];
    ENDINGS.iter().find(|(ending, _)| member.ends_with(ending)).map(|(_, unit)| *unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_spelled_as_in_the_sdk_for_java() {
        for (api, asl) in [
            ("DBInstanceIdentifier", "DbInstanceIdentifier"),
            ("ACL", "Acl"),
            ("SSEKMSKeyId", "SsekmsKeyId"),
            ("ETag", "ETag"),
            ("equals", "EqualsValue"),
            ("ChecksumCRC32", "ChecksumCRC32"),
            ("S3Uri", "S3Uri"),
            ("taskDefinition", "TaskDefinition"),
            ("enableECSManagedTags", "EnableECSManagedTags"),
            ("", ""),
        ] {
            assert_eq!(member(api), asl);
        }
    }

    #[test]
    fn a_pattern_is_kept_only_if_it_says_something_and_the_whole_string_is_meant() {
        assert_eq!(pattern("^[a-z]+$").as_deref(), Some("[a-z]+"));
        assert_eq!(pattern("[a-z]+").as_deref(), Some("[a-z]+"));
        assert_eq!(pattern("^a$|^b$").as_deref(), Some("^a$|^b$"));
        assert_eq!(pattern("^[|a]+(b|c)\\|$").as_deref(), Some("[|a]+(b|c)\\|"));
        assert_eq!(pattern("a\\$").as_deref(), Some("a\\$"));
        assert_eq!(pattern(".*"), None);
        assert_eq!(pattern("^arn:"), None, "means a prefix");
        assert_eq!(pattern("(?!aws:).*"), None, "look-ahead");
        assert_eq!(pattern("[\\uD800-\\uDBFF]*"), None, "surrogates");
    }

    #[test]
    fn a_name_that_rust_or_the_builders_need_is_changed() {
        assert_eq!(setter("New"), Some("new_value"));
        assert_eq!(setter("Type"), None, "the generator writes `r#type`");
        assert_eq!(type_name("__AdTriggersElement"), "AdTriggersElement");
        assert_eq!(type_name("self"), "SelfType");
    }

    #[test]
    fn a_unit_is_read_off_the_name() {
        assert_eq!(unit("MaxRuntimeInSeconds"), Some("seconds"));
        assert_eq!(unit("VolumeSizeInGB"), Some("GiB"));
        assert_eq!(unit("InstanceCount"), None);
    }
}
