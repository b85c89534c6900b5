#!/usr/bin/env bash
# usage: test.sh [--fast] [PYTEST-ARGUMENTS…]. Runs every test: the SDK's, the server's, the web UI's, then real clients against
# bin/hearth (left out with --fast), those in a browser and the faults beside the others. Ends with the time each phase took.
set -euo pipefail
# shellcheck source=env.sh
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$HEARTH_ROOT"
fast=
if [ "${1:-}" = --fast ]; then
    fast=1
    shift
fi
times=()
started=$SECONDS
log=$(mktemp)
# The lines that say which of the Swift tests failed, said again at the end: they stand among thousands.
failures=$(mktemp)
trap 'rm -f "$log" "$failures"' EXIT

phase() { # NAME COMMAND…
    local name=$1 from=$SECONDS status=0
    shift
    echo
    echo "==> $name"
    "$@" || status=$?
    ended "$name" "$from" "$status"
}

ended() { # NAME START STATUS
    times+=("$(printf '%5d s  %s' $((SECONDS - $2)) "$1")")
    if [ "$3" != 0 ]; then
        echo "==> $1 failed (exit $3)" >&2
        cat "$failures" >&2
        summary
        exit "$3"
    fi
}

# Two phases at once: much of both is waiting. The first one's output comes when both have ended; what failed is said last.
together() { # NAME COMMAND NAME COMMAND
    local from=$SECONDS first=0 second=0
    echo
    echo "==> $3, beside it $1"
    $2 >"$log" 2>&1 &
    local job=$!
    $4 || second=$?
    wait $job || first=$?
    if [ $second = 0 ] || [ $first != 0 ]; then
        echo
        echo "==> $1"
        cat "$log"
    fi
    ended "$1" "$from" "$first"
    ended "$3" "$from" "$second"
}

summary() {
    echo
    printf '%s\n' "${times[@]}" "$(printf '%5d s  all' $((SECONDS - started)))"
}

swift_build() { # PACKAGE SCRATCH
    swift build --build-tests --package-path "$1" --scratch-path "$2"
}

swift_test() { # PACKAGE SCRATCH
    local output status=0
    output=$(mktemp)
    swift test --skip-build --package-path "$1" --scratch-path "$2" 2>&1 | tee "$output" || status=$?
    [ $status = 0 ] || grep -E 'recorded an issue|Fatal error|error: ' "$output" | tail -20 >>"$failures" || true
    rm -f "$output"
    return $status
}

web_test() {
    if [ -x Web/test.sh ]; then
        Web/test.sh
    else
        echo "Web/test.sh is not there: nothing to run"
    fi
}

examples_build() {
    swift build --package-path Examples --scratch-path "$HEARTH_EXAMPLES_BUILD" || return
    HEARTH_EXAMPLES_PRODUCTS=$(swift build --package-path Examples --scratch-path "$HEARTH_EXAMPLES_BUILD" --show-bin-path)
    export HEARTH_EXAMPLES_PRODUCTS
}

sdk_test() { swift_test . "$HEARTH_SDK_BUILD"; }
server_and_web_test() { swift_test Server "$HEARTH_SERVER_BUILD" && web_test; }
# Two shares that take about as long.
browser_and_fault_test() { Scripts/conformance.sh tests/ui tests/faults; }
client_test() { Scripts/conformance.sh tests --ignore tests/ui --ignore tests/faults; }

if [ -n "$fast" ]; then
    phase "set-up" Scripts/setup.sh
else
    phase "set-up" Scripts/setup.sh --tests
fi
phase "SDK build" swift_build . "$HEARTH_SDK_BUILD"
together "SDK documentation" Scripts/docs.sh "SDK tests" sdk_test
# First, because in the same folder the server's build takes out packages that only the examples need.
[ -n "$fast" ] || phase "SDK examples build" examples_build
phase "server build" swift_build Server "$HEARTH_SERVER_BUILD"
phase "server and web tests" server_and_web_test
if [ -z "$fast" ]; then
    # Not beside the tests: both use the folder of builds, and whichever takes it last waits or fails.
    phase "release build" Scripts/build.sh
    if [ $# = 0 ]; then
        together "browser and fault tests" browser_and_fault_test "conformance" client_test
    else
        phase "conformance" Scripts/conformance.sh "$@"
    fi
fi
summary
