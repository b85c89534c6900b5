#!/usr/bin/env bash
# usage: test-traits.sh [TRAIT…]. Builds the SDK with no trait and checks what a client without traits resolves, then with each trait (or those named)
# alone, then runs the tests with all traits. Everything lies in one build folder of its own, so that packages are compiled once.
set -euo pipefail
# shellcheck source=env.sh
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$HEARTH_ROOT"
scratch=$HEARTH_SDK_BUILD-traits
traits=("$@")
if [ ${#traits[@]} = 0 ]; then
    mapfile -t traits < <(swift package dump-package | python3 -c 'import json, sys
print(*sorted(t["name"] for t in json.load(sys.stdin)["traits"] if t["name"] != "default"), sep="\n")')
fi
times=()

step() { # NAME COMMAND…
    local name=$1 from=$SECONDS
    shift
    echo "==> $name"
    "$@"
    times+=("$(printf '%5d s  %s' $((SECONDS - from)) "$name")")
}

# A client's manifest decides what is fetched: a package of its own, outside the clone.
resolved_without_traits() {
    local client allowed packages
    client=$(mktemp -d)
    mkdir -p "$client/Sources/Client"
    echo 'import Hearth; print(Hearth.isConfigured)' >"$client/Sources/Client/main.swift"
    cat >"$client/Package.swift" <<MANIFEST
// swift-tools-version: 6.2
import PackageDescription
let package = Package(
    name: "client",
    platforms: [.macOS(.v26)],
    dependencies: [.package(name: "hearth", path: "$HEARTH_ROOT")],
    targets: [.executableTarget(name: "Client", dependencies: [.product(name: "Hearth", package: "hearth")])]
)
MANIFEST
    swift package --package-path "$client" resolve >/dev/null
    packages=$(python3 -c 'import json, sys; print(*sorted(p["identity"] for p in json.load(open(sys.argv[1]))["pins"]))' "$client/Package.resolved")
    rm -rf "$client"
    echo "resolved: $packages"
    allowed=" swift-distributed-tracing swift-log swift-metrics swift-service-context "
    for package in $packages; do
        case "$allowed" in *" $package "*) ;; *)
            echo "test-traits: a client without traits resolves $package" >&2
            return 1
            ;;
        esac
    done
}

step "what a client without traits resolves" resolved_without_traits
step "no trait" swift build --scratch-path "$scratch" --build-tests
for trait in "${traits[@]}"; do step "$trait" swift build --scratch-path "$scratch" --traits "$trait"; done
step "all traits" swift build --scratch-path "$scratch" --enable-all-traits --build-tests
step "tests with all traits" swift test --scratch-path "$scratch" --enable-all-traits --skip-build
printf '%s\n' "${times[@]}"
