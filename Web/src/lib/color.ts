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

const palette = 10;

/** The CSS colour of a service, scope or model by its name. */
export function nameColor(name: string): string {
    return `var(--svc-${hashName(name) % palette})`;
}
