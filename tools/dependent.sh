#!/usr/bin/env bash
# Checks that a crate outside of this workspace builds with the library, with a lock file made today: our own lock file
# can hide a dependency that has left the oldest compiler behind. The compiler is that of RUSTC, if it is set. Then it
# looks for a C compiler in the dependency tree.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
msrv=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$root/Cargo.toml" | head -n 1)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/src"
cat > "$folder/Cargo.toml" <<TOML
[package]
name = "dependent"
version = "0.0.0"
edition = "2024"
rust-version = "$msrv"

[workspace]

[dependencies]
sfn-tasks = { path = "$root", default-features = false, features = ["lambda", "sqs", "yaml"] }
TOML
cat > "$folder/src/main.rs" <<'RUST'
use sfn_tasks::prelude::*;
use sfn_tasks::tasks::lambda;

fn main() -> Result<(), Problems> {
    println!("{}", StateMachine::new(Task::new("Call", lambda::Invoke::new().function_name("f")))?);
    Ok(())
}
RUST
cd "$folder"
cargo generate-lockfile --quiet
CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$root/target/dependent} cargo check --quiet
echo "a dependent builds with $(${RUSTC:-rustc} --version) and a lock file of today"
if tree=$(cargo tree --edges normal,build --prefix none --format '{p}' | grep -E '^(cc|cmake|bindgen) v' | sort -u) && [ -n "$tree" ]; then
  echo "the library needs a C compiler: $tree" >&2
  exit 1
fi
echo "no C compiler is needed"
