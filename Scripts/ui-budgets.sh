#!/usr/bin/env bash
# usage: ui-budgets.sh [--json] [--times N] [--table FILE]. Measures the web UI's budgets in Chromium against bin/hearth and prints a table.
set -euo pipefail
# shellcheck source=env.sh
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$HEARTH_ROOT/Conformance"
environment=$("$HEARTH_ROOT/Scripts/setup-python.sh")
exec "$environment/bin/python" ui_budgets.py "$@"
