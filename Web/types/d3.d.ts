// The parts of d3 that the charts use. Its own type packages are not everywhere; these hold for every version the build accepts.

declare module "d3-scale" {
    export interface ScaleLinear {
        (value: number): number;
        invert(pixel: number): number;
        domain(ends: readonly number[]): this;
        domain(): number[];
        range(ends: readonly number[]): this;
        nice(count?: number): this;
        clamp(on: boolean): this;
        ticks(count?: number): number[];
        tickFormat(count?: number, specifier?: string): (value: number) => string;
    }
    export interface ScaleTime {
        (value: number | Date): number;
        invert(pixel: number): Date;
        domain(ends: readonly (number | Date)[]): this;
        range(ends: readonly number[]): this;
        ticks(count?: number): Date[];
    }
    export interface ScaleBand {
        (name: string): number | undefined;
        domain(names: readonly string[]): this;
        range(ends: readonly number[]): this;
        paddingInner(share: number): this;
        paddingOuter(share: number): this;
        bandwidth(): number;
        step(): number;
    }
    export function scaleLinear(): ScaleLinear;
    export function scaleTime(): ScaleTime;
    export function scaleUtc(): ScaleTime;
    export function scaleBand(): ScaleBand;
}

declare module "d3-shape" {
    export interface Line<T> {
        (data: Iterable<T> | readonly T[]): string | null;
        defined(is: (datum: T, index: number) => boolean): this;
        x(of: (datum: T, index: number) => number): this;
        y(of: (datum: T, index: number) => number): this;
        curve(curve: unknown): this;
    }
    export interface Area<T> {
        (data: Iterable<T> | readonly T[]): string | null;
        defined(is: (datum: T, index: number) => boolean): this;
        x(of: (datum: T, index: number) => number): this;
        y0(of: number | ((datum: T, index: number) => number)): this;
        y1(of: (datum: T, index: number) => number): this;
    }
    export interface StackSeries extends Array<[number, number]> {
        key: string;
        index: number;
    }
    export interface Stack<T> {
        (data: readonly T[]): StackSeries[];
        keys(keys: readonly string[]): this;
        value(of: (datum: T, key: string) => number): this;
        offset(offset: unknown): this;
    }
    export function line<T>(): Line<T>;
    export function area<T>(): Area<T>;
    export function stack<T>(): Stack<T>;
    export const stackOffsetDiverging: unknown;
}

declare module "d3-array" {
    export function bisectCenter(sorted: readonly number[], value: number): number;
    export function extent(values: Iterable<number>): [number, number] | [undefined, undefined];
    export function max(values: Iterable<number | null | undefined>): number | undefined;
    export function min(values: Iterable<number | null | undefined>): number | undefined;
}

declare module "d3-time" {
    export interface TimeInterval {
        (date: Date): Date;
    }
    export const timeDay: TimeInterval;
    export const timeMonth: TimeInterval;
    export const timeYear: TimeInterval;
    export const utcSecond: TimeInterval;
    export const utcMinute: TimeInterval;
    export const utcDay: TimeInterval;
    export const utcMonth: TimeInterval;
    export const utcYear: TimeInterval;
}

declare module "d3-time-format" {
    export function timeFormat(specifier: string): (date: Date) => string;
    export function utcFormat(specifier: string): (date: Date) => string;
}
