// error: required parameter not set: Message

use sfn_tasks::prelude::*;
use sfn_tasks::tasks::sns;

fn main() {
    let _ = Task::new("Publish", sns::Publish::new().topic_arn("arn:aws:sns:eu-west-1:123456789012:t"));
}
