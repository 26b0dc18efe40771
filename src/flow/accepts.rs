//! The values that the fields of a state accept.

use super::value::Value;
use crate::expression::timestamp::is_timestamp;
use crate::value::Json;

/// What a field accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Accepts {
    Number,
    /// A whole number, not negative.
    Seconds,
    Percentage,
    Timestamp,
    String,
    Boolean,
    List,
    /// A list, or an object whose members are the items.
    ListOrObject,
}

/// The fields that contain a path, and what they accept.
pub(super) const PATHS: &[(&str, Accepts)] = &[
    ("SecondsPath", Accepts::Seconds),
    ("TimestampPath", Accepts::Timestamp),
    ("TimeoutSecondsPath", Accepts::Number),
    ("HeartbeatSecondsPath", Accepts::Number),
    ("MaxConcurrencyPath", Accepts::Number),
    ("ToleratedFailureCountPath", Accepts::Number),
    ("ToleratedFailurePercentagePath", Accepts::Percentage),
];

/// The fields that contain an expression, and what they accept.
pub(super) const EXPRESSIONS: &[(&str, Accepts)] = &[
    ("Seconds", Accepts::Seconds),
    ("Timestamp", Accepts::Timestamp),
    ("TimeoutSeconds", Accepts::Number),
    ("HeartbeatSeconds", Accepts::Number),
    ("MaxConcurrency", Accepts::Number),
    ("ToleratedFailureCount", Accepts::Number),
    ("ToleratedFailurePercentage", Accepts::Percentage),
    ("Error", Accepts::String),
    ("Cause", Accepts::String),
];

impl Accepts {
    pub(super) fn describe(self) -> &'static str {
        match self {
            Self::Number => "a number",
            Self::Seconds => "a whole number of seconds",
            Self::Percentage => "a number from 0 to 100",
            Self::Timestamp => "a timestamp",
            Self::String => "a string",
            Self::Boolean => "a boolean",
            Self::List => "an array",
            Self::ListOrObject => "an array or an object",
        }
    }

    /// Whether the field accepts some of these values. A number at a path may be written as a string.
    pub(super) fn fits(self, value: &Value, is_path: bool) -> bool {
        if value.anything || value.is_nothing() {
            return true;
        }
        match (self, &value.constant) {
            (Self::Number | Self::Seconds | Self::Percentage, Some(json)) => {
                let number = match json {
                    Json::Number(number) => Some(number.as_f64()),
                    Json::String(text) if is_path => text.parse().ok(),
                    _ => None,
                };
                number.is_some_and(|number: f64| match self {
                    Self::Seconds => number >= 0.0 && number.fract() == 0.0,
                    Self::Percentage => (0.0..=100.0).contains(&number),
                    _ => true,
                })
            }
            (Self::Timestamp, Some(json)) => json.as_str().is_some_and(may_be_a_timestamp),
            (Self::Number | Self::Seconds | Self::Percentage, None) => value.number || is_path && value.string,
            (Self::Timestamp, None) | (Self::String, _) => value.string,
            (Self::Boolean, _) => value.boolean,
            (Self::List, _) => value.list.is_some(),
            (Self::ListOrObject, _) => value.list.is_some() || value.object.is_some(),
        }
    }
}

/// A Wait state also accepts `t` and `z`, and a time without seconds.
fn may_be_a_timestamp(text: &str) -> bool {
    let text = text.to_ascii_uppercase();
    let with_seconds = || text.split_at_checked(16).map(|(minutes, offset)| format!("{minutes}:00{offset}"));
    is_timestamp(&text) || with_seconds().is_some_and(|text| is_timestamp(&text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_are_accepted_by_their_value() {
        let fits = |accepts: Accepts, json: serde_json::Value, is_path: bool| {
            accepts.fits(&Value::of_json(&Json::from(json), &"here".into()), is_path)
        };
        for (accepts, right, wrong) in [
            (Accepts::Seconds, serde_json::json!([0, 3, 3.0]), serde_json::json!([-1, 1.5, "soon", null, {}])),
            (Accepts::Number, serde_json::json!([3, -1.5]), serde_json::json!(["many", [], true])),
            (Accepts::Percentage, serde_json::json!([0, 100, 1.5]), serde_json::json!([-0.1, 100.1, "all"])),
            (
                Accepts::Timestamp,
                serde_json::json!(["2030-02-01T12:00:00Z", "2030-02-01t12:00:00+01:00", "2030-02-01T12:00Z"]),
                serde_json::json!([
                    3,
                    "tomorrow",
                    "2030-02-30T12:00:00Z",
                    "2030-02-01T12:00:00",
                    "2030-02-01 12:00:00Z"
                ]),
            ),
        ] {
            for json in right.as_array().cloned().unwrap_or_default() {
                assert!(fits(accepts, json.clone(), false), "{accepts:?} {json}");
            }
            for json in wrong.as_array().cloned().unwrap_or_default() {
                assert!(!fits(accepts, json.clone(), true), "{accepts:?} {json}");
            }
        }
        assert!(fits(Accepts::Seconds, "5".into(), true) && !fits(Accepts::Seconds, "5".into(), false));
    }
}
