import type { ReactNode } from "react";
import { Icon } from "../../components/Icon";
import { count, plural } from "../../lib/format";
import type { Found } from "./useSearch";
import { isWhole, View, wholeView } from "./view";

export interface WaterfallToolsProps {
    text: string;
    onText(text: string): void;
    found: Found;
    errors: number;
    /** Place of the selected span among the errors; -1 when it is none. */
    at: number;
    showsPath: boolean;
    view: View;
    isCompact: boolean;
    onNextMatch(by: number): void;
    onNextError(): void;
    onPath(): void;
    onView(view: View): void;
    children: ReactNode;
}

export function WaterfallTools(props: WaterfallToolsProps) {
    const { text, found, errors, at, showsPath } = props;
    return (
        <div className="wf-tools">
            <div className="wf-search">
                <Icon name="search" size={12} />
                <input
                    type="search"
                    data-search={props.isCompact ? undefined : true}
                    placeholder="Search in this trace"
                    aria-label="Search in this trace: names, messages, services and attributes"
                    title="Names, messages, services, scopes and attributes. Enter: next match, Shift+Enter: the one before."
                    value={text}
                    onChange={(event) => props.onText(event.target.value)}
                    onKeyDown={(event) => {
                        if (event.key === "Enter") props.onNextMatch(event.shiftKey ? -1 : 1);
                        else if (event.key === "Escape") {
                            if (text === "") event.currentTarget.blur();
                            else props.onText("");
                        } else return;
                        event.preventDefault();
                    }}
                />
                {found.nodes && (
                    <span className="muted" role="status">
                        {plural(found.nodes.length, "match", "matches")}
                        {found.isLoading && "…"}
                    </span>
                )}
            </div>
            <button type="button" className={`tool-button ${errors > 0 ? "is-error" : ""}`} disabled={errors === 0} onClick={props.onNextError} title="Go to the next error (e)">
                {errors === 0 ? "No errors" : at >= 0 ? `Error ${count(at + 1)} of ${count(errors)}` : plural(errors, "error")}
            </button>
            <button type="button" className={`tool-button ${showsPath ? "is-on" : ""}`} aria-pressed={showsPath} onClick={props.onPath} title="Underline the spans that decided when the trace ended (c)">
                Critical path
            </button>
            {props.children}
            {!isWhole(props.view) && (
                <button type="button" className="tool-button is-on" onClick={() => props.onView(wholeView)} title="Show the whole trace (0)">
                    Whole trace
                </button>
            )}
        </div>
    );
}
