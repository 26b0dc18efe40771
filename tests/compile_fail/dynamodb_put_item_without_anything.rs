// error: required parameter not set: TableName
// error: required parameter not set: Item

use sfn_tasks::prelude::*;
use sfn_tasks::tasks::dynamodb;

fn main() {
    let _ = Task::new("Put item", dynamodb::PutItem::new());
}
