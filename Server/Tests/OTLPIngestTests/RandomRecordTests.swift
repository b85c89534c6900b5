import Foundation
import OTLPIngest
import SwiftProtobuf
import TelemetryModel
import Testing

/// Random requests, decoded by Hearth and by swift-protobuf with the plain mapping.
@Suite struct RandomRecordTests {
    @Test(arguments: 0..<8) func spansEqualTheReference(seed: UInt64) throws {
        var generator = RandomOTLP(seed: seed)
        for _ in 0..<40 {
            let request = generator.traceRequest()
            let batch = try TraceDecoder.decode([UInt8](try request.serializedData()), encoding: .protobuf, limits: .asSent)
            let expected = ReferenceMapping.rows(request)
            #expect(batch.rejected.count == expected.rejected)
            try expectEqual(try ReferenceRow.rows(batch), expected.rows)
        }
    }

    @Test(arguments: 0..<8) func logsEqualTheReference(seed: UInt64) throws {
        var generator = RandomOTLP(seed: 100 + seed)
        for _ in 0..<40 {
            let request = generator.logsRequest()
            let batch = try LogDecoder.decode([UInt8](try request.serializedData()), encoding: .protobuf)
            try expectEqualLogs(try ReferenceRow.rows(batch), ReferenceMapping.rows(request))
        }
    }

    @Test(arguments: 0..<8) func jsonEqualsProtobuf(seed: UInt64) throws {
        var generator = RandomOTLP(seed: 200 + seed)
        for _ in 0..<20 {
            let traces = generator.traceRequest()
            var names = JSONEncodingOptions()
            names.preserveProtoFieldNames = generator.random.chance(30)
            names.alwaysPrintEnumsAsInts = generator.random.chance(50)
            // swift-protobuf writes ids in base64, which the decoder takes as well as hexadecimal.
            try expectEqual(
                try ReferenceRow.rows(TraceDecoder.decode([UInt8](try traces.jsonUTF8Data(options: names)), encoding: .json)),
                try ReferenceRow.rows(TraceDecoder.decode([UInt8](try traces.serializedData()), encoding: .protobuf)))
            let logs = generator.logsRequest()
            try expectEqual(
                try ReferenceRow.rows(LogDecoder.decode([UInt8](try logs.jsonUTF8Data(options: names)), encoding: .json)),
                try ReferenceRow.rows(LogDecoder.decode([UInt8](try logs.serializedData()), encoding: .protobuf)))
        }
    }

    /// The ids of log records depend on content alone and differ within a request.
    @Test func logIdentity() throws {
        var generator = RandomOTLP(seed: 300)
        for _ in 0..<40 {
            let body = [UInt8](try generator.logsRequest().serializedData())
            let batch = try LogDecoder.decode(body, encoding: .protobuf)
            let again = try LogDecoder.decode(body, encoding: .protobuf)
            #expect(batch.rows.map(\.spanID) == again.rows.map(\.spanID))
            #expect(batch.rows.map(\.traceID) == again.rows.map(\.traceID))
            #expect(Set(batch.rows.map(\.spanID)).count == batch.rows.count)
            #expect(batch.rows.allSatisfy { $0.traceID.isValid && $0.spanID.isValid })
        }
    }
}

/// Expects equal rows and names the fields that differ.
func expectEqual(_ found: [ReferenceRow], _ expected: [ReferenceRow]) throws {
    #expect(found.count == expected.count)
    for (found, expected) in zip(found, expected) where found != expected {
        Issue.record("\(found.differences(expected))")
        return
    }
}

/// The same for OTLP logs, whose ids the reference leaves as they came.
func expectEqualLogs(_ found: [ReferenceRow], _ expected: [ReferenceRow]) throws {
    let expected = zip(found, expected).map { found, expected in
        var expected = expected
        expected.spanID = found.spanID
        if expected.traceID.allSatisfy({ $0 == "0" }) { expected.traceID = found.traceID }
        return expected
    }
    try expectEqual(found, expected)
}
