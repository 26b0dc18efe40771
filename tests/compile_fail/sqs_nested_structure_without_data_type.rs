// error: required parameter not set: DataType

use sfn_tasks::tasks::sqs;

fn main() {
    let _ = sqs::SendMessage::new().message_attributes("a", sqs::MessageAttributeValue::new().string_value("b"));
}
