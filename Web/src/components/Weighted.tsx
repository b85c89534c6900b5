import { useApp } from "../app/context";
import { absolute, parseTime } from "../lib/time";

/** Whether sampling has removed records of this project, so that counts add up weights. */
export function useWeighted(): boolean {
    return useApp().config.sampling.since !== null;
}

/** Says that the figures beside it stand for what was sent, not for what is stored. Nothing when nothing was sampled. */
export function Weighted() {
    const { sampling } = useApp().config;
    if (sampling.since === null) return null;
    return (
        <span
            className="weighted"
            title={`Sampling ${sampling.enabled ? "is on" : "was on"} since ${absolute(parseTime(sampling.since))}. Counts, tokens and cost add up what each kept record stands for (sample_weight); percentiles and maxima are those of the kept records.`}
        >
            weighted
        </span>
    );
}
