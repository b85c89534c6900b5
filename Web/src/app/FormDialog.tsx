import type { FormEvent, ReactNode } from "react";
import { Icon } from "../components/Icon";
import { Dialog } from "./Dialog";

/** A dialog with a title, a form and its buttons at the foot. */
export function FormDialog({ title, onClose, onSubmit, actions, children, isWide }: { title: string; onClose(): void; onSubmit?(event: FormEvent): void; actions: ReactNode; children: ReactNode; isWide?: boolean }) {
    return (
        <Dialog label={title} onClose={onClose} className={isWide ? "form-dialog is-wide" : "form-dialog"}>
            <form
                onSubmit={(event) => {
                    event.preventDefault();
                    onSubmit?.(event);
                }}
                noValidate
            >
                <header>
                    <h1>{title}</h1>
                    <button type="button" className="icon-button" onClick={onClose} aria-label="Close" tabIndex={0}>
                        <Icon name="close" />
                    </button>
                </header>
                <div className="form-body">{children}</div>
                <footer>{actions}</footer>
            </form>
        </Dialog>
    );
}
