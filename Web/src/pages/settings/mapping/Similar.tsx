import { fetchSimilarKeys, MappingRule, StoredMapping } from "../../../api/mapping";
import { Button } from "../../../components/form";
import { ErrorBox, Loading } from "../../../components/states";
import { compact, unknown } from "../../../lib/format";
import { useAsync } from "../../../lib/useAsync";
import { Panel } from "../Panel";

/** Keys in the stored data that seem to say the same under different names. */
export function Similar({ projectId, titles, rules, onAdd }: { projectId: string; titles: StoredMapping["available"]["fields"]; rules: readonly MappingRule[]; onAdd?(key: string, field: string): void }) {
    const similar = useAsync(`similar:${projectId}`, (signal) => fetchSimilarKeys(projectId, signal));
    return (
        <Panel title="Keys that look alike" lead="Different names for what seems to be the same, as found in the stored records." tools={<Button onClick={similar.reload}>Look again</Button>}>
            {similar.error && !similar.data ? (
                <ErrorBox error={similar.error} onRetry={similar.reload} />
            ) : !similar.data ? (
                <Loading what="the keys of your records" />
            ) : similar.data.groups.length === 0 ? (
                <p className="empty-line">No two keys seem to say the same.</p>
            ) : (
                <div className="table-wrap">
                    <table className="listing">
                        <thead>
                            <tr>
                                <th>Key</th>
                                <th className="num">Records</th>
                                <th>Services</th>
                                <th>Example</th>
                                <th>
                                    <span className="unseen">Actions</span>
                                </th>
                            </tr>
                        </thead>
                        {similar.data.groups.map((group) => (
                            <tbody key={group.field}>
                                <tr className="group-row">
                                    <th colSpan={5} scope="rowgroup">
                                        {titles.find((f) => f.id === group.field)?.title ?? group.field}
                                    </th>
                                </tr>
                                {group.keys.map((key) => {
                                    const isCovered = key.mapped || rules.some((rule) => rule.attribute === key.key && rule.enabled);
                                    return (
                                        <tr key={key.key}>
                                            <td>
                                                <code>{key.key}</code>
                                            </td>
                                            <td className="num">{compact(key.records)}</td>
                                            <td className="cell-wide">{key.services.join(", ") || unknown}</td>
                                            <td className="cell-wide">{key.example === null ? unknown : <code className="muted">{key.example.length > 60 ? `${key.example.slice(0, 60)}…` : key.example}</code>}</td>
                                            <td className="cell-tools">
                                                {isCovered ? (
                                                    <span className="muted">by a rule</span>
                                                ) : key.known ? (
                                                    <span className="muted" title="Hearth reads this name without a rule">
                                                        known
                                                    </span>
                                                ) : (
                                                    onAdd && (
                                                        <Button onClick={() => onAdd(key.key, group.field)} aria-label={`Add a rule for ${key.key}`}>
                                                            Add a rule
                                                        </Button>
                                                    )
                                                )}
                                            </td>
                                        </tr>
                                    );
                                })}
                            </tbody>
                        ))}
                    </table>
                </div>
            )}
        </Panel>
    );
}
