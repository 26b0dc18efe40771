#!/usr/bin/env bash
# Counts instructions for inputs of one, two and four times the size, and fails if they grow faster than the input. Writes the
# table to target/growth.md; with UPDATE=1 also to docs/growth.md. Needs valgrind and Python 3.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --quiet --locked --release -p sfn-tasks-cli
python3 tools/growth.py "${CARGO_TARGET_DIR:-target}/release/sfn-tasks" > target/growth.md || { cat target/growth.md; exit 1; }
cat target/growth.md
[ -z "${UPDATE:-}" ] || cp target/growth.md docs/growth.md
