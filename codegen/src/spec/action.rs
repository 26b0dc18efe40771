//! One API: its patterns, permissions, rules and examples.

use super::{Map, Member, Read, Reader, Shape};
use crate::fault::Report;
use crate::json::Json;

#[derive(Debug)]
pub(crate) struct Action {
    pub(crate) name: Option<String>,
    pub(crate) docs: String,
    pub(crate) url: String,
    /// The AWS SDK call that does the same: `emr:runJobFlow`.
    pub(crate) sdk: Option<String>,
    /// The known integration that it calls with some parameters fixed: `lambda:invoke`.
    pub(crate) calls: Option<String>,
    /// The fixed parameters.
    pub(crate) fixed: Map<Json>,
    /// The output of the user's own function, activity, state machine or API.
    pub(crate) output: Option<Shape>,
    pub(crate) patterns: Map<Pattern>,
    /// The statements that every pattern needs.
    pub(crate) iam: Option<Vec<Statement>>,
    pub(crate) required: Vec<String>,
    pub(crate) parameters: Map<Member>,
    pub(crate) resource_member: Option<String>,
    pub(crate) body_member: Option<String>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) retry: Vec<Retry>,
    pub(crate) errors: Map<String>,
    pub(crate) custom: Vec<Custom>,
    pub(crate) examples: Vec<Example>,
}

impl Read for Action {
    fn read(json: &Json, pointer: &str, report: &Report<'_>) -> Option<Self> {
        let known = [
            "name",
            "docs",
            "url",
            "sdk",
            "calls",
            "fixed",
            "output",
            "patterns",
            "iam",
            "required",
            "parameters",
            "resourceMember",
            "bodyMember",
            "rules",
            "retry",
            "errors",
            "custom",
            "examples",
        ];
        let reader = Reader::open(json, pointer, report, &known)?;
        Some(Self {
            name: reader.optional("name"),
            docs: reader.required("docs"),
            url: reader.required("url"),
            sdk: reader.optional("sdk"),
            calls: reader.optional("calls"),
            fixed: reader.or_default("fixed"),
            output: reader.optional("output"),
            patterns: if reader.has("calls") { reader.or_default("patterns") } else { reader.required("patterns") },
            iam: reader.optional("iam"),
            required: reader.or_default("required"),
            parameters: reader.required("parameters"),
            resource_member: reader.optional("resourceMember"),
            body_member: reader.optional("bodyMember"),
            rules: reader.or_default("rules"),
            retry: reader.or_default("retry"),
            errors: reader.or_default("errors"),
            custom: reader.or_default("custom"),
            examples: reader.or_default("examples"),
        })
    }
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Pattern {
    pub(crate) resource: Option<String>,
    pub(crate) url: Option<String>,
    pub(crate) token_in: Vec<String>,
    pub(crate) result: Vec<String>,
    /// The AWS SDK call with the same response, and the path in that response: `glue:getJobRun.JobRun`.
    pub(crate) result_of: Option<String>,
    pub(crate) iam: Option<Vec<Statement>>,
}

impl Read for Pattern {
    fn read(json: &Json, pointer: &str, report: &Report<'_>) -> Option<Self> {
        let reader = Reader::open(json, pointer, report, &["resource", "url", "tokenIn", "result", "resultOf", "iam"])?;
        Some(Self {
            resource: reader.optional("resource"),
            url: reader.optional("url"),
            token_in: reader.or_default("tokenIn"),
            result: reader.or_default("result"),
            result_of: reader.optional("resultOf"),
            iam: reader.optional("iam"),
        })
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Statement {
    pub(crate) actions: Vec<String>,
    pub(crate) resources: Vec<String>,
    pub(crate) reason: String,
    pub(crate) why: String,
    pub(crate) url: Option<String>,
    pub(crate) when: Option<String>,
    pub(crate) unless: Option<String>,
    /// Why the definition does not show whether the statement is needed.
    pub(crate) depends_on: Option<String>,
    pub(crate) conditions: Map<Map<String>>,
}

impl Statement {
    /// Whether it allows the same in the same cases. The texts are not compared.
    pub(crate) fn allows_same(&self, other: &Self) -> bool {
        let bare = |it: &Self| Self { why: String::new(), url: None, ..it.clone() };
        bare(self) == bare(other)
    }
}

impl Read for Statement {
    fn read(json: &Json, pointer: &str, report: &Report<'_>) -> Option<Self> {
        let known = ["actions", "resources", "reason", "why", "url", "when", "unless", "dependsOn", "conditions"];
        let reader = Reader::open(json, pointer, report, &known)?;
        Some(Self {
            actions: reader.required("actions"),
            resources: reader.required("resources"),
            reason: reader.required("reason"),
            why: reader.required("why"),
            url: reader.optional("url"),
            when: reader.optional("when"),
            unless: reader.optional("unless"),
            depends_on: reader.optional("dependsOn"),
            conditions: reader.or_default("conditions"),
        })
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rule {
    /// All conditions must be true.
    pub(crate) when: Vec<Condition>,
    /// The key of the demand, and its members.
    pub(crate) demand: Option<(&'static str, Vec<String>)>,
    pub(crate) message: String,
    /// Whether a broken rule is only a warning, because it is unknown whether the call fails.
    pub(crate) warning: bool,
}

const DEMANDS: [&str; 5] = ["exactlyOneOf", "atLeastOneOf", "atMostOneOf", "requires", "excludes"];

impl Read for Rule {
    fn read(json: &Json, pointer: &str, report: &Report<'_>) -> Option<Self> {
        let known = [&["when", "message", "warning"], &DEMANDS[..]].concat();
        let reader = Reader::open(json, pointer, report, &known)?;
        if DEMANDS.iter().filter(|key| reader.has(key)).count() != 1 {
            reader.fault(format!("a rule has exactly one of `{}`", DEMANDS.join("`, `")));
        }
        Some(Self {
            when: reader.or_default::<Conditions>("when").0,
            demand: DEMANDS.iter().find_map(|key| Some((*key, reader.optional(key)?))),
            message: reader.required("message"),
            warning: reader.or_default("warning"),
        })
    }
}

/// One condition, or several in an array.
#[derive(Default)]
struct Conditions(Vec<Condition>);

impl Read for Conditions {
    fn read(json: &Json, pointer: &str, report: &Report<'_>) -> Option<Self> {
        match json {
            Json::Array(all) if all.is_empty() => {
                report.add(pointer, "the list is empty: add a condition, or leave the key out");
                None
            }
            Json::Array(_) => Vec::read(json, pointer, report).map(Self),
            _ => Condition::read(json, pointer, report).map(|condition| Self(vec![condition])),
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Condition {
    pub(crate) member: String,
    pub(crate) equals: Option<Json>,
    pub(crate) absent: bool,
    /// A regular expression that matches the whole value.
    pub(crate) matches: Option<String>,
    /// A regular expression that does not match the whole value.
    pub(crate) differs: Option<String>,
}

impl Condition {
    /// The condition that the member is set, with any value.
    pub(crate) fn of(member: &str) -> Self {
        Self { member: member.to_owned(), equals: None, absent: false, matches: None, differs: None }
    }
}

impl Read for Condition {
    fn read(json: &Json, pointer: &str, report: &Report<'_>) -> Option<Self> {
        let reader = Reader::open(json, pointer, report, &["member", "equals", "absent", "matches", "differs"])?;
        if ["equals", "absent", "matches", "differs"].iter().filter(|key| reader.has(key)).count() > 1 {
            reader.fault("a condition has at most one of `equals`, `absent`, `matches` and `differs`");
        }
        Some(Self {
            member: reader.required("member"),
            equals: reader.optional("equals"),
            absent: reader.or_default("absent"),
            matches: reader.optional("matches"),
            differs: reader.optional("differs"),
        })
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Retry {
    pub(crate) error_equals: Vec<String>,
    pub(crate) interval_seconds: u64,
    pub(crate) max_attempts: u64,
    pub(crate) backoff_rate: f64,
    pub(crate) why: String,
    pub(crate) url: String,
}

impl Read for Retry {
    fn read(json: &Json, pointer: &str, report: &Report<'_>) -> Option<Self> {
        let known = ["errorEquals", "intervalSeconds", "maxAttempts", "backoffRate", "why", "url"];
        let reader = Reader::open(json, pointer, report, &known)?;
        // The limits of the Amazon States Language.
        const MOST: u64 = 99_999_999;
        Some(Self {
            error_equals: reader.required("errorEquals"),
            interval_seconds: reader.bounded("intervalSeconds", 1..=MOST, "an interval is from 1 to 99999999 seconds"),
            max_attempts: reader.bounded("maxAttempts", 0..=MOST, "there are at most 99999999 attempts"),
            backoff_rate: reader.bounded("backoffRate", 1.0..=f64::MAX, "a rate is at least 1"),
            why: reader.required("why"),
            url: reader.required("url"),
        })
    }
}

#[derive(Debug)]
pub(crate) struct Custom {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) sets: Vec<String>,
    pub(crate) docs: String,
}

impl Read for Custom {
    fn read(json: &Json, pointer: &str, report: &Report<'_>) -> Option<Self> {
        let reader = Reader::open(json, pointer, report, &["method", "type", "sets", "docs", "why"])?;
        reader.reason("why");
        Some(Self {
            method: reader.required("method"),
            path: reader.required("type"),
            sets: reader.required("sets"),
            docs: reader.required("docs"),
        })
    }
}

#[derive(Debug)]
pub(crate) struct Example {
    pub(crate) title: String,
    pub(crate) pattern: Option<String>,
    pub(crate) parameters: Option<Json>,
    /// Setter calls that replace the derived ones; the text can be empty.
    pub(crate) rust: Map<Json>,
}

impl Read for Example {
    fn read(json: &Json, pointer: &str, report: &Report<'_>) -> Option<Self> {
        let reader = Reader::open(json, pointer, report, &["title", "pattern", "parameters", "rust"])?;
        if !reader.has("parameters") {
            reader.fault("the key `parameters` is missing");
        }
        Some(Self {
            title: reader.required("title"),
            pattern: reader.optional("pattern"),
            parameters: reader.optional("parameters"),
            rust: reader.or_default("rust"),
        })
    }
}
