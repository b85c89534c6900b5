import { useMemo } from "react";
import { useApp } from "../../app/context";
import { RangePicker } from "../../app/RangePicker";
import { setParams } from "../../app/router";
import { TopBar } from "../../app/TopBar";
import { Kbd } from "../../components/basic";
import { Icon } from "../../components/Icon";
import { OpenInExplore } from "../../components/OpenInExplore";
import { Empty, ErrorBox, Loading, Progress, Snippet } from "../../components/states";
import { Weighted } from "../../components/Weighted";
import { openaiSnippet } from "../../lib/guides";
import { bucketWidth, Range, spanSeconds } from "../../lib/range";
import { useAsync } from "../../lib/useAsync";
import { useTarget } from "../add/SendGuides";
import { filtered, readSort, sorted } from "./columns";
import { readCompared } from "./compare";
import { Comparison } from "./Comparison";
import { readFilters, readGroups, withoutFilters } from "./dimensions";
import { Headline } from "./Headline";
import { ModelTable } from "./ModelTable";
import { fetchModels, fetchTotals, fetchTrends, modelsSQL, mostRows } from "./queries";
import { Toolbar } from "./Toolbar";
import { steps, trendsByRow } from "./trends";
import { defaultRange, setRange, show, useView } from "./useWindow";

export function LLMsPage() {
    const { params } = useApp();
    const view = useView();
    const { range } = view;
    const groups = useMemo(() => readGroups(params), [params]);
    const text = params.get("filter") ?? "";
    const sort = readSort(params.get("sort"));
    const compared = useMemo(() => readCompared(params.get("compare")), [params]);

    const answer = useAsync(`${groups.map((g) => g.id).join("\t")}\n${view.key}`, async (signal) => {
        const { window, before, from, to } = view.at(Date.now());
        const width = bucketWidth(spanSeconds(range), 24);
        const [models, totals, earlier, trends] = await Promise.all([fetchModels(window, groups, signal), fetchTotals(window, signal), fetchTotals(before, signal), fetchTrends(window, groups, width, signal)]);
        return { models, totals, earlier, trends: trendsByRow(trends, steps(from, to, width)), subject: view.subject };
    });

    const { data } = answer;
    const rows = useMemo(() => (data ? sorted(filtered(data.models, text), sort) : []), [data, text, sort.column, sort.descending]);
    const hasFilters = readFilters(params).length > 0;
    const what = groups.length === 0 ? "provider and model" : groups.map((g) => g.label.toLowerCase()).join(" and ");
    return (
        <>
            <TopBar search={<RowFilter text={text} what={groups.length === 0 ? "model or provider" : what} />} range={<RangePicker range={range} onChange={setRange} />} />
            <Progress active={answer.isLoading && data?.subject !== view.subject} />
            <div className="page" tabIndex={-1}>
                <header className="page-head page-head-row">
                    <div>
                        <h1>
                            LLMs <Weighted />
                        </h1>
                        <p className="muted">
                            Every model your application calls: latency, tokens, cost; one row for each <bdi>{what}</bdi>.
                        </p>
                    </div>
                    <OpenInExplore sql={modelsSQL(view.at(Date.now()).window, groups)} range={range} environment={null} limit={mostRows} />
                </header>
                <Toolbar view={view} canGroup />
                {answer.error && <ErrorBox error={answer.error} onRetry={answer.reload} />}
                {!data ? (
                    !answer.error && <Loading what="model calls" />
                ) : data.models.length === 0 ? (
                    hasFilters ? (
                        <NothingLeft />
                    ) : (
                        <NoCalls range={range} />
                    )
                ) : (
                    <>
                        <Headline totals={data.totals!} earlier={data.earlier} range={range} />
                        {compared.length > 0 && <Comparison view={view} groups={groups} rows={data.models} compared={compared} />}
                        {rows.length === 0 ? (
                            <Empty title={`Nothing here contains “${text}”`}>
                                <button type="button" className="button" onClick={() => setParams({ filter: null })}>
                                    Clear the filter
                                </button>
                            </Empty>
                        ) : (
                            <ModelTable rows={rows} groups={groups} sort={sort} trends={data.trends} compared={compared} />
                        )}
                        {data.models.length === mostRows && <p className="page-foot muted">These are the {mostRows} groups with the most calls; filters narrow them down.</p>}
                        <MissingModel range={range} />
                    </>
                )}
            </div>
        </>
    );
}

function RowFilter({ text, what }: { text: string; what: string }) {
    return (
        <div className="search">
            <Kbd>/</Kbd>
            <input data-search type="text" aria-label={`Filter by ${what}`} placeholder={`Filter by ${what}…`} spellCheck={false} value={text} onChange={(event) => setParams({ filter: event.target.value }, { replace: true })} />
            {text !== "" && (
                <button type="button" className="icon-button" aria-label="Clear the filter" onClick={() => setParams({ filter: null })}>
                    <Icon name="close" size={12} />
                </button>
            )}
        </div>
    );
}

function NothingLeft() {
    const { params } = useApp();
    return (
        <Empty title="No model call passes these filters">
            <p className="muted">There may be some in a longer time range.</p>
            <button type="button" className="button" onClick={() => show(withoutFilters(params))}>
                Clear the filters
            </button>
        </Empty>
    );
}

const longer: Record<string, string> = { "5m": "1d", "15m": "1d", "1h": "1d", "6h": "1d", "1d": "7d", "7d": "30d" };

function MissingModel({ range }: { range: Range }) {
    const next = range.kind === "custom" ? "7d" : longer[range.id];
    const label = { "1d": "day", "7d": "7 days", "30d": "30 days" }[next ?? ""];
    return (
        <p className="page-foot muted">
            Missing a model? You are viewing {range.kind === "custom" ? "a fixed range" : `the last ${range.id === "1d" ? "day" : range.id}`}.{" "}
            {next && label && (
                <button type="button" className="link-button" onClick={() => setParams({ range: next === defaultRange ? null : next, from: null, to: null })}>
                    Try the last {label}
                </button>
            )}
        </p>
    );
}

function NoCalls({ range }: { range: Range }) {
    const target = useTarget(null);
    return (
        <Empty title="No model calls in this range">
            <MissingModel range={range} />
            <p className="muted">A row appears for each model as soon as a call arrives, for instance from this program:</p>
            <Snippet label="Python" code={openaiSnippet(target)} />
        </Empty>
    );
}
