import { useCallback, useMemo, useRef } from "react";
import { fetchAttributeKeys, query } from "../../api/client";
import { isoTime } from "../../lib/time";
import { useAsync } from "../../lib/useAsync";
import type { Vocabulary } from "./complete";
import { fetchSchema } from "./schema";

const resourceKeys = `SELECT DISTINCT unnest(json_keys(otel_resource_attributes)) AS key
FROM (SELECT otel_resource_attributes FROM records ORDER BY start_timestamp DESC LIMIT 2000) ORDER BY key`;

const noKeys: readonly string[] = [];

/** What completion and the browser know: the schema, keys and, when asked for, values of the time window. */
export function useVocabulary(project: string, from: number) {
    // A window that moves on is a new one every minute only.
    const start = isoTime(Math.floor(from / 60_000) * 60_000);
    const schema = useAsync(`schema:${project}`, (signal) => fetchSchema(signal));
    const keys = useAsync(`keys:${project}\n${start}`, (signal) => fetchAttributeKeys(start, signal));
    const resources = useAsync(`resource-keys:${project}\n${start}`, (signal) => query<{ key: string }>(resourceKeys, { from: start, limit: 1000, signal }));
    const vocabulary = useMemo<Vocabulary>(() => ({ tables: schema.data ?? [], attributes: keys.data ?? noKeys, resourceAttributes: resources.data?.map((r) => r.key) ?? noKeys }), [schema.data, keys.data, resources.data]);
    const values = useRef(new Map<string, Promise<readonly string[]>>());
    const fetchValues = useCallback(
        (expression: string, table: string): Promise<readonly string[]> => {
            const key = `${project}\n${start}\n${table}\n${expression}`;
            let answer = values.current.get(key);
            if (!answer) {
                const sql = `SELECT CAST(${expression} AS text) AS value, count(*) AS n FROM ${table} WHERE ${expression} IS NOT NULL GROUP BY 1 ORDER BY n DESC, 1 LIMIT 200`;
                answer = query<{ value: string }>(sql, { from: start, limit: 200 }).then((rows) => rows.map((r) => r.value));
                // A failure is asked again.
                answer.catch(() => values.current.delete(key));
                values.current.set(key, answer);
            }
            return answer;
        },
        [project, start],
    );
    return { schema, vocabulary, fetchValues };
}
