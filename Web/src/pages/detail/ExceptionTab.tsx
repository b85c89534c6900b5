import type { FullRecord } from "../../api/types";
import { JsonTree } from "../../components/JsonTree";
import { Traceback } from "./Traceback";
import { validationErrors } from "./validation";
import { ValidationSection } from "./ValidationSection";

export function ExceptionTab({ record }: { record: FullRecord }) {
    const data = record.attributes?.["exception.logfire.data"];
    const hasList = validationErrors(record).length > 0;
    return (
        <>
            <div className="exception-head">
                <strong>{record.exception_type ?? "Exception"}</strong>
                <p>{record.exception_message ?? record.otel_status_message}</p>
            </div>
            <ValidationSection record={record} />
            {!hasList && data !== undefined && data !== null && (
                <>
                    <h3>Details of the exception</h3>
                    <JsonTree value={data} openDepth={3} />
                </>
            )}
            {record.exception_stacktrace ? <Traceback text={record.exception_stacktrace} /> : <p className="muted">The sender recorded no traceback (exception.stacktrace). span.record_exception(error) and logfire.exception(…) record it.</p>}
        </>
    );
}
