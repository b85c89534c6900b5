import { useMemo, useState } from "react";
import { query } from "../../api/client";
import { useApp } from "../../app/context";
import { Link } from "../../components/basic";
import { Icon } from "../../components/Icon";
import { count } from "../../lib/format";
import { isoTime } from "../../lib/time";
import { useAsync } from "../../lib/useAsync";

/** Spans of a service from which on it is strange that all of them failed. */
export const strangeFrom = 5;

export interface ServiceErrors {
    service_name: string | null;
    spans: number;
    errors: number;
}

/** Services of which nothing but failed spans arrived. */
export function errorOnly(rows: readonly ServiceErrors[]): ServiceErrors[] {
    return rows.filter((row) => row.service_name !== null && row.spans >= strangeFrom && row.errors === row.spans);
}

const key = "hearth.errorOnly.seen";

function seen(): string[] {
    try {
        const list = JSON.parse(localStorage.getItem(key) ?? "[]") as unknown;
        return Array.isArray(list) ? list.filter((v): v is string => typeof v === "string") : [];
    } catch {
        return [];
    }
}

/** A note over the foot of the page where only failures of a service arrive: mostly a collector on the way drops the rest. */
export function ErrorOnlyHint() {
    const { path, organization, project } = useApp();
    const [closed, setClosed] = useState(seen);
    const found = useAsync("error-only", (signal) =>
        query<ServiceErrors>(
            "SELECT service_name, count(*) AS spans, count(*) FILTER (WHERE is_exception OR otel_status_code = 'ERROR') AS errors FROM records WHERE kind = 'span' GROUP BY service_name ORDER BY spans DESC LIMIT 200",
            { from: isoTime(Date.now() - 86400e3), limit: 200, signal },
        ),
    );
    const mark = (name: string) => `${organization}/${project}/${name}`;
    const services = useMemo(() => errorOnly(found.data ?? []).filter((row) => !closed.includes(mark(row.service_name!))), [found.data, closed]);
    const first = services[0];
    if (!first) return null;
    const close = () => {
        const next = [...closed, ...services.map((row) => mark(row.service_name!))].slice(-200);
        setClosed(next);
        try {
            localStorage.setItem(key, JSON.stringify(next));
        } catch {
            // Without storage the note comes back with the next visit.
        }
    };
    return (
        <aside className="page-hint" role="note" data-hint="error-only">
            <Icon name="warn" />
            <div>
                <strong>
                    Only failed spans arrive from {first.service_name}
                    {services.length > 1 && ` and ${services.length - 1} more`}
                </strong>
                <p>
                    All {count(first.spans)} spans of the last day failed. Mostly a collector on the way keeps errors only, so model calls that went well are missing.{" "}
                    <Link href={`${path({ name: "add" })}?client=collector`}>A configuration that keeps them, and what breaks it</Link>
                </p>
            </div>
            <button type="button" className="icon-button" onClick={close} aria-label="Close this note" title="Do not show for these services again">
                <Icon name="close" />
            </button>
        </aside>
    );
}
