import Foundation
import OTLPIngest
import SwiftProtobuf
import TelemetryModel
import Testing

/// Damaged requests: the decoder accepts what swift-protobuf accepts, with the same result, and never crashes.
///
/// It may accept more: strings that are not UTF-8 are repaired, and fields that are not stored are not looked into. It accepts
/// less in one point: swift-protobuf drops the excess bits of a varint of more than 64 bits.
@Suite struct MutationTests {
    @Test(arguments: 0..<6) func damagedTraces(seed: UInt64) throws {
        var generator = RandomOTLP(seed: 1000 + seed)
        var accepted = 0
        for _ in 0..<15 {
            let original = [UInt8](try generator.traceRequest(spans: 2).serializedData())
            for _ in 0..<20 {
                let body = generator.mutated(original)
                let found = Result { try TraceDecoder.decode(body, encoding: .protobuf, limits: .asSent) }
                guard let request = try? ReferenceMapping.TraceRequest(serializedBytes: body), !isExcessiveVarint(found) else { continue }
                accepted += 1
                let batch = try found.get()
                let expected = ReferenceMapping.rows(request)
                #expect(batch.rejected.count == expected.rejected)
                try expectEqual(try ReferenceRow.rows(batch), expected.rows)
            }
        }
        #expect(accepted > 20)
    }

    @Test(arguments: 0..<6) func damagedLogs(seed: UInt64) throws {
        var generator = RandomOTLP(seed: 2000 + seed)
        for _ in 0..<15 {
            let original = [UInt8](try generator.logsRequest().serializedData())
            for _ in 0..<20 {
                let body = generator.mutated(original)
                let found = Result { try LogDecoder.decode(body, encoding: .protobuf) }
                guard let request = try? ReferenceMapping.LogsRequest(serializedBytes: body), !isExcessiveVarint(found) else { continue }
                try expectEqualLogs(try ReferenceRow.rows(found.get()), ReferenceMapping.rows(request))
            }
        }
    }

    @Test(arguments: 0..<6) func damagedMetrics(seed: UInt64) throws {
        var generator = RandomOTLP(seed: 4000 + seed)
        for _ in 0..<15 {
            let original = [UInt8](try generator.metricsRequest().serializedData())
            for _ in 0..<20 {
                let body = generator.mutated(original)
                let found = Result { try MetricDecoder.decode(body, encoding: .protobuf) }
                guard let request = try? ReferencePoint.Request(serializedBytes: body), !isExcessiveVarint(found) else { continue }
                try expectEqual(try ReferencePoint.points(found.get()), ReferencePoint.points(request))
            }
        }
    }

    @Test(arguments: 0..<4) func damagedJSON(seed: UInt64) throws {
        var generator = RandomOTLP(seed: 3000 + seed)
        for _ in 0..<10 {
            let traces = [UInt8](try generator.traceRequest(spans: 1).jsonUTF8Data())
            let metrics = [UInt8](try generator.metricsRequest().jsonUTF8Data())
            for _ in 0..<10 {
                // Whatever is accepted is well-formed in every column.
                do {
                    _ = try ReferenceRow.rows(TraceDecoder.decode(generator.mutated(traces), encoding: .json))
                    _ = try ReferencePoint.points(MetricDecoder.decode(generator.mutated(metrics), encoding: .json))
                } catch let error as OTLPDecodeError {
                    #expect(!error.message.isEmpty)
                }
            }
        }
    }

    private func isExcessiveVarint<T>(_ result: Result<T, any Error>) -> Bool {
        if case .failure(let error as OTLPDecodeError) = result { error.message.contains("longer than 64 bits") } else { false }
    }
}
