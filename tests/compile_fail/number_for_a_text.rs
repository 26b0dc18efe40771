// error: `{integer}` cannot be the value of a parameter of type `std::string::String`

#[allow(unused_imports)]
use sfn_tasks::prelude::*;
#[allow(unused_imports)]
use sfn_tasks::tasks::{dynamodb, lambda, sqs};

fn main() {
    let _ = dynamodb::GetItem::new().table_name(5);
}
