//! Messages about keys, formats and prefixes that come from specs.

use sfn_tasks::asl::StateMachine;
use sfn_tasks::catalog::Shape;
use sfn_tasks::check::{Options, check};

/// The messages for a task with this resource and these parameters.
fn findings(call: &str, parameters: &str) -> Vec<String> {
    let text = format!(
        r#"{{"StartAt":"A","States":{{"A":{{"Type":"Task","Resource":"arn:aws:states:::{call}","Parameters":{parameters},"End":true}}}}}}"#
    );
    let machine: StateMachine = text.parse().expect("JSON");
    check(&machine, &Options::default()).iter().map(ToString::to_string).collect()
}

fn assert_tells(call: &str, parameters: &str, told: &str) {
    let found = findings(call, parameters);
    assert!(found.iter().any(|finding| finding.contains(told)), "{call} {parameters}: {told}: {found:?}");
}

#[test]
fn a_map_refuses_keys_in_any_letters() {
    let api = |headers: &str| format!(r#"{{"ApiEndpoint":"a.example.com","Method":"GET","Headers":{headers}}}"#);
    for key in ["Authorization", "HOST", "x-amz-date", "X-Forwarded-For", "Via.$"] {
        let value = if key.ends_with(".$") { "$.via" } else { "x" };
        assert_tells("apigateway:invoke", &api(&format!(r#"{{"{key}":"{value}"}}"#)), "is not allowed");
    }
    assert_eq!(findings("apigateway:invoke", &api(r#"{"X-Request-Id":["1"],"Accept":["a"]}"#)), [""; 0]);
    let http = r#"{"ApiEndpoint":"https://a.example.com","Method":"GET","InvocationConfig":{"ConnectionArn.$":"$.c"},"Headers":{"Cache-Control":"no"}}"#;
    assert_tells("http:invoke", http, "`Cache-Control` is not allowed; The task fails with `States.Runtime`");
}

#[test]
fn a_string_refuses_forms() {
    let api = |host: &str| format!(r#"{{"ApiEndpoint":"{host}","Method":"GET"}}"#);
    assert_tells("apigateway:invoke", &api("https://a.example.com"), "without `https://`");
    assert_tells("apigateway:invoke", &api("a.example.com/prod"), "`Stage` and `Path`");
    let event = |source: &str, detail: &str| {
        format!(r#"{{"Entries":[{{"Source":"{source}","DetailType":"T","Detail":{detail}}}]}}"#)
    };
    assert_tells("events:putEvents", &event("aws.orders", "{}"), "belong to AWS");
    assert_tells("events:putEvents", &event("shop", r#""not JSON""#), "is not JSON");
    assert_tells("events:putEvents", &event("shop", "3"), "`Detail` is");
    for detail in [r#"{"a":1}"#, r#""{\"a\":1}""#] {
        assert_eq!(findings("events:putEvents", &event("aws-like.shop", detail)), [""; 0]);
    }
}

#[test]
fn a_rule_speaks_of_a_form() {
    let send = |queue: &str, more: &str| format!(r#"{{"QueueUrl":"{queue}","MessageBody":"b"{more}}}"#);
    let (standard, fifo) = (
        "https://sqs.eu-west-1.amazonaws.com/111122223333/q",
        "https://sqs.eu-west-1.amazonaws.com/111122223333/q.fifo",
    );
    assert_tells("sqs:sendMessage", &send(fifo, ""), "requires a `MessageGroupId`");
    let group = r#","MessageGroupId":"g""#;
    assert_tells(
        "sqs:sendMessage",
        &send(fifo, &format!(r#"{group},"DelaySeconds":3"#)),
        "does not support `DelaySeconds`",
    );
    let twice = format!(r#"{group},"MessageDeduplicationId":"d""#);
    assert_tells("sqs:sendMessage", &send(standard, &twice), "is for FIFO queues, whose names end");
    for queue in [fifo, "${Queue}", "https://sqs.eu-west-1.amazonaws.com/111122223333/${Name}"] {
        assert_eq!(findings("sqs:sendMessage", &send(queue, &twice)), [""; 0], "{queue}");
    }
    let get = r#"{"ApiEndpoint":"a.example.com","Method":"GET","RequestBody":{}}"#;
    assert_tells("apigateway:invoke", get, "have a body");
}

/// The generator's facts about the integrations that call the user's own functions and APIs.
#[test]
fn own_calls_are_those_of_the_catalog() {
    for own in sfn_tasks_codegen::OWN_CALLS {
        let (service, name) = own.call.split_once(':').expect("a service and an API");
        let action = sfn_tasks::catalog::find(service, name).expect("the integration exists");
        assert_eq!(
            (action.resource_member, action.body_member),
            (own.resource_member, own.body_member),
            "{}",
            own.call
        );
        let patterns: Vec<&str> = action.patterns.iter().map(|support| support.pattern.key()).collect();
        assert_eq!(patterns, own.patterns, "{}", own.call);
        let members = action.parameters.members.iter();
        let (mut required, mut optional): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
        members.for_each(|it| if it.required { required.push(it.name) } else { optional.push(it.name) });
        optional.sort_unstable();
        assert_eq!(own.members[..own.required], required, "{}", own.call);
        assert_eq!(own.members[own.required..], optional, "{}", own.call);
        for member in action.parameters.members.iter() {
            if let Shape::String(shape) = &member.shape {
                let form = own.forms.iter().find(|(name, _)| *name == member.name).map(|(_, form)| *form);
                assert!(
                    form.is_none() || shape.pattern.is_none() || form == shape.pattern,
                    "{} {}",
                    own.call,
                    member.name
                );
            }
        }
    }
}
