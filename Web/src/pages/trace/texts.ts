import { useEffect, useSyncExternalStore } from "react";
import { isAbort } from "../../api/client";
import { readTexts, RecordTexts } from "./queries";

/** Milliseconds that wishes are gathered for. */
const gather = 60;
/** Most texts asked for at once; what was wanted first has mostly been scrolled past. */
const most = 300;

/** What the rows of a long trace say, read while they are in sight. */
export class TextStore {
    private readonly known = new Map<string, RecordTexts>();
    private readonly wanted = new Set<string>();
    private readonly listeners = new Set<() => void>();
    private readonly controller = new AbortController();
    private timer: ReturnType<typeof setTimeout> | undefined;

    constructor(private readonly traceId: string) {}

    readonly subscribe = (listener: () => void): (() => void) => {
        this.listeners.add(listener);
        return () => this.listeners.delete(listener);
    };

    get(id: string): RecordTexts | null {
        return this.known.get(id) ?? null;
    }

    want(id: string): void {
        if (this.known.has(id)) return;
        this.wanted.delete(id);
        this.wanted.add(id);
        this.timer ??= setTimeout(() => this.read(), gather);
    }

    /** The row has left; its text is not worth a question any more. */
    forget(id: string): void {
        this.wanted.delete(id);
    }

    close(): void {
        clearTimeout(this.timer);
        this.controller.abort();
    }

    private read(): void {
        this.timer = undefined;
        const ids = [...this.wanted].slice(-most);
        this.wanted.clear();
        if (ids.length === 0) return;
        readTexts(this.traceId, ids, this.controller.signal).then(
            (rows) => {
                for (const row of rows) this.known.set(row.span_id, row);
                for (const listener of [...this.listeners]) listener();
            },
            (error: unknown) => {
                // The names stand in for the messages; the row asks again when it comes back into sight.
                if (!isAbort(error)) return;
            },
        );
    }
}

/** The text of a row; null where it is not known yet, or came with the trace. */
export function useText(store: TextStore | null, id: string): RecordTexts | null {
    const text = useSyncExternalStore(store?.subscribe ?? nothing, () => store?.get(id) ?? null);
    useEffect(() => {
        if (!store || text) return undefined;
        store.want(id);
        return () => store.forget(id);
    }, [store, id, text]);
    return text;
}

const nothing = () => () => undefined;
