// error: `Path` is nothing that tells how it is compared

#[allow(unused_imports)]
use sfn_tasks::prelude::*;
#[allow(unused_imports)]
use sfn_tasks::tasks::{dynamodb, lambda, sqs};

fn main() {
    let _ = var("$.a").equals(path("$.b"));
}
