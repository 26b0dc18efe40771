// error: `&str` is not a condition

#[allow(unused_imports)]
use sfn_tasks::prelude::*;
#[allow(unused_imports)]
use sfn_tasks::tasks::{dynamodb, lambda, sqs};

fn main() {
    let _ = Choice::new("A").when("$.total > 1", Pass::new("B"));
}
