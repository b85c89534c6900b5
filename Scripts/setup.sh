#!/usr/bin/env bash
# Installs and makes what building Hearth needs, and with --tests what testing it needs as well. Does only what is missing, so
# it is quick the second time. Debian packages come by apt-get; everything else lies in $HEARTH_DEPS, outside the clone.
set -euo pipefail
# shellcheck source=env.sh
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$HEARTH_ROOT"
kinds=build
[ "${1:-}" != --tests ] || kinds="build tests"

fail() {
    echo "setup: $*" >&2
    exit 1
}

check_tools() {
    local tool version
    for tool in git python3; do
        command -v "$tool" >/dev/null || fail "$tool is missing; install it (apt-get install $tool)."
    done
    command -v swift >/dev/null || fail "swift is missing; install Swift 6.3 or newer from swift.org and put it on the PATH."
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
    if [ "$(printf '%s\n' 6.3 "$version" | sort -V | head -n 1)" != 6.3 ]; then
        fail "Swift ${version:-of unknown version} is too old; install Swift 6.3 or newer from swift.org."
    fi
}

missing_packages() {
    local kind name
    while read -r kind name; do
        case " $kinds " in *" $kind "*) ;; *) continue ;; esac
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" = installed ] || echo "$name"
    done <Scripts/debian-packages.txt
    python3 -c 'import ensurepip, venv' 2>/dev/null || echo python3-venv
}

install_packages() {
    local missing root=()
    missing=$(missing_packages | tr '\n' ' ')
    missing=${missing% }
    [ -n "$missing" ] || return 0
    echo "setup: installing Debian packages: $missing"
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || fail "these packages are missing and there is no sudo; as root run: apt-get install $missing"
        root=(sudo)
    fi
    local log apt
    log=$(mktemp)
    apt=("${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300)
    # shellcheck disable=SC2086
    if ! { "${apt[@]}" install -y --no-install-recommends $missing ||
        { "${apt[@]}" update && "${apt[@]}" install -y --no-install-recommends $missing; }; } >"$log" 2>&1 </dev/null; then
        tail -n 15 "$log" >&2
        fail "apt-get could not install them (its last lines are above); install by hand: apt-get install $missing"
    fi
    rm -f "$log"
}

check_tools
if command -v apt-get >/dev/null; then
    install_packages
else # no Debian: the same things under other names
    for tool in pkg-config node esbuild; do
        command -v "$tool" >/dev/null || fail "$tool is missing; install it with your system's packages."
    done
fi
Scripts/setup-duckdb.sh
Scripts/setup-python.sh "$HEARTH_ROOT/Scripts/web-requirements.txt" >/dev/null
case " $kinds " in *" tests "*)
    for requirements in "$HEARTH_ROOT"/Conformance/requirements*.txt; do Scripts/setup-python.sh "$requirements" >/dev/null; done
    ;;
esac
