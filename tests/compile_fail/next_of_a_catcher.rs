// error: `Catch` does not lead to a state

#[allow(unused_imports)]
use sfn_tasks::prelude::*;

fn main() {
    let _ = Parallel::new("A").catch(Catch::all().next(Fail::new("F")), Fail::new("G"));
}
