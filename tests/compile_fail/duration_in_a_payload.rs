// error: `Duration` cannot be in a payload

#[allow(unused_imports)]
use sfn_tasks::prelude::*;
#[allow(unused_imports)]
use sfn_tasks::tasks::{dynamodb, lambda, sqs};

fn main() {
    let _ = payload!({ "wait": Duration::from_secs(3), "list": [1, "a", null, path("$.a")] });
}
