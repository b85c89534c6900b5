import { useEffect, useMemo, useState } from "react";

/** A value that takes long to compute for much data: at once while it is cheap, else after the page has been painted. */
export function useIdle<T>(compute: () => T, isCheap: boolean, dependencies: readonly unknown[]): T | null {
    const now = useMemo(() => (isCheap ? { value: compute() } : null), [isCheap, ...dependencies]);
    const [later, setLater] = useState<{ value: T; of: readonly unknown[] } | null>(null);
    useEffect(() => {
        if (isCheap) return undefined;
        const timer = setTimeout(() => setLater({ value: compute(), of: dependencies }), 80);
        return () => clearTimeout(timer);
    }, [isCheap, ...dependencies]);
    if (now) return now.value;
    return later && later.of.every((d, i) => d === dependencies[i]) ? later.value : null;
}
