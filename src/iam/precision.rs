//! How precisely a policy identifies a resource.

use std::fmt;

use super::arn::Arn;
use super::parameters::Parameters;
use super::template::Context;
use crate::asl::QueryLanguage;
use crate::value::{Json, Object};

/// How precisely a policy identifies the resource that a call uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
#[non_exhaustive]
pub enum Precision {
    /// The resource itself.
    #[default]
    Exact,
    /// A pattern with a known part.
    Partly,
    /// Every resource of the type.
    Type,
    /// Every resource.
    Any,
}

/// Why a policy identifies a resource as precisely as it does. `{}` writes it as a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum PrecisionReason {
    /// The action supports no resource types, or no parameter of the call can name its resource.
    NoResourceTypes,
    /// The parameter that names the resource is known only at run time.
    RunTime,
    /// No parameter names the resource.
    NoParameter,
    /// The parameter that names the resource is not set, or known only at run time.
    NotSetOrRunTime,
    /// The parameters contain a part of the resource.
    PartKnown,
    /// The author of the state names the resource.
    Author,
}

impl PrecisionReason {
    /// Whether a run can decide which resource it is.
    pub(super) const fn is_open_until_run(self) -> bool {
        matches!(self, Self::RunTime | Self::NotSetOrRunTime | Self::PartKnown)
    }
}

impl fmt::Display for PrecisionReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoResourceTypes => "the action has no resource types, or no parameter names a resource",
            Self::RunTime => "the parameter that names the resource is known only at run time",
            Self::NoParameter => "no parameter names the resource",
            Self::NotSetOrRunTime => "the parameter that names the resource is not set, or known only at run time",
            Self::PartKnown => "the parameters contain a part of it",
            Self::Author => "the author of the state names the resource",
        })
    }
}

impl Precision {
    /// The key in JSON output and in explanations.
    pub const fn key(self) -> &'static str {
        match self {
            Precision::Exact => "exact",
            Precision::Partly => "partly",
            Precision::Type => "type",
            Precision::Any => "any",
        }
    }

    /// The precision of a resource of which only the text is known.
    pub(super) fn of_granted(arn: &Arn) -> Self {
        match () {
            () if arn.is_any() => Precision::Any,
            () if arn.is_exact() => Precision::Exact,
            () => Precision::Partly,
        }
    }

    /// The precision of a filled template, and why it is not exact.
    pub(super) fn of(arn: &Arn, template: &str, context: &Context<'_>) -> (Self, Option<PrecisionReason>) {
        let fixed = !template.replace("${Partition}", "").replace("${Region}", "").replace("${Account}", "").contains("${")
            // The parameter names another resource, which names this one.
            || template.ends_with("|taskRoles}");
        let (precision, reason) = match () {
            () if arn.is_any() && fixed => (Precision::Any, PrecisionReason::NoResourceTypes),
            () if arn.is_any() => (Precision::Any, PrecisionReason::RunTime),
            () if arn.is_exact() => return (Precision::Exact, None),
            () if says_nothing(arn, template, context) && fixed => (Precision::Type, PrecisionReason::NoParameter),
            () if says_nothing(arn, template, context) => (Precision::Type, PrecisionReason::NotSetOrRunTime),
            () => (Precision::Partly, PrecisionReason::PartKnown),
        };
        (precision, Some(reason))
    }
}

/// Whether the resource is what the template becomes without any known parameters.
fn says_nothing(arn: &Arn, template: &str, context: &Context<'_>) -> bool {
    let anywhere = template.replace("${Region}", "*").replace("${Account}", "*");
    *arn == without_parameters(template, context) || *arn == without_parameters(&anywhere, context)
}

/// The template without any known parameters.
fn without_parameters(template: &str, context: &Context<'_>) -> Arn {
    let nothing = Json::Object(Object::new());
    let language = QueryLanguage::JsonPath;
    let parameters = Parameters { payload: Some(&nothing), language, fixed: Vec::new(), itself: None, variables: None };
    let template = super::template::with_wildcards(template);
    context.fill(&template, &parameters).pop().map(|resource| resource.arn).unwrap_or_default()
}
