#!/usr/bin/env bash
# Builds the site and checks it in Chromium, which it installs with apt if necessary (CHROMIUM sets another browser).
set -euo pipefail
cd "$(dirname "$0")/.."

browser() { command -v chromium || command -v chromium-browser || command -v google-chrome; }

if [ -z "${CHROMIUM:-}" ]; then
  if ! browser >/dev/null; then
    as_root=()
    [ "$(id -u)" = 0 ] || as_root=(sudo)
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" apt-get install -qq --no-install-recommends chromium >/dev/null
  fi
  CHROMIUM=$(browser)
  export CHROMIUM
fi
npm ci --silent --no-audit --no-fund --prefix tools/site-judge >/dev/null
cargo run --quiet --locked -p sfn-tasks-site -- build
node tools/site-judge/check.mjs target/site/site
