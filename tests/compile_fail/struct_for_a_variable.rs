// error: `Order` cannot be a payload

#[allow(unused_imports)]
use sfn_tasks::prelude::*;
#[allow(unused_imports)]
use sfn_tasks::tasks::{dynamodb, lambda, sqs};

fn main() {
    struct Order;
    let _ = Pass::new("A").assign("order", Order);
}
