#!/usr/bin/env bash
# usage: span-cost.sh. Counts the instructions of a span of the Swift SDK with callgrind and compares them with the committed limits: unlike times
# they do not depend on what else the machine does. Exit code 1 when a limit is exceeded.
set -euo pipefail
# shellcheck source=env.sh
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$HEARTH_ROOT"
command -v valgrind >/dev/null || { echo "span-cost: valgrind is not installed (Debian: apt install valgrind)." >&2; exit 1; }
swift build -c release --package-path Benchmarks --product SpanBench >&2
bench=$(swift build -c release --package-path Benchmarks --show-bin-path)/SpanBench
# Hashes that differ from run to run would cost differently too.
export SWIFT_DETERMINISTIC_HASHING=1
instructions() { # ROW COUNT
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$bench" --only "$1" --count "$2" 2>&1 >/dev/null |
        sed -n 's/^.*Collected *: *\([0-9]*\).*$/\1/p'
}
failed=0
while IFS=$'\t' read -r row limit; do
    case $row in '' | '#'*) continue ;; esac
    # The difference of two counts leaves out the start of the process, which is not always the same: what is cheap is counted more often.
    spans=$((limit < 1000 ? 200000 : 10000))
    few=$(instructions "$row" 2000)
    many=$(instructions "$row" $((2000 + spans)))
    each=$(((many - few) / spans))
    verdict=ok
    if [ "$each" -gt "$limit" ]; then
        verdict='TOO MANY'
        failed=1
    fi
    printf '%-45s %6d instructions, limit %6d: %s\n' "$row" "$each" "$limit" "$verdict"
done <Benchmarks/instruction-limits.tsv
exit $failed
