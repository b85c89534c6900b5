/** How many letters have to be changed, put in or left out to make one word of the other. */
export function distance(a: string, b: string): number {
    let row = Array.from({ length: b.length + 1 }, (_, j) => j);
    for (let i = 1; i <= a.length; i += 1) {
        const next = [i];
        for (let j = 1; j <= b.length; j += 1) next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
        row = next;
    }
    return row[b.length]!;
}

/** The name that was probably meant; null when none is close. */
export function nearest(typed: string, names: Iterable<string>): string | null {
    const wanted = typed.toLowerCase();
    let best: { name: string; far: number } | null = null;
    for (const name of names) {
        if (name === typed) return null;
        const known = name.toLowerCase();
        const far = known.includes(wanted) && wanted.length >= 4 ? Math.min(1.5, distance(wanted, known)) : distance(wanted, known);
        if (best === null || far < best.far) best = { name, far };
    }
    return best !== null && best.far <= Math.max(1.5, typed.length / 3) ? best.name : null;
}
