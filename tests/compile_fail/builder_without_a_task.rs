// error: `Invoke` is no state

use sfn_tasks::prelude::*;
use sfn_tasks::tasks::lambda;

fn main() {
    let _ = Pass::new("A").next(lambda::Invoke::new().function_name("f"));
}
