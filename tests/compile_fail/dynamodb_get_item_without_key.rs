// error: required parameter not set: Key

use sfn_tasks::prelude::*;
use sfn_tasks::tasks::dynamodb;

fn main() {
    let _ = Task::new("Get item", dynamodb::GetItem::new().table_name("orders"));
}
