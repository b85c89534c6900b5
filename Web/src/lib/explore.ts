// Addresses of the Explore page: the statement, its time range and how its answer is shown are all in there.

import { Range, writeRange } from "./range";

export type ExploreView = "table" | "chart" | "details" | "plan";

export interface ExploreTarget {
    sql: string;
    /** The time window; absent takes over the one of the page the link stands on. */
    range?: Range;
    environment?: string | null;
    view?: ExploreView;
    /** The most rows to ask for. */
    limit?: number;
}

/** The window of Explore when its address names none. */
export const exploreRange = "1d";

/** The query string of Explore for a statement. `page` are the parameters of the page that links there. */
export function exploreParams(target: ExploreTarget, page?: URLSearchParams): URLSearchParams {
    const params = new URLSearchParams();
    params.set("sql", target.sql.trim());
    if (target.range) writeRange(params, target.range, exploreRange);
    else for (const key of ["range", "from", "to"]) if (page?.get(key)) params.set(key, page.get(key)!);
    const environment = target.environment === undefined ? page?.get("env") : target.environment;
    if (environment) params.set("env", environment);
    if (target.view && target.view !== "table") params.set("view", target.view);
    if (target.limit !== undefined) params.set("limit", String(target.limit));
    return params;
}
