#!/usr/bin/env bash
# usage: setup-python.sh [REQUIREMENTS]. Makes a Python environment with the pinned packages of a file (default: the conformance
# suite's) in $HEARTH_DEPS, keyed by the file's content, and prints its folder.
set -euo pipefail
# shellcheck source=env.sh
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
requirements=${1:-$HEARTH_ROOT/Conformance/requirements.txt}
key=$({ python3 --version && cat "$requirements"; } | sha256sum | cut -c 1-16)
out=$HEARTH_DEPS/python-$key

fail() {
    echo "setup-python: $*" >&2
    exit 1
}

if [ ! -f "$out/complete" ]; then
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || fail "$(python3 --version) is too old; Hearth's tools need Python 3.11 or newer."
    mkdir -p "$HEARTH_DEPS"
    if command -v flock >/dev/null; then # two set-ups at once: the second waits, then finds the work done
        exec 9>"$out.lock"
        flock 9
    fi
    if [ ! -f "$out/complete" ]; then
        echo "setup-python: installing the packages of $(basename "$(dirname "$requirements")")/$(basename "$requirements") (once)" >&2
        rm -rf "$out" # what an interrupted set-up left; an environment cannot be renamed into place, so a last file marks it whole
        python3 -m venv "$out" >&2 || fail "a virtual environment could not be made; install python3-venv (apt-get install python3-venv)."
        if ! "$out/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: -r "$requirements" >"$out/pip.log" 2>&1; then
            fail "pip could not install $requirements: $(tail -n 1 "$out/pip.log")"
        fi
        touch "$out/complete"
    fi
fi
echo "$out"
