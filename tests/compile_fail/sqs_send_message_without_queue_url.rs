// error: required parameter not set: QueueUrl

use sfn_tasks::prelude::*;
use sfn_tasks::tasks::sqs;

fn main() {
    let _ = Task::new("Send", sqs::SendMessage::new().message_body("hello"));
}
