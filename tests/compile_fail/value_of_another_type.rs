// error: `&str` is not a duration: pass a `Duration`, `path(…)`, `jsonata(…)`, `reference(…)` or an intrinsic function

use sfn_tasks::tasks::sqs;

fn main() {
    let _ = sqs::SendMessage::new().delay_seconds("soon");
}
