// error: `{integer}` is not a duration: pass a `Duration`, `path(…)`, `jsonata(…)`, `reference(…)` or an intrinsic function

#[allow(unused_imports)]
use sfn_tasks::prelude::*;
#[allow(unused_imports)]
use sfn_tasks::tasks::{dynamodb, lambda, sqs};

fn main() {
    let _ = Wait::seconds("Wait", 30);
}
