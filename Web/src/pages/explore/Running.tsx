import { useEffect, useState } from "react";
import { Progress } from "../../components/states";

/** How long a query has been under way, and how to end it. */
export function Running({ since, onCancel }: { since: number; onCancel(): void }) {
    const [now, setNow] = useState(Date.now());
    useEffect(() => {
        const timer = setInterval(() => setNow(Date.now()), 100);
        return () => clearInterval(timer);
    }, []);
    const seconds = (now - since) / 1000;
    if (seconds < 0.3) return <Progress active />;
    return (
        <>
            <Progress active />
            <div className="running" role="status">
                <span className="spinner" aria-hidden="true" />
                <span>
                    Running for <b>{seconds.toFixed(1)} s</b>
                </span>
                {seconds > 3 && <span className="muted">Long queries give way to short ones. A shorter time range is answered sooner.</span>}
                <button type="button" className="link-button" onClick={onCancel}>
                    Cancel
                </button>
            </div>
        </>
    );
}
