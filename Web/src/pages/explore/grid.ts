import type { Json } from "../../api/types";
import { cellText, ResultColumn } from "./values";

// Sizes of the result table.

export const rowHeight = 26;
export const headHeight = 40;
/** Pixels of the column with the row's number. */
export const gutter = 52;
export const narrowest = 48;
const widest = 420;
const perCharacter = 7.3;

/** Widths that fit what the first rows hold, in pixels. */
export function initialWidths(columns: readonly ResultColumn[], rows: readonly Record<string, Json>[]): number[] {
    return columns.map((column) => {
        let longest = Math.max(column.name.length + 2, column.type.length);
        for (const row of rows.slice(0, 80)) {
            const length = cellText(column, row[column.name]).length + (column.kind === "json" ? 3 : column.kind === "service" ? 2 : 0);
            if (length > longest) longest = length;
        }
        return Math.round(Math.min(column.kind === "json" ? 320 : widest, Math.max(64, longest * perCharacter + 22)));
    });
}

export function offsets(widths: readonly number[]): number[] {
    const at: number[] = [];
    let x = gutter;
    for (const width of widths) {
        at.push(x);
        x += width;
    }
    at.push(x);
    return at;
}

/** First and last index of what is in sight, with some beyond each edge. */
export function inSight(ends: readonly number[], from: number, to: number): { first: number; last: number } {
    let first = 0;
    while (first < ends.length - 2 && ends[first + 1]! < from) first += 1;
    let last = first;
    while (last < ends.length - 2 && ends[last + 1]! < to) last += 1;
    return { first: Math.max(0, first - 1), last: Math.min(ends.length - 2, last + 1) };
}

/** The rows of a selection: all between two, in the order of the table. */
export function between(a: number, b: number): number[] {
    const [low, high] = [Math.min(a, b), Math.max(a, b)];
    return Array.from({ length: high - low + 1 }, (_, i) => low + i);
}
