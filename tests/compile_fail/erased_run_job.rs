// error: `Erased` does not support the pattern Run a Job (.sync)

#[allow(unused_imports)]
use sfn_tasks::prelude::*;
#[allow(unused_imports)]
use sfn_tasks::tasks::{dynamodb, lambda, sqs};

fn main() {
    let _ = Task::new("A", lambda::Invoke::new().function_name("f")).erase().run_job();
}
