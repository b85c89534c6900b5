import { Ago } from "../../components/basic";
import { compact, count, money, unknown } from "../../lib/format";
import type { AgentRow } from "./queries";
import { Incomplete } from "./values";

export function AgentsTable({ rows }: { rows: readonly AgentRow[] }) {
    return (
        <section aria-label="Agents using this model">
            <h2>Agents using this model</h2>
            {rows.length === 0 ? (
                <p className="muted">None: these calls were made outside of any agent.</p>
            ) : (
                <div className="table-wrap">
                    <table className="plain">
                        <thead>
                            <tr>
                                <th>Agent</th>
                                <th className="num">Runs</th>
                                <th className="num">Calls</th>
                                <th className="num">Errors</th>
                                <th className="num">Input</th>
                                <th className="num">Output</th>
                                <th className="num">Cost</th>
                                <th className="num">Last active</th>
                            </tr>
                        </thead>
                        <tbody>
                            {rows.map((row) => (
                                <tr key={row.agent_name}>
                                    <td>
                                        <bdi>{row.agent_name}</bdi>
                                    </td>
                                    <td className="num">{row.runs > 0 ? count(row.runs) : unknown}</td>
                                    <td className="num">{count(row.calls)}</td>
                                    <td className={`num ${row.errors > 0 ? "is-bad" : ""}`}>{count(row.errors)}</td>
                                    <td className="num">{compact(row.input_tokens)}</td>
                                    <td className="num">{compact(row.output_tokens)}</td>
                                    <td className="num">
                                        {money(row.cost, "coarse")}
                                        {row.cost !== null && row.unpriced > 0 && <Incomplete unpriced={row.unpriced} calls={row.calls} />}
                                    </td>
                                    <td className="num">
                                        <Ago time={row.last} />
                                    </td>
                                </tr>
                            ))}
                        </tbody>
                    </table>
                </div>
            )}
        </section>
    );
}
