// error: `Chain` has no retriers and no catchers

#[allow(unused_imports)]
use sfn_tasks::prelude::*;
#[allow(unused_imports)]
use sfn_tasks::tasks::{dynamodb, lambda, sqs};

fn main() {
    let _ = Pass::new("A").next(Pass::new("B")).retry(Retry::all());
}
