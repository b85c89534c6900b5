#!/usr/bin/env bash
# usage: conformance.sh PYTEST-ARGUMENTS…. Real Python clients against bin/hearth (or the program HEARTH_PROGRAM names).
set -euo pipefail
# shellcheck source=env.sh
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$HEARTH_ROOT/Conformance"
environment=$("$HEARTH_ROOT/Scripts/setup-python.sh")
exec "$environment/bin/python" -m pytest "$@" </dev/null
