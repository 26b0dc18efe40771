//! All rules, and the page that lists them.

use std::fmt::Write;

use serde::de::{Error, IntoDeserializer};
use serde::{Deserialize, Deserializer};

use super::rule::Rule;
use super::{Diagnostic, Severity};
use super::{around, choice, expressions, fields, flow, integration, level, map, retry, scope, states, structure};
use crate::asl::StateMachine;
use crate::value::Json;

/// The families, in the order of the page.
static FAMILIES: &[(&str, &[&Rule])] = &[
    ("Structure", structure::RULES),
    ("Fields", fields::RULES),
    ("Single states", states::RULES),
    ("Retry and Catch", retry::RULES),
    ("Choice", choice::RULES),
    ("Map", map::RULES),
    ("Expressions", expressions::RULES),
    ("Variables", scope::RULES),
    ("Data", flow::RULES),
    ("Integrations", integration::RULES),
    ("Templates", around::RULES),
    ("Levels", level::RULES),
];

/// All rules.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    FAMILIES.iter().flat_map(|(_, rules)| rules.iter().copied())
}

/// The codes of findings that are not from a rule of the checker.
const OTHER_CODES: [&str; 5] = ["malformed-role", "no-such-form", "policy-too-large", "syntax", "unknown-permission"];

/// The code must be one that this version knows.
impl<'de> Deserialize<'de> for Diagnostic {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let stored = Json::deserialize(deserializer)?;
        let optional = |name: &str| stored.get(name).and_then(Json::as_str).map(str::to_owned);
        let text = |name: &'static str| optional(name).ok_or_else(|| D::Error::missing_field(name));
        let (code, pointer, message, help) = (text("code")?, text("pointer")?, text("message")?, optional("help"));
        let severity = Severity::deserialize(text("severity")?.into_deserializer())?;
        let known = rules().map(|rule| rule.code).chain(OTHER_CODES).find(|known| *known == code);
        let code = known.ok_or_else(|| D::Error::custom(format_args!("there is no finding with the code `{code}`")))?;
        Ok(Diagnostic { code, severity, pointer, message, help })
    }
}

/// The page `docs/checks.md`.
pub fn document() -> String {
    let mut page = String::from(
        "# What the checker finds\n\nThis page is generated from the rules: `UPDATE=1 cargo test --test check_rules` \
         rewrites it. Each example that\nis a single state stands for a state machine with that state; a test checks that \
         the wrong example has the finding and the right one does not.\n\nTwo codes have no rule, because they are found before the checks: `syntax` is for a text that \
         cannot be parsed (the finding has its line and\ncolumn), and `no-such-form` is for a value of a builder that the language \
         cannot express, such as a duration that is\nnot a whole number of seconds, or a JSONPath in a JSONata \
         state.\n\nAn error is something that AWS rejects, or that fails at every run. Each error has a proof. If a part of \
         a rule has\nno proof, its findings are warnings, even if the rule is otherwise an error. [conformance-checks.md](conformance-checks.md) compares the rules \
         with\nrecorded answers of AWS.\n",
    );
    for (family, rules) in FAMILIES {
        // Writing to a string never fails.
        let _ = write!(page, "\n## {family}\n");
        for rule in *rules {
            let kind = if rule.express { ", for an Express workflow" } else { "" };
            let _ = write!(page, "\n### `{}`\n\n", rule.code);
            let _ = write!(page, "{} ({}{kind}).\n\n{}\n", rule.title, rule.severity, rule.explanation);
            if let [first, rest @ ..] = rule.proof {
                let _ = write!(page, "\nProof: {first}");
                for proof in rest {
                    let _ = write!(page, "; {proof}");
                }
                page.push_str(".\n");
            }
            for (title, example) in [("Wrong", rule.wrong), ("Right", rule.right)] {
                if !example.is_empty() {
                    let _ = write!(page, "\n{title}:\n\n```json\n{}\n```\n", laid_out(example));
                }
            }
        }
    }
    page
}

/// An example with one member per line.
fn laid_out(example: &str) -> String {
    example.parse().map_or_else(|_| example.to_owned(), |machine: StateMachine| format!("{machine:#}"))
}
