// error: `UpdateItem` does not support the pattern Wait for a Callback with the Task Token (.waitForTaskToken)

use sfn_tasks::prelude::*;
use sfn_tasks::tasks::dynamodb::{AttributeValue, UpdateItem};

fn main() {
    let update = UpdateItem::new().table_name("orders").key("id", AttributeValue::s("1"));
    let _ = Task::new("Update item", update).wait_for_task_token();
}
