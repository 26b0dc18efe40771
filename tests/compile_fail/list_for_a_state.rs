// error: `Vec<Pass>` is not a state

#[allow(unused_imports)]
use sfn_tasks::prelude::*;
#[allow(unused_imports)]
use sfn_tasks::tasks::{dynamodb, lambda, sqs};

fn main() {
    let _ = StateMachine::new(vec![Pass::new("A"), Pass::new("B")]);
}
