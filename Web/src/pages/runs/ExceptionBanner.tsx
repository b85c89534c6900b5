import { CopyButton } from "../../components/basic";
import { Icon } from "../../components/Icon";
import type { FullRecord } from "../../api/types";
import { TracebackBody } from "../detail/Traceback";

/** Why a run failed: type and message, and where it happened. */
export function ExceptionBanner({ record }: { record: FullRecord }) {
    const hasException = record.exception_type !== null || record.exception_message !== null;
    const text = hasException ? [record.exception_type, record.exception_message].filter(Boolean).join(": ") : record.otel_status_message ?? "Its status is ERROR; the sender gave no reason.";
    return (
        <section className="exception-banner" role="alert">
            <h3>
                <Icon name="warn" /> {hasException ? "This run raised an exception" : "This run failed"}
            </h3>
            <p className="exception-line">
                <code>{text}</code>
                <CopyButton text={text} label="Copy the message" />
            </p>
            {record.exception_stacktrace && (
                <details>
                    <summary>
                        Traceback
                        <CopyButton text={record.exception_stacktrace} label="Copy the traceback" />
                    </summary>
                    <TracebackBody text={record.exception_stacktrace} />
                </details>
            )}
        </section>
    );
}
