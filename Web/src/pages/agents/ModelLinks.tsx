import { useApp } from "../../app/context";
import { keepWindow, withParams } from "../../app/router";
import { Link } from "../../components/basic";
import { count } from "../../lib/format";
import { missing } from "./source";

interface Linked {
    provider: string | null;
    model: string | null;
    calls: number;
}

/** The models of an agent as links to their pages, the rest of many behind a number. */
export function ModelLinks({ models, most = 2 }: { models: readonly Linked[]; most?: number }) {
    const { path, params } = useApp();
    const rest = models.slice(most);
    return (
        <span className="model-links">
            {models.slice(0, most).map((m) => (
                <Link
                    key={`${m.provider}/${m.model}`}
                    href={withParams(path({ name: "llm", provider: m.provider ?? missing, model: m.model ?? missing }), keepWindow(params))}
                    title={`${m.provider ?? missing} / ${m.model ?? missing}${m.calls > 0 ? `: ${count(m.calls)} calls` : ""}`}
                >
                    {m.model ?? missing}
                </Link>
            ))}
            {rest.length > 0 && <span className="muted" title={rest.map((m) => m.model ?? missing).join(", ")}>{`+${rest.length}`}</span>}
        </span>
    );
}
