import { request } from "../../api/client";

export interface Column {
    name: string;
    /** What readers call the type: text, integer, number, time, … */
    type: string;
    description: string;
}

export interface Table {
    name: string;
    description: string;
    columns: readonly Column[];
}

export type DataType = string | { [name: string]: unknown };

interface SchemaAnswer {
    tables: { name: string; description?: string; schema: Record<string, { data_type: DataType; description?: string; position?: number }> }[];
}

/** The tables that SQL can name, with their columns in order. */
export async function fetchSchema(signal: AbortSignal): Promise<Table[]> {
    const answer = await request<SchemaAnswer>("/v1/schemas", { signal });
    return answer.tables.map((table) => ({
        name: table.name,
        description: table.description ?? "",
        columns: Object.entries(table.schema)
            .sort(([a, x], [b, y]) => (x.position ?? 0) - (y.position ?? 0) || a.localeCompare(b))
            .map(([name, column]) => ({ name, type: isJSON(name) ? "JSON" : typeName(column.data_type), description: column.description ?? "" })),
    }));
}

/** Columns of text that hold JSON. */
const json = new Set(["attributes", "attributes_json_schema", "otel_resource_attributes", "otel_scope_attributes", "otel_events", "otel_links", "exemplars", "summary_quantiles", "evaluator_source", "metadata", "analyses", "average_scores", "average_metrics", "label_shares", "report_evaluator_failures"]);

export function isJSON(column: string): boolean {
    return json.has(column);
}

/** Arrow's name of a type as a reader would say it. */
export function typeName(type: DataType): string {
    if (typeof type === "string") {
        if (/^U?Int/.test(type)) return "integer";
        if (/^Float/.test(type)) return "number";
        const plain: Record<string, string> = { Utf8: "text", LargeUtf8: "text", Boolean: "true/false", Date32: "date", Binary: "bytes", Null: "unknown" };
        return plain[type] ?? type.toLowerCase();
    }
    const [name, inner] = Object.entries(type)[0] ?? ["unknown", null];
    switch (name) {
        case "Timestamp":
            return "time";
        case "List":
        case "LargeList":
        case "FixedSizeList": {
            const item = (Array.isArray(inner) ? inner[0] : inner) as { data_type?: DataType } | null;
            return item?.data_type === undefined ? "list" : `list of ${typeName(item.data_type)}`;
        }
        case "Decimal128":
        case "Decimal256":
            return "number";
        case "Interval":
        case "Duration":
            return "interval";
        case "Time64":
        case "Time32":
            return "time of day";
        default:
            return name.toLowerCase();
    }
}

/** The table `records_full` is another name of `records_all`. */
export function tableNamed(tables: readonly Table[], name: string): Table | undefined {
    const wanted = name.toLowerCase() === "records_full" ? "records_all" : name.toLowerCase();
    return tables.find((t) => t.name === wanted);
}
