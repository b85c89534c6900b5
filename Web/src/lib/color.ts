/** FNV-1a, so that a name has the same colour on every machine and day. */
export function hashName(name: string): number {
    let hash = 0x811c9dc5;
    for (let i = 0; i < name.length; i += 1) {
        hash ^= name.charCodeAt(i);
        hash = Math.imul(hash, 0x01000193);
    }
    // FNV's low bits are poorly mixed for short names; fold the high ones in.
    hash ^= hash >>> 15;
    return hash >>> 0;
}

/** Hues that names may have; red is left to errors. */
const firstHue = 50;
const hues = 300;

/** The CSS colour of a service by its name: a hue of its own at the theme's lightness. */
export function nameColor(name: string): string {
    return `oklch(var(--name-lightness) var(--name-chroma) ${firstHue + (hashName(name) % hues)})`;
}
