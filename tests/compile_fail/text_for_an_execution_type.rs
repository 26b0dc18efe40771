// error: `&str` cannot be the value of a parameter of type `ExecutionType`

#[allow(unused_imports)]
use sfn_tasks::prelude::*;
#[allow(unused_imports)]
use sfn_tasks::tasks::{dynamodb, lambda, sqs};

fn main() {
    let _ = DistributedMap::new("A", "EXPRESS", Pass::new("B"));
}
