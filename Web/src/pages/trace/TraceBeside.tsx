import { ErrorBox, Loading } from "../../components/states";
import { TraceFacts } from "./TraceFacts";
import { useTrace } from "./useTrace";
import { Waterfall } from "./Waterfall";

/** The waterfall in the detail beside the live list. */
export function TraceBeside({ traceId, spanId, version, onSelect }: { traceId: string; spanId: string; version: string; onSelect(spanId: string): void }) {
    const trace = useTrace(traceId, version);
    if (trace.error && !trace.model) return <ErrorBox error={trace.error} onRetry={trace.reload} />;
    if (!trace.model) return <Loading what="the trace" />;
    return (
        <div className="trace-beside">
            <TraceFacts model={trace.model} />
            <Waterfall model={trace.model} spanId={spanId} onSelect={(id) => id && onSelect(id)} isCompact />
        </div>
    );
}
