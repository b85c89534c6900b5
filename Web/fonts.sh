#!/bin/sh
# Puts Inter and JetBrains Mono (SIL Open Font License) into OUTDIR with a faces.css, from Debian's font packages.
# With pyftsubset the faces are cut to Latin and packed as woff2; without it whole files are copied; without fonts the
# page falls back to the system's faces.
set -eu
out=$1
mkdir -p "$out"
: >"$out/faces.css"

unicodes="U+0020-007E,U+00A0-024F,U+02C6,U+02DA,U+02DC,U+0370-03FF,U+0400-045F,U+2000-206F,U+20AC,U+2122,U+2190-21FF,U+2200-22FF,U+2318,U+2325,U+23CE,U+25A0-25FF,U+2713-2717"
features="kern,liga,calt,ccmp,locl,mark,mkmk,tnum,zero,ss01,cv05,case"

subset=""
if command -v pyftsubset >/dev/null 2>&1 && python3 -c 'import brotli' >/dev/null 2>&1; then
    subset=1
fi

face() { # family weight file
    [ -r "$3" ] || return 0
    base=$(basename "$3")
    stem=${base%.*}
    if [ -n "$subset" ] && pyftsubset "$3" --unicodes="$unicodes" --layout-features="$features" --flavor=woff2 \
        --output-file="$out/$stem.woff2" >/dev/null 2>&1; then
        format=woff2
    else
        case "$base" in *.otf) format=opentype ;; *) format=truetype ;; esac
        cp "$3" "$out/$base"
    fi
    file=$(cd "$out" && ls "$stem".*)
    hash=$(cksum "$out/$file" | cut -d' ' -f1)
    named="$stem-$hash.${file##*.}"
    mv "$out/$file" "$out/$named"
    printf '@font-face{font-family:"%s";font-style:normal;font-weight:%s;font-display:swap;src:url(/assets/fonts/%s) format("%s")}\n' \
        "$1" "$2" "$named" "$format" >>"$out/faces.css"
}

inter=/usr/share/fonts/opentype/inter
mono=/usr/share/fonts/truetype/jetbrains-mono
face Inter 400 "$inter/Inter-Regular.otf"
face Inter 500 "$inter/Inter-Medium.otf"
face Inter 600 "$inter/Inter-SemiBold.otf"
face "JetBrains Mono" 400 "$mono/JetBrainsMono-Regular.ttf"
face "JetBrains Mono" 500 "$mono/JetBrainsMono-Medium.ttf"
