import HearthLogging
import HearthTracing
import Logging
import Testing
import Tracing

@testable import Hearth

extension RecordingTests {
    private struct Headers: Injector, Extractor {
        func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) { carrier[key] = value }
        func extract(key: String, from carrier: [String: String]) -> String? { carrier[key] }
    }

    private struct Failure: Error {}

    @Test func spansOfBothInterfacesNestInEachOther() async throws {
        let tracer = HearthTracer(scope: InstrumentationScope(name: "http"))
        let records = try await recorded {
            Hearth.span("ours") { _ in
                tracer.withSpan("theirs", ofKind: .client) { span in
                    span.attributes["n"] = 3
                    span.attributes["list"] = [1, 2]
                    span.addEvent("sent")
                    Hearth.span("inner") { _ in }
                    #expect(tracer.activeSpan(identifiedBy: span.context)?.operationName == "theirs")
                    span.operationName = "renamed"
                }
                #expect(throws: Failure.self) { try tracer.withSpan("failing") { _ in throw Failure() } }
            }
        }
        let ours = try #require(records.first { $0.name == "ours" })
        let theirs = try #require(records.first { $0.name == "renamed" })
        #expect(theirs.parentSpanID == ours.spanID)
        #expect(theirs.spanKind == .client)
        #expect(theirs.scope.name == "http")
        #expect(theirs.message == nil && theirs.template == nil)
        #expect(theirs["n"] == 3)
        #expect(theirs["list"] == [1, 2])
        #expect(theirs.events.map(\.name) == ["sent"])
        #expect(records.first { $0.name == "inner" }?.parentSpanID == theirs.spanID)
        let failing = try #require(records.first { $0.name == "failing" })
        #expect(failing.status == .error && failing.level == .error)
        #expect(failing.events.first?.name == "exception")
        #expect(failing.statusMessage.hasSuffix("Failure()"))
    }

    @Test func tracesContinueInOtherProcesses() async throws {
        let tracer = HearthTracer()
        var carrier: [String: String] = [:]
        let records = try await recorded {
            Hearth.withBaggage(["user": "u1"]) {
                tracer.withSpan("client") { span in tracer.inject(span.context, into: &carrier, using: Headers()) }
            }
            var context = InstrumentationContext.topLevel
            tracer.extract(carrier, into: &context, using: Headers())
            tracer.withSpan("server", context: context, ofKind: .server) { _ in }
        }
        let client = try #require(records.first { $0.name == "client" })
        let server = try #require(records.first { $0.name == "server" })
        #expect(carrier["traceparent"] == "00-\(client.traceID)-\(client.spanID)-01")
        #expect(server.traceID == client.traceID)
        #expect(server.parentSpanID == client.spanID)
        #expect(server.parentIsRemote && !client.parentIsRemote)
        #expect(server["user"] == "u1")
    }

    @Test func loggersWriteIntoTheTrace() async throws {
        var logger = Logger(label: "shop.cart", factory: HearthLogHandler.init(label:))
        logger[metadataKey: "request"] = "r1"
        let records = try await recorded {
            Hearth.span("outer") { _ in
                logger.warning("low {stock}", metadata: ["count": .stringConvertible(3), "items": ["a", "b"]])
                logger.critical("gone")
            }
        }
        let outer = try #require(records.last)
        let warning = try #require(records.first)
        #expect(warning.message == "low {stock}")
        #expect(warning.kind == .log && warning.level == .warn)
        #expect(warning.parentSpanID == outer.spanID)
        #expect(warning.scope.name == "shop.cart")
        #expect(warning.attributes == [Attribute("count", 3), Attribute("items", ["a", "b"]), Attribute("request", "r1")])
        #expect(records[1].level == .fatal && records[1].status == .error)
    }
}
