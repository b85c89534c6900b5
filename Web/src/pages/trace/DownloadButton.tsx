import { useState } from "react";
import { count } from "../../lib/format";
import { downloadTrace } from "./download";

export function DownloadButton({ traceId }: { traceId: string }) {
    const [state, setState] = useState<"ready" | "failed" | number>("ready");
    const run = () => {
        setState(0);
        downloadTrace(traceId, setState).then(
            () => setState("ready"),
            () => setState("failed"),
        );
    };
    return (
        <button type="button" className="link-button" disabled={typeof state === "number"} onClick={run} title="Every record of the trace with all its attributes">
            {typeof state === "number" ? (state === 0 ? "Reading…" : `${count(state)} records…`) : state === "failed" ? "Download failed, try again" : "Download JSON"}
        </button>
    );
}
