import type { FullRecord } from "../../api/types";
import { CopyButton } from "../../components/basic";
import { JsonTree } from "../../components/JsonTree";
import { count } from "../../lib/format";
import { DatabaseCall, databaseOf, layOut } from "./database";

export function DatabaseSection({ record }: { record: FullRecord }) {
    const call = databaseOf(record);
    if (!call) return null;
    const facts: [string, string | null][] = [
        ["System", call.system],
        ["Database", call.database],
        ["Table", call.collection],
        ["Operation", call.operation],
        ["Server", call.peer],
        ["Rows", call.rows === null ? null : count(call.rows)],
    ];
    return (
        <section className="exchange" aria-label={call.command ? "Redis" : "Database"}>
            <h3>{call.command ? "Redis" : "Database"}</h3>
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
            {call.command ? <Command call={call} words={call.command} /> : call.statement !== null ? <Statement statement={call.statement} /> : <p className="muted small">The sender recorded no statement (db.query.text).</p>}
            {call.parameters.length > 0 && (
                <table className="headers" aria-label="Parameters">
                    <tbody>
                        {call.parameters.map(([name, value]) => (
                            <tr key={name}>
                                <th scope="row">{name}</th>
                                <td>
                                    <JsonTree value={value} />
                                </td>
                            </tr>
                        ))}
                    </tbody>
                </table>
            )}
        </section>
    );
}

function Statement({ statement }: { statement: string }) {
    return (
        <figure className="snippet">
            <figcaption>
                Statement
                <CopyButton text={statement} label="Copy the statement" />
            </figcaption>
            <pre className="statement">
                <code>{layOut(statement)}</code>
            </pre>
        </figure>
    );
}

function Command({ call, words }: { call: DatabaseCall; words: string[] }) {
    return (
        <figure className="snippet">
            <figcaption>
                Command
                <CopyButton text={call.statement ?? ""} label="Copy the command" />
            </figcaption>
            <pre className="statement">
                <code>
                    <b>{words[0]}</b>
                    {words[1] && <span className="statement-key"> {words[1]}</span>}
                    {words[2] && `\n${words[2]}`}
                </code>
            </pre>
        </figure>
    );
}
