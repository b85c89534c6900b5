import FoundationEssentials
import NIOCore
import Storage

/// The lines that tell how far pricing again is.
enum RecomputeLine {
    private struct Step: Encodable {
        var calls: Int
        var total: Int
        var changed: Int
    }

    private struct Final: Encodable {
        struct Model: Encodable {
            @Nullable var provider: String?
            @Nullable var model: String?
            var calls: Int
            var changed: Int
            var costBefore: Double
            var costAfter: Double
        }

        var done = true
        var dryRun: Bool
        var calls: Int
        var total: Int
        var changed: Int
        var newlyPriced: Int
        var newlyUnpriced: Int
        var keptSent: Int
        var costBefore: Double
        var costAfter: Double
        var models: [Model]
    }

    static func step(_ progress: RepricingProgress) -> ByteBuffer {
        line(Step(calls: progress.calls, total: progress.total, changed: progress.changed))
    }

    static func final(_ progress: RepricingProgress, isDryRun: Bool) -> ByteBuffer {
        line(
            Final(
                dryRun: isDryRun, calls: progress.calls, total: progress.total, changed: progress.changed,
                newlyPriced: progress.newlyPriced, newlyUnpriced: progress.newlyUnpriced, keptSent: progress.keptSent,
                costBefore: progress.costBefore, costAfter: progress.costAfter,
                models: progress.models.sorted { $0.key < $1.key }.map { key, change in
                    Final.Model(
                        provider: key.provider, model: key.model, calls: change.calls, changed: change.changed,
                        costBefore: change.costBefore, costAfter: change.costAfter)
                }))
    }

    static func failure(_ message: String) -> ByteBuffer { line(["error": message]) }

    private static func line(_ value: some Encodable) -> ByteBuffer {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard var data = try? encoder.encode(value) else { return ByteBuffer(string: "{\"error\":\"the answer cannot be written\"}\n") }
        data.append(UInt8(ascii: "\n"))
        return ByteBuffer(bytes: data)
    }
}
