import Testing

@testable import Hearth

@Suite struct AttributeEncodingTests {
    private struct Item: Encodable {
        var name: String
        var price: Double?
        var tags: Set<String> = []
        var counts: [String: Int] = [:]
    }

    private enum Kind: String, Encodable { case card, cash }

    private enum Payment: Encodable {
        case card(number: Int)
        case cash
    }

    private struct Order: Encodable {
        var items: [Item]
        var kind = Kind.card
        var payment = Payment.card(number: 4)
        var big = UInt64.max
        var flags: [Bool?] = [true, nil]
    }

    private class Base: Encodable {
        var a = 1
    }

    private final class Derived: Base {
        var b = 2
        enum Keys: CodingKey { case b, nested, list }

        override func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Keys.self)
            try container.encode(b, forKey: .b)
            var nested = container.nestedContainer(keyedBy: Keys.self, forKey: .nested)
            try nested.encode("x", forKey: .b)
            var list = container.nestedUnkeyedContainer(forKey: .list)
            try list.encode(1)
            var inner = list.nestedUnkeyedContainer()
            try inner.encodeNil()
            try super.encode(to: container.superEncoder())
        }
    }

    private struct Endless: Encodable {
        enum Keys: CodingKey { case next }
        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Keys.self)
            try container.encode(self, forKey: .next)
        }
    }

    private struct Itself: Encodable {
        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(self)
        }
    }

    private struct Broken: Encodable {
        struct Reason: Error {}
        func encode(to encoder: any Encoder) throws { throw Reason() }
    }

    private struct Empty: Encodable {}

    @Test func structuresKeepTheirShape() {
        let order = Order(items: [Item(name: "tea", price: 2.5, tags: ["hot"], counts: ["b": 2, "a": 1]), Item(name: "cake")])
        #expect(
            AttributeValue.encoding(order).text
                == #"{"items":[{"name":"tea","price":2.5,"tags":["hot"],"counts":{"a":1,"b":2}},{"name":"cake","tags":[],"counts":{}}],"#
                + #""kind":"card","payment":{"card":{"number":4}},"big":"18446744073709551615","flags":[true,null]}"#)
        #expect(AttributeValue.encoding(Derived()).text == #"{"b":2,"nested":{"b":"x"},"list":[1,[null]],"super":{"a":1}}"#)
        #expect(AttributeValue.encoding(5) == 5)
        #expect(AttributeValue.encoding("x") == "x")
        #expect(AttributeValue.encoding(Payment.cash).text == #"{"cash":{}}"#)
        #expect(AttributeValue.encoding(Empty()).text == "{}")
        #expect(AttributeValue.encoding(Int?.none) == .null)
    }

    @Test func whatCannotBeEncodedHarmsNobody() {
        #expect(AttributeValue.encoding(Broken()).text == "(not encodable: Reason())")
        #expect(AttributeValue.encoding(Endless()).text.count < 1000)
        #expect(AttributeValue.encoding(Itself()) == .null)
    }
}

extension RecordingTests {
    private struct Point: Encodable { var x = 1 }

    @Test func encodableValuesAreAttributes() async throws {
        let exporter = try await measured { _ in
            Hearth.span("at {point}", ["point": .encoding(Point())]) { $0.setAttribute("other", encoding: [Point()]) }
        }
        #expect(exporter.records.first?.message == #"at {"x":1}"#)
        #expect(exporter.records.first?["other"]?.text == #"[{"x":1}]"#)
    }

    @Test func placesAreCarriedToThreadsQueuesAndTasks() async throws {
        let exporter = try await measured { _ in
            try await Hearth.span("root") { _ in
                let work = Hearth.carrying { (name: String) -> Int in
                    Hearth.info("carried {name}", ["name": name])
                    return 2
                }
                await Task.detached { #expect(work("a") == 2) }.value
                let later = Hearth.carryingAsync { (number: Int) async -> Int in
                    Hearth.info("carried later")
                    return number
                }
                try await Task.detached {
                    let number = try await later(3)
                    #expect(number == 3)
                }.value
                _ = try? await Hearth.detached { Hearth.info("detached") }.value
                await withCheckedContinuation { continuation in
                    let isStarted = Hearth.detachThread {
                        Hearth.info("on a thread")
                        continuation.resume()
                    }
                    if !isStarted { continuation.resume() }
                }
                let link = Hearth.currentContext().spanContext
                #expect(link == Hearth.currentSpan?.spanContext && link != nil)
            }
        }
        let root = try #require(exporter.records.first { $0.name == "root" })
        #expect(exporter.records.count == 5)
        #expect(exporter.records.filter { $0.spanID != root.spanID }.allSatisfy { $0.parentSpanID == root.spanID })
    }

    @Test func processesContinueTheTraceOfTheirParent() async throws {
        var environment: [String: String] = [:]
        let parent = try await measured { _ in
            #expect(Hearth.propagationEnvironment().isEmpty)
            Hearth.withBaggage(["user": "u 1"]) {
                Hearth.span("parent") { _ in environment = Hearth.propagationEnvironment() }
            }
        }
        let span = try #require(parent.records.first)
        #expect(environment == ["TRACEPARENT": "00-\(span.traceID)-\(span.spanID)-01", "BAGGAGE": "user=u%201"])
        let inherited = try #require(Hearth.inheritedContext { environment[$0] })
        #expect(inherited.remote?.spanID == span.spanID && inherited.baggage["user"] == "u 1")
        #expect(Hearth.inheritedContext { _ in nil } == nil)
        #expect(Hearth.inheritedContext { $0 == "TRACEPARENT" ? "nonsense" : nil } == nil)
    }

    @Test func largeArraysAndCyclesComeToAnEnd() {
        let start = ContinuousClock.now
        let numbers = AttributeValue.encoding(Holder(values: (0..<50_000).map { Box(n: $0) }))
        guard case .object(let members) = numbers, case .array(let elements)? = members.first?.value else {
            Issue.record("no array")
            return
        }
        #expect(elements.count == 50_000)
        let node = Node()
        node.left = node
        node.right = node
        _ = AttributeValue.encoding(node)
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    private struct Box: Encodable { var n: Int }
    private struct Holder: Encodable { var values: [Box] }
    private final class Node: Encodable {
        var left: Node?
        var right: Node?
    }
}
