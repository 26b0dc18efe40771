// error: `DeleteItem` does not support the pattern Run a Job (.sync)

use sfn_tasks::prelude::*;
use sfn_tasks::tasks::dynamodb::{AttributeValue, DeleteItem};

fn main() {
    let delete = DeleteItem::new().table_name("orders").key("id", AttributeValue::s("1"));
    let _ = Task::new("Delete item", delete).run_job();
}
