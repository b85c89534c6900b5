import Foundation
import OTLPIngest
import SwiftProtobuf
import TelemetryModel
import Testing

/// Random metric requests, decoded by Hearth and by swift-protobuf with the plain mapping.
@Suite struct RandomMetricTests {
    @Test(arguments: 0..<6) func pointsEqualTheReference(seed: UInt64) throws {
        var generator = RandomOTLP(seed: 500 + seed)
        for _ in 0..<40 {
            let request = generator.metricsRequest()
            let batch = try MetricDecoder.decode([UInt8](try request.serializedData()), encoding: .protobuf)
            try expectEqual(try ReferencePoint.points(batch), ReferencePoint.points(request))
        }
    }

    @Test(arguments: 0..<6) func jsonEqualsProtobuf(seed: UInt64) throws {
        var generator = RandomOTLP(seed: 600 + seed)
        for _ in 0..<20 {
            let request = generator.metricsRequest()
            let json = try MetricDecoder.decode([UInt8](try request.jsonUTF8Data()), encoding: .json)
            let protobuf = try MetricDecoder.decode([UInt8](try request.serializedData()), encoding: .protobuf)
            try expectEqual(try ReferencePoint.points(json), try ReferencePoint.points(protobuf))
            #expect(json.points.map(\.id) == protobuf.points.map(\.id))
        }
    }

    /// The ids depend on content alone and differ within a request, also those of equal points.
    @Test func identity() throws {
        var generator = RandomOTLP(seed: 700)
        for _ in 0..<40 {
            let body = [UInt8](try generator.metricsRequest().serializedData())
            let batch = try MetricDecoder.decode(body, encoding: .protobuf)
            #expect(batch.points.map(\.id) == (try MetricDecoder.decode(body, encoding: .protobuf)).points.map(\.id))
            #expect(Set(batch.points.map(\.id)).count == batch.points.count)
        }
    }
}
