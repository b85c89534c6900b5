import { useState } from "react";
import { TextField } from "../../components/form";

/** A password that can be looked at while it is typed. */
export function PasswordField(props: { label: string; value: string; onChange(value: string): void; autoComplete: "current-password" | "new-password"; error?: string | null; hint?: string; isFirst?: boolean }) {
    const [isShown, setShown] = useState(false);
    return (
        <div className="password-field">
            <TextField
                label={props.label}
                type={isShown ? "text" : "password"}
                autoComplete={props.autoComplete}
                required
                value={props.value}
                error={props.error}
                hint={props.hint}
                autoFocus={props.isFirst}
                data-first={props.isFirst ? true : undefined}
                onChange={(event) => props.onChange(event.target.value)}
            />
            <button type="button" className="link-button password-show" aria-pressed={isShown} onClick={() => setShown(!isShown)}>
                {isShown ? "Hide" : "Show"}
                <span className="unseen"> {props.label.toLowerCase()}</span>
            </button>
        </div>
    );
}
