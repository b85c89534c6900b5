#!/usr/bin/env bash
# usage: bench.sh ARGUMENTS…. Runs the benchmarks (a package of their own) in release mode.
set -euo pipefail
# shellcheck source=env.sh
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$HEARTH_ROOT"
if [ ! -f Server/Benchmarks/Package.swift ]; then
    echo "bench: Server/Benchmarks is missing from this clone." >&2
    exit 1
fi
exec swift run -c release --package-path Server/Benchmarks HearthBench "$@"
