import { Fragment, useMemo, useState } from "react";
import type { FullRecord, Json, JsonObject } from "../../api/types";
import { CopyButton } from "../../components/basic";
import { JsonTree } from "../../components/JsonTree";
import { duration } from "../../lib/format";
import { isObject, pretty, unwrap } from "../../lib/json";
import { levelName } from "../../lib/level";
import { attributePath } from "../../lib/sql";
import { absolute, parseTime } from "../../lib/time";
import { RunTotals } from "../../panel/llm/RunTotals";
import { ArgumentValue } from "./ArgumentValue";
import { filterAttributes, sourceLink, splitAttributes } from "./attributes";
import { DatabaseSection } from "./DatabaseSection";
import { isHTTPDetail } from "./http";
import { HTTPSection } from "./HTTPSection";
import { schemaOf, typeName } from "./schema";
import { ValidationSection } from "./ValidationSection";

export function DetailsTab({ record }: { record: FullRecord }) {
    const [text, setText] = useState("");
    const split = useMemo(() => splitAttributes(record.attributes ?? {}, record.attributes_json_schema ?? null), [record]);
    const args = filterAttributes(split.arguments, text);
    // Headers and bodies stand in the section above; a search finds them here too.
    const listed = text === "" ? Object.fromEntries(Object.entries(split.rest).filter(([key]) => !isHTTPDetail(key))) : split.rest;
    const rest = filterAttributes(listed, text);
    const resource = filterAttributes(record.otel_resource_attributes ?? {}, text);
    return (
        <>
            <dl className="pinned">
                <Pinned name="Name" value={record.span_name} />
                <Pinned name="Time" value={absolute(parseTime(record.start_timestamp))} />
                {record.duration !== null && <Pinned name="Duration" value={`${duration(record.duration)} (${record.duration} s)`} />}
                <Pinned name="Kind" value={`${record.kind}${record.otel_span_kind ? ` · ${record.otel_span_kind.toLowerCase()}` : ""}`} />
                <Pinned name="Level" value={`${levelName(record.level)} (${record.level})`} />
                <Pinned name="Status" value={[record.otel_status_code, record.otel_status_message].filter(Boolean).join(": ")} />
                <Pinned name="Scope" value={[record.otel_scope_name, record.otel_scope_version].filter(Boolean).join(" ")} />
                <Pinned name="Service" value={[record.service_name, record.service_version].filter(Boolean).join(" ")} />
                <Pinned name="Trace" value={record.trace_id} mono />
                <Pinned name="Span" value={record.span_id} mono />
                {record.parent_span_id && <Pinned name="Parent" value={record.parent_span_id} mono />}
                {record.tags && record.tags.length > 0 && <Pinned name="Tags" value={record.tags.join(", ")} />}
                {split.source && <Source text={split.source} record={record} />}
            </dl>
            <HTTPSection record={record} />
            <DatabaseSection record={record} />
            {!record.is_exception && <ValidationSection record={record} />}
            {(record.kind === "span" || record.kind === "pending_span") && <RunTotals record={record} />}
            <div className="attribute-search">
                <input type="search" placeholder="Search attributes" aria-label="Search attributes" value={text} onChange={(event) => setText(event.target.value)} />
            </div>
            <Attributes title="Arguments" attributes={args} schema={record.attributes_json_schema} />
            <Attributes title="Attributes" attributes={rest} />
            <Attributes title="Resource" attributes={resource} column="otel_resource_attributes" />
            {Object.keys(args).length + Object.keys(rest).length + Object.keys(resource).length === 0 && <p className="muted">{text === "" ? "The record has no attributes." : `No attribute contains “${text}”.`}</p>}
        </>
    );
}

/** The source line, as a link where the sender says which repository and revision it belongs to. */
function Source({ text, record }: { text: string; record: FullRecord }) {
    const link = sourceLink(record);
    if (!link) return <Pinned name="Source" value={text} mono />;
    return (
        <div>
            <dt>Source</dt>
            <dd className="mono">
                <a href={link} target="_blank" rel="noreferrer">
                    {text}
                </a>
                <CopyButton text={text} label="Copy source" />
            </dd>
        </div>
    );
}

function Pinned({ name, value, mono }: { name: string; value: string | null; mono?: boolean }) {
    if (!value) return null;
    return (
        <div>
            <dt>{name}</dt>
            <dd className={mono ? "mono" : ""}>
                <span>{value}</span>
                {mono && <CopyButton text={value} label={`Copy ${name.toLowerCase()}`} />}
            </dd>
        </div>
    );
}

function Attributes({ title, attributes, column = "attributes", schema }: { title: string; attributes: JsonObject; column?: string; schema?: Json }) {
    const keys = Object.keys(attributes);
    if (keys.length === 0) return null;
    return (
        <>
            <h3>
                {title} <span className="muted">{keys.length}</span>
            </h3>
            <div className="attributes">
                {keys.map((key) => (
                    <Attribute key={key} name={key} value={attributes[key]!} column={column} schema={schemaOf(schema, key)} />
                ))}
            </div>
        </>
    );
}

function Attribute({ name, value, column, schema }: { name: string; value: Json; column: string; schema: JsonObject | null }) {
    const inner = unwrap(value);
    const type = typeName(schema);
    const isTree = Array.isArray(inner) ? inner.length > 0 : isObject(inner) && Object.keys(inner).length > 0;
    return (
        <div className="attribute">
            <div className="attribute-name" title={name}>
                <Breakable text={name} />
                {type && <small className="attribute-type">{type}</small>}
            </div>
            <div className="attribute-value">{isTree ? <ArgumentValue value={inner} schema={schema} openDepth={size(inner) <= 4 ? 1 : 0} /> : <JsonTree value={value} />}</div>
            <div className="attribute-tools">
                <CopyButton text={() => (column === "attributes" ? attributePath(name) : attributePath(name).replace(/^attributes/, column))} label="Copy the path as SQL" />
                <CopyButton text={() => pretty(value)} label="Copy the value" />
            </div>
        </div>
    );
}

/** A dotted name that breaks after its dots. */
function Breakable({ text }: { text: string }) {
    return (
        <>
            {text.split(/(?<=[._])/).map((part, index) => (
                <Fragment key={index}>
                    {part}
                    <wbr />
                </Fragment>
            ))}
        </>
    );
}

function size(value: Json): number {
    return Array.isArray(value) ? value.length : isObject(value) ? Object.keys(value).length : 0;
}
