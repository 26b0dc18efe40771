#!/usr/bin/env bash
# Runs each fuzz target for 15 minutes (SECONDS_EACH=… for another time), from the seeds in fuzz/seeds, and prints the number of
# inputs. The arguments are targets; without arguments, it runs all. Needs cargo-fuzz and a C++ compiler.
set -euo pipefail
cd "$(dirname "$0")/../fuzz"
export RUSTC_BOOTSTRAP=1
seconds=${SECONDS_EACH:-900}
if [ $# -gt 0 ]; then targets=("$@"); else mapfile -t targets < <(cargo fuzz list); fi
status=0
for target in "${targets[@]}"; do
  mkdir -p "corpus/$target"
  log=$(mktemp)
  if cargo fuzz run --sanitizer none "$target" "corpus/$target" seeds -- \
    -max_total_time="$seconds" -max_len=16384 -timeout=20 -rss_limit_mb=4096 -print_final_stats=1 > "$log" 2>&1; then
    printf '%s: %s inputs, nothing found\n' "$target" "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")"
  else
    status=1
    printf '%s: FAILED\n' "$target"
    tail -n 30 "$log"
  fi
  rm -f "$log"
done
exit "$status"
