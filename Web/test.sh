#!/bin/sh
# Unit tests of the pure logic: each test file is bundled and run by node's own test runner.
# Usage: Web/test.sh [name-filter]
set -eu

here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
. "$here/toolchain.sh"
find_toolchain "$here"
command -v node >/dev/null 2>&1 || { echo "test.sh: node 18 or newer is missing." >&2; exit 1; }

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
(cd "$here" && bundle test/*"${1:-}"*.test.ts --platform=node --format=cjs --outdir="$stage" --out-extension:.js=.cjs --log-level=warning)
node --test "$stage"
