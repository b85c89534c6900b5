public import TelemetryModel

/// Which spans without any GenAI attribute still tell something about the model calls around them.
public enum SurroundingSpans {
    /// The attempt that a row is; nil when it is none. All arguments as they are stored.
    ///
    /// - Parameters:
    ///   - spanKind: OTLP span kind number.
    ///   - method: ``StepHash`` of `http_method`.
    ///   - httpStatus: HTTP status code; nil when there was no answer.
    ///   - exceptionType: type of the first exception event.
    public static func attempt(
        _ spanID: SpanID, parent: SpanID, start: Int64, spanKind: UInt8, method: UInt64, httpStatus: Int16?, isError: Bool,
        exceptionType: String?
    ) -> AttemptCandidate? {
        guard spanKind == 3, method != 0, parent.isValid else { return nil }
        var failure: String?
        if let httpStatus, httpStatus >= 400 {
            failure = String(httpStatus)
        } else if isError {
            failure = exceptionType ?? "error"
        }
        return AttemptCandidate(spanID: spanID, parent: parent, start: start, method: method, failure: failure)
    }

    /// Names of spans that build a prompt, in lower case with every separator written as a dot.
    static let promptBuilding: [StaticString] = [
        "prompt.build", "build.prompt", "prompt.building", "prompt.assemble", "prompt.assembly", "assemble.prompt", "prompt.render",
        "render.prompt",
    ]

    /// Whether a span of this name builds a prompt: `prompt.build`, `build_prompt`, `Prompt assembly` and the like.
    public static func buildsPrompt(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
        guard 12...15 ~= name.count else { return false }
        return promptBuilding.contains { wanted in
            wanted.utf8CodeUnitCount == name.count
                && zip(name, UnsafeBufferPointer(start: wanted.utf8Start, count: wanted.utf8CodeUnitCount)).allSatisfy { normal($0) == $1 }
        }
    }

    private static func normal(_ byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
        case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: " "): UInt8(ascii: ".")
        default: byte
        }
    }
}

extension LocalDecisions {
    /// What the attempts and prompt-building spans of a trace tell about its heads, parallel to them; empty when there is nothing.
    static func surroundings(_ trace: TraceSteps, headOf: [Int], count: Int) -> [CallSurroundings] {
        if trace.attempts.isEmpty && trace.builds.isEmpty { return [] }
        var result = [CallSurroundings](repeating: CallSurroundings(), count: count)
        var attempts: [Int: [AttemptCandidate]] = [:]
        for attempt in trace.attempts {
            if let call = enclosingCall(of: attempt, in: trace) { attempts[headOf[call], default: []].append(attempt) }
        }
        for (head, attempts) in attempts { (result[head].retryCount, result[head].retryCause) = retries(attempts) }

        // A prompt is built for the next call beside it; of several builds before one call the latest counts.
        var chosen: [Int: PromptBuildCandidate] = [:]
        for build in trace.builds where build.parent.isValid {
            var next: CallCandidate?
            var head = -1
            for (index, call) in trace.calls.enumerated()
            where call.parent == build.parent && call.start >= build.end && !call.isEmbedding {
                if let best = next, (best.start, best.spanID.value) <= (call.start, call.spanID.value) { continue }
                next = call
                head = headOf[index]
            }
            guard head >= 0 else { continue }
            if let other = chosen[head], (other.end, other.spanID.value) > (build.end, build.spanID.value) { continue }
            chosen[head] = build
        }
        for (head, build) in chosen { result[head].promptBuildTime = Double(build.end - build.start) / 1e9 }
        return result
    }

    /// The nearest call around an attempt. A tool or an agent in between makes requests of its own, and a request inside another one is
    /// the same one seen further in; a call that writes how it was sent is no attempt at the call around it.
    private static func enclosingCall(of attempt: AttemptCandidate, in trace: TraceSteps) -> Int? {
        if trace.node(attempt.spanID.value)?.call != nil { return nil }
        var span = attempt.parent.value
        for _ in 0..<maximumDepth {
            guard span != 0, let node = trace.node(span) else { return nil }
            if let call = node.call { return call }
            if node.isRun || node.tool != nil || node.isSurrounding { return nil }
            span = node.parent
        }
        return nil
    }

    /// Failed requests that were followed by another one of the same method, and why the latest of them failed.
    private static func retries(_ attempts: [AttemptCandidate]) -> (Int32, String?) {
        var count: Int32 = 0
        var cause: String?
        var later: Set<UInt64> = []
        for attempt in attempts.sorted(by: AttemptCandidate.precedes).reversed() {
            if let failure = attempt.failure, later.contains(attempt.method) {
                count += 1
                if cause == nil { cause = failure }
            }
            later.insert(attempt.method)
        }
        return (count, cause)
    }
}
