// error: `Invoke` is not a state

use sfn_tasks::prelude::*;
use sfn_tasks::tasks::lambda;

fn main() {
    let _ = Pass::new("A").next(lambda::Invoke::new().function_name("f"));
}
