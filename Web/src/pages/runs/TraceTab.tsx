import { useState } from "react";
import { useApp } from "../../app/context";
import { Link } from "../../components/basic";
import { Icon } from "../../components/Icon";
import { SpanDetail } from "../detail/SpanDetail";
import { TraceBeside } from "../trace/TraceBeside";

/** The trace that the run is part of, with the run selected; a span's detail opens below. */
export function TraceTab({ traceId, spanId, version }: { traceId: string; spanId: string; version: string }) {
    const { path } = useApp();
    const [span, setSpan] = useState(spanId);
    return (
        <div className="run-trace">
            <div className="run-trace-tree">
                <TraceBeside traceId={traceId} spanId={span} version={version} onSelect={setSpan} />
            </div>
            {span !== spanId ? (
                <div className="run-trace-span">
                    <SpanDetail traceId={traceId} spanId={span} version={version} onSelectSpan={setSpan} onClose={() => setSpan(spanId)} />
                </div>
            ) : (
                <p className="run-trace-foot muted">
                    Choose a span to see it here, or{" "}
                    <Link href={`${path({ name: "trace", traceId })}?span=${spanId}`}>
                        open the trace on its own page <Icon name="expand" size={11} />
                    </Link>
                </p>
            )}
        </div>
    );
}
