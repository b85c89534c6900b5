#!/usr/bin/env bash
# Builds the server (release) and the web UI, and lays out bin/: the program, its libraries beside it, and the web bundle.
set -euo pipefail
# shellcheck source=env.sh
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$HEARTH_ROOT"

# Replaces a file by rename, so that a server running from bin/ keeps the file it started from.
put() { # SOURCE TARGET
    if ! cmp -s "$1" "$2"; then
        cp "$1" "$2.new"
        mv -f "$2.new" "$2"
    fi
}

echo "build: the server (a first build takes several minutes)"
swift=(swift build -c release --static-swift-stdlib --package-path Server --scratch-path "$HEARTH_SERVER_BUILD" --product hearth)
"${swift[@]}"
products=$("${swift[@]}" --show-bin-path)

mkdir -p bin
put "$products/hearth" bin/hearth.program
put Scripts/launcher.sh bin/hearth
for library in "$HEARTH_DUCKDB_DIR"/lib/libduckdb*.so "$HEARTH_DUCKDB_DIR"/lib/libduckdb*.dylib; do
    [ ! -f "$library" ] || put "$library" "bin/$(basename "$library")"
done
# These lie beside the program as well, so that it runs on a machine without their packages.
if command -v ldd >/dev/null; then
    ldd "$products/hearth" | awk '$1 ~ /^lib(zstd|jemalloc)\./ && $3 ~ /^\// { print $3 }' | while read -r library; do
        put "$(readlink -f "$library")" "bin/$(basename "$library")"
    done
fi
for bundle in "$products"/*.resources; do
    if [ -d "$bundle" ]; then
        rm -rf "bin/$(basename "$bundle")"
        cp -R "$bundle" bin/
    fi
done

Scripts/build-web.sh bin/web
echo "build: done, bin/hearth serve starts it"
