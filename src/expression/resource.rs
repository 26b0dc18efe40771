//! The `Resource` of a task.

use super::placeholder;

/// A parsed resource ARN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Resource<'a> {
    /// The target of the call.
    pub target: Target<'a>,
    /// The suffix after the action: `.sync`, `.waitForTaskToken`, or empty.
    pub suffix: &'a str,
}

/// The target of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target<'a> {
    /// A Lambda function, by its own ARN.
    Function,
    /// An activity.
    Activity,
    /// An optimized integration.
    Optimized {
        /// `dynamodb`.
        service: &'a str,
        /// `getItem`.
        action: &'a str,
    },
    /// An AWS SDK integration.
    Sdk {
        /// `s3`.
        service: &'a str,
        /// `getBucketTagging`.
        action: &'a str,
    },
    /// A target that is only known at deployment, or that the library does not check.
    Other,
    /// A resource of a service that cannot be called by its ARN, such as a topic.
    Uncallable(&'a str),
}

impl<'a> Resource<'a> {
    /// Parses a resource. `None` if the text is not an ARN.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let other = Some(Self { target: Target::Other, suffix: "" });
        let Some(Arn { service, resource: rest, .. }) = Arn::parse(text) else {
            return if placeholder::is_in(text) { other } else { None };
        };
        let target = match service {
            "lambda" => Target::Function,
            "states" => match rest.split(':').next() {
                Some("stateMachine") => Target::Uncallable("state machine"),
                Some("execution" | "express" | "mapRun") => Target::Uncallable("execution"),
                Some("activity") => Target::Activity,
                // An integration. Its ARN has no region and account, or those of the state machine.
                _ => return Some(Self::integration(rest)),
            },
            _ if placeholder::is_in(service) => Target::Other,
            // The Amazon States Language specification uses task ARNs of SWF in its examples.
            "swf" => Target::Other,
            _ => Target::Uncallable(service),
        };
        Some(Self { target, suffix: "" })
    }

    fn integration(rest: &'a str) -> Self {
        let (service, call) = rest.split_once(':').unwrap_or((rest, ""));
        let (sdk, service, call) = match (service, call.split_once(':')) {
            ("aws-sdk", Some((service, call))) => (true, service, call),
            ("aws-sdk", None) => (true, call, ""),
            _ => (false, service, call),
        };
        let (action, suffix) = call.split_at(call.find('.').unwrap_or(call.len()));
        let target = match () {
            () if placeholder::is_in(rest) => Target::Other,
            () if sdk => Target::Sdk { service, action },
            () => Target::Optimized { service, action },
        };
        Self { target, suffix }
    }
}

/// The parts of an ARN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Arn<'a> {
    /// `aws`.
    pub partition: &'a str,
    /// `lambda`.
    pub service: &'a str,
    /// The region. The ARNs of some services have none.
    pub region: &'a str,
    /// The account. The ARNs of some services have none.
    pub account: &'a str,
    /// The text after the account.
    pub resource: &'a str,
}

impl<'a> Arn<'a> {
    /// Parses an ARN. A `:` inside a placeholder is not a separator.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let colons: Vec<usize> = colons(text).take(5).collect();
        let [arn, partition, service, region, account] = colons[..] else { return None };
        (&text[..arn] == "arn").then(|| Self {
            partition: &text[arn + 1..partition],
            service: &text[partition + 1..service],
            region: &text[service + 1..region],
            account: &text[region + 1..account],
            resource: &text[account + 1..],
        })
    }

    /// The parts of the resource, separated by `:`.
    pub(crate) fn resource_parts(&self) -> impl Iterator<Item = &'a str> {
        let text = self.resource;
        let mut start = 0;
        let ends: Vec<usize> = colons(text).chain([text.len()]).collect();
        ends.into_iter().map(move |end| {
            let part = &text[start..end];
            start = end + 1;
            part
        })
    }
}

/// The places of `:` outside placeholders.
fn colons(text: &str) -> impl Iterator<Item = usize> + '_ {
    let mut placeholders: Vec<_> = placeholder::find(text).chain(placeholder::find_hashed(text)).collect();
    placeholders.sort_by_key(|range| range.start);
    let mut next = 0;
    text.match_indices(':').map(|(at, _)| at).filter(move |at| {
        while placeholders.get(next).is_some_and(|range| range.end <= *at) {
            next += 1;
        }
        !placeholders.get(next).is_some_and(|range| range.contains(at))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resources_are_taken_apart() {
        let parse = |text| Resource::parse(text).map(|resource| (resource.target, resource.suffix));
        let optimized = |service, action| Target::Optimized { service, action };
        assert_eq!(parse("arn:aws:states:::dynamodb:getItem"), Some((optimized("dynamodb", "getItem"), "")));
        assert_eq!(
            parse("arn:${AWS::Partition}:states:::states:startExecution.sync:2"),
            Some((optimized("states", "startExecution"), ".sync:2"))
        );
        assert_eq!(
            parse("arn:aws-cn:states:::aws-sdk:s3:getObject.waitForTaskToken"),
            Some((Target::Sdk { service: "s3", action: "getObject" }, ".waitForTaskToken"))
        );
        assert_eq!(parse("arn:aws:lambda:us-east-1:123456789012:function:f:$LATEST"), Some((Target::Function, "")));
        assert_eq!(parse("arn:aws:states:us-east-1:123456789012:activity:a"), Some((Target::Activity, "")));
        assert_eq!(
            parse("arn:aws:states:us-east-1:123456789012:aws-sdk:s3:getObject"),
            Some((Target::Sdk { service: "s3", action: "getObject" }, ""))
        );
        assert_eq!(
            parse("arn:aws:states:${AWS::Region}:${AWS::AccountId}:sqs:sendMessage.waitForTaskToken"),
            Some((optimized("sqs", "sendMessage"), ".waitForTaskToken"))
        );
        assert_eq!(
            parse("arn:aws:states:us-east-1:123456789012:execution:m:e"),
            Some((Target::Uncallable("execution"), ""))
        );
        assert_eq!(
            parse("arn:aws:lambda:#{AWS::Region}:${AWS::AccountId}:function:f-#{AWS::StackName}"),
            Some((Target::Function, ""))
        );
        assert_eq!(parse("${FunctionArn}"), Some((Target::Other, "")));
        assert_eq!(parse("arn:aws:states:::${Service}:call"), Some((Target::Other, "")));
        assert_eq!(parse("arn:aws:sns:us-east-1:123456789012:t"), Some((Target::Uncallable("sns"), "")));
        assert_eq!(parse("lambda:invoke"), None);
        assert_eq!(parse(""), None);
    }
}
