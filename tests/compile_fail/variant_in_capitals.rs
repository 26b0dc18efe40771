// error: no variant or associated item named `JSONL` found for enum `OutputType` in the current scope

#[allow(unused_imports)]
use sfn_tasks::prelude::*;
#[allow(unused_imports)]
use sfn_tasks::tasks::{dynamodb, lambda, sqs};

fn main() {
    let _ = OutputType::JSONL;
}
