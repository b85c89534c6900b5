#!/usr/bin/env bash
# usage: fuzz.sh [--cases N] [--from N] …. Damaged requests through unpackers, decoders and GenAI extraction, in release mode.
set -euo pipefail
# shellcheck source=env.sh
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$HEARTH_ROOT"
folders=(--corpus Conformance/fixtures/otlp)
[ -z "${HEARTH_OTLP_FIXTURES:-}" ] || folders+=(--corpus "$HEARTH_OTLP_FIXTURES")
exec swift run -c release --package-path Server/Benchmarks ${HEARTH_FUZZ_BUILD:+--scratch-path "$HEARTH_FUZZ_BUILD"} HearthFuzz "${folders[@]}" "$@"
