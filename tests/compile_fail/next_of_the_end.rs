// error: `Succeed` ends the machine and has no next state

#[allow(unused_imports)]
use sfn_tasks::prelude::*;
#[allow(unused_imports)]
use sfn_tasks::tasks::{dynamodb, lambda, sqs};

fn main() {
    let _ = Succeed::new("A").next(Pass::new("B"));
}
