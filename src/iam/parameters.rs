//! What a definition shows about the parameters of a call.

use super::arn::Arn;
use super::variables::Variables;
use crate::asl::QueryLanguage;
use crate::expression::parts::{self, Part};
use crate::expression::{jsonata, placeholder};
use crate::value::Json;

/// The parameters of a call, as far as the definition shows them.
#[derive(Debug)]
pub(super) struct Parameters<'a> {
    /// `Parameters` or `Arguments`; without them, the state sends its input.
    pub(super) payload: Option<&'a Json>,
    pub(super) language: QueryLanguage,
    /// Parameters that are elsewhere, such as the ARN in `Resource`.
    pub(super) fixed: Vec<(&'static str, Arn)>,
    /// The ARN and the name of the state machine, from its context object.
    pub(super) itself: Option<(Arn, Arn)>,
    /// The values that the definition assigns to variables.
    pub(super) variables: Option<&'a Variables>,
}

/// The maximum number of values of a parameter before a wildcard replaces them.
const MAX_VALUES: usize = 32;

/// Whether a parameter is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Presence {
    Absent,
    /// Only known at run time.
    Maybe,
    Present,
}

/// The possible values of a parameter: several, if its path goes through a list.
#[derive(Debug, PartialEq)]
pub(super) struct Values {
    pub(super) presence: Presence,
    pub(super) values: Vec<Arn>,
    /// Whether an element of a list lacks it.
    pub(super) gaps: bool,
}

impl Values {
    const ABSENT: Values = Values { presence: Presence::Absent, values: Vec::new(), gaps: false };

    fn unknown() -> Self {
        Values { presence: Presence::Maybe, values: vec![Arn::any()], gaps: false }
    }

    fn one(value: Arn) -> Self {
        Self::any_of(vec![value])
    }

    fn any_of(values: Vec<Arn>) -> Self {
        Values { presence: Presence::Present, values, gaps: false }
    }
}

/// What decides whether a condition is true, if the definition does not show it.
pub(super) fn in_words(when: &str) -> String {
    let words = when.split(" and ").map(|condition| match condition.split_once('=') {
        Some((path, value)) => match value.strip_suffix(['*', '~']) {
            Some(beginning) => format!("whether `{path}` starts with `{beginning}`"),
            None => format!("whether `{path}` is `{value}`"),
        },
        None => format!("whether `{condition}` is set"),
    });
    format!("{}, which is known only at run time", words.collect::<Vec<_>>().join(" and "))
}

/// Whether a query begins with a word, ignoring case.
fn begins_with_word(query: &Arn, word: &str) -> Presence {
    let text = query.prefix().trim_start_matches(|sign: char| sign.is_whitespace() || sign == '(');
    let is_whole = query.known().is_some();
    // A comment can hide any text.
    if text.starts_with(['-', '/']) {
        return Presence::Maybe;
    }
    match (text.get(..word.len()), text.get(word.len()..).and_then(|rest| rest.chars().next())) {
        (Some(first), Some(next)) if first.eq_ignore_ascii_case(word) && !next.is_alphanumeric() && next != '_' => {
            Presence::Present
        }
        (Some(first), None) if first.eq_ignore_ascii_case(word) && is_whole => Presence::Present,
        (Some(first), None) if first.eq_ignore_ascii_case(word) => Presence::Maybe,
        (None, _)
            if !is_whole && word.get(..text.len()).is_some_and(|beginning| beginning.eq_ignore_ascii_case(text)) =>
        {
            Presence::Maybe
        }
        _ => Presence::Absent,
    }
}

impl Parameters<'_> {
    /// The parameter that is set, of several: for `StreamARN/StreamName` the first, or otherwise the second. The first
    /// if none is set.
    pub(super) fn set_one<'p>(&self, paths: &'p str) -> &'p str {
        let mut all = paths.split('/');
        let first = all.next().unwrap_or_default();
        if paths.len() == first.len() {
            return paths;
        }
        paths.split('/').find(|path| self.find(path).presence != Presence::Absent).unwrap_or(first)
    }

    /// The values at a path: `Overrides.ContainerOverrides[].Name`. For several paths, the values of the one that is
    /// set.
    pub(super) fn find(&self, path: &str) -> Values {
        let path = self.set_one(path);
        if let Some((_, value)) = self.fixed.iter().find(|(name, _)| *name == path) {
            return Values::one(value.clone());
        }
        match self.payload {
            Some(payload) => self.walk(payload, &path.split('.').collect::<Vec<_>>()),
            None => Values::unknown(),
        }
    }

    /// Whether all conditions are true, which are separated by ` and `.
    pub(super) fn hold(&self, conditions: &str) -> Presence {
        conditions.split(" and ").map(|one| self.holds(one)).min().unwrap_or(Presence::Present)
    }

    /// Whether one of the conditions is true. They are separated by ` or ` in a spec, and by `|` in the facts, where a
    /// space ends a word.
    pub(super) fn any_holds(&self, conditions: &str) -> Presence {
        conditions
            .split(" or ")
            .flat_map(|some| some.split('|'))
            .map(|one| self.holds(one))
            .max()
            .unwrap_or(Presence::Absent)
    }

    /// Whether a condition of a statement is true: `Path`, if anything is set there, or `Path=value`, or
    /// `Path=beginning*`, or `Path=word~` if it begins with that SQL word.
    pub(super) fn holds(&self, condition: &str) -> Presence {
        let Some((path, wanted)) = condition.split_once('=') else { return self.presence(condition) };
        let found = self.find(path);
        let begins = |value: &Arn, wanted: &str| match value.prefix() {
            prefix if prefix.starts_with(wanted) => Presence::Present,
            prefix if value.known().is_none() && wanted.starts_with(prefix) => Presence::Maybe,
            _ => Presence::Absent,
        };
        let is_it = |value: &Arn| {
            if let Some(wanted) = wanted.strip_suffix('*') {
                return begins(value, wanted);
            }
            if let Some(word) = wanted.strip_suffix('~') {
                return begins_with_word(value, word);
            }
            value.known().map_or(Presence::Maybe, |value| match value == wanted {
                true => Presence::Present,
                false => Presence::Absent,
            })
        };
        let (least, most) = (found.values.iter().map(is_it).min(), found.values.iter().map(is_it).max());
        match (found.presence, least, most) {
            (Presence::Absent, ..) | (_, _, None | Some(Presence::Absent)) => Presence::Absent,
            (Presence::Present, Some(Presence::Present), _) => Presence::Present,
            _ => Presence::Maybe,
        }
    }

    /// Whether anything is set at the path.
    pub(super) fn presence(&self, path: &str) -> Presence {
        self.find(path).presence
    }

    fn walk(&self, json: &Json, path: &[&str]) -> Values {
        let Some((segment, rest)) = path.split_first() else { return self.leaf(json) };
        // The keys of an object: `RequestItems[keys]`.
        if let Some(name) = segment.strip_suffix("[keys]") {
            return match json {
                Json::Object(object) => match object.get(name) {
                    Some(Json::Object(members)) => self.keys(members.iter().map(|(key, _)| key)),
                    Some(value) => self.leaf(value),
                    None if self.language == QueryLanguage::JsonPath && object.get(&format!("{name}.$")).is_some() => {
                        Values::unknown()
                    }
                    None => Values::ABSENT,
                },
                _ => Values::unknown(),
            };
        }
        let name = segment.trim_end_matches("[]");
        let nesting = (segment.len() - name.len()) / 2;
        let object = match json {
            Json::Object(object) => object,
            Json::Placeholder(_) => return Values::unknown(),
            Json::String(text) if self.is_open(text) => return Values::unknown(),
            _ => return Values::ABSENT,
        };
        if let Some(value) = object.get(name) {
            return self.elements(value, nesting, rest);
        }
        if self.language == QueryLanguage::JsonPath {
            if let Some(Json::String(expression)) = object.get(&format!("{name}.$")) {
                return match nesting == 0 && rest.is_empty() {
                    true => Values::any_of(self.join(parts::of_json_path(expression))),
                    false => Values::unknown(),
                };
            }
        }
        Values::ABSENT
    }

    fn elements(&self, json: &Json, nesting: usize, rest: &[&str]) -> Values {
        if nesting == 0 {
            return self.walk(json, rest);
        }
        let children: Vec<&Json> = match json {
            Json::Array(elements) => elements.iter().collect(),
            Json::Object(members) => members.iter().map(|(_, value)| value).collect(),
            Json::Placeholder(_) => return Values::unknown(),
            Json::String(text) if self.is_open(text) => return Values::unknown(),
            _ => return Values::ABSENT,
        };
        children.into_iter().map(|child| self.elements(child, nesting - 1, rest)).fold(Values::ABSENT, |all, one| {
            let mut values = all.values;
            values.extend(one.values);
            let gaps = all.gaps || one.gaps || one.presence == Presence::Absent;
            Values { presence: all.presence.max(one.presence), values, gaps }
        })
    }

    fn keys<'k>(&self, keys: impl Iterator<Item = &'k str>) -> Values {
        let values: Vec<Arn> = keys.flat_map(|key| self.text(key.strip_suffix(".$").unwrap_or(key))).collect();
        Values { presence: if values.is_empty() { Presence::Absent } else { Presence::Present }, values, gaps: false }
    }

    fn leaf(&self, json: &Json) -> Values {
        match json {
            Json::Null => Values::ABSENT,
            Json::String(text) => Values::any_of(self.text(text)),
            Json::Number(number) => Values::one(Arn::parse(&number.to_string())),
            Json::Bool(truth) => Values::one(Arn::parse(&truth.to_string())),
            Json::Placeholder(text) => Values::one(Arn::parse(&format!("${{{text}}}"))),
            // An object is set, but is not text.
            Json::Array(_) | Json::Object(_) => Values::one(Arn::any()),
        }
    }

    /// The possible texts of a string in the definition.
    fn text(&self, text: &str) -> Vec<Arn> {
        match (self.language, jsonata::unwrap(text)) {
            (QueryLanguage::Jsonata, Ok(Some(expression))) => {
                parts::of_jsonata(expression).into_iter().flat_map(|parts| self.join(parts)).collect()
            }
            (QueryLanguage::Jsonata, Err(_)) => vec![Arn::any()],
            _ => vec![Arn::parse(text)],
        }
    }

    fn join(&self, parts: Vec<Part>) -> Vec<Arn> {
        let mut joined = vec![Arn::default()];
        for part in parts {
            let mut values = self.part(part);
            if joined.len() * values.len() > MAX_VALUES {
                values = vec![Arn::any()];
            }
            joined = joined
                .iter()
                .flat_map(|beginning| {
                    values.iter().map(|value| {
                        let mut arn = beginning.clone();
                        arn.append(value);
                        arn
                    })
                })
                .collect();
        }
        joined
    }

    fn part(&self, part: Part) -> Vec<Arn> {
        let value = match (part, &self.itself) {
            (Part::Literal(text), _) => Some(Arn::parse(&text)),
            (Part::Context(names), Some((id, name))) => match names.join(".").as_str() {
                "StateMachine.Id" => Some(id.clone()),
                "StateMachine.Name" => Some(name.clone()),
                _ => None,
            },
            (Part::Variable(names), _) => {
                return self.variables.and_then(|them| them.find(&names)).unwrap_or_else(|| vec![Arn::any()]);
            }
            _ => None,
        };
        vec![value.unwrap_or_else(Arn::any)]
    }

    /// Whether the text contains something that the definition does not show.
    fn is_open(&self, text: &str) -> bool {
        placeholder::is_in(text) || (self.language == QueryLanguage::Jsonata && text.starts_with("{%"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(language: QueryLanguage, payload: &str, path: &str) -> (Presence, Vec<String>) {
        let json: Json = serde_json::from_str(payload).unwrap();
        let itself = Some((Arn::parse("arn:own"), Arn::parse("own")));
        let found =
            Parameters { payload: Some(&json), language, fixed: Vec::new(), itself, variables: None }.find(path);
        (found.presence, found.values.iter().map(Arn::to_string).collect())
    }

    fn values(presence: Presence, values: &[&str]) -> (Presence, Vec<String>) {
        (presence, values.iter().map(|value| (*value).to_owned()).collect())
    }

    #[test]
    fn json_path_parameters() {
        use Presence::{Absent, Maybe, Present};
        let find = |payload, path| find(QueryLanguage::JsonPath, payload, path);
        assert_eq!(find(r#"{"A": "x"}"#, "A"), values(Present, &["x"]));
        assert_eq!(find(r#"{"A.$": "$.x"}"#, "A"), values(Present, &["*"]));
        assert_eq!(find(r#"{"A.$": "States.Format('x-{}', $.y)"}"#, "A"), values(Present, &["x-*"]));
        assert_eq!(find(r#"{"A.$": "$$.StateMachine.Id"}"#, "A"), values(Present, &["arn:own"]));
        assert_eq!(find(r#"{"A": {"B.$": "$.x"}}"#, "A.B"), values(Present, &["*"]));
        assert_eq!(find(r#"{"A.$": "$.x"}"#, "A.B"), values(Maybe, &["*"]));
        assert_eq!(find(r#"{"A": [{"B": "x"}, {"C": 1}, {"B": "y"}]}"#, "A[].B"), values(Present, &["x", "y"]));
        assert_eq!(find(r#"{"A": {"k": {"B": "x"}}}"#, "A[].B"), values(Present, &["x"]));
        assert_eq!(find(r#"{"A": []}"#, "A[].B"), values(Absent, &[]));
        assert_eq!(find(r#"{"A": null}"#, "A"), values(Absent, &[]));
        assert_eq!(find(r#"{"A": "${Whole}"}"#, "A.B"), values(Maybe, &["*"]));
        assert_eq!(find(r#"{"A": "{% $x %}"}"#, "A"), values(Present, &["{% $x %}"]));
    }

    #[test]
    fn jsonata_arguments() {
        use Presence::{Absent, Maybe, Present};
        let find = |payload, path| find(QueryLanguage::Jsonata, payload, path);
        assert_eq!(find(r#"{"A": "{% 'x-' & $y %}"}"#, "A"), values(Present, &["x-*"]));
        assert_eq!(find(r#"{"A": "{% $y %}"}"#, "A.B"), values(Maybe, &["*"]));
        assert_eq!(find(r#""{% $y %}""#, "A.B"), values(Maybe, &["*"]));
        assert_eq!(find(r#"{"A.$": "$.x"}"#, "A"), values(Absent, &[]));
    }

    #[test]
    fn without_parameters_the_input_is_handed_over() {
        let none = Parameters {
            payload: None,
            language: QueryLanguage::JsonPath,
            fixed: Vec::new(),
            itself: None,
            variables: None,
        };
        assert_eq!(none.find("A"), Values::unknown());
    }
}
