#!/usr/bin/env bash
# Checks that the library builds with the oldest compiler of Cargo.toml, from Debian's packages. On a system without these
# packages, it is skipped.
set -euo pipefail
cd "$(dirname "$0")/.."
msrv=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
version=$(apt-cache madison rustc-web 2>/dev/null | awk '{print $3}' | grep "^$msrv" | head -n 1 || true)
if [ -z "$version" ]; then
  echo "skipped: no package of rustc $msrv here"
  exit 0
fi
folder=$(realpath -m target/msrv)
if [ ! -x "$folder/usr/bin/rustc" ]; then
  mkdir -p "$folder"
  apt-get install -y -q libllvm19 >/dev/null
  (cd "$folder" && apt-get download -q "rustc-web=$version" "libstd-rust-web-dev=$version" "libstd-rust-web-$msrv=$version" 2>/dev/null)
  for package in "$folder"/*.deb; do dpkg -x "$package" "$folder"; done
fi
export LD_LIBRARY_PATH=$folder/usr/lib/x86_64-linux-gnu
RUSTC=$folder/usr/bin/rustc CARGO_TARGET_DIR=target/msrv-build cargo check --quiet -p sfn-tasks -p sfn-tasks-codegen
echo "rustc $msrv builds the library and the generator"
RUSTC=$folder/usr/bin/rustc CARGO_TARGET_DIR=$(realpath -m target/msrv-dependent) tools/dependent.sh
