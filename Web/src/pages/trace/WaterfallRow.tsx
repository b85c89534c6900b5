import { memo } from "react";
import { TokenBadge } from "../../components/TokenBadge";
import { nameColor } from "../../lib/color";
import { count, duration } from "../../lib/format";
import { usageOf } from "../../lib/usage";
import { walk } from "../../lib/tree";
import type { LLMCall } from "../../api/types";
import { Running } from "../live/LiveRowView";
import { MessageText, StatusCode } from "../MessageText";
import type { TraceModel, TraceNode } from "./model";
import { TextStore, useText } from "./texts";
import { Segment, selfSegments, selfTime } from "./timing";
import type { View } from "./view";

export interface WaterfallRowProps {
    node: TraceNode;
    model: TraceModel;
    view: View;
    /** Null when the texts came with the trace. */
    texts: TextStore | null;
    isSelected: boolean;
    isClosed: boolean;
    /** When the span lay on the critical path. */
    critical: Segment[] | undefined;
    isMatch: boolean;
    isDim: boolean;
    isNarrow: boolean;
    unfinishedAfter: number;
    onSelect(node: TraceNode): void;
    onToggle(node: TraceNode): void;
}

function WaterfallRowPlain(props: WaterfallRowProps) {
    const { node, isSelected, isClosed, isNarrow } = props;
    const { item } = node;
    const usage = item.call ? usageOf(item.call) : item.below;
    const many = item.descendants;
    const text = useText(props.texts, item.id);
    return (
        <div
            id={`span-${item.id}`}
            className={`wr ${isSelected ? "is-selected" : ""} ${props.isMatch ? "is-match" : ""} ${props.isDim ? "is-dim" : ""} ${item.isError ? "is-error" : ""}`}
            role="treeitem"
            aria-level={node.depth + 1}
            aria-expanded={node.children.length > 0 ? !isClosed : undefined}
            aria-selected={isSelected}
            data-row={item.id}
            onClick={() => props.onSelect(node)}
        >
            <span className="wr-name" style={{ paddingLeft: Math.min(node.depth, 16) * 14 }}>
                {node.children.length > 0 ? (
                    <button
                        type="button"
                        className="wr-twist"
                        tabIndex={-1}
                        aria-label={`${isClosed ? "Open" : "Close"} ${many} below`}
                        onClick={(event) => {
                            event.stopPropagation();
                            props.onToggle(node);
                        }}
                    >
                        <span className={`twist ${isClosed ? "" : "is-open"}`} />
                    </button>
                ) : (
                    <span className="wr-twist" />
                )}
                <span className={`wr-mark ${item.isPoint ? "is-point" : ""}`} style={{ background: item.record.service_name ? nameColor(item.record.service_name) : undefined }} title={item.record.service_name ?? undefined} />
                <MessageText record={text ? { ...item.record, message: text.message, msg_template: text.msg_template } : item.record} />
                {item.record.http_response_status_code !== null && <StatusCode code={item.record.http_response_status_code} />}
                {isClosed && many > 0 && <span className="count">+{count(many)}</span>}
                {!isNarrow && (
                    <span className="wr-usage">
                        <TokenBadge usage={usage} isSum={!item.call} calls={() => callsOf(node)} />
                    </span>
                )}
            </span>
            <Bar {...props} />
            {item.isOpen ? <Running start={item.start} unfinishedAfter={props.unfinishedAfter} /> : <span className="wr-duration" title={item.isPoint ? undefined : `${duration(selfTime(node) / 1000)} of it itself, the rest in its children`}>{item.isPoint ? "" : duration((item.end - item.start) / 1000)}</span>}
        </div>
    );
}

export const WaterfallRow = memo(WaterfallRowPlain);

function callsOf(node: TraceNode): LLMCall[] {
    const own = node.item.call;
    if (own) return [own];
    const calls: LLMCall[] = [];
    for (const child of walk(node.children)) if (child.item.call) calls.push(child.item.call);
    return calls;
}

function Bar({ node, model, view, critical }: WaterfallRowProps) {
    const { item } = node;
    const width = model.end - model.start;
    // Shares of the view, in percent; what lies outside of it is cut by the cell.
    const place = (ms: number) => (((ms - model.start) / width - view.from) / (view.to - view.from)) * 100;
    const left = place(item.start);
    if (item.isPoint) return <span className="wr-track">{left >= 0 && left <= 100 && <i className={`wr-point ${item.isError ? "is-error" : ""}`} style={{ left: `${left}%` }} />}</span>;
    const right = place(item.end);
    if (right < 0 || left > 100) return <span className="wr-track"><span className="wr-off">{right < 0 ? "◂" : "▸"}</span></span>;
    const from = Math.max(-1, left);
    const to = Math.min(101, right);
    const kind = item.isError ? "error" : item.category;
    const self = node.children.length > 0 ? selfSegments(node) : [];
    const firstToken = item.call?.time_to_first_token;
    return (
        <span className="wr-track">
            <i className={`wr-bar cat-${kind} ${item.isOpen ? "is-open" : ""}`} style={{ left: `${from}%`, width: `max(2px, ${to - from}%)` }} />
            {critical?.map((s) => {
                const a = Math.max(-1, place(s.from));
                const b = Math.min(101, place(s.to));
                return b > a && <u key={`c${s.from}`} className="wr-critical" style={{ left: `${a}%`, width: `max(1px, ${b - a}%)` }} title={`critical path ${duration((s.to - s.from) / 1000)}`} />;
            })}
            {self.length <= 40 &&
                self.map((s) => {
                    const a = Math.max(-1, place(s.from));
                    const b = Math.min(101, place(s.to));
                    return b - a > 0.15 && <u key={s.from} className="wr-self" style={{ left: `${a}%`, width: `${b - a}%` }} title={`self time ${duration((s.to - s.from) / 1000)}`} />;
                })}
            {firstToken != null && item.end > item.start && <u className="wr-first" style={{ left: `${from}%`, width: `${Math.max(0, Math.min(to, place(item.start + firstToken * 1000)) - from)}%` }} title={`first token after ${duration(firstToken)}`} />}
        </span>
    );
}
