//! What a task calls, in a few words.

use crate::asl::{Node, State};
use crate::catalog::{self, Action};

/// `Lambda: invoke` for the resource of a Lambda call; the resource itself where it cannot be taken apart.
pub(super) fn describe(resource: &str) -> String {
    let Some((service, region, rest)) = split(resource) else { return resource.to_owned() };
    match service {
        "states" if region.is_empty() => match rest.split_once(':') {
            Some(("aws-sdk", call)) => match call.split_once(':') {
                Some((service, action)) => format!("AWS SDK {service}: {action}"),
                None => format!("AWS SDK {call}"),
            },
            Some((service, action)) => format!("{}: {action}", title(service)),
            None => title(rest),
        },
        "states" => match rest.split_once(':') {
            Some(("activity", name)) => format!("Activity: {name}"),
            _ => resource.to_owned(),
        },
        "lambda" => format!("{}: {}", title(service), rest.strip_prefix("function:").unwrap_or(rest)),
        _ => format!("{}: {rest}", title(service)),
    }
}

/// `acme: quote` for the call of an integration that is not in a spec of this library.
pub(super) fn of_own(state: &State<'_>, resource: &str, own: &[&'static Action]) -> Option<String> {
    let payload = state.payload();
    let action = catalog::recognize(own, resource, payload.as_ref().map(Node::json))?;
    let suffix = match split(resource)? {
        ("states", "", call) => call.find('.').map_or("", |at| &call[at..]),
        _ => "",
    };
    Some(format!("{}: {}{suffix}", action.service, action.name))
}

/// AWS's name of the service without the company in front, by its initials where the ARN has them: `SNS`. The name in
/// the ARN if the catalog does not know it.
fn title(service: &str) -> String {
    let known = catalog::service(service);
    let title = known.map_or(service, |known| known.title);
    let title = title.strip_prefix("Amazon ").or_else(|| title.strip_prefix("AWS ")).unwrap_or(title);
    let initials: String = title.split(' ').filter_map(|word| word.chars().next()).collect();
    if initials.len() > 1 && initials.eq_ignore_ascii_case(service) { initials } else { title.to_owned() }
}

/// The service, the region and what is behind the account. A `:` inside of `${…}` does not count.
fn split(arn: &str) -> Option<(&str, &str, &str)> {
    let mut colons = Vec::with_capacity(5);
    let mut inside = false;
    for (at, character) in arn.char_indices() {
        match character {
            '{' => inside = true,
            '}' => inside = false,
            ':' if !inside && colons.len() < 5 => colons.push(at),
            _ => {}
        }
    }
    let [end, partition, service, region, account] = colons[..] else { return None };
    (&arn[..end] == "arn").then(|| (&arn[partition + 1..service], &arn[service + 1..region], &arn[account + 1..]))
}

#[cfg(test)]
mod tests {
    use super::describe;

    #[test]
    fn resources_are_told_in_words() {
        for (resource, words) in [
            ("arn:aws:states:::aws-sdk:s3:listBuckets", "AWS SDK s3: listBuckets"),
            ("arn:${AWS::Partition}:states:::unheard:of.sync:2", "unheard: of.sync:2"),
            ("arn:aws:states:us-east-1:123456789012:activity:pack", "Activity: pack"),
            ("${FunctionArn}", "${FunctionArn}"),
            ("arn", "arn"),
            ("", ""),
        ] {
            assert_eq!(describe(resource), words);
        }
    }

    #[cfg(feature = "all")]
    #[test]
    fn known_services_have_their_name() {
        assert_eq!(describe("arn:aws:states:::dynamodb:getItem"), "DynamoDB: getItem");
        assert_eq!(describe("arn:aws:states:::lambda:invoke.waitForTaskToken"), "Lambda: invoke.waitForTaskToken");
        assert_eq!(describe("arn:aws:lambda:us-east-1:123456789012:function:pay:live"), "Lambda: pay:live");
        assert_eq!(describe("arn:aws:states:::sns:publish"), "SNS: publish");
    }
}
