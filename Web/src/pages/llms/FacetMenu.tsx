import { useMemo, useState } from "react";
import { useApp } from "../../app/context";
import { Icon } from "../../components/Icon";
import { Popover } from "../../components/Popover";
import { compact, unknown } from "../../lib/format";
import { useAsync } from "../../lib/useAsync";
import { Dimension, missing, readFilters, toolDimension, withoutFilters, withValue } from "./dimensions";
import { fetchValues } from "./facets";
import { show, View } from "./useWindow";

/** Beyond this many values there is a box to search them with. */
const searched = 8;
/** Values drawn at once. */
const most = 60;

/** One facet: a pill that opens the values of a dimension with their counts. */
export function FacetMenu({ dimension, view, extra }: { dimension: Dimension; view: View; extra: string | null }) {
    const { params } = useApp();
    const set = useMemo(() => readFilters(params).filter((f) => f.dimension.id === dimension.id), [params, dimension.id]);
    const isSet = set.length > 0;
    return (
        <span className={`filter ${isSet ? "is-set" : ""}`}>
            <Popover
                className="filter-button"
                title={`Filter by ${dimension.label.toLowerCase()}`}
                label={
                    <>
                        <bdi className="filter-name">{dimension.label}</bdi>
                        {set.map((f) => (
                            <b key={String(f.isExcluded)}>
                                {f.isExcluded && "not "}
                                <bdi>{f.values.map((v) => v ?? "unknown").join(", ")}</bdi>
                            </b>
                        ))}
                        {!isSet && <Icon name="down" size={10} />}
                    </>
                }
            >
                {() => <FacetValues dimension={dimension} view={view} extra={extra} />}
            </Popover>
            {isSet && (
                <button type="button" className="filter-off" aria-label={`Remove the ${dimension.label.toLowerCase()} filter`} onClick={() => show(withoutFilters(params, dimension))}>
                    <Icon name="close" size={10} />
                </button>
            )}
        </span>
    );
}

/** The values of a dimension to choose from: click to want one, ≠ to leave it out. */
export function FacetValues({ dimension, view, extra }: { dimension: Dimension; view: View; extra: string | null }) {
    const { params } = useApp();
    const [text, setText] = useState("");
    const found = useAsync(`${dimension.id}${extra ?? ""}\n${view.subject}`, (signal) => fetchValues(view.at(Date.now()).window, dimension, extra, signal));
    const filters = readFilters(params).filter((f) => f.dimension.id === dimension.id);
    const state = (value: string | null) => {
        const hit = filters.find((f) => f.values.includes(value));
        return hit ? (hit.isExcluded ? "out" : "in") : null;
    };
    const values = found.data ?? [];
    const top = Math.max(1, ...values.map((v) => v.n));
    const wanted = values.filter((v) => (v.value ?? missing).toLowerCase().includes(text.toLowerCase()));
    const toggle = (value: string | null, isExcluded: boolean) => show(withValue(params, dimension, value, isExcluded, state(value) !== (isExcluded ? "out" : "in")));
    return (
        <div className="facet" role="group" aria-label={dimension.label}>
            {values.length > searched && <input type="search" className="facet-search" placeholder={`Search ${values.length} values`} aria-label="Search the values" value={text} onChange={(event) => setText(event.target.value)} />}
            {found.error && <p className="menu-note is-bad">{found.error.detail}</p>}
            {!found.data && !found.error && <p className="menu-note">Reading the values…</p>}
            {found.data && values.length === 0 && <p className="menu-note">{dimension.id === toolDimension.id ? "No tool was executed after a call of this window." : "No call of this window has a value."}</p>}
            <ul className="facet-values">
                {wanted.slice(0, most).map(({ value, n }) => {
                    const name = value === null ? "unknown" : value === "" ? "(empty)" : value;
                    return (
                        <li key={String(value)} className={state(value) === "out" ? "is-out" : ""}>
                            <button type="button" className="facet-value" role="checkbox" aria-checked={state(value) === "in"} title={name} onClick={() => toggle(value, false)}>
                                <span className="facet-box" aria-hidden="true">
                                    {state(value) === "in" && <Icon name="check" size={10} />}
                                </span>
                                <bdi className={value === null ? "muted" : ""}>{name}</bdi>
                                <span className="facet-count">{compact(n)}</span>
                                <i className="facet-bar" style={{ width: `${(n / top) * 100}%` }} aria-hidden="true" />
                            </button>
                            <button type="button" className="facet-not" aria-pressed={state(value) === "out"} aria-label={`Leave out ${name}`} title="Leave out" onClick={() => toggle(value, true)}>
                                ≠
                            </button>
                        </li>
                    );
                })}
            </ul>
            {wanted.length > most && <p className="menu-note">{wanted.length - most} more; search for them.</p>}
            {found.data && text !== "" && wanted.length === 0 && <p className="menu-note">{unknown} no value contains “{text}”</p>}
        </div>
    );
}
