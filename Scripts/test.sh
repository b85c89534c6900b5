#!/usr/bin/env bash
# usage: test.sh [--fast] [PYTEST-ARGUMENTS…]. Runs every test: the SDK's, the server's, the web UI's, then real clients against
# bin/hearth (left out with --fast). Ends with the time each phase took.
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

phase() { # NAME COMMAND…
    local name=$1 from=$SECONDS status=0
    shift
    echo
    echo "==> $name"
    "$@" || status=$?
    times+=("$(printf '%5d s  %s' $((SECONDS - from)) "$name")")
    if [ $status != 0 ]; then
        echo "==> $name failed (exit $status)" >&2
        summary
        exit $status
    fi
}

summary() {
    echo
    printf '%s\n' "${times[@]}" "$(printf '%5d s  all' $((SECONDS - started)))"
}

swift_test() { # PACKAGE SCRATCH
    swift build --build-tests --package-path "$1" --scratch-path "$2" &&
        swift test --skip-build --package-path "$1" --scratch-path "$2"
}

web_test() {
    if [ -x Web/test.sh ]; then
        Web/test.sh
    else
        echo "Web/test.sh is not there: nothing to run"
    fi
}

if [ -n "$fast" ]; then
    phase "set-up" Scripts/setup.sh
else
    phase "set-up" Scripts/setup.sh --tests
fi
phase "SDK tests" swift_test . "$HEARTH_SDK_BUILD"
phase "server tests" swift_test Server "$HEARTH_SERVER_BUILD"
phase "web tests" web_test
if [ -z "$fast" ]; then
    phase "build" Scripts/build.sh
    phase "conformance" Scripts/conformance.sh "$@"
fi
summary
