//! "Did you mean …?"

/// The maximum length of a name that can count as misspelt, because the cost of a comparison is the product of the
/// lengths.
const LONGEST: usize = 100;

/// The text, shortened if it is very long.
pub(super) fn shorten(text: &str) -> String {
    match text.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The known name that is most similar to an unknown one, if any is similar: it differs only in letter case, or in so
/// few characters that it can be a typing error.
pub(super) fn nearest<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let length = name.chars().take(LONGEST + 1).count();
    if length > LONGEST {
        return None;
    }
    let lower = name.to_lowercase();
    let allowed = (length / 4).clamp(1, 3);
    known
        .into_iter()
        .filter(|candidate| candidate.chars().take(LONGEST + 4).count().abs_diff(length) <= allowed)
        .map(|candidate| (strsim::damerau_levenshtein(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// A suggestion with that name, for a help message.
pub(super) fn did_you_mean<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<String> {
    nearest(name, known).map(|near| format!("did you mean `{near}`?"))
}

/// The names as a list in a sentence: `a`, `b` and `c`.
pub(super) fn list<'n>(names: impl IntoIterator<Item = &'n str>, last: &str) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        Some((only, [])) => only.clone(),
        Some((end, rest)) => format!("{} {last} {end}", rest.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_mended_and_nothing_else() {
        let known = ["TableName", "Key", "ConsistentRead"];
        assert_eq!(nearest("tableName", known), Some("TableName"));
        assert_eq!(nearest("TabelName", known), Some("TableName"));
        assert_eq!(nearest("Kye", known), Some("Key"));
        assert_eq!(nearest("Bucket", known), None);
        assert_eq!(list(["a", "b", "c"], "or"), "`a`, `b` or `c`");
    }
}
