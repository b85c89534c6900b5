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
swift run -c release --package-path Server/Benchmarks HearthBench "$@"
# What a span of the Swift SDK costs belongs to the figures; a choice among the server's benchmarks leaves it out.
if [ $# = 0 ]; then
    echo
    echo "Swift SDK: CPU time of a span, the export thread included"
    swift run -c release --package-path Benchmarks SpanBench
    # Another implementation beside it, on the same machine in the same minute: any program that prints its figures.
    if [ -n "${SWIFT_OTEL:-}" ]; then
        echo
        echo "for comparison, $SWIFT_OTEL:"
        "$SWIFT_OTEL"
    fi
fi
