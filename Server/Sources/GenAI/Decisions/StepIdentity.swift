public import TelemetryModel

/// A step's key inside its project. Pending rows are never steps, so the row kind is not part of it.
public struct StepIdentity: Sendable, Hashable, Comparable {
    public var traceID: TraceID
    public var spanID: SpanID

    public init(traceID: TraceID, spanID: SpanID) {
        self.traceID = traceID
        self.spanID = spanID
    }

    public static func < (a: StepIdentity, b: StepIdentity) -> Bool {
        a.traceID == b.traceID ? a.spanID < b.spanID : a.traceID < b.traceID
    }
}

/// What the provider calls one response: records that share it report the same call (`genai-conventions.md` §2.1).
public struct ResponseKey: Sendable, Hashable {
    /// ``StepHash`` of the provider, 0 when unknown.
    public var provider: UInt64
    /// ``StepHash`` of `gen_ai.response.id`, never 0.
    public var responseID: UInt64

    public init(provider: UInt64, responseID: UInt64) {
        self.provider = provider
        self.responseID = responseID
    }
}

/// The 64-bit hashes that stand for texts in candidates: equal texts give equal hashes on every run and machine.
public enum StepHash {
    /// Hash of `text`; 0 for nil and for the empty text.
    public static func text(_ text: String?) -> UInt64 {
        guard var text, !text.isEmpty else { return 0 }
        return text.withUTF8(bytes)
    }

    /// Hash of `ref` in `store`; 0 for NULL and for the empty text.
    public static func text(_ ref: TextRef, in store: borrowing TextStore) -> UInt64 {
        ref.isEmpty ? 0 : store.withBytes(ref, bytes)
    }

    private static func bytes(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var hash = StableHash()
        hash.combine(bytes: bytes)
        return hash.finalize()
    }
}
