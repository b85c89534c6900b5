import type { ReactNode } from "react";
import type { APIError } from "../api/client";
import { CopyButton } from "./basic";
import { Icon } from "./Icon";

/** A thin moving bar: something is under way. */
export function Progress({ active }: { active: boolean }) {
    return <div className={`progress ${active ? "is-active" : ""}`} role="progressbar" aria-hidden={!active} aria-label="Loading" />;
}

export function Loading({ what }: { what: string }) {
    return (
        <div className="state" role="status">
            <div className="spinner" aria-hidden="true" />
            <p className="muted">Loading {what}…</p>
        </div>
    );
}

export function ErrorBox({ error, onRetry }: { error: APIError; onRetry?(): void }) {
    return (
        <div className="state-error" role="alert">
            <Icon name="warn" />
            <div>
                <strong>{error.detail}</strong>
                <p>{error.advice}</p>
                {onRetry && (
                    <button type="button" className="button" onClick={onRetry}>
                        Try again
                    </button>
                )}
            </div>
        </div>
    );
}

/** What went wrong with something the reader started, in one or two lines. */
export function FailedAction({ error }: { error: APIError | null }) {
    if (!error) return null;
    return (
        <p className="failed-action" role="alert">
            <Icon name="warn" />
            <span>
                {error.detail} <span className="muted">{error.advice}</span>
            </span>
        </p>
    );
}

export function Empty({ title, isPage = false, children }: { title: string; isPage?: boolean; children?: ReactNode }) {
    const Title = isPage ? "h1" : "h2";
    return (
        <div className="state">
            <Title className="state-title">{title}</Title>
            {children}
        </div>
    );
}

export function Snippet({ label, code }: { label: string; code: string }) {
    return (
        <figure className="snippet">
            <figcaption>
                {label}
                <CopyButton text={code} label={`Copy ${label}`} />
            </figcaption>
            <pre>
                <code>{code}</code>
            </pre>
        </figure>
    );
}
