#!/usr/bin/env bash
# usage: format.sh --in-place | --lint
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
folders=()
for folder in Sources Tests Examples Benchmarks Server/Sources Server/Tests Server/Benchmarks Package.swift Server/Package.swift; do
    [ ! -e "$folder" ] || folders+=("$folder")
done
case ${1:-} in
--in-place) exec swift format format --in-place --parallel --recursive "${folders[@]}" ;;
--lint) exec swift format lint --strict --parallel --recursive "${folders[@]}" ;;
*)
    echo "usage: format.sh --in-place | --lint" >&2
    exit 2
    ;;
esac
