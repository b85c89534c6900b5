import { ReactNode, useEffect, useState } from "react";
import { TextField } from "./form";

/** Reads a number as people type it; null for none. */
export function readNumber(text: string): number | null {
    const value = Number(text.trim().replace(",", "."));
    return text.trim() === "" || !Number.isFinite(value) ? null : value;
}

/** A number that may be half typed; `onChange` hears of whole ones within the bounds only. `scale` turns the shown number into the kept one. */
export function NumberField(props: { label: ReactNode; value: number; scale?: number; min: number; max: number; unit?: string; hint?: ReactNode; error?: string | null; disabled?: boolean; onChange(value: number): void }) {
    const scale = props.scale ?? 1;
    const shown = (value: number) => String(Number((value / scale).toPrecision(12)));
    const [text, setText] = useState(shown(props.value));
    const typed = readNumber(text);
    const isGood = typed !== null && typed >= props.min && typed <= props.max;
    useEffect(() => {
        // What was set from outside replaces the text; what was typed stays as it is.
        setText((now) => (readNumber(now) !== null && Math.abs(readNumber(now)! * scale - props.value) < 1e-12 ? now : shown(props.value)));
    }, [props.value]);
    return (
        <TextField
            label={props.unit ? <>{props.label} <span className="muted">{props.unit}</span></> : props.label}
            inputMode="decimal"
            value={text}
            hint={props.hint}
            disabled={props.disabled}
            error={isGood ? props.error : `A number from ${props.min} to ${props.max}.`}
            onBlur={() => {
                if (!isGood) setText(shown(props.value));
            }}
            onChange={(event) => {
                setText(event.target.value);
                const next = readNumber(event.target.value);
                if (next !== null && next >= props.min && next <= props.max) props.onChange(next * scale);
            }}
        />
    );
}
