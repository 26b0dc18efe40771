#!/usr/bin/env bash
# Compares the public surface with docs/public-api.txt; UPDATE=1 updates that file. The JSON of
# rustdoc is not stable: if the compiler writes another format than the script supports, the comparison is skipped.
set -euo pipefail
cd "$(dirname "$0")/.."
RUSTC_BOOTSTRAP=1 cargo rustdoc --quiet --lib -p sfn-tasks --all-features -- -Z unstable-options --output-format json
if ! python3 tools/public_api.py target/doc/sfn_tasks.json > target/public-api.txt; then
  echo "skipped: this rustdoc writes another JSON format"
  exit 0
fi
if [ -n "${UPDATE:-}" ]; then cp target/public-api.txt docs/public-api.txt; fi
diff -u docs/public-api.txt target/public-api.txt || { echo "the public surface has changed: UPDATE=1 tools/public-api.sh" >&2; exit 1; }
