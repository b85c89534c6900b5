import TelemetryModel

/// Whether a step failed (`acceptance.md` A1), and the error's type.
enum ErrorAspect {
    static let types: [Source] = [.attribute(.errorType)]

    static func fill(_ step: inout GenAIStep, _ row: StepRow, _ batch: inout RecordBatch) {
        let record = batch.rows[row.index]
        step.isError = record.statusCode == .error || record.isException
        step.errorType = row.text(types, &batch)
        if step.errorType.isEmpty, record.isException, !record.exceptionType.isEmpty { step.errorType = record.exceptionType }
    }
}
