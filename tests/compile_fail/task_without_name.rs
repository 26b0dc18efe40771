// error: `Invoke` is not the name of a state
// error: this function takes 2 arguments but 1 argument was supplied

#[allow(unused_imports)]
use sfn_tasks::prelude::*;
#[allow(unused_imports)]
use sfn_tasks::tasks::{dynamodb, lambda, sqs};

fn main() {
    let _ = Task::new(lambda::Invoke::new().function_name("f"));
}
