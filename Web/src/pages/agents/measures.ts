/** How rows are counted and added up; with weights each row counts as often as it stands for. */
export interface Counting {
    count: string;
    countWhere(condition: string): string;
    sum(column: string): string;
    avg(column: string): string;
}

export function counting(weighted: boolean): Counting {
    return weighted
        ? {
              count: "coalesce(sum(sample_weight), 0)",
              countWhere: (condition) => `coalesce(sum(sample_weight) FILTER (WHERE ${condition}), 0)`,
              sum: (column) => `sum(${column} * sample_weight)`,
              avg: (column) => `sum(${column} * sample_weight) / sum(sample_weight) FILTER (WHERE ${column} IS NOT NULL)`,
          }
        : {
              count: "count(*)",
              countWhere: (condition) => `count(*) FILTER (WHERE ${condition})`,
              sum: (column) => `sum(${column})`,
              avg: (column) => `avg(${column})`,
          };
}

/** A run whose cost is less than what was spent; one that failed before anything was used is not. */
export const isRunUnpriced = "(NOT is_cost_complete OR (cost IS NULL AND turns > 0)) AND NOT (coalesce(is_error, false) AND input_tokens IS NULL AND output_tokens IS NULL)";

/** Figures of a group of runs. Percentiles are exact and those of the runs that were kept. */
export function runMeasures(weighted: boolean): string {
    const { count, countWhere, sum, avg } = counting(weighted);
    return `${count} AS runs,
  ${countWhere("is_error")} AS errors,
  ${avg("duration")} AS duration_avg,
  quantile_cont(duration, 0.95) AS duration_p95,
  ${sum("input_tokens")} AS input_tokens,
  ${sum("output_tokens")} AS output_tokens,
  ${sum("cost")} AS cost,
  ${countWhere(isRunUnpriced)} AS unpriced,
  ${avg("turns")} AS turns_avg,
  quantile_cont(turns, 0.9) AS turns_p90,
  ${avg("tool_calls")} AS tools_avg,
  quantile_cont(tool_calls, 0.9) AS tools_p90`;
}

export interface RunFigures {
    runs: number;
    errors: number;
    /** Seconds. */
    duration_avg: number | null;
    duration_p95: number | null;
    input_tokens: number | null;
    output_tokens: number | null;
    /** US dollars. */
    cost: number | null;
    /** Runs of which some call has no known price. */
    unpriced: number;
    turns_avg: number | null;
    turns_p90: number | null;
    tools_avg: number | null;
    tools_p90: number | null;
}
