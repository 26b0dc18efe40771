#!/usr/bin/env bash
# Counts instructions for inputs of one, two and four times the size, and writes docs/growth.md; fails if work is out of
# proportion. Needs valgrind and Python 3.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --quiet --locked --release -p sfn-tasks-cli
python3 tools/growth.py "${CARGO_TARGET_DIR:-target}/release/sfn-tasks" > target/growth.md || { cat target/growth.md; exit 1; }
cp target/growth.md docs/growth.md
