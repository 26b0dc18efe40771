// error: `Path` does not determine a comparison operator

#[allow(unused_imports)]
use sfn_tasks::prelude::*;
#[allow(unused_imports)]
use sfn_tasks::tasks::{dynamodb, lambda, sqs};

fn main() {
    let _ = var("$.a").equals(path("$.b"));
}
