// Errors of Pydantic's validation, as `exception.logfire.data` and FastAPI's arguments list them.

import type { FullRecord, Json } from "../../api/types";
import { isObject, text, unwrap } from "../../lib/json";

export interface ValidationError {
    /** `body.items.0.price`. */
    where: string;
    message: string;
    type: string | null;
    input: Json | undefined;
    url: string | null;
}

export function validationErrors(record: FullRecord): ValidationError[] {
    const a = record.attributes ?? {};
    const event = record.otel_events?.find((e) => e.event_name === "exception");
    return readErrors(a["exception.logfire.data"] ?? event?.attributes?.["exception.logfire.data"]).concat(readErrors(a["fastapi.arguments.errors"]));
}

function readErrors(value: Json | undefined): ValidationError[] {
    const list = unwrap(value);
    if (!Array.isArray(list)) return [];
    return list.flatMap((item): ValidationError[] => {
        if (!isObject(item) || typeof item.msg !== "string") return [];
        const where = Array.isArray(item.loc) ? item.loc.map((part) => text(part) ?? "").join(".") : text(item.loc) ?? "";
        return [{ where, message: item.msg, type: text(item.type), input: item.input, url: text(item.url) }];
    });
}
