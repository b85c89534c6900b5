import { ButtonHTMLAttributes, InputHTMLAttributes, ReactNode, SelectHTMLAttributes, TextareaHTMLAttributes, useId } from "react";
import { Icon } from "./Icon";

interface FieldProps {
    label: ReactNode;
    hint?: ReactNode;
    error?: string | null;
    /** For a field whose label stands elsewhere, as in a table. */
    isBare?: boolean;
}

/** A labelled input with its hint and, below it, what is wrong with it. The error's place is kept free, so nothing jumps. */
function Field({ label, hint, error, isBare, id, children }: FieldProps & { id: string; children: ReactNode }) {
    return (
        <div className={`field ${error ? "is-wrong" : ""} ${isBare ? "is-bare" : ""}`}>
            <label htmlFor={id} className={isBare ? "unseen" : undefined}>
                {label}
            </label>
            {children}
            {error ? (
                <p className="field-error" id={`${id}-note`} role="alert">
                    {error}
                </p>
            ) : (
                hint && (
                    <p className="field-hint" id={`${id}-note`}>
                        {hint}
                    </p>
                )
            )}
        </div>
    );
}

type Told<T> = FieldProps & Omit<T, "id">;

export function TextField({ label, hint, error, isBare, ...input }: Told<InputHTMLAttributes<HTMLInputElement>> & { "data-first"?: boolean }) {
    const id = useId();
    return (
        <Field label={label} hint={hint} error={error} isBare={isBare} id={id}>
            <input type="text" autoComplete="off" spellCheck={false} {...input} id={id} aria-invalid={Boolean(error)} aria-describedby={error || hint ? `${id}-note` : undefined} />
        </Field>
    );
}

export function TextArea({ label, hint, error, isBare, ...input }: Told<TextareaHTMLAttributes<HTMLTextAreaElement>>) {
    const id = useId();
    return (
        <Field label={label} hint={hint} error={error} isBare={isBare} id={id}>
            <textarea spellCheck={false} {...input} id={id} aria-invalid={Boolean(error)} aria-describedby={error || hint ? `${id}-note` : undefined} />
        </Field>
    );
}

export function SelectField({ label, hint, error, isBare, children, ...input }: Told<SelectHTMLAttributes<HTMLSelectElement>> & { "data-first"?: boolean }) {
    const id = useId();
    return (
        <Field label={label} hint={hint} error={error} isBare={isBare} id={id}>
            <select {...input} id={id} aria-invalid={Boolean(error)} aria-describedby={error || hint ? `${id}-note` : undefined}>
                {children}
            </select>
        </Field>
    );
}

/** On or off, at once or with the form it stands in. */
export function Switch({ label, hint, checked, disabled, onChange }: { label: ReactNode; hint?: ReactNode; checked: boolean; disabled?: boolean; onChange(checked: boolean): void }) {
    const id = useId();
    return (
        <div className="switch-row">
            <input type="checkbox" role="switch" id={id} checked={checked} disabled={disabled} onChange={(event) => onChange(event.target.checked)} aria-describedby={hint ? `${id}-note` : undefined} />
            <div>
                <label htmlFor={id}>{label}</label>
                {hint && (
                    <p className="field-hint" id={`${id}-note`}>
                        {hint}
                    </p>
                )}
            </div>
        </div>
    );
}

export function Button({ tone, isBusy, children, className, ...rest }: ButtonHTMLAttributes<HTMLButtonElement> & { tone?: "primary" | "danger" | "quiet"; isBusy?: boolean }) {
    return (
        <button type="button" {...rest} disabled={rest.disabled || isBusy} className={`button ${tone ? `button-${tone}` : ""} ${className ?? ""}`} aria-busy={isBusy}>
            {children}
        </button>
    );
}

/** A sentence that stands out: why something is as it is. */
export function Notice({ tone = "info", children }: { tone?: "info" | "warn" | "good" | "bad"; children: ReactNode }) {
    return (
        <div className={`notice notice-${tone}`} role={tone === "bad" ? "alert" : "note"}>
            <Icon name={tone === "good" ? "check" : tone === "info" ? "help" : "warn"} />
            <div>{children}</div>
        </div>
    );
}
