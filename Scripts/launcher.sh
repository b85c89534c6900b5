#!/bin/sh
# The program's launcher, bin/hearth after make build: says what is missing where the system's loader names neither cause nor cure.
here=$(dirname "$(readlink -f "$0")")
if [ ! -e "$here/libduckdb.so" ] && [ ! -e "$here/libduckdb.dylib" ]; then
    echo "hearth: the database library libduckdb is missing beside the program in $here; run make build again" >&2
    exit 72
fi
exec "$here/hearth.program" "$@"
