#!/usr/bin/env bash
# usage: docs.sh [--check]. Makes the documentation of the SDK's modules with DocC, below bin/docs. Warnings are errors, and so are public
# symbols without a comment. Modules behind traits are made with all traits (HEARTH_TRAITS=all), which builds their packages.
set -euo pipefail
# shellcheck source=env.sh
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$HEARTH_ROOT"
traits=()
scratch=$HEARTH_SDK_BUILD
if [ "${HEARTH_TRAITS:-}" = all ]; then
    traits=(--enable-all-traits)
    scratch=$HEARTH_SDK_BUILD-traits
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
graphs=$work/graphs

# Symbol graphs are written when a module is compiled: in a folder of their own they are always there.
swift build "${traits[@]}" --scratch-path "$scratch-docs" -Xswiftc -emit-symbol-graph -Xswiftc -emit-symbol-graph-dir -Xswiftc "$scratch-docs/graphs" \
    -Xswiftc -emit-extension-block-symbols
cp -R "$scratch-docs/graphs" "$graphs"

modules=()
for catalog in Sources/*/*.docc; do
    module=$(basename "$(dirname "$catalog")")
    # Without its trait a module is empty.
    if grep -qs '"accessLevel":"public"' "$graphs/$module.symbols.json" "$graphs/$module"@*.symbols.json; then modules+=("$module"); fi
done
python3 Scripts/undocumented.py "${modules[@]/#/$graphs/}" "$graphs/OTLPWire" "$graphs/GenAIPrices"
mkdir -p bin/docs
for module in "${modules[@]}"; do
    mkdir "$work/$module"
    cp "$graphs/$module.symbols.json" "$graphs/$module"@*.symbols.json "$work/$module/" 2>/dev/null || true
    docc convert "Sources/$module/$module.docc" --additional-symbol-graph-dir "$work/$module" --fallback-display-name "$module" \
        --fallback-bundle-identifier "hearth.$module" --fallback-bundle-version 1 --warnings-as-errors --output-path "$work/$module.doccarchive"
    rm -rf "bin/docs/$module.doccarchive"
    mv "$work/$module.doccarchive" bin/docs/
done
echo "docs: ${#modules[@]} modules are in bin/docs"
