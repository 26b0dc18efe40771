// error: mismatched types

use sfn_tasks::prelude::*;
use sfn_tasks::tasks::lambda;

fn main() {
    let mut call = lambda::Invoke::new();
    if std::env::args().count() > 1 {
        call = call.function_name("f");
    }
    let _ = call;
}
