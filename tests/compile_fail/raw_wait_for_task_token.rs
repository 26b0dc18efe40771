// error: `Raw` does not support the pattern Wait for a Callback with the Task Token (.waitForTaskToken)

#[allow(unused_imports)]
use sfn_tasks::prelude::*;
#[allow(unused_imports)]
use sfn_tasks::tasks::{dynamodb, lambda, sqs};

fn main() {
    let _ = Task::raw("A", "arn:aws:states:::sqs:sendMessage", ()).wait_for_task_token();
}
