// error: `{integer}` is not text or a list of texts

#[allow(unused_imports)]
use sfn_tasks::prelude::*;
#[allow(unused_imports)]
use sfn_tasks::tasks::{dynamodb, lambda, sqs};

fn main() {
    let _ = Task::new("A", lambda::Invoke::new().function_name("f")).grant(5, "*");
}
