#!/usr/bin/env bash
# usage: build-web.sh OUTDIR. Runs Web/build.sh unless OUTDIR was already made from the same sources.
set -euo pipefail
# shellcheck source=env.sh
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$HEARTH_ROOT"
out=$1
# Raise the number when what is around Web/build.sh changes the result.
stamp=$({ echo 1; cat Scripts/web-requirements.txt; find Web -type f -not -path '*/node_modules/*' -not -path 'Web/dist/*' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum; } | sha256sum | cut -d ' ' -f 1)
if [ "$(cat "$out.stamp" 2>/dev/null)" = "$stamp" ] && [ -d "$out" ]; then
    exit 0
fi
echo "build: the web UI"
rm -rf "$out.new" "$out.stamp"
mkdir -p "$out.new"
tools=$(Scripts/setup-python.sh "$HEARTH_ROOT/Scripts/web-requirements.txt")
PATH="$tools/bin:$PATH" Web/build.sh "$(cd "$out.new" && pwd)"
rm -rf "$out"
mv "$out.new" "$out"
echo "$stamp" >"$out.stamp"
