//! Builds and renders the same chain with the AWS CDK and with this library, one after the other, and prints the ratio.
//!
//! `cargo bench --bench ratio` (the number of tasks can follow after `--`). It needs Node.js and npm.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use sfn_tasks::StateMachine;

mod chain;

fn main() {
    let tasks = std::env::args().filter_map(|argument| argument.parse().ok()).next().unwrap_or(1_000);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/cdk");
    if !folder.join("node_modules").exists() {
        let installed =
            Command::new("npm").args(["install", "--silent", "--no-audit", "--no-fund"]).current_dir(&folder).status();
        if !installed.is_ok_and(|status| status.success()) {
            println!("skipped: `npm install` did not work in benches/cdk");
            return;
        }
    }
    let cdk = Command::new("node").arg("bench.mjs").arg(tasks.to_string()).current_dir(&folder).output();
    let cdk = cdk.ok().and_then(|output| serde_json::from_slice::<serde_json::Value>(&output.stdout).ok());
    let seconds = |name: &str| cdk.as_ref().and_then(|result| result[name].as_f64());
    let (Some(synth), Some(definition)) = (seconds("synthSeconds"), seconds("definitionSeconds")) else {
        println!("skipped: node did not run benches/cdk/bench.mjs");
        return;
    };
    let unchecked =
        median(|| StateMachine::builder(chain::chain(tasks)).build_unchecked().map(|machine| machine.to_string()));
    let checked = median(|| StateMachine::new(chain::chain(tasks)).map(|machine| machine.to_string()));
    println!("{tasks} tasks, build and render, median       ms   against synth   against the definition alone");
    let row = |name: &str, seconds: f64| {
        println!("{name:<34}{:>12.3}{:>16.1}{:>31.1}", seconds * 1e3, synth / seconds, definition / seconds);
    };
    row("CDK, synth without validation", synth);
    row("CDK, the definition alone", definition);
    row("sfn-tasks, checks off", unchecked);
    row("sfn-tasks, all checks", checked);
}

/// The median of 101 runs, in seconds.
fn median<T>(mut run: impl FnMut() -> T) -> f64 {
    let mut seconds: Vec<f64> = (0..101)
        .map(|_| {
            let start = Instant::now();
            std::hint::black_box(run());
            start.elapsed().as_secs_f64()
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    seconds[50]
}
