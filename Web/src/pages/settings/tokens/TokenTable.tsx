import type { Token } from "../../../api/manage";
import { Ago } from "../../../components/basic";
import { Button } from "../../../components/form";
import { untilText } from "../../../lib/expiry";
import { unknown } from "../../../lib/format";
import { absolute, parseTime } from "../../../lib/time";
import { useSlowNow } from "../../../lib/useNow";

export function TokenTable(props: { tokens: readonly Token[]; hasRole: boolean; onRotate(token: Token): void; onRevoke(token: Token): void; onRemove(token: Token): void }) {
    const { hasRole } = props;
    const now = useSlowNow();
    return (
        <div className="table-wrap">
            <table className="listing">
                <thead>
                    <tr>
                        <th>Token</th>
                        <th>Description</th>
                        {hasRole && <th>Rights</th>}
                        <th>Created</th>
                        <th>Last used</th>
                        <th>Expires</th>
                        <th>
                            <span className="unseen">Actions</span>
                        </th>
                    </tr>
                </thead>
                <tbody>
                    {props.tokens.map((token) => (
                        <tr key={token.id} className={token.active ? "" : "is-over"}>
                            <td>
                                <code>{token.token_prefix}</code>
                            </td>
                            <td className="cell-wide">{token.description ?? <span className="muted">{unknown}</span>}</td>
                            {hasRole && (
                                <td>
                                    {token.role ?? unknown}
                                    <small>{token.project_name ? `project ${token.project_name}` : "all projects"}</small>
                                </td>
                            )}
                            <td>
                                <Ago time={token.created_at} />
                                <small>{token.created_by_name ? `by ${token.created_by_name}` : "\u00a0"}</small>
                            </td>
                            <td>{token.last_used_at ? <Ago time={token.last_used_at} /> : <span className="muted">never</span>}</td>
                            <td>
                                {token.expires_at ? <span title={absolute(parseTime(token.expires_at))}>{untilText(parseTime(token.expires_at), now)}</span> : token.active ? <span className="muted">never</span> : unknown}
                                {!token.active && <small>ended</small>}
                            </td>
                            <td className="cell-tools">
                                {token.active ? (
                                    <>
                                        <Button onClick={() => props.onRotate(token)} aria-label={`Rotate ${token.token_prefix}`}>
                                            Rotate
                                        </Button>
                                        <Button tone="danger" onClick={() => props.onRevoke(token)} aria-label={`Revoke ${token.token_prefix}`}>
                                            Revoke
                                        </Button>
                                    </>
                                ) : (
                                    <Button onClick={() => props.onRemove(token)} aria-label={`Remove ${token.token_prefix}`}>
                                        Remove
                                    </Button>
                                )}
                            </td>
                        </tr>
                    ))}
                </tbody>
            </table>
        </div>
    );
}
