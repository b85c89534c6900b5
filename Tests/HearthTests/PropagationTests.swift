import Instrumentation
import Testing

@testable import Hearth

@Suite struct PropagationTests {
    private let context = SpanContext(
        traceID: TraceID(high: 0x0af7_6519_16cd_43dd, low: 0x8448_eb21_1c80_319c),
        spanID: SpanID(0xb7ad_6b71_6920_3331)
    )

    @Test func traceparentIsWrittenAndRead() {
        let text = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        #expect(TraceHeaders.traceparent(context) == text)
        var remote = context
        remote.isRemote = true
        #expect(TraceHeaders.context(traceparent: text) == remote)
        remote.traceState = "vendor=1"
        #expect(TraceHeaders.context(traceparent: text, tracestate: "vendor=1") == remote)
        // A later version may have more parts.
        #expect(TraceHeaders.context(traceparent: text.replacing("00-", with: "01-", maxReplacements: 1) + "-more") != nil)
    }

    @Test(arguments: [
        "", "00", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331", "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01", "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0AF7651916CD43DD8448EB211C80319C-B7AD6B7169203331-01", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1", "00-zzf7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    ])
    func wrongTraceparentsAreIgnored(_ text: String) {
        #expect(TraceHeaders.context(traceparent: text) == nil)
    }

    @Test func b3InBothForms() {
        #expect(TraceHeaders.b3(context) == "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1")
        #expect(TraceHeaders.context(b3: TraceHeaders.b3(context))?.spanID == context.spanID)
        #expect(TraceHeaders.context(b3: "8448eb211c80319c-b7ad6b7169203331-0")?.traceID == TraceID(high: 0, low: 0x8448_eb21_1c80_319c))
        #expect(TraceHeaders.context(b3: "8448eb211c80319c-b7ad6b7169203331-0")?.isSampled == false)
        #expect(TraceHeaders.context(b3: "8448eb211c80319c-b7ad6b7169203331-d")?.isSampled == true)
        #expect(TraceHeaders.context(b3: "0") == nil)
        let parts = TraceHeaders.context(b3TraceID: "8448eb211c80319c", spanID: "b7ad6b7169203331", sampled: "0", isDebug: true)
        #expect(parts?.isSampled == true)
    }

    @Test func baggageKeepsAnyText() {
        var baggage: Baggage = ["user id": "Ümläut, =;%", "b": ""]
        let text = TraceHeaders.baggage(baggage)
        #expect(text == "user%20id=%C3%9Cml%C3%A4ut%2C%20%3D%3B%25,b=")
        #expect(TraceHeaders.baggage(text ?? "") == baggage)
        #expect(TraceHeaders.baggage("a=1;prop=x, b = 2 ,c,=d").entries.map(\.name) == ["a", "b"])
        baggage = Baggage()
        #expect(TraceHeaders.baggage(baggage) == nil)
        for index in 0..<1000 { baggage["key\(index)"] = String(repeating: "v", count: 500) }
        #expect((TraceHeaders.baggage(baggage) ?? "").utf8.count <= TraceHeaders.maximumBaggageLength)
    }

    @Test func headersContinueTheTrace() {
        let place = Hearth.remoteContext {
            ["traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "tracestate": "k=v", "baggage": "user=u1"][$0]
        }
        let headers = Hearth.headers(of: place.context, [.traceContext, .b3, .baggage])
        #expect(headers.map(\.name) == ["traceparent", "tracestate", "b3", "baggage"])
        #expect(headers[0].value.contains("0af7651916cd43dd8448eb211c80319c"))
        #expect(headers[3].value == "user=u1")
        #expect(Hearth.headers(of: nil, Propagation.allCases).isEmpty)
        #expect(Hearth.headers(of: Hearth.unsampled(nil), [.traceContext]).first?.value.hasSuffix("-00") == true)
    }

    @Test func flagsThatAreNotKnownAreNotPassedOn() {
        var received = context
        received.flags = TraceFlags(rawValue: 0xff)
        #expect(TraceHeaders.traceparent(received).hasSuffix("-03"))
    }

    @Test func anUnsampledTraceKeepsItsIDAndBaggage() {
        let place = Hearth.remoteContext {
            ["traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00", "baggage": "user=u1"][$0]
        }
        let inside = Hearth.unsampled(place.context)
        let headers = Hearth.headers(of: inside, [.traceContext, .baggage])
        #expect(headers.map(\.name) == ["traceparent", "baggage"])
        #expect(headers.first?.value.hasPrefix("00-0af7651916cd43dd8448eb211c80319c-") == true)
        #expect(headers.first?.value.hasSuffix("-00") == true)
        #expect(headers.last?.value == "user=u1")
    }
}
