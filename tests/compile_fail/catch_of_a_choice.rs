// error: `Choice` has no retriers and no catchers

#[allow(unused_imports)]
use sfn_tasks::prelude::*;
#[allow(unused_imports)]
use sfn_tasks::tasks::{dynamodb, lambda, sqs};

fn main() {
    let _ = Choice::new("A").catch(Catch::all(), Fail::new("F"));
}
