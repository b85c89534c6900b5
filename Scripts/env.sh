# shellcheck shell=bash
# Sourced by the other scripts, the Makefile and a developer's shell: where the shared dependencies lie.
# HEARTH_DEPS   folder outside the clone that holds what set-up fetched or built; shared by all clones of a user
# HEARTH_ROOT   the clone
# HEARTH_BUILD  folder for Swift's build products, which .ci/run keeps; default: the .build folders of the two packages
HEARTH_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
HEARTH_DEPS=${HEARTH_DEPS:-${XDG_CACHE_HOME:-$HOME/.cache}/hearth}
HEARTH_DUCKDB_VERSION=1.5.5
HEARTH_DUCKDB_DIR=$HEARTH_DEPS/duckdb-$HEARTH_DUCKDB_VERSION
HEARTH_SDK_BUILD=${HEARTH_BUILD:+$HEARTH_BUILD/sdk}
HEARTH_SDK_BUILD=${HEARTH_SDK_BUILD:-$HEARTH_ROOT/.build}
HEARTH_SERVER_BUILD=${HEARTH_BUILD:+$HEARTH_BUILD/server}
HEARTH_SERVER_BUILD=${HEARTH_SERVER_BUILD:-$HEARTH_ROOT/Server/.build}
# By default the server's folder, so that packages which both need are compiled once. One that is kept has its own: building the server takes
# packages that only the examples need out of it.
HEARTH_EXAMPLES_BUILD=${HEARTH_BUILD:+$HEARTH_BUILD/examples}
HEARTH_EXAMPLES_BUILD=${HEARTH_EXAMPLES_BUILD:-$HEARTH_SERVER_BUILD}
export HEARTH_ROOT HEARTH_DEPS HEARTH_DUCKDB_DIR HEARTH_SDK_BUILD HEARTH_SERVER_BUILD HEARTH_EXAMPLES_BUILD
case ":${PKG_CONFIG_PATH:-}:" in
*":$HEARTH_DUCKDB_DIR/pc:"*) ;;
*)
    export PKG_CONFIG_PATH="$HEARTH_DUCKDB_DIR/pc${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}"
    export LD_LIBRARY_PATH="$HEARTH_DUCKDB_DIR/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
    ;;
esac
