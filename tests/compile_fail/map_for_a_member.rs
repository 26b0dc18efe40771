// error: `Payload` is not a key of a map
// error: this method takes 2 arguments but 1 argument was supplied

#[allow(unused_imports)]
use sfn_tasks::prelude::*;
#[allow(unused_imports)]
use sfn_tasks::tasks::{dynamodb, lambda, sqs};

fn main() {
    let _ = dynamodb::PutItem::new().item(payload!({}));
}
