#!/usr/bin/env bash
# Makes DuckDB's C library ready to link and to run:
#
#   $HEARTH_DEPS/duckdb-1.5.5/{lib/libduckdb.so, include/duckdb.h, pc/hearth-duckdb.pc}
#
# A library of exactly that version that is already installed is used as it is: HEARTH_DUCKDB=/prefix names one,
# otherwise pkg-config is asked. Else it is made from DuckDB's Python package, which carries the whole engine:
# the wheel's shared object is given a plain library name, and a small companion library supplies the Python names that it
# refers to and that the C interface never calls. Nothing is fetched when the folder is already there.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=env.sh
source "$here/env.sh"
version=$HEARTH_DUCKDB_VERSION
out=$HEARTH_DUCKDB_DIR
recipe=3 # raise it when the steps below change what they produce

fail() {
    echo "setup-duckdb: $*" >&2
    exit 1
}

# The prefix of an installed DuckDB that can be used, or nothing.
installed_prefix() {
    if [ -n "${HEARTH_DUCKDB:-}" ]; then
        [ -f "$HEARTH_DUCKDB/include/duckdb.h" ] || fail "HEARTH_DUCKDB=$HEARTH_DUCKDB has no include/duckdb.h; name the prefix of a DuckDB $version."
        (cd "$HEARTH_DUCKDB" && pwd)
    elif command -v pkg-config >/dev/null && [ "$(pkg-config --modversion duckdb 2>/dev/null)" = "$version" ]; then
        pkg-config --variable=prefix duckdb
    fi
}

library_in() {
    local file
    for file in "$1"/lib/libduckdb.so "$1"/lib/*/libduckdb.so "$1"/lib64/libduckdb.so "$1"/lib/libduckdb.dylib; do
        if [ -f "$file" ]; then
            echo "$file"
            return
        fi
    done
}

library_version() {
    python3 - "$1" <<'PY'
import ctypes, sys
library = ctypes.CDLL(sys.argv[1])
library.duckdb_library_version.restype = ctypes.c_char_p
print(library.duckdb_library_version().decode().lstrip("v"))
PY
}

write_pc() { # FOLDER PREFIX LIBDIR INCLUDEDIR
    mkdir -p "$1/pc"
    printf '%s\n' "prefix=$2" "Name: hearth-duckdb" "Description: DuckDB C API" "Version: $version" \
        "Libs: -L$3 -lduckdb" "Cflags: -I$4" >"$1/pc/hearth-duckdb.pc"
}

# A Python whose pip works: the one on the path, else one in a folder of our own.
pip_python() {
    if python3 -m pip --version >/dev/null 2>&1; then
        echo python3
        return
    fi
    if ! "$HEARTH_DEPS/pip/bin/python" -m pip --version >/dev/null 2>&1; then
        rm -rf "$HEARTH_DEPS/pip"
        python3 -m venv "$HEARTH_DEPS/pip" >/dev/null 2>&1 || fail "pip is missing; install python3-venv (apt-get install python3-venv)."
    fi
    echo "$HEARTH_DEPS/pip/bin/python"
}

pinned() { awk -v kind="$1" -v machine="$2" -v field="$3" '$1 == kind && $2 == machine { print $field }' "$here/duckdb-source.txt"; }

download() { # FOLDER SHA256 PIP-OPTIONS…
    local folder=$1 sha=$2
    shift 2
    echo "duckdb==$version --hash=sha256:$sha" >"$folder/requirement.txt"
    "$python" -m pip download --quiet --disable-pip-version-check --no-deps --require-hashes -d "$folder" "$@" \
        -r "$folder/requirement.txt" >"$folder/log" 2>&1
}

# pip asks a source archive's own build code for the package's name even when it shall only download it. Answering in the
# place of that build code's imports saves fetching and running a build system (the archive is pinned, so its imports are known).
fetch_header() { # FOLDER
    local folder=$1 sha
    sha=$(pinned sdist any 3)
    mkdir -p "$folder/stand-in/scikit_build_core" "$folder/sdist"
    : >"$folder/stand-in/scikit_build_core/__init__.py"
    cat >"$folder/stand-in/scikit_build_core/build.py" <<PY
import os
def get_requires_for_build_wheel(config_settings=None):
    return []
def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
    name = "duckdb-$version.dist-info"
    os.makedirs(os.path.join(metadata_directory, name))
    with open(os.path.join(metadata_directory, name, "METADATA"), "w") as file:
        file.write("Metadata-Version: 2.1\nName: duckdb\nVersion: $version\n")
    return name
build_editable = get_requires_for_build_editable = get_requires_for_build_sdist = None
prepare_metadata_for_build_editable = build_sdist = build_wheel = None
PY
    PYTHONPATH="$folder/stand-in" download "$folder/sdist" "$sha" --no-binary duckdb --no-build-isolation ||
        download "$folder/sdist" "$sha" --no-binary duckdb ||
        fail "the source archive of duckdb $version could not be fetched with pip: $(tail -n 1 "$folder/sdist/log")"
    tar -xzf "$folder/sdist/duckdb-$version.tar.gz" -C "$folder" --strip-components 5 "duckdb-$version/external/duckdb/src/include/duckdb.h"
}

# Writes C source for every Python name the library refers to: those it reads as data get zeroed room, those it calls abort.
write_python_names() { # SHARED-OBJECT
    python3 - "$1" <<'PY'
import re, subprocess, sys

def output(*command):
    return subprocess.check_output(command, text=True).splitlines()

library = sys.argv[1]
names = {line.split()[-1] for line in output("nm", "-D", "--undefined-only", library) if line.strip()}
names = {name for name in names if re.match(r"_?Py", name)}
data = set()
for fields in map(str.split, output("readelf", "-rW", library)):
    if len(fields) >= 5 and fields[4] in names and fields[2].endswith("_GLOB_DAT"):
        data.add(fields[4])
if len(names) < 50 or not data:
    sys.exit("the Python names of the library could not be read")
print("#include <stdio.h>\n#include <stdlib.h>")
print('static void die(const char *name) { fprintf(stderr, "duckdb: Python function %s called\\n", name); abort(); }')
for name in sorted(names):
    print(f"__attribute__((aligned(16))) char {name}[1024];" if name in data else f'void {name}(void) {{ die("{name}"); }}')
PY
}

make_from_wheel() { # FOLDER
    local folder=$1 machine sha tool option
    machine=$(uname -m)
    sha=$(pinned wheel "$machine" 3)
    if [ "$(uname -s)" != Linux ] || [ -z "$sha" ]; then
        fail "no DuckDB package is known for $(uname -s) on $machine; install DuckDB $version and name its prefix in HEARTH_DUCKDB."
    fi
    for tool in python3 gcc nm readelf patchelf tar; do
        command -v "$tool" >/dev/null || fail "$tool is missing; run Scripts/setup.sh, or install it (apt-get install python3 gcc binutils patchelf)."
    done
    python=$(pip_python)
    mkdir -p "$folder/fetch/wheel" "$folder/lib" "$folder/include"
    download "$folder/fetch/wheel" "$sha" --only-binary :all: --python-version 3.11 --implementation cp --abi cp311 --platform "$(pinned wheel "$machine" 4)" ||
        fail "the wheel of duckdb $version could not be fetched with pip: $(tail -n 1 "$folder/fetch/wheel/log")"
    python3 -m zipfile -e "$folder"/fetch/wheel/*.whl "$folder/fetch/wheel/content"
    fetch_header "$folder/fetch"
    cp "$folder"/fetch/wheel/content/_duckdb.*.so "$folder/lib/libduckdb.so"
    cp "$folder/fetch/wheel/content/duckdb-$version.dist-info/licenses/LICENSE" "$folder/LICENSE"
    cp "$folder/fetch/duckdb.h" "$folder/include/duckdb.h"
    chmod 755 "$folder/lib/libduckdb.so"
    write_python_names "$folder/lib/libduckdb.so" >"$folder/fetch/pystub.c"
    gcc -shared -fPIC -O1 -w -o "$folder/lib/libduckdb_pystub.so" "$folder/fetch/pystub.c" -Wl,-soname,libduckdb_pystub.so
    # One option a call: patchelf 0.14 mixes up the arguments of several.
    # shellcheck disable=SC2016
    for option in '--set-soname libduckdb.so' '--set-rpath $ORIGIN' '--add-needed libduckdb_pystub.so'; do
        # shellcheck disable=SC2086
        patchelf $option "$folder/lib/libduckdb.so"
    done
    [ "$(library_version "$folder/lib/libduckdb.so")" = "$version" ] || fail "the library made from the wheel does not answer as DuckDB $version."
    rm -rf "$folder/fetch"
    write_pc "$folder" "$out" "$out/lib" "$out/include"
}

use_installed() { # FOLDER PREFIX
    local library actual
    library=$(library_in "$2")
    [ -n "$library" ] || fail "$2 has no lib/libduckdb; name the prefix of a DuckDB $version in HEARTH_DUCKDB."
    actual=$(library_version "$library" 2>/dev/null) || fail "$library cannot be loaded."
    [ "$actual" = "$version" ] || fail "$library is DuckDB $actual; Hearth needs $version."
    mkdir -p "$1/lib"
    ln -s "$(dirname "$library")"/libduckdb*.* "$1/lib/"
    write_pc "$1" "$2" "$(dirname "$library")" "$2/include"
}

prefix=$(installed_prefix)
stamp="recipe $recipe ${prefix:-wheel $(pinned wheel "$(uname -m)" 3)}"
if [ "$(cat "$out/stamp" 2>/dev/null)" = "$stamp" ]; then
    exit 0
fi
mkdir -p "$HEARTH_DEPS"
if command -v flock >/dev/null; then # two set-ups at once: the second waits, then finds the work done
    exec 9>"$HEARTH_DEPS/duckdb-$version.lock"
    flock 9
    [ "$(cat "$out/stamp" 2>/dev/null)" != "$stamp" ] || exit 0
fi
work=$(mktemp -d "$HEARTH_DEPS/duckdb-$version.XXXXXX")
trap 'rm -rf "$work"' EXIT
if [ -n "$prefix" ]; then
    echo "setup-duckdb: using DuckDB $version of $prefix"
    use_installed "$work" "$prefix"
else
    echo "setup-duckdb: making DuckDB $version's library from its Python package (about 40 MB to fetch, once)"
    make_from_wheel "$work"
fi
echo "$stamp" >"$work/stamp"
chmod 755 "$work"
[ ! -e "$out" ] || mv "$out" "$work.old"
mv "$work" "$out"
rm -rf "$work.old"
