// Severity levels: 1 trace, 5 debug, 9 info, 10 notice, 13 warn, 17 error, 21 fatal.

export type LevelName = "trace" | "debug" | "info" | "notice" | "warn" | "error" | "fatal";

const steps: readonly [number, LevelName][] = [
    [21, "fatal"],
    [17, "error"],
    [13, "warn"],
    [10, "notice"],
    [9, "info"],
    [5, "debug"],
];

export function levelName(level: number | null | undefined): LevelName {
    for (const [least, name] of steps) if ((level ?? 9) >= least) return name;
    return "trace";
}

export const levelNames: readonly { name: LevelName; level: number }[] = [
    { name: "trace", level: 1 },
    { name: "debug", level: 5 },
    { name: "info", level: 9 },
    { name: "notice", level: 10 },
    { name: "warn", level: 13 },
    { name: "error", level: 17 },
    { name: "fatal", level: 21 },
];
