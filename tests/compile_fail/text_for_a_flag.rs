// error: `&str` cannot be the value of a parameter of type `bool`

#[allow(unused_imports)]
use sfn_tasks::prelude::*;
#[allow(unused_imports)]
use sfn_tasks::tasks::{dynamodb, lambda, sqs};

fn main() {
    let _ = dynamodb::GetItem::new().consistent_read("true");
}
