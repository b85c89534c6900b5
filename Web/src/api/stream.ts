import { requestProject } from "./client";
import { queryString } from "./params";
import type { LiveBatch } from "./types";

export type Connection = "connecting" | "live" | "retrying" | "closed";

export interface StreamHandlers {
    onBatch(batch: LiveBatch): void;
    onState(state: Connection): void;
}

/** Waits between attempts, in milliseconds; the last one repeats. */
const delays = [250, 500, 1000, 2000, 5000];

/**
 * Follows the committed batches after a sequence number. The browser resumes short breaks itself with Last-Event-ID; when it
 * gives up, a new stream is opened after the last sequence seen, so no batch is skipped or repeated.
 */
export class LiveStream {
    private source: EventSource | null = null;
    private timer: ReturnType<typeof setTimeout> | undefined;
    private failures = 0;
    private closed = false;

    constructor(
        private sequence: number,
        private readonly where: string | undefined,
        private readonly handlers: StreamHandlers,
    ) {
        this.open();
    }

    close(): void {
        this.closed = true;
        clearTimeout(this.timer);
        this.source?.close();
        this.source = null;
    }

    private open(): void {
        if (this.closed) return;
        this.handlers.onState(this.failures === 0 ? "connecting" : "retrying");
        const params = queryString({ after: String(this.sequence), q: this.where, project: requestProject() });
        const source = new EventSource(`/ui/live/stream?${params}`);
        this.source = source;
        source.onopen = () => {
            this.failures = 0;
            this.handlers.onState("live");
        };
        source.addEventListener("batch", (event) => this.receive(event as MessageEvent<string>));
        source.onerror = () => {
            if (this.closed || source !== this.source) return;
            this.handlers.onState("retrying");
            if (source.readyState !== EventSource.CLOSED) return;
            source.close();
            const delay = delays[Math.min(this.failures, delays.length - 1)]!;
            this.failures += 1;
            this.timer = setTimeout(() => this.open(), delay);
        };
    }

    private receive(event: MessageEvent<string>): void {
        let batch: LiveBatch;
        try {
            batch = JSON.parse(event.data) as LiveBatch;
        } catch {
            return;
        }
        if (batch.sequence <= this.sequence) return;
        this.sequence = batch.sequence;
        this.handlers.onBatch(batch);
    }
}
