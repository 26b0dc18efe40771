//! Checks the error names in `Retry` and `Catch` with the errors of the API that the state calls.

use super::rules::ERROR_NAME;
use super::{is_open, sdk};
use crate::asl::{Node, State};
use crate::catalog::{Action, Pattern};
use crate::check::Checker;
use crate::check::suggest::nearest;

/// Reports retriers and catchers with an error name that the integration does not use.
pub(super) fn check(checker: &mut Checker<'_>, state: &State<'_>, action: &'static Action, pattern: Option<Pattern>) {
    let Some(prefix) = prefix(action).or(action.calls.map(|_| "")) else { return };
    // A callback and the code of a function can use any error names.
    let foreign = matches!(pattern, None | Some(Pattern::WaitForTaskToken)) || is_code(action);
    for list in ["Retry", "Catch"] {
        for names in state.get(list).iter().flat_map(Node::elements).filter_map(|rule| rule.get("ErrorEquals")) {
            for node in names.elements() {
                let Some(name) = node.json().as_str().filter(|name| !is_open(name)) else { continue };
                if let Some(right) = right_name(action, prefix, name, foreign) {
                    checker
                        .add(&ERROR_NAME, &node, format!("`{}` does not raise an error `{name}`", action.service))
                        .help(format!("write `{right}`"));
                }
            }
        }
    }
}

/// Whether an API runs code of the user, whose errors have their own names.
fn is_code(action: &Action) -> bool {
    let called = action.calls.and_then(|call| call.split_once(':')).map_or(action.service, |(service, _)| service);
    matches!(called, "activity" | "lambda" | "states" | "aws-sdk:lambda")
}

/// The prefix of the error names of an integration, without the `.`.
fn prefix(action: &'static Action) -> Option<&'static str> {
    if action.error_prefix.is_some() {
        return action.error_prefix;
    }
    let of_errors = action.errors.first().and_then(|error| error.name.split_once('.')).map(|(prefix, _)| prefix);
    let of_service = || Some(sdk::service(action.service.strip_prefix(sdk::PREFIX)?)?.error_prefix);
    of_errors.or_else(of_service)
}

/// The name that the integration uses for an error with another name.
fn right_name(action: &'static Action, prefix: &str, name: &str, foreign: bool) -> Option<String> {
    if name.starts_with("States.") {
        return None;
    }
    if let Some(right) = action.calls.and_then(|_| own_name(action, prefix, name)) {
        return right;
    }
    // Errors that the AWS SDK can raise for every API.
    const OF_EVERY: [&str; 2] = ["SdkClientException", "SdkException"];
    let model = action.counterpart().filter(|_| !action.is_sdk());
    let known = action.errors.iter().chain(model.into_iter().flat_map(|model| model.errors));
    let known = known.filter_map(|error| error.name.split_once('.')).map(|(_, error)| error).chain(OF_EVERY);
    let same = |error: &str, name: &str| error == name || error.strip_suffix("Exception") == Some(name);
    match name.split_once('.') {
        Some((given, error)) if given == prefix => {
            // `S3.S3Exception` stands for errors without their own class.
            let is_class = error.strip_suffix("Exception").is_some_and(|name| name.eq_ignore_ascii_case(prefix));
            if is_class || known.clone().any(|known| known == error) {
                return None;
            }
            let right = known.clone().find(|known| same(known, error)).or_else(|| nearest(error, known))?;
            Some(format!("{prefix}.{right}"))
        }
        Some((given, error)) => given.eq_ignore_ascii_case(prefix).then(|| format!("{prefix}.{error}")),
        None if foreign => None,
        None => known.clone().find(|known| same(known, name)).map(|known| format!("{prefix}.{known}")),
    }
}

/// What is known of a name from the errors of a company's own code, which have other prefixes than those of the API that
/// runs it, or none: nothing, that it is right, or the right name.
fn own_name(action: &'static Action, prefix: &str, name: &str) -> Option<Option<String>> {
    let is_own = |error: &&str| error.split_once('.').is_none_or(|(given, _)| given != prefix && given != "States");
    let own = action.errors.iter().map(|error| error.name).filter(is_own);
    if own.clone().any(|own| own == name) {
        return Some(None);
    }
    let without_prefix = |error: &&str| error.rsplit_once('.').is_some_and(|(_, error)| error == name);
    let right = own.clone().find(without_prefix).or_else(|| nearest(name, own))?;
    Some(Some(right.to_owned()))
}
