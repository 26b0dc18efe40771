//! The chain of the benchmarks: tasks of four services in turn. `cdk/bench.mjs` builds the same.

use sfn_tasks::prelude::*;
use sfn_tasks::tasks::dynamodb::{self, AttributeValue};
use sfn_tasks::tasks::{lambda, sns, sqs};

/// A chain of `count` tasks of four services.
pub(crate) fn chain(tasks: usize) -> Chain {
    let mut chain = task(0);
    for index in 1..tasks {
        chain = chain.next(task(index));
    }
    chain
}

fn task(index: usize) -> Chain {
    match index % 4 {
        0 => Task::new(
            format!("Get {index}"),
            dynamodb::GetItem::new().table_name("orders").key("id", AttributeValue::s(path("$.order.id"))),
        )
        .result_path("$.item")
        .into(),
        1 => Task::new(
            format!("Invoke {index}"),
            lambda::Invoke::new()
                .function_name("arn:aws:lambda:eu-west-1:123456789012:function:f")
                .payload(payload!({ "item": path("$.item"), "count": 3 })),
        )
        .into(),
        2 => Task::new(
            format!("Publish {index}"),
            sns::Publish::new()
                .topic_arn("arn:aws:sns:eu-west-1:123456789012:topic")
                .message(payload!({ "id": path("$.order.id"), "state": "done" })),
        )
        .into(),
        _ => Task::new(
            format!("Send {index}"),
            sqs::SendMessage::new()
                .queue_url("https://sqs.eu-west-1.amazonaws.com/123456789012/queue")
                .message_body(path("$.order"))
                .delay_seconds(Duration::from_secs(5)),
        )
        .into(),
    }
}
