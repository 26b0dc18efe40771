//! Reads an order, asks a person for approval, reserves each line, and sends a notification.
//!
//! `cargo run --example order_fulfillment` prints the definition in the Amazon States Language.

use sfn_tasks::prelude::*;
use sfn_tasks::tasks::dynamodb::{self, AttributeValue};
use sfn_tasks::tasks::{lambda, sns, sqs};

fn main() -> Result<(), Problems> {
    let machine = machine()?;
    println!("{machine:#}");
    for warning in machine.warnings() {
        eprintln!("{warning}");
    }
    Ok(())
}

/// The workflow. The person who approves an order sends the output `{"by": "…"}`.
pub(crate) fn machine() -> Result<StateMachine, Problems> {
    let get_order = Task::new(
        "Get order",
        dynamodb::GetItem::new().table_name(reference("OrdersTable")).key("id", AttributeValue::s(path("$.orderId"))),
    )
    .result_path("$.found")
    .retry(Retry::on([errors::dynamodb::PROVISIONED_THROUGHPUT_EXCEEDED_EXCEPTION]).max_attempts(5).full_jitter());

    let tell_failure = Task::new(
        "Tell of failure",
        sns::Publish::new()
            .topic_arn(reference("AlertsTopicArn"))
            .subject("An order could not be fulfilled")
            .message(payload!({ "execution": context::execution_id(), "error": path("$.error") })),
    )
    .next(Fail::new("Not fulfilled").error("Orders.NotFulfilled").cause("See the message that was sent."));

    let ask = Task::new(
        "Ask for approval",
        lambda::Invoke::new()
            .function_name(reference("AskApprovalFunctionArn"))
            .payload(payload!({ "token": task_token(), "order": path("$.found.Item") })),
    )
    .wait_for_task_token()
    .timeout(Duration::from_secs(24 * 60 * 60))
    .heartbeat(Duration::from_secs(60 * 60))
    .result_path("$.approval")
    .catch(Catch::on([errors::TIMEOUT, errors::HEARTBEAT_TIMEOUT]).result_path("$.error"), goto("Tell of failure"))
    .catch(Catch::all().result_path("$.error"), tell_failure);

    let reserve = Task::new(
        "Reserve line",
        dynamodb::UpdateItem::new()
            .table_name(reference("StockTable"))
            .key("sku", AttributeValue::s(path("$.line.M.sku.S")))
            .update_expression("SET stock = stock - :count")
            .condition_expression("stock >= :count")
            .expression_attribute_values(":count", AttributeValue::n(path("$.line.M.count.N"))),
    )
    .discard_result();

    let reserve_all = Map::new("Reserve all lines", reserve)
        .items(path("$.found.Item.lines.L"))
        .item_selector(payload!({ "line": context::map_item_value() }))
        .max_concurrency(10)
        .discard_result()
        .catch(Catch::all().result_path("$.error"), goto("Tell of failure"));

    let announce = Task::new(
        "Announce",
        sqs::SendMessage::new()
            .queue_url(reference("ShippingQueueUrl"))
            .message_body(payload!({ "order": path("$.found.Item"), "approvedBy": path("$.approval.by") })),
    );

    StateMachine::builder(
        get_order.next(
            Choice::new("Needs approval?")
                // The response of DynamoDB has no `Item` if the item does not exist.
                .when(var("$.found.Item").is_not_present(), Fail::new("No such order").error("Orders.Unknown"))
                .when(
                    all([var("$.found.Item.approved").is_present(), var("$.found.Item.approved.BOOL").equals(true)]),
                    Pass::new("Approved before").result(payload!({ "by": "system" })).result_path("$.approval"),
                )
                .otherwise(ask)
                .next(reserve_all)
                .next(announce),
        ),
    )
    .comment("Fulfils an order.")
    .timeout(Duration::from_secs(7 * 24 * 60 * 60))
    .build()
}
