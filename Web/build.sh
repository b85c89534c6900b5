#!/bin/sh
# Builds the web interface into OUTDIR: index.html and assets/ with content-hashed names.
# Usage: Web/build.sh OUTDIR [--no-check]
# Uses Web/node_modules when it is there, else Debian's esbuild, node-react, node-react-dom and node-typescript. No network.
set -eu

here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
out=""
check=1
for arg in "$@"; do
    case "$arg" in
    --no-check) check=0 ;;
    -*) echo "build.sh: unknown option $arg (known: --no-check)" >&2; exit 2 ;;
    *) out=$arg ;;
    esac
done
[ -n "$out" ] || { echo "usage: build.sh OUTDIR [--no-check]" >&2; exit 2; }
mkdir -p "$out"
out=$(CDPATH= cd -- "$out" && pwd)

. "$here/toolchain.sh"
find_toolchain "$here"

if [ "$check" = 1 ]; then
    type_check "$here"
fi

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT

"$here/fonts.sh" "$stage/fonts"

(cd "$here" && bundle src/app/main.tsx --minify --outdir="$stage" \
    --entry-names='[name]-[hash]' --chunk-names='[name]-[hash]' --splitting --target=es2021 --format=esm --external:./fonts/* \
    '--define:process.env.NODE_ENV="production"' --log-level=warning --legal-comments=none)
(cd "$here" && bundle src/app/early.ts --minify --outdir="$stage" --entry-names='[name]-[hash]' --target=es2021 --format=iife --log-level=warning)

script=$(cd "$stage" && ls main-*.js)
early=$(cd "$stage" && ls early-*.js)
style=$(cd "$stage" && ls main-*.css)

rm -rf "$out/assets"
mkdir -p "$out/assets/fonts"
cp "$stage"/*.js "$stage/$style" "$out/assets/"
# What the first script needs at once is fetched beside it; other chunks come with the page that needs them.
imports() { (cd "$stage" && grep -ohE '(from|import)"\./[A-Za-z0-9_.-]+\.js"' "$@" | sed 's|.*"\./||; s|"$||' | LC_ALL=C sort -u || true); }
needed=$(imports "$script")
while :; do
    # shellcheck disable=SC2086
    more=$(imports "$script" $needed)
    [ "$more" != "$needed" ] || break
    needed=$more
done
preload=""
for chunk in $needed; do preload="$preload<link rel=\"modulepreload\" href=\"/assets/$chunk\">"; done
for font in "$stage"/fonts/*; do
    [ -e "$font" ] || continue
    cp "$font" "$out/assets/fonts/"
    case "$font" in
    *.css) ;;
    *Inter-Regular* | *Inter-Medium* | *JetBrainsMono-Regular*)
        preload="$preload<link rel=\"preload\" href=\"/assets/fonts/$(basename "$font")\" as=\"font\" type=\"font/${font##*.}\" crossorigin>" ;;
    esac
done

# The page is written last, so that it never names a file that is not there yet.
sed -e "s|%SCRIPT%|/assets/$script|" -e "s|%EARLY%|/assets/$early|" -e "s|%STYLE%|/assets/$style|" -e "s|%PRELOAD%|$preload|" \
    -e "/%FONTFACES%/{
r $stage/fonts/faces.css
d
}" "$here/index.html" >"$out/index.html"
rm -f "$out/assets/fonts/faces.css"

zipped=0
for name in $script $needed; do zipped=$((zipped + $(gzip -9c "$out/assets/$name" | wc -c))); done
printf 'built %s: first script %s KB gzip, all scripts %s KB gzip, style %s KB\n' "$out" "$((zipped / 1024))" \
    "$(($(for name in "$out"/assets/*.js; do gzip -9c "$name"; done | wc -c) / 1024))" "$(($(wc -c <"$out/assets/$style") / 1024))"
