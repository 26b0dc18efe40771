//! How precisely a policy identifies a resource.

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

/// Why an action is allowed on every resource, if there is no other reason.
pub(super) const NO_RESOURCES: &str = "the action has no resource types, or no parameter names a resource";

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
    pub(super) fn of(arn: &Arn, template: &str, context: &Context<'_>) -> (Self, &'static str) {
        let fixed = !template.replace("${Partition}", "").replace("${Region}", "").replace("${Account}", "").contains("${")
            // The parameter names another resource, which names this one.
            || template.ends_with("|taskRoles}");
        match () {
            () if arn.is_any() && fixed => (Precision::Any, NO_RESOURCES),
            () if arn.is_any() => (Precision::Any, "the parameter that names the resource is known only at run time"),
            () if arn.is_exact() => (Precision::Exact, ""),
            () if says_nothing(arn, template, context) => match fixed {
                true => (Precision::Type, "no parameter names the resource"),
                false => {
                    (Precision::Type, "the parameter that names the resource is not set, or known only at run time")
                }
            },
            () => (Precision::Partly, "the parameters contain a part of it"),
        }
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
