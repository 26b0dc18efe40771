//! Reads JSON into the structs of a spec, and reports all faults instead of only the first.

use std::ops::RangeInclusive;

use crate::fault::{Report, did_you_mean, step};
use crate::json::Json;

/// A type that can be read from the JSON of a spec. If the JSON does not fit, it reports a fault and returns `None`.
pub(crate) trait Read: Sized {
    fn read(json: &Json, pointer: &str, report: &Report<'_>) -> Option<Self>;
}

/// Keys whose values are lists of unique names.
const LISTS_OF_NAMES: [&str; 13] = [
    "required",
    "result",
    "tokenIn",
    "actions",
    "resources",
    "errorEquals",
    "sets",
    "exactlyOneOf",
    "atLeastOneOf",
    "atMostOneOf",
    "requires",
    "excludes",
    "notes",
];

/// The message about an unknown key lists the known keys, if there are at most this many.
const MOST_KEYS: usize = 12;

/// Why a URL is invalid. It becomes the target of a Markdown link.
fn url_fault(url: &str) -> Option<&'static str> {
    if url.strip_prefix("https://").is_none_or(str::is_empty) {
        return Some("it must begin with `https://`");
    }
    if url.contains(char::is_whitespace) {
        return Some("remove the spaces");
    }
    let breaks = |sign: char| sign.is_control() || "()<>[]{}\"`\\|^".contains(sign);
    url.contains(breaks).then_some("percent-encode brackets and quotation marks: write `(` as `%28`")
}

/// Reports names that occur twice, and an empty list.
fn unlike(names: &[Json], pointer: &str, report: &Report<'_>) {
    if names.is_empty() {
        report.misread(pointer, "the list is empty: add an element, or leave the key out if it is optional");
    }
    for (at, name) in names.iter().enumerate() {
        if names[..at].iter().any(|earlier| is_same(earlier, name)) {
            report.add(step(pointer, at), format!("{} is given twice", name.to_value()));
        }
    }
}

/// Whether two names are equal. IAM actions such as `iam:PassRole` are not case-sensitive; other names are.
fn is_same(one: &Json, other: &Json) -> bool {
    match (one, other) {
        (Json::String(one), Json::String(other)) if one.contains(':') && !one.starts_with("arn:") => {
            one.eq_ignore_ascii_case(other)
        }
        _ => one == other,
    }
}

/// Reports text that rustdoc would compile as a program, and text that a comment cannot contain.
fn markdown(docs: &str, pointer: &str, report: &Report<'_>) {
    if docs.chars().any(|sign| sign.is_control() && !"\n\t".contains(sign)) {
        report.add(pointer, "a text cannot contain control characters other than line breaks (`\\n`): remove them");
    }
    // The fence that ends the open code block.
    let mut fence: Option<&str> = None;
    for line in docs.lines() {
        // In a quotation or a list, a code block is indented.
        let bare = line.trim_start_matches(|sign: char| sign.is_whitespace() || "->*+".contains(sign));
        let mark = ["```", "~~~"].into_iter().find(|mark| bare.starts_with(mark));
        match (fence, mark) {
            (None, Some(mark)) => {
                let language = bare.trim_start_matches(['`', '~']).trim();
                if is_rust(language) {
                    report.add(
                        pointer,
                        "a code block needs a language other than Rust, because Rust would be compiled: write ```` ```json ```` or ```` ```text ````",
                    );
                }
                fence = Some(mark);
            }
            (Some(open), Some(mark)) if open == mark => fence = None,
            (None, None) if line.starts_with("    ") || line.starts_with('\t') => {
                let message = "a line that begins with four spaces or a tab is treated as code: remove them, or put the line between ```` ```text ```` and ```` ``` ````";
                report.add(pointer, message);
            }
            _ => {}
        }
    }
    if let Some(mark) = fence {
        report.add(pointer, format!("the code block does not end: add `{mark}` after it"));
    }
}

/// Whether rustdoc compiles a code block with this language as Rust.
fn is_rust(language: &str) -> bool {
    const WORDS: [&str; 6] = ["rust", "should_panic", "no_run", "compile_fail", "standalone", "test_harness"];
    let mut words = language.split([',', ' ', '\t', '{', '}']).filter(|word| !word.is_empty()).peekable();
    words.peek().is_none() || words.any(|word| WORDS.contains(&word) || word.starts_with("edition"))
}

/// An object with a fixed set of keys.
pub(crate) struct Reader<'a> {
    members: &'a [(String, Json)],
    pointer: &'a str,
    report: &'a Report<'a>,
}

impl<'a> Reader<'a> {
    /// Reports unknown keys, and keys that are given twice.
    pub(crate) fn open(json: &'a Json, pointer: &'a str, report: &'a Report<'a>, known: &[&str]) -> Option<Self> {
        let members = object(json, pointer, report)?;
        for (name, _) in members {
            if !known.contains(&name.as_str()) {
                let hint = match did_you_mean(name, known.iter().copied()) {
                    none if none.is_empty() && known.len() <= MOST_KEYS => {
                        format!("; the known keys are `{}`", known.join("`, `"))
                    }
                    hint => hint,
                };
                report.add(step(pointer, name), format!("the key `{name}` is unknown here{hint}"));
            }
        }
        for (name, json) in members.iter().filter(|(name, _)| known.contains(&name.as_str())) {
            let at = step(pointer, name);
            match json {
                Json::String(url) if name == "url" && !url.trim().is_empty() => {
                    if let Some(fault) = url_fault(url) {
                        report.add(at, format!("`{url}` is not a valid URL: {fault}"));
                    }
                }
                Json::String(docs) if ["docs", "why"].contains(&name.as_str()) => markdown(docs, &at, report),
                Json::String(title) if name == "title" && title.chars().any(char::is_control) => {
                    report.add(at, "a title must be one line");
                }
                Json::Object(texts) if ["enum", "errors"].contains(&name.as_str()) => {
                    for (key, text) in texts {
                        if let Json::String(text) = text {
                            markdown(text, &step(&at, key), report);
                        }
                    }
                }
                // The `actions` of a service are an object, and reported as such.
                Json::Array(_) if name == "actions" && known.contains(&"service") => {}
                Json::Array(names) if LISTS_OF_NAMES.contains(&name.as_str()) => unlike(names, &at, report),
                _ => {}
            }
        }
        Some(Self { members, pointer, report })
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.members.iter().any(|(key, _)| key == name)
    }

    pub(crate) fn optional<T: Read>(&self, name: &str) -> Option<T> {
        let (_, json) = self.members.iter().find(|(key, _)| key == name)?;
        T::read(json, &step(self.pointer, name), self.report)
    }

    /// The member. If it is missing, reports a fault and returns the default.
    pub(crate) fn required<T: Read + Default>(&self, name: &str) -> T {
        if !self.has(name) {
            self.report.add(self.pointer, format!("the key `{name}` is missing"));
        }
        self.optional(name).unwrap_or_default()
    }

    /// The member, which must be in this range.
    pub(crate) fn bounded<T: Read + Default + PartialOrd>(
        &self,
        name: &str,
        range: RangeInclusive<T>,
        told: &str,
    ) -> T {
        if !self.has(name) {
            self.report.add(self.pointer, format!("the key `{name}` is missing"));
        }
        let value = self.optional(name);
        if value.as_ref().is_some_and(|value| !range.contains(value)) {
            self.report.add(step(self.pointer, name), told);
        }
        value.unwrap_or_default()
    }

    /// The member, or the default if it is missing.
    pub(crate) fn or_default<T: Read + Default>(&self, name: &str) -> T {
        self.optional(name).unwrap_or_default()
    }

    /// The reason for handwritten code, which must be a sentence.
    pub(crate) fn reason(&self, name: &str) {
        let why: String = self.required(name);
        if !why.is_empty() && why.chars().count() < 20 {
            self.report.add(step(self.pointer, name), "explain in a sentence why the generator cannot do this");
        }
    }

    pub(crate) fn fault(&self, message: impl Into<String>) {
        self.report.add(self.pointer, message);
    }
}

/// The members of an object. Reports other JSON, and keys that are given twice.
pub(crate) fn object<'a>(json: &'a Json, pointer: &str, report: &Report<'_>) -> Option<&'a [(String, Json)]> {
    let Json::Object(members) = json else {
        report.misread(pointer, format!("expected an object, not {}", json.kind()));
        return None;
    };
    for (at, (name, _)) in members.iter().enumerate() {
        if members[..at].iter().any(|(earlier, _)| earlier == name) {
            report.add(step(pointer, name), format!("the key `{name}` is given twice"));
        }
    }
    Some(members)
}

/// An object with free keys, in order.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Map<T>(pub(crate) Vec<(String, T)>);

impl<T> Default for Map<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Map<T> {
    pub(crate) fn get(&self, name: &str) -> Option<&T> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.0.iter().map(|(name, _)| name.as_str())
    }
}

impl<T: Read> Read for Map<T> {
    fn read(json: &Json, pointer: &str, report: &Report<'_>) -> Option<Self> {
        let members = object(json, pointer, report)?;
        let read = |(name, json): &(String, Json)| Some((name.clone(), T::read(json, &step(pointer, name), report)?));
        let read: Vec<_> = members.iter().filter_map(read).collect();
        report.lost(members.len() - read.len());
        Some(Self(read))
    }
}

impl<T: Read> Read for Vec<T> {
    fn read(json: &Json, pointer: &str, report: &Report<'_>) -> Option<Self> {
        let Json::Array(elements) = json else {
            report.misread(pointer, format!("expected an array, not {}", json.kind()));
            return None;
        };
        let read = elements.iter().enumerate().filter_map(|(at, json)| T::read(json, &step(pointer, at), report));
        let read: Vec<T> = read.collect();
        report.lost(elements.len() - read.len());
        Some(read)
    }
}

impl Read for String {
    fn read(json: &Json, pointer: &str, report: &Report<'_>) -> Option<Self> {
        match json {
            Json::String(text) if !text.trim().is_empty() => Some(text.clone()),
            Json::String(_) => report.unwritten(pointer),
            other => {
                report.add(pointer, format!("expected a string, not {}", other.kind()));
                None
            }
        }
    }
}

impl Read for u64 {
    fn read(json: &Json, pointer: &str, report: &Report<'_>) -> Option<Self> {
        let number = match json {
            Json::Number(number) => number.as_u64(),
            _ => None,
        };
        if number.is_none() {
            let found = match json {
                Json::Number(number) => number.to_string(),
                other => other.kind().to_owned(),
            };
            report.add(pointer, format!("expected a whole number of 0 or more, in digits, not {found}"));
        }
        number
    }
}

impl Read for f64 {
    fn read(json: &Json, pointer: &str, report: &Report<'_>) -> Option<Self> {
        let number = match json {
            Json::Number(number) => number.as_f64(),
            _ => None,
        };
        if number.is_none() {
            report.add(pointer, format!("expected a number, not {}", json.kind()));
        }
        number
    }
}

/// A flag: `true`, or absent.
impl Read for bool {
    fn read(json: &Json, pointer: &str, report: &Report<'_>) -> Option<Self> {
        if *json != Json::Bool(true) {
            report.add(pointer, "write `true`, or leave the key out");
        }
        Some(true)
    }
}

/// Any JSON.
impl Read for Json {
    fn read(json: &Json, pointer: &str, report: &Report<'_>) -> Option<Self> {
        // A key that is given twice is also a fault in free JSON.
        match json {
            Json::Object(_) => {
                for (name, value) in object(json, pointer, report)? {
                    Json::read(value, &step(pointer, name), report);
                }
            }
            Json::Array(elements) => {
                for (at, element) in elements.iter().enumerate() {
                    Json::read(element, &step(pointer, at), report);
                }
            }
            _ => {}
        }
        Some(json.clone())
    }
}
