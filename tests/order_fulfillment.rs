//! Runs the example: every branch can be reached, and does what its name says.

#![allow(clippy::unwrap_used)]

use serde_json::{Value, json};
use sfn_tasks::run::{Mock, Run, Runner, Status};

#[allow(dead_code)] // `main` prints the definition.
#[path = "../examples/order_fulfillment.rs"]
mod example;

fn order(approved: bool) -> Value {
    let line = |sku: &str, count: &str| json!({ "M": { "sku": { "S": sku }, "count": { "N": count } } });
    let mut item = json!({ "id": { "S": "7" }, "lines": { "L": [line("a", "1"), line("b", "2")] } });
    if approved {
        item["approved"] = json!({ "BOOL": true });
    }
    json!({ "Item": item, "SdkHttpMetadata": {} })
}

fn run(found: Value, asked: Mock, reserved: Mock) -> Run {
    let machine = example::machine().unwrap();
    assert_eq!(machine.warnings(), []);
    Runner::new(machine.asl())
        .mock("Get order", Mock::returns(found))
        .mock("Ask for approval", asked)
        .mock("Reserve line", reserved)
        .mock("Announce", Mock::returns(json!({ "MessageId": "1" })))
        .mock("Tell of failure", Mock::returns(json!({ "MessageId": "2" })))
        .run(json!({ "orderId": "7" }))
        .unwrap()
}

fn none() -> Mock {
    Mock::fails("NotCalled", "nobody calls this")
}

#[test]
fn an_order_that_does_not_exist_is_refused() {
    let run = run(json!({ "SdkHttpMetadata": {} }), none(), none());
    assert_eq!((run.status(), run.error()), (Status::Failed, Some("Orders.Unknown")));
    assert_eq!(run.way(), ["Get order", "Needs approval?", "No such order"]);
}

#[test]
fn an_order_that_was_approved_before_is_reserved_and_announced() {
    let run = run(order(true), none(), Mock::returns(json!({})));
    assert_eq!(run.status(), Status::Succeeded);
    assert!(run.went("Approved before") && !run.went("Ask for approval"));
    assert_eq!(run.calls("Reserve line").len(), 2);
    let body = run.calls("Announce")[0].parameters().get("MessageBody").unwrap().to_string();
    assert!(body.contains(r#""approvedBy":"system""#), "{body}");
}

#[test]
fn a_person_approves_an_order_that_was_not() {
    let run = run(order(false), Mock::returns(json!({ "by": "Ada" })), Mock::returns(json!({})));
    assert_eq!(run.status(), Status::Succeeded);
    let body = run.calls("Announce")[0].parameters().get("MessageBody").unwrap().to_string();
    assert!(body.contains(r#""approvedBy":"Ada""#), "{body}");
}

#[test]
fn silence_and_missing_stock_are_told_and_end_the_order() {
    for run in [
        run(order(false), Mock::never(), none()),
        run(order(true), none(), Mock::fails("DynamoDB.ConditionalCheckFailedException", "no stock")),
    ] {
        assert_eq!((run.status(), run.error()), (Status::Failed, Some("Orders.NotFulfilled")));
        assert!(run.went("Tell of failure") && !run.went("Announce"));
    }
}
