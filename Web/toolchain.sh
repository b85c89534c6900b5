# Sourced by build.sh and test.sh: finds esbuild, React and TypeScript in node_modules or in Debian's packages.

missing() {
    echo "Web: $1 is missing: on Debian run Scripts/setup.sh (it installs what Scripts/debian-packages.txt names), elsewhere 'npm install' in Web." >&2
    exit 1
}

find_toolchain() {
    if [ -d "$1/node_modules/react" ]; then
        modules="$1/node_modules"
        PATH="$modules/.bin:$PATH"
    else
        modules=/usr/share/nodejs
        [ -d "$modules/react" ] || missing "React"
        [ -d "$modules/react-dom" ] || missing "React DOM"
        for name in d3-array d3-scale d3-shape d3-time d3-time-format codemirror; do [ -d "$modules/$name" ] || missing "$name"; done
    fi
    command -v esbuild >/dev/null 2>&1 || missing "esbuild"
}

bundle() {
    NODE_PATH="$modules" esbuild --bundle --jsx=automatic "$@"
}

type_check() {
    command -v tsc >/dev/null 2>&1 || missing "the TypeScript compiler (or pass --no-check)"
    if [ "$modules" = "$1/node_modules" ]; then
        tsc -p "$1/tsconfig.json"
    else
        # Debian keeps the types outside the tree; the compiler finds them by this path map only.
        config=$(mktemp -d)
        cat >"$config/tsconfig.json" <<EOF
{"extends": "$1/tsconfig.json",
 "compilerOptions": {"baseUrl": "$modules", "typeRoots": ["$modules/@types"],
  "paths": {"react": ["@types/react"], "react/*": ["@types/react/*"], "react-dom": ["@types/react-dom"], "react-dom/*": ["@types/react-dom/*"]}},
 "include": ["$1/src", "$1/types"]}
EOF
        status=0
        tsc -p "$config/tsconfig.json" || status=$?
        rm -rf "$config"
        [ "$status" = 0 ] || exit "$status"
    fi
}
