import { useEffect, useState } from "react";

/** Whole seconds left of a wait that begins with each new `cause`; null when there is nothing to wait for. */
export function useCountdown(seconds: number | null, cause: unknown): number | null {
    const [left, setLeft] = useState<number | null>(seconds);
    useEffect(() => {
        setLeft(seconds);
        if (seconds === null) return undefined;
        const end = Date.now() + seconds * 1000;
        const timer = setInterval(() => {
            const rest = Math.ceil((end - Date.now()) / 1000);
            setLeft(rest > 0 ? rest : null);
            if (rest <= 0) clearInterval(timer);
        }, 250);
        return () => clearInterval(timer);
    }, [seconds, cause]);
    return left;
}
