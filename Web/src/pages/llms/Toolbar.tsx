import { useMemo, useState } from "react";
import { useApp } from "../../app/context";
import { setParams } from "../../app/router";
import { Icon } from "../../components/Icon";
import { MenuItem, Popover } from "../../components/Popover";
import { Dimension, dimension, readFilters, readGroups, toolDimension, withoutFilters } from "./dimensions";
import { FacetMenu, FacetValues } from "./FacetMenu";
import { KeyPicker } from "./KeyPicker";
import { refreshSeconds, show, View } from "./useWindow";

/** Offered at all times; other fields are behind "Filter". */
const facets: readonly Dimension[] = [dimension("finish_reasons")!, dimension("refusal")!, dimension("model")!, dimension("prompt_version")!, toolDimension];

export interface ToolbarProps {
    view: View;
    /** The condition that belongs to the page itself. */
    extra?: string | null;
    /** Whether rows can be grouped by something else than models. */
    canGroup?: boolean;
}

/** Groups, facets and filters of the calls on the page; all of it is in the address. */
export function Toolbar({ view, extra = null, canGroup }: ToolbarProps) {
    const { params } = useApp();
    const filters = useMemo(() => readFilters(params), [params]);
    const offered = facets.filter((f) => canGroup || f.id !== "model");
    const others = [...new Map(filters.filter((f) => !offered.some((o) => o.id === f.dimension.id)).map((f) => [f.dimension.id, f.dimension])).values()];
    return (
        <div className="toolbar" role="toolbar" aria-label="Groups and filters">
            {canGroup && <GroupMenu view={view} />}
            {[...offered, ...others].map((d) => (
                <FacetMenu key={d.id} dimension={d} view={view} extra={extra} />
            ))}
            <FilterMenu view={view} extra={extra} />
            {filters.length > 0 && (
                <button type="button" className="filter-clear" onClick={() => show(withoutFilters(params))}>
                    Clear
                </button>
            )}
            <span className="toolbar-space" />
            {view.range.kind === "last" && (
                <button
                    type="button"
                    className={`toolbar-quiet ${view.isRefreshing ? "is-on" : ""}`}
                    aria-pressed={view.isRefreshing}
                    title={view.isRefreshing ? `Looks again every ${refreshSeconds} s; click to stop` : "Click to look again by itself"}
                    onClick={() => setParams({ refresh: view.isRefreshing ? "off" : null }, { replace: true })}
                >
                    <Icon name="refresh" size={12} />
                    {view.isRefreshing ? `every ${refreshSeconds} s` : "paused"}
                </button>
            )}
        </div>
    );
}

/** `Group by: Model`, or up to two fields or keys. */
function GroupMenu({ view }: { view: View }) {
    const { params } = useApp();
    const groups = useMemo(() => readGroups(params), [params]);
    const set = (ids: readonly string[]) => {
        const next = new URLSearchParams(params);
        next.delete("by");
        next.delete("compare");
        for (const id of ids) next.append("by", id);
        show(next);
    };
    const first = groups.filter((g) => g.id !== "model");
    const withModel = groups.length > first.length;
    return (
        <span className={`filter ${groups.length > 0 ? "is-set" : ""}`}>
            <Popover
                className="filter-button"
                title="Group by"
                label={
                    <>
                        Group by <b>{groups.length === 0 ? "Model" : groups.map((g) => g.label).join(" and ")}</b>
                        <Icon name="down" size={10} />
                    </>
                }
            >
                {(close) => (
                    <div className="picker">
                        <div role="menu" aria-label="Rows">
                            <MenuItem
                                checked={groups.length === 0}
                                onSelect={() => {
                                    set([]);
                                    close();
                                }}
                            >
                                Model, with its provider
                            </MenuItem>
                            {first.length > 0 && (
                                <MenuItem checked={withModel} onSelect={() => set(withModel ? first.map((g) => g.id) : [first[0]!.id, "model"])}>
                                    {first[0]!.label}, a row for each model
                                </MenuItem>
                            )}
                        </div>
                        <KeyPicker
                            view={view}
                            chosen={first.map((g) => g.id)}
                            onPick={(id) => {
                                set(id === "model" ? [] : withModel ? [id, "model"] : [id]);
                                close();
                            }}
                        />
                    </div>
                )}
            </Popover>
            {groups.length > 0 && (
                <button type="button" className="filter-off" aria-label="Group by model again" onClick={() => set([])}>
                    <Icon name="close" size={10} />
                </button>
            )}
        </span>
    );
}

/** Any field or key, then its values. */
function FilterMenu({ view, extra }: { view: View; extra: string | null }) {
    return (
        <Popover
            className="filter-button filter-add"
            title="Filter by any field, attribute or resource key"
            label={
                <>
                    <Icon name="plus" size={11} /> Filter
                </>
            }
        >
            {() => <FilterSteps view={view} extra={extra} />}
        </Popover>
    );
}

function FilterSteps({ view, extra }: { view: View; extra: string | null }) {
    const [id, setId] = useState<string | null>(null);
    const chosen = id === null ? null : dimension(id);
    return (
        <div className="picker">
            {chosen ? (
                <>
                    <button type="button" className="picker-back" onClick={() => setId(null)}>
                        <span aria-hidden="true">‹</span> <bdi>{chosen.label}</bdi>
                    </button>
                    <FacetValues dimension={chosen} view={view} extra={extra} />
                </>
            ) : (
                <KeyPicker view={view} chosen={[]} onPick={setId} />
            )}
        </div>
    );
}
