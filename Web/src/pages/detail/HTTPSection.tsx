import { useState } from "react";
import type { FullRecord, Json } from "../../api/types";
import { CopyButton } from "../../components/basic";
import { JsonTree } from "../../components/JsonTree";
import { bytes, duration } from "../../lib/format";
import { pretty } from "../../lib/json";
import { StatusCode } from "../MessageText";
import { HTTPExchange, HTTPMessage, httpOf } from "./http";

/** Headers shown before the rest is asked for. */
const atFirst = 6;

export function HTTPSection({ record }: { record: FullRecord }) {
    const exchange = httpOf(record);
    if (!exchange) return null;
    return (
        <section className="exchange" aria-label="HTTP">
            <h3>HTTP</h3>
            <div className="exchange-line">
                {exchange.method && <b>{exchange.method}</b>}
                <code>{exchange.url ?? exchange.route ?? ""}</code>
                {exchange.status !== null && <StatusCode code={exchange.status} />}
                {exchange.url && <CopyButton text={exchange.url} label="Copy the address" />}
            </div>
            <Facts exchange={exchange} />
            <Message title="Request" message={exchange.request} />
            <Message title="Response" message={exchange.response} />
        </section>
    );
}

function Facts({ exchange }: { exchange: HTTPExchange }) {
    const facts: [string, string | null][] = [
        ["Role", exchange.isServer === null ? null : exchange.isServer ? "answered by this service" : "sent by this service"],
        ["Route", exchange.route],
        ["Protocol", exchange.protocol],
        [exchange.isServer === null ? "Peer" : exchange.isServer ? "Client" : "Server", exchange.peer],
        ["User agent", exchange.userAgent],
        ...exchange.phases.map((p): [string, string] => [p.name, duration(p.ms / 1000)]),
    ];
    return (
        <dl className="pinned">
            {facts.map(
                ([name, value]) =>
                    value !== null && (
                        <div key={name}>
                            <dt>{name}</dt>
                            <dd>
                                <span>{value}</span>
                            </dd>
                        </div>
                    ),
            )}
        </dl>
    );
}

function Message({ title, message }: { title: string; message: HTTPMessage }) {
    const [isWhole, setWhole] = useState(false);
    if (message.headers.length === 0 && message.body === undefined) return null;
    const shown = isWhole ? message.headers : message.headers.slice(0, atFirst);
    return (
        <div className="exchange-side" data-side={title.toLowerCase()}>
            <h4>
                {title}
                {message.size !== null && <span className="muted"> {bytes(message.size)}</span>}
            </h4>
            {message.headers.length > 0 && (
                <table className="headers" aria-label={`${title} headers`}>
                    <tbody>
                        {shown.map((h) => (
                            <tr key={h.name}>
                                <th scope="row">{h.name}</th>
                                <td>{h.values.join(", ")}</td>
                            </tr>
                        ))}
                    </tbody>
                </table>
            )}
            {message.headers.length > shown.length && (
                <button type="button" className="link-button small" onClick={() => setWhole(true)}>
                    {message.headers.length - shown.length} more headers
                </button>
            )}
            {message.body !== undefined && <Body title={title} body={message.body} raw={message.raw} />}
        </div>
    );
}

function Body({ title, body, raw }: { title: string; body: Json; raw: string | null }) {
    return (
        <figure className="snippet">
            <figcaption>
                {title} body
                <CopyButton text={() => raw ?? pretty(body)} label={`Copy the ${title.toLowerCase()} body`} />
            </figcaption>
            <div className="exchange-body">
                <JsonTree value={body} openDepth={2} />
            </div>
        </figure>
    );
}
