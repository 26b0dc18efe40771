//! The functions of Step Functions: those of JSONata without `$eval`, and its own.

use std::sync::LazyLock;

use crate::signature::Signature;

/// Names and signatures.
///
/// Facts: <https://docs.jsonata.org/overview> and the registrations in the reference implementation; for the last six
/// <https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html>.
const FUNCTIONS: &[(&str, &str)] = &[
    ("abs", "<n-:n>"),
    ("append", "<xx:a>"),
    ("assert", "<bs?:x>"),
    ("average", "<a<n>:n>"),
    ("base64decode", "<s-:s>"),
    ("base64encode", "<s-:s>"),
    ("boolean", "<x-:b>"),
    ("ceil", "<n-:n>"),
    ("clone", "<(oa)-:o>"),
    ("contains", "<s-(sf):b>"),
    ("count", "<a:n>"),
    ("decodeUrl", "<s-:s>"),
    ("decodeUrlComponent", "<s-:s>"),
    ("distinct", "<x:x>"),
    ("each", "<o-f:a>"),
    ("encodeUrl", "<s-:s>"),
    ("encodeUrlComponent", "<s-:s>"),
    ("error", "<s?:x>"),
    ("exists", "<x:b>"),
    ("filter", "<af>"),
    ("floor", "<n-:n>"),
    ("formatBase", "<n-n?:s>"),
    ("formatInteger", "<n-s:s>"),
    ("formatNumber", "<n-so?:s>"),
    ("fromMillis", "<n-s?s?:s>"),
    ("join", "<a<s>s?:s>"),
    ("keys", "<x-:a<s>>"),
    ("length", "<s-:n>"),
    ("lookup", "<x-s:x>"),
    ("lowercase", "<s-:s>"),
    ("map", "<af>"),
    ("match", "<s-f<s:o>n?:a<o>>"),
    ("max", "<a<n>:n>"),
    ("merge", "<a<o>:o>"),
    ("millis", "<:n>"),
    ("min", "<a<n>:n>"),
    ("not", "<x-:b>"),
    ("now", "<s?s?:s>"),
    ("number", "<(nsb)-:n>"),
    ("pad", "<s-ns?:s>"),
    ("parseInteger", "<s-s:n>"),
    ("power", "<n-n:n>"),
    ("reduce", "<afj?:j>"),
    ("replace", "<s-(sf)(sf)n?:s>"),
    ("reverse", "<a:a>"),
    ("round", "<n-n?:n>"),
    ("shuffle", "<a:a>"),
    ("sift", "<o-f?:o>"),
    ("single", "<af?>"),
    ("sort", "<af?:a>"),
    ("split", "<s-(sf)n?:a<s>>"),
    ("spread", "<x-:a<o>>"),
    ("sqrt", "<n-:n>"),
    ("string", "<x-b?:s>"),
    ("substring", "<s-nn?:s>"),
    ("substringAfter", "<s-s:s>"),
    ("substringBefore", "<s-s:s>"),
    ("sum", "<a<n>:n>"),
    ("toMillis", "<s-s?:n>"),
    ("trim", "<s-:s>"),
    ("type", "<x:s>"),
    ("uppercase", "<s-:s>"),
    ("zip", "<a+>"),
    ("hash", "<ss?:s>"),
    ("parse", "<s?:x>"),
    ("partition", "<an?:a<a>>"),
    ("random", "<n?:n>"),
    ("range", "<nnn?:a<n>>"),
    ("uuid", "<:s>"),
];

/// A function of Step Functions.
#[derive(Debug, Clone)]
pub struct Function {
    /// Its name, without `$`.
    pub name: &'static str,
    /// What it accepts.
    pub signature: Signature,
}

static TABLE: LazyLock<Vec<Function>> = LazyLock::new(|| {
    let mut table: Vec<Function> = FUNCTIONS
        .iter()
        .map(|(name, signature)| Function { name, signature: Signature::parse(signature).unwrap_or_default() })
        .collect();
    table.sort_by_key(|function| function.name);
    table
});

/// All functions, sorted by name.
pub fn all() -> &'static [Function] {
    &TABLE
}

/// The function with this name, without `$`.
pub fn find(name: &str) -> Option<&'static Function> {
    let at = TABLE.binary_search_by_key(&name, |function| function.name).ok()?;
    TABLE.get(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_signature_is_right() {
        for (name, signature) in FUNCTIONS {
            assert!(Signature::parse(signature).is_ok(), "{name}");
            assert_eq!(find(name).map(|function| function.name), Some(*name));
        }
        assert!(find("eval").is_none());
    }
}
