import Foundation
import OTLPWire
import SwiftProtobuf
import Testing

/// What `OTLPWire` writes, read by swift-protobuf.
@Suite struct WriterTests {
    private let resource = OTLPResource(
        attributes: [OTLPAttribute("service.name", "shop"), OTLPAttribute("tags", .strings(["a", "b"]))], schemaURL: "https://schema")
    private let scope = OTLPScope(name: "lib", version: "1", attributes: [OTLPAttribute("k", .bytes([1, 2]))])
    private let traceID = OTLPTraceID(high: 0x0102_0304_0506_0708, low: 0x090a_0b0c_0d0e_0f10)

    @Test func traces() throws {
        var span = OTLPSpan(traceID: traceID, spanID: 0xfedc_ba98_7654_3210, parentSpanID: 1, name: "né", start: 5, end: 9)
        span.kind = .client
        span.attributes = [
            OTLPAttribute("s", "text"), OTLPAttribute("i", -1), OTLPAttribute("d", 0.5), OTLPAttribute("b", true),
            OTLPAttribute("a", ["x", 1]),
            OTLPAttribute("m", .map([OTLPAttribute("k", "v")])),
        ]
        span.events = [OTLPSpan.Event(name: "e", time: 6, attributes: [OTLPAttribute("k", 1)])]
        span.links = [OTLPSpan.Link(traceID: traceID, spanID: 7, attributes: [OTLPAttribute("k", 2)])]
        span.statusCode = .error
        span.statusMessage = "bad"
        span.flags = 0x301
        span.traceState = "k=v"
        span.droppedAttributesCount = 1
        span.droppedEventsCount = 2
        span.droppedLinksCount = 3
        var writer = OTLPTraceWriter()
        writer.begin(resource)
        writer.begin(scope)
        for _ in 0..<200 { writer.add(span) }
        writer.begin(OTLPScope(name: "second"))
        writer.begin(OTLPResource(attributes: []))
        writer.add(OTLPSpan(traceID: traceID, spanID: 2, name: "", start: 0, end: 0))
        let request = try ReferenceMapping.TraceRequest(serializedBytes: writer.finish())
        #expect(request.resourceSpans.count == 2)
        let first = try #require(request.resourceSpans.first)
        #expect(first.schemaURL == "https://schema")
        #expect(ReferenceValues.string("service.name", in: first.resource.attributes) == "shop")
        #expect(first.scopeSpans.map(\.scope.name) == ["lib", "second"])
        #expect(first.scopeSpans[0].scope.version == "1")
        #expect(first.scopeSpans[0].spans.count == 200)
        let read = first.scopeSpans[0].spans[199]
        #expect(read.traceID == Data(1...16))
        #expect(read.spanID == Data([0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0x10]))
        #expect(read.parentSpanID == Data([0, 0, 0, 0, 0, 0, 0, 1]))
        #expect(read.name == "né")
        #expect(read.kind == .client)
        #expect((read.startTimeUnixNano, read.endTimeUnixNano) == (5, 9))
        #expect(
            JSON.object(ReferenceValues.members(read.attributes))
                == (try JSON(#"{"s":"text","i":-1,"d":0.5,"b":true,"a":["x",1],"m":{"k":"v"}}"#)))
        #expect(read.events.first?.name == "e")
        #expect(read.events.first?.timeUnixNano == 6)
        #expect(read.events.first?.attributes.count == 1)
        #expect(read.links.first?.traceID == Data(1...16))
        #expect(read.links.first?.attributes.count == 1)
        #expect(read.status.code == .error)
        #expect(read.status.message == "bad")
        #expect(read.flags == 0x301)
        #expect(read.traceState == "k=v")
        #expect((read.droppedAttributesCount, read.droppedEventsCount, read.droppedLinksCount) == (1, 2, 3))
        #expect(request.resourceSpans[1].scopeSpans[0].spans[0].parentSpanID.isEmpty)
        // Nothing but known fields.
        #expect(read.unknownFields.data.isEmpty)
    }

    @Test func logs() throws {
        var record = OTLPLogRecord(time: 5, body: .map([OTLPAttribute("a", [1, 2])]))
        record.observedTime = 6
        record.severityNumber = 17
        record.severityText = "ERROR"
        record.attributes = [OTLPAttribute("k", "v")]
        record.eventName = "my.event"
        record.traceID = traceID
        record.spanID = 3
        record.flags = 1
        record.droppedAttributesCount = 2
        var writer = OTLPLogWriter()
        writer.begin(resource)
        writer.begin(scope)
        writer.add(record)
        #expect(writer.recordCount == 1)
        let request = try ReferenceMapping.LogsRequest(serializedBytes: writer.finish())
        let read = try #require(request.resourceLogs.first?.scopeLogs.first?.logRecords.first)
        #expect((read.timeUnixNano, read.observedTimeUnixNano) == (5, 6))
        #expect(read.severityNumber == .error)
        #expect(read.severityText == "ERROR")
        #expect(ReferenceValues.json(read.body) == (try JSON(#"{"a":[1,2]}"#)))
        #expect(read.attributes.count == 1)
        #expect(read.eventName == "my.event")
        #expect(read.traceID == Data(1...16))
        #expect(read.spanID == Data([0, 0, 0, 0, 0, 0, 0, 3]))
        #expect((read.flags, read.droppedAttributesCount) == (1, 2))
    }

    @Test func metrics() throws {
        let exemplar = OTLPMetric.Exemplar(
            time: 4, value: .double(1.5), traceID: traceID, spanID: 9, filteredAttributes: [OTLPAttribute("f", 1)])
        let context = OTLPMetric.Context(start: 1, time: 2, attributes: [OTLPAttribute("k", "v")], exemplars: [exemplar])
        var writer = OTLPMetricWriter()
        writer.begin(resource)
        writer.begin(scope)
        writer.add(OTLPMetric(name: "g", data: .gauge([OTLPMetric.NumberPoint(context, value: .double(-0.5))])))
        writer.add(
            OTLPMetric(
                name: "s", unit: "1", description: "d",
                data: .sum([OTLPMetric.NumberPoint(context, value: .int(-3))], .delta, isMonotonic: true)))
        writer.add(
            OTLPMetric(
                name: "h",
                data: .histogram(
                    [
                        OTLPMetric.HistogramPoint(
                            context, count: 6, sum: 7, min: 1, max: 4, bucketCounts: [1, 2, 3], explicitBounds: [0.5, 1])
                    ], .cumulative)))
        writer.add(
            OTLPMetric(
                name: "e",
                data: .exponentialHistogram(
                    [
                        OTLPMetric.ExponentialHistogramPoint(
                            context, count: 6, sum: 7, min: 1, max: 4, scale: -3, zeroCount: 1, zeroThreshold: 0.25,
                            positive: OTLPMetric.Buckets(offset: -2, counts: [300, 0]), negative: OTLPMetric.Buckets(offset: 1, counts: []))
                    ], .delta)))
        #expect(writer.metricCount == 4)
        let request = try ReferencePoint.Request(serializedBytes: writer.finish())
        let metrics = try #require(request.resourceMetrics.first?.scopeMetrics.first?.metrics)
        #expect(metrics.map(\.name) == ["g", "s", "h", "e"])
        #expect(metrics[0].gauge.dataPoints[0].asDouble == -0.5)
        #expect(metrics[0].gauge.dataPoints[0].exemplars[0].traceID == Data(1...16))
        #expect(metrics[0].gauge.dataPoints[0].exemplars[0].asDouble == 1.5)
        #expect((metrics[1].unit, metrics[1].description_p) == ("1", "d"))
        #expect(metrics[1].sum.dataPoints[0].asInt == -3)
        #expect(metrics[1].sum.isMonotonic)
        #expect(metrics[1].sum.aggregationTemporality == .delta)
        let histogram = metrics[2].histogram.dataPoints[0]
        #expect((histogram.startTimeUnixNano, histogram.timeUnixNano, histogram.count, histogram.sum) == (1, 2, 6, 7))
        #expect((histogram.bucketCounts, histogram.explicitBounds) == ([1, 2, 3], [0.5, 1]))
        #expect((histogram.min, histogram.max) == (1, 4))
        let exponential = metrics[3].exponentialHistogram.dataPoints[0]
        #expect((exponential.scale, exponential.zeroCount, exponential.zeroThreshold) == (-3, 1, 0.25))
        #expect((exponential.positive.offset, exponential.positive.bucketCounts) == (-2, [300, 0]))
        #expect((exponential.negative.offset, exponential.negative.bucketCounts) == (1, []))
        #expect(exponential.attributes.count == 1)
    }
}
