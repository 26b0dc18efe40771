// error: the trait bound `Value<Seconds>: From<&str>` is not satisfied

use sfn_tasks::tasks::sqs;

fn main() {
    let _ = sqs::SendMessage::new().delay_seconds("soon");
}
