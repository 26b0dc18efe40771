// error: `&str` cannot be the value of a parameter of type `InvocationType`

#[allow(unused_imports)]
use sfn_tasks::prelude::*;
#[allow(unused_imports)]
use sfn_tasks::tasks::{dynamodb, lambda, sqs};

fn main() {
    let _ = lambda::Invoke::new().invocation_type("Event");
}
