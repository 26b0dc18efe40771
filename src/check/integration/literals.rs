//! Checks literal ARNs, queue URLs and host names.

use super::is_open;
use super::rules::{MALFORMED, RESOURCE};
use crate::asl::{Node, State};
use crate::check::Checker;
use crate::expression::placeholder;
use crate::expression::resource::Arn;

/// Parameters that need an ARN of one service and resource type: the ends of their names, the service, and the
/// prefixes of the resource.
const KINDS: &[(&str, &str, &[&str])] = &[
    ("RoleArn", "iam", &["role/"]),
    ("TopicArn", "sns", &[""]),
    ("StateMachineArn", "states", &["stateMachine:"]),
    ("FunctionArn", "lambda", &["function:"]),
    ("QueueArn", "sqs", &[""]),
];

/// Parameters whose name ends like that of an ARN, but that also accept a name.
const OR_NAME: &[&str] = &["SecretArn"];

/// Checks the ARN of a function or activity that a task calls.
pub(super) fn resource(checker: &mut Checker<'_>, node: &Node<'_>, text: &str) {
    let Some(arn) = Arn::parse(text) else { return };
    if let Some(fault) = wrong_target(&arn) {
        let help = match arn.service {
            "lambda" => {
                "write `arn:aws:lambda:REGION:ACCOUNT:function:NAME`, followed by `:` and a version or alias if you need one"
            }
            _ => "write `arn:aws:states:REGION:ACCOUNT:activity:NAME`",
        };
        checker.add(&RESOURCE, node, format!("`{text}` cannot be called: {fault}")).help(help);
    } else if let Some(fault) = unlikely_place(&arn) {
        checker.add(&MALFORMED, node, format!("`{text}` is probably wrong: {fault}"));
    }
}

/// The reason why no task can call a resource. Placeholders count as correct.
fn wrong_target(arn: &Arn<'_>) -> Option<String> {
    let mut parts = arn.resource_parts();
    let (kind, name, qualifier) = (parts.next()?, parts.next(), parts.next());
    let wanted = if arn.service == "lambda" { "function" } else { "activity" };
    let is_filled = |part: &str| placeholder::is_in(part) || placeholder::has_stand_in(part);
    if is_filled(kind) {
        return None;
    }
    if kind != wanted {
        return Some(format!("its resource type is `{kind}`, not `{wanted}`"));
    }
    let Some(name) = name.filter(|name| !name.is_empty()) else {
        return Some("the name is missing".to_owned());
    };
    let plain = |text: &str| text.chars().all(|sign| sign.is_ascii_alphanumeric() || "-_".contains(sign));
    if wanted == "function" && !is_filled(name) && !plain(name) {
        return Some(format!("`{name}` is not a valid function name"));
    }
    match qualifier {
        Some("") => Some("the version or alias after the last `:` is missing".to_owned()),
        Some(other) if is_filled(other) || other.starts_with("$LATEST") || plain(other) => None,
        Some(other) => Some(format!("`{other}` is neither a valid version nor a valid alias")),
        None => None,
    }
}

/// A part of the ARN that is probably wrong: the partition, the region or the account.
fn unlikely_place(arn: &Arn<'_>) -> Option<String> {
    let is_filled = |part: &str| placeholder::is_in(part) || placeholder::has_stand_in(part);
    let fault = |part: &str, fits: bool, what: &str| {
        (!part.is_empty() && !is_filled(part) && !fits).then(|| format!("`{part}` is not {what}"))
    };
    let is_partition = arn.partition == "aws" || arn.partition.starts_with("aws-");
    fault(arn.partition, is_partition, "an AWS partition")
        .or_else(|| fault(arn.region, is_region(arn.region), "a region"))
        .or_else(|| {
            let is_account = arn.account == "aws"
                || arn.account.len() == 12 && arn.account.bytes().all(|sign| sign.is_ascii_digit());
            fault(arn.account, is_account, "an account ID of 12 digits")
        })
}

/// Whether the text has the form of a region: `eu-west-1`, `us-gov-east-1`.
fn is_region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [first, middle @ .., last] = parts.as_slice() else { return false };
    let letters = |part: &str| !part.is_empty() && part.bytes().all(|sign| sign.is_ascii_lowercase());
    first.len() == 2
        && letters(first)
        && !middle.is_empty()
        && middle.iter().all(|part| letters(part))
        && !last.is_empty()
        && last.bytes().all(|sign| sign.is_ascii_digit())
}

/// Checks the role that a task assumes.
pub(super) fn credentials(checker: &mut Checker<'_>, state: &State<'_>) {
    let Some(node) = state.get("Credentials").and_then(|credentials| credentials.get("RoleArn")) else { return };
    if let Some(text) = node.json().as_str().filter(|text| !is_open(text) && !text.starts_with(['$', '{'])) {
        parameter(checker, &node, "RoleArn", text);
    }
}

/// Checks a parameter by its name. The text contains no placeholders.
pub(super) fn parameter(checker: &mut Checker<'_>, node: &Node<'_>, name: &str, text: &str) {
    let fault = if name.ends_with("Arn") || name.ends_with("Arns") {
        if OR_NAME.contains(&name) && !text.starts_with("arn:") {
            return;
        }
        arn(name.trim_end_matches('s'), text)
    } else if name == "QueueUrl" {
        queue_url(text)
    } else if name == "FunctionName" && text.starts_with("arn:") {
        arn("FunctionArn", text)
    } else {
        host_region(text)
    };
    if let Some((fault, help)) = fault {
        let finding = checker.add(&MALFORMED, node, format!("`{name}` cannot be `{text}`: {fault}"));
        if !help.is_empty() {
            finding.help(help);
        }
    }
}

type Fault = (String, &'static str);

fn arn(name: &str, text: &str) -> Option<Fault> {
    let Some(arn) = Arn::parse(text).filter(|arn| !arn.resource.is_empty()) else {
        return Some(("it is not an ARN".to_owned(), "write `arn:aws:SERVICE:REGION:ACCOUNT:RESOURCE`"));
    };
    if let Some((_, service, kinds)) = KINDS.iter().find(|(end, ..)| name.ends_with(end)) {
        if arn.service != *service {
            return Some((format!("it is an ARN of `{}`, not of `{service}`", arn.service), ""));
        }
        if !kinds.iter().any(|kind| arn.resource.starts_with(kind)) {
            return Some((format!("its resource does not start with `{}`", kinds[0]), ""));
        }
    }
    unlikely_place(&arn).map(|fault| (fault, ""))
}

fn queue_url(text: &str) -> Option<Fault> {
    let help = "write `https://sqs.REGION.amazonaws.com/ACCOUNT/NAME`";
    if !text.starts_with("https://") && !text.starts_with("http://") {
        let what = if text.starts_with("arn:") { "it is an ARN, not a URL" } else { "it is not a URL" };
        return Some((what.to_owned(), help));
    }
    host_region(text)
}

/// An AWS host name with an invalid region.
fn host_region(text: &str) -> Option<Fault> {
    let host = text.strip_prefix("https://").unwrap_or(text).split(['/', '?', ':']).next()?;
    let host = host.strip_suffix(".cn").unwrap_or(host).strip_suffix(".amazonaws.com")?;
    let labels: Vec<&str> = host.split('.').collect();
    let region = match labels.as_slice() {
        [_, "execute-api", region] | ["sqs", region] => region,
        _ => return None,
    };
    (!is_region(region)).then(|| (format!("`{region}` is not a region"), ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_are_known_by_their_form() {
        for good in ["eu-west-1", "us-gov-east-1", "ap-southeast-4", "eu-isoe-west-1"] {
            assert!(is_region(good), "{good}");
        }
        for bad in ["", "eu", "eu-west", "west-1", "europe-west-1", "eu-west-1a", "EU-WEST-1", "eu--1"] {
            assert!(!is_region(bad), "{bad}");
        }
    }

    #[test]
    fn literals_are_judged_by_the_name_of_their_parameter() {
        for (name, good) in [
            ("TopicArn", "arn:aws:sns:eu-west-1:123456789012:t"),
            ("RoleArn", "arn:aws:iam::123456789012:role/path/r"),
            ("ExecutionRoleArn", "arn:aws-cn:iam::123456789012:role/r"),
            ("PolicyArns", "arn:aws:iam::aws:policy/P"),
        ] {
            assert_eq!(arn(name.trim_end_matches('s'), good), None, "{name} {good}");
        }
        for (name, bad) in [
            ("TopicArn", "mytopic"),
            ("TopicArn", "arn:aws:sqs:eu-west-1:123456789012:t"),
            ("RoleArn", "aws:arn:iam::123456789012:role/r"),
            ("RoleArn", "arn:aws:iam::123456789012:user/u"),
            ("StateMachineArn", "arn:aws:states:eu-west-1:123456789012:activity:a"),
            ("ClusterArn", "arn:aws:ecs:eu-west-1:12345:cluster/c"),
            ("ClusterArn", "arn:aws:ecs:eu-west:123456789012:cluster/c"),
        ] {
            assert!(arn(name, bad).is_some(), "{name} {bad}");
        }
        assert!(queue_url("https://sqs.eu-west-1.amazonaws.com/123456789012/q").is_none());
        assert!(queue_url("arn:aws:sqs:eu-west-1:123456789012:q").is_some() && queue_url("q").is_some());
        assert!(host_region("abc.execute-api.us-east1.amazonaws.com").is_some());
        assert!(host_region("https://api.example.com/x").is_none());
    }

    #[test]
    fn what_can_be_called_is_known_by_its_arn() {
        let fault = |text| wrong_target(&Arn::parse(text).unwrap_or_else(|| panic!("{text}")));
        for good in [
            "arn:aws:lambda:eu-west-1:123456789012:function:f",
            "arn:aws:lambda:your-region:your-account-id:function:f:$LATEST",
            "arn:aws:lambda:eu-west-1:123456789012:function:f:live",
            "arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:${Name}",
            "arn:aws:states:eu-west-1:123456789012:activity:a",
        ] {
            assert_eq!(fault(good), None, "{good}");
        }
        for bad in [
            "arn:aws:lambda:eu-west-1:123456789012:function:f.waitForTaskToken",
            "arn:aws:lambda:eu-west-1:123456789012:function:f:",
            "arn:aws:lambda:eu-west-1:123456789012:function:f:$*#",
            "arn:aws:lambda:eu-west-1:123456789012:function:",
            "arn:aws:lambda:eu-west-1:123456789012:layer:f",
            "arn:aws:lambda:eu-west-1:123456789012:f",
        ] {
            assert!(fault(bad).is_some(), "{bad}");
        }
    }
}
