import { MenuItem, Popover } from "../../components/Popover";
import { plural } from "../../lib/format";
import { closedBelow, CollapseKey, withValue } from "./collapse";
import type { TraceModel } from "./model";

export interface CollapseMenuProps {
    model: TraceModel;
    closed: ReadonlySet<string>;
    onClosed(closed: ReadonlySet<string>): void;
}

/** Values of a service or scope that the menu offers. */
const most = 30;

/** Folds the waterfall by depth, or everything below a service or scope. */
export function CollapseMenu({ model, closed, onClosed }: CollapseMenuProps) {
    const depths = [1, 2, 3, 4, 6, 8].filter((d) => d < model.deepest);
    return (
        <Popover className="tool-button" title="Fold the waterfall" label="Fold">
            {(close) => (
                <div role="menu" aria-label="Fold" className="fold-menu">
                    <MenuItem
                        checked={closed.size === 0}
                        hint="everything open"
                        onSelect={() => {
                            onClosed(new Set());
                            close();
                        }}
                    >
                        Unfold all
                    </MenuItem>
                    <MenuItem
                        hint="roots only"
                        onSelect={() => {
                            onClosed(closedBelow(model, 0));
                            close();
                        }}
                    >
                        Fold all
                    </MenuItem>
                    {depths.length > 0 && (
                        <>
                            <p className="menu-group">By depth</p>
                            {depths.map((depth) => (
                                <MenuItem
                                    key={depth}
                                    onSelect={() => {
                                        onClosed(closedBelow(model, depth));
                                        close();
                                    }}
                                >
                                    {plural(depth + 1, "level")}
                                </MenuItem>
                            ))}
                        </>
                    )}
                    <Values title="By service" name="service_name" values={model.services} model={model} closed={closed} onClosed={onClosed} />
                    <Values title="By scope" name="otel_scope_name" values={model.scopes} model={model} closed={closed} onClosed={onClosed} />
                </div>
            )}
        </Popover>
    );
}

function Values({ title, name, values, model, closed, onClosed }: CollapseMenuProps & { title: string; name: CollapseKey; values: TraceModel["services"] }) {
    if (values.length === 0) return null;
    return (
        <>
            <p className="menu-group">{title}</p>
            {values.slice(0, most).map((value) => {
                const ids = withValue(model, name, value.name);
                if (ids.length === 0) return null;
                const isClosed = ids.every((id) => closed.has(id));
                return (
                    <MenuItem
                        key={value.name}
                        checked={isClosed}
                        hint={plural(value.spans, "record")}
                        onSelect={() => {
                            const next = new Set(closed);
                            for (const id of ids) {
                                if (isClosed) next.delete(id);
                                else next.add(id);
                            }
                            onClosed(next);
                        }}
                    >
                        {value.name}
                    </MenuItem>
                );
            })}
        </>
    );
}
