//! Which fields an object has, and what stands in them: read off the table of the language.

use std::ptr;

use super::rule::Rule;
use super::scope::{self, Scope};
use super::suggest::{did_you_mean, list};
use super::{Checker, Severity, expressions};
use crate::asl::fields::{self, Content, Field, FieldSet, Operand};
use crate::asl::{Machine, MachineRole, Node, QueryLanguage, State, StateType};
use crate::expression::{jsonata, placeholder};
use crate::value::{Json, Number};

/// How deep objects with known fields are followed.
const MAX_DEPTH: usize = 128;

pub(super) static RULES: &[&Rule] = &[
    &UNKNOWN_FIELD,
    &MISSING_FIELD,
    &CONFLICTING_FIELDS,
    &WRONG_TYPE,
    &OUT_OF_RANGE,
    &UNKNOWN_VALUE,
    &TIMESTAMP,
    &JSONPATH_FIELD,
    &JSONATA_FIELD,
    &MIXED_LANGUAGES,
];

pub(super) static UNKNOWN_FIELD: Rule = Rule {
    code: "unknown-field",
    severity: Severity::Error,
    title: "An object has no fields but those of the language",
    explanation: "Step Functions refuses a field that it does not know, and a field that belongs to another type of \
                  state. Upper and lower case matter.",
    wrong: r#"{"Type": "Task", "Resource": "arn:aws:lambda:eu-west-1:123456789012:function:f", "TimeoutInSeconds": 5, "End": true}"#,
    right: r#"{"Type": "Task", "Resource": "arn:aws:lambda:eu-west-1:123456789012:function:f", "TimeoutSeconds": 5, "End": true}"#,
    express: false,
};

pub(super) static MISSING_FIELD: Rule = Rule {
    code: "missing-field",
    severity: Severity::Error,
    title: "What a state cannot do without is there",
    explanation: "Some fields must be given, and of some groups of fields one must be.",
    wrong: r#"{"Type": "Task", "End": true}"#,
    right: r#"{"Type": "Task", "Resource": "arn:aws:lambda:eu-west-1:123456789012:function:f", "End": true}"#,
    express: false,
};

pub(super) static CONFLICTING_FIELDS: Rule = Rule {
    code: "conflicting-fields",
    severity: Severity::Error,
    title: "Fields that exclude each other do not stand together",
    explanation: "A value is given either as it is or by the path to it, not both.",
    wrong: r#"{"Type": "Wait", "Seconds": 5, "SecondsPath": "$.delay", "Next": "Done"}"#,
    right: r#"{"Type": "Wait", "SecondsPath": "$.delay", "Next": "Done"}"#,
    express: false,
};

static WRONG_TYPE: Rule = Rule {
    code: "wrong-type",
    severity: Severity::Error,
    title: "A field holds a value of its type",
    explanation: "A number in quotation marks is a string. In a JSONata state an expression may stand for most values.",
    wrong: r#"{"Type": "Wait", "Seconds": "5", "Next": "Done"}"#,
    right: r#"{"Type": "Wait", "Seconds": 5, "Next": "Done"}"#,
    express: false,
};

pub(super) static OUT_OF_RANGE: Rule = Rule {
    code: "out-of-range",
    severity: Severity::Error,
    title: "A number is within the bounds of its field",
    explanation: "Times are whole seconds from 1 to 99,999,999 (a Wait state may also wait 0 seconds); other numbers \
                  have bounds of their own.",
    wrong: r#"{"Type": "Task", "Resource": "arn:aws:lambda:eu-west-1:123456789012:function:f", "TimeoutSeconds": 0, "End": true}"#,
    right: r#"{"Type": "Task", "Resource": "arn:aws:lambda:eu-west-1:123456789012:function:f", "TimeoutSeconds": 60, "End": true}"#,
    express: false,
};

pub(super) static UNKNOWN_VALUE: Rule = Rule {
    code: "unknown-value",
    severity: Severity::Error,
    title: "A field with fixed values holds one of them",
    explanation: "The type of a state, the query language, the mode of a Map state and the like are one of a few words.",
    wrong: r#"{"Type": "Fial"}"#,
    right: r#"{"Type": "Fail"}"#,
    express: false,
};

pub(super) static TIMESTAMP: Rule = Rule {
    code: "timestamp",
    severity: Severity::Error,
    title: "A timestamp is written as RFC 3339 has it",
    explanation: "Date, `T`, time with seconds, and `Z` or the distance from UTC.",
    wrong: r#"{"Type": "Wait", "Timestamp": "2030-01-31 12:00", "Next": "Done"}"#,
    right: r#"{"Type": "Wait", "Timestamp": "2030-01-31T12:00:00Z", "Next": "Done"}"#,
    express: false,
};

static JSONPATH_FIELD: Rule = Rule {
    code: "jsonpath-field",
    severity: Severity::Error,
    title: "A JSONata state has no fields of JSONPath",
    explanation: "With JSONata, `Arguments`, `Output` and `Assign` take the place of `InputPath`, `Parameters`, \
                  `ResultSelector`, `ResultPath` and `OutputPath`, and an expression that of every other path.",
    wrong: r#"{"Type": "Pass", "QueryLanguage": "JSONata", "Parameters": {"id": 1}, "End": true}"#,
    right: r#"{"Type": "Pass", "QueryLanguage": "JSONata", "Output": {"id": 1}, "End": true}"#,
    express: false,
};

static JSONATA_FIELD: Rule = Rule {
    code: "jsonata-field",
    severity: Severity::Error,
    title: "A JSONPath state has no fields of JSONata",
    explanation: "`Arguments`, `Output`, `Items` and `Condition` are there in JSONata states only. A machine whose \
                  `QueryLanguage` says nothing is in JSONPath.",
    wrong: r#"{"Type": "Pass", "Output": {"id": 1}, "End": true}"#,
    right: r#"{"Type": "Pass", "Parameters": {"id": 1}, "End": true}"#,
    express: false,
};

static MIXED_LANGUAGES: Rule = Rule {
    code: "mixed-languages",
    severity: Severity::Error,
    title: "A JSONata machine has no JSONPath states",
    explanation: "Single states of a JSONPath machine may go over to JSONata; there is no way back.",
    wrong: r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Pass", "QueryLanguage": "JSONPath", "End": true}}}"#,
    right: r#"{"QueryLanguage": "JSONPath", "StartAt": "A", "States": {"A": {"Type": "Pass", "QueryLanguage": "JSONata", "End": true}}}"#,
    express: false,
};

/// Which members of `$states` an expression may use beside `input` and `context`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Available {
    /// No other.
    Input,
    /// `result`.
    Result,
    /// `errorOutput`.
    Error,
}

/// What holds where an expression stands.
#[derive(Clone, Copy)]
pub(super) struct Place<'s> {
    pub(super) language: QueryLanguage,
    pub(super) state_type: StateType,
    pub(super) scope: &'s Scope<'s>,
    pub(super) available: Available,
}

/// Checks the fields of a state, and all that stands in them but nested machines.
pub(super) fn check_state(checker: &mut Checker<'_>, state: &State<'_>, scope: &Scope<'_>) {
    let language = state.query_language();
    let place = Place { language, state_type: state.state_type(), scope, available: Available::Input };
    check_set(checker, state, &fields::STATE, place, 0);
    if language == QueryLanguage::JsonPath && state.machine().query_language() == QueryLanguage::Jsonata {
        if let Some(declared) = state.get("QueryLanguage") {
            checker
                .add(&MIXED_LANGUAGES, &declared, "a machine in JSONata cannot have a state in JSONPath")
                .help("leave `QueryLanguage` out here, or set it per state in a machine whose language is JSONPath");
        }
    }
}

/// Checks the fields of a machine but for its states.
pub(super) fn check_machine(checker: &mut Checker<'_>, machine: &Machine<'_>) {
    let set = match machine.role() {
        MachineRole::Definition => &fields::DEFINITION,
        MachineRole::Branch => &fields::BRANCH,
        MachineRole::ItemProcessor | MachineRole::Iterator => &fields::ITEM_PROCESSOR,
    };
    let place = Place {
        language: machine.query_language(),
        state_type: StateType::Unknown,
        scope: &Scope::default(),
        available: Available::Input,
    };
    check_set(checker, machine, set, place, 0);
}

fn check_set(checker: &mut Checker<'_>, node: &Node<'_>, set: &'static FieldSet, place: Place<'_>, depth: usize) {
    if depth > MAX_DEPTH || is_placeholder(node.json()) {
        return;
    }
    let Some(object) = node.object() else {
        wrong_type(checker, node, &format!("{} is an object", set.name));
        return;
    };
    let is_state = ptr::eq(set, &fields::STATE);
    let owner = match place.state_type {
        StateType::Unknown => set.name.to_owned(),
        state_type if is_state => format!("a {state_type} state"),
        _ => set.name.to_owned(),
    };
    for (name, child) in node.members() {
        match set.field(name) {
            Some(field) if !field.belongs_to(place.state_type) && is_state => misplaced(checker, &child, field, &owner),
            Some(field) if !field.speaks(place.language) => wrong_language(checker, &child, field),
            Some(field) => {
                let place = Place { available: available(set, field, place), ..place };
                check_content(checker, &child, field, place, depth);
            }
            None if placeholder::is_in(name) => {}
            None => unknown(checker, &child, name, set, &owner, place),
        }
    }
    for field in set.fields.iter().filter(|field| field.required && field.speaks(place.language)) {
        let applies = !is_state || field.states.is_empty() || field.states.contains(&place.state_type);
        if applies && !object.contains(field.name) {
            checker.add(&MISSING_FIELD, node, format!("{owner} must have `{}`", field.name));
        }
    }
}

fn available(set: &'static FieldSet, field: &Field, place: Place<'_>) -> Available {
    let handed_on = matches!(field.name, "Output" | "Assign");
    if ptr::eq(set, &fields::CATCHER) {
        Available::Error
    } else if ptr::eq(set, &fields::STATE) && handed_on && has_result(place.state_type) {
        Available::Result
    } else {
        place.available
    }
}

/// Whether `$states.result` exists in a state of that type.
fn has_result(state_type: StateType) -> bool {
    matches!(state_type, StateType::Task | StateType::Parallel | StateType::Map | StateType::Unknown)
}

fn misplaced(checker: &mut Checker<'_>, node: &Node<'_>, field: &Field, owner: &str) {
    let help = format!("only {} states have it", list(field.states.iter().map(|state| state.name()), "and"));
    checker.add(&UNKNOWN_FIELD, node, format!("{owner} has no field `{}`", field.name)).help(help);
}

fn unknown(checker: &mut Checker<'_>, node: &Node<'_>, name: &str, set: &FieldSet, owner: &str, place: Place<'_>) {
    let known = set.fields.iter().filter(|field| field.belongs_to(place.state_type) && field.speaks(place.language));
    let help = match name.strip_suffix(".$").filter(|bare| set.field(bare).is_some()) {
        Some(bare) => {
            Some(format!("write `{bare}`, or `{bare}Path` where there is one: `.$` works inside of payloads only"))
        }
        None => did_you_mean(name, known.map(|field| field.name)),
    };
    checker.add(&UNKNOWN_FIELD, node, format!("{owner} has no field `{name}`")).help = help;
}

fn wrong_language(checker: &mut Checker<'_>, node: &Node<'_>, field: &Field) {
    let name = field.name;
    if field.language == Some(QueryLanguage::Jsonata) {
        let help = match name {
            "Arguments" => "write `Parameters`, or set `QueryLanguage` to `JSONata`",
            "Output" => "write `OutputPath`, `ResultSelector` or `Parameters`, or set `QueryLanguage` to `JSONata`",
            "Items" => "write `ItemsPath`, or set `QueryLanguage` to `JSONata`",
            "Condition" => "write `Variable` and a comparison, or set `QueryLanguage` to `JSONata`",
            _ => "set `QueryLanguage` to `JSONata`",
        };
        checker.add(&JSONATA_FIELD, node, format!("`{name}` is there in JSONata states only")).help(help);
        return;
    }
    let help = match name {
        "InputPath" => "use `$states.input` in expressions".to_owned(),
        "Parameters" => "write `Arguments` (in a Pass state `Output`, in a Map state `ItemSelector`)".to_owned(),
        "Result" | "ResultSelector" | "ResultPath" | "OutputPath" => {
            "write `Output`, or `Assign` a variable".to_owned()
        }
        "ItemsPath" => "write `Items`".to_owned(),
        _ => match name.strip_suffix("Path").or(name.strip_suffix(".$")) {
            Some(bare) if matches!(field.content, Content::ReferencePath | Content::PathOrIntrinsic) => {
                format!("write `{bare}` with an expression: `{{% … %}}`")
            }
            _ => "write a `Condition`: `{% … %}`".to_owned(),
        },
    };
    checker.add(&JSONPATH_FIELD, node, format!("`{name}` is there in JSONPath states only")).help(help);
}

fn check_content(checker: &mut Checker<'_>, node: &Node<'_>, field: &'static Field, place: Place<'_>, depth: usize) {
    let json = node.json();
    if is_placeholder(json) {
        return;
    }
    if field.expression && place.language == QueryLanguage::Jsonata {
        if let Some(text) = json.as_str() {
            if !matches!(jsonata::unwrap(text), Ok(None)) {
                expressions::text(checker, node, text, place);
                return;
            }
        }
    }
    let name = field.name;
    match field.content {
        Content::Text | Content::StateName => {
            if json.as_str().is_none() {
                wrong_type(checker, node, &format!("`{name}` is a string"));
            }
        }
        Content::OneOf(values) => one_of(checker, node, name, values),
        Content::Timestamp => timestamp(checker, node, name),
        Content::Boolean | Content::Test => {
            if json.as_bool().is_none() {
                wrong_type(checker, node, &format!("`{name}` is `true` or `false`"));
            }
        }
        Content::Integer(least, most) => integer(checker, node, name, least, most),
        Content::Number(least, most) => number(checker, node, name, least, most),
        Content::Path => expressions::path_field(checker, node, name, expressions::Kind::Path, place),
        Content::ReferencePath | Content::ComparisonPath(_) => {
            expressions::path_field(checker, node, name, expressions::Kind::Reference, place);
        }
        Content::ResultPath => expressions::path_field(checker, node, name, expressions::Kind::Result, place),
        Content::PathOrIntrinsic => expressions::path_field(checker, node, name, expressions::Kind::OrCall, place),
        Content::Payload => expressions::payload(checker, node, place),
        Content::Json | Content::States => {}
        Content::Variables => scope::check_assign(checker, node, place),
        Content::Condition => expressions::condition(checker, node, place),
        Content::Comparison(operand) => comparison(checker, node, name, operand),
        Content::Texts | Content::ErrorNames => {
            let strings = json.as_array().is_some_and(|items| items.iter().all(|item| item.as_str().is_some()));
            if !strings {
                wrong_type(checker, node, &format!("`{name}` is an array of strings"));
            }
        }
        Content::Object(set) => {
            let nested_machine = ptr::eq(set, &fields::ITEM_PROCESSOR);
            if !nested_machine {
                check_set(checker, node, set, place, depth + 1);
            }
        }
        Content::Objects(set) => objects(checker, node, name, set, place, depth),
    }
}

fn objects(
    checker: &mut Checker<'_>,
    node: &Node<'_>,
    name: &str,
    set: &'static FieldSet,
    place: Place<'_>,
    depth: usize,
) {
    let Some(elements) = node.json().as_array() else {
        wrong_type(checker, node, &format!("`{name}` is an array"));
        return;
    };
    if elements.is_empty() && !matches!(name, "Retry" | "Catch") {
        checker.add(&MISSING_FIELD, node, format!("`{name}` is empty")).help(format!("give {}", set.name));
    }
    if !ptr::eq(set, &fields::BRANCH) {
        node.elements().for_each(|element| check_set(checker, &element, set, place, depth + 1));
    }
}

fn wrong_type(checker: &mut Checker<'_>, node: &Node<'_>, expected: &str) {
    checker.add(&WRONG_TYPE, node, format!("{expected}, not {}", node.json().kind()));
}

fn one_of(checker: &mut Checker<'_>, node: &Node<'_>, name: &str, values: &[&'static str]) {
    let Some(text) = node.json().as_str() else {
        wrong_type(checker, node, &format!("`{name}` is a string"));
        return;
    };
    if !values.contains(&text) {
        let help = did_you_mean(text, values.iter().copied())
            .unwrap_or_else(|| format!("use {}", list(values.iter().copied(), "or")));
        checker.add(&UNKNOWN_VALUE, node, format!("`{name}` cannot be `{text}`")).help(help);
    }
}

fn integer(checker: &mut Checker<'_>, node: &Node<'_>, name: &str, least: i64, most: i64) {
    match node.json().as_number() {
        Some(number) if number.is_whole() => bounds(checker, node, name, number, least as f64, most as f64),
        _ => wrong_type(checker, node, &format!("`{name}` is a whole number")),
    }
}

fn number(checker: &mut Checker<'_>, node: &Node<'_>, name: &str, least: f64, most: f64) {
    match node.json().as_number() {
        Some(number) => bounds(checker, node, name, number, least, most),
        None => wrong_type(checker, node, &format!("`{name}` is a number")),
    }
}

fn bounds(checker: &mut Checker<'_>, node: &Node<'_>, name: &str, number: &Number, least: f64, most: f64) {
    let value = number.as_f64();
    if value < least {
        checker.add(&OUT_OF_RANGE, node, format!("`{name}` is at least {least}, not {number}"));
    } else if value > most {
        checker.add(&OUT_OF_RANGE, node, format!("`{name}` is at most {most}, not {number}"));
    }
}

fn comparison(checker: &mut Checker<'_>, node: &Node<'_>, name: &str, operand: Operand) {
    let json = node.json();
    let fits = match operand {
        Operand::Text => json.as_str().is_some(),
        Operand::Number => json.as_number().is_some(),
        Operand::Boolean => json.as_bool().is_some(),
        Operand::Timestamp => return timestamp(checker, node, name),
    };
    if !fits {
        let what = match operand {
            Operand::Number => "a number",
            Operand::Boolean => "`true` or `false`",
            Operand::Text | Operand::Timestamp => "a string",
        };
        wrong_type(checker, node, &format!("`{name}` compares with {what}"));
    }
}

fn timestamp(checker: &mut Checker<'_>, node: &Node<'_>, name: &str) {
    match node.json().as_str() {
        None => wrong_type(checker, node, &format!("`{name}` is a timestamp in a string")),
        Some(text) if is_timestamp(text) => {}
        Some(text) => checker
            .add(&TIMESTAMP, node, format!("`{text}` is no timestamp"))
            .help("write it like `2030-01-31T12:00:00Z`"),
    }
}

/// Whether the text is a date and time as RFC 3339 has it, with `T` and `Z` in capitals.
pub(super) fn is_timestamp(text: &str) -> bool {
    let (date, rest) = match text.split_once('T') {
        Some(parts) => parts,
        None => return false,
    };
    let (time, zone) = match rest.find(['Z', '+', '-']) {
        Some(at) => rest.split_at(at),
        None => return false,
    };
    let (clock, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|sign| sign.is_ascii_digit());
    let parts = |text: &str, separator: char, lengths: &[usize], most: &[u32]| {
        let parts: Vec<&str> = text.split(separator).collect();
        parts.len() == lengths.len()
            && parts.iter().zip(lengths).zip(most).all(|((part, length), most)| {
                part.len() == *length && digits(part) && part.parse::<u32>().is_ok_and(|value| value <= *most)
            })
    };
    let zone_fits = zone == "Z" || parts(&zone[1..], ':', &[2, 2], &[23, 59]) && !zone.starts_with('Z');
    parts(date, '-', &[4, 2, 2], &[9999, 12, 31])
        && parts(clock, ':', &[2, 2, 2], &[23, 59, 60])
        && digits(fraction)
        && zone_fits
}

/// Whether the value is only known when it is deployed.
pub(super) fn is_placeholder(json: &Json) -> bool {
    match json {
        Json::Placeholder(_) => true,
        Json::String(text) => placeholder::find(text).any(|range| range.len() == text.trim().len()),
        // A function of CloudFormation, in a definition that stands in a template.
        Json::Object(object) => {
            object.len() == 1 && object.names().all(|name| name == "Ref" || name.starts_with("Fn::"))
        }
        _ => false,
    }
}

/// Reports fields of which at most one may be there.
pub(super) fn at_most_one(checker: &mut Checker<'_>, node: &Node<'_>, names: &[&str]) -> usize {
    let mut present = node.members().filter(|(name, _)| names.contains(name));
    let first = present.next();
    let mut count = usize::from(first.is_some());
    for (name, child) in present {
        let first = first.as_ref().map_or("", |(name, _)| name);
        count += 1;
        checker
            .add(&CONFLICTING_FIELDS, &child, format!("`{name}` cannot stand beside `{first}`"))
            .help("leave one of them out");
    }
    count
}

/// Reports fields of which exactly one must be there.
pub(super) fn exactly_one(checker: &mut Checker<'_>, node: &Node<'_>, owner: &str, names: &[&str]) {
    if at_most_one(checker, node, names) == 0 {
        let names = list(names.iter().copied(), "or");
        checker.add(&MISSING_FIELD, node, format!("{owner} must have {names}"));
    }
}

#[cfg(test)]
mod tests {
    use super::is_timestamp;

    #[test]
    fn timestamps_are_those_of_rfc_3339() {
        for good in ["2016-03-14T01:59:00Z", "2030-12-31T23:59:60.123Z", "2016-03-14T01:59:00+02:00"] {
            assert!(is_timestamp(good), "{good}");
        }
        for bad in [
            "",
            "2016-03-14",
            "2016-03-14T01:59Z",
            "2016-03-14T01:59:00",
            "2016-3-14T01:59:00Z",
            "2016-13-14T01:59:00Z",
            "2016-03-14 01:59:00Z",
            "2016-03-14T01:59:00Zx",
            "2016-03-14T01:59:00.Z",
            "x",
            "2016-03-14t01:59:00z",
        ] {
            assert!(!is_timestamp(bad), "{bad}");
        }
    }
}
