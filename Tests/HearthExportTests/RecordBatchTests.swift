import HearthExport
import OTLPWire
import Testing

@Suite struct RecordBatchTests {
    /// A batch of records of different lengths in three scopes.
    private func batch(_ count: Int) -> RecordBatch {
        var resource = WireWriter()
        let message = resource.open(OTLPFields.ResourceSpans.resource)
        resource.attribute(OTLPFields.Resource.attributes, OTLPAttribute("service.name", "test"))
        resource.close(message)
        var result = RecordBatch(resource: resource.bytes)
        for index in 0..<count {
            if index % 3 == 0 {
                var scope = WireWriter()
                let message = scope.open(OTLPFields.ScopeSpans.scope)
                scope.string(OTLPFields.InstrumentationScope.name, "scope \(index)")
                scope.close(message)
                result.runs.append(RecordBatch.Run(scope: scope.bytes, start: index))
            }
            var writer = WireWriter()
            let message = writer.open(OTLPFields.ScopeSpans.spans)
            writer.string(OTLPFields.Span.name, "span \(index) " + String(repeating: "x", count: index * 40))
            writer.close(message)
            result.bytes += writer.bytes
            result.ends.append(result.bytes.count)
        }
        return result
    }

    /// The scope and number of each span of a request.
    private func read(_ body: [UInt8]) throws -> [String] {
        var result: [String] = []
        let bytes = body.span
        var request = WireReader(bytes)
        while let tag = try request.next(bytes) {
            #expect(tag == OTLPFields.TracesData.resourceSpans)
            var resource = WireReader(bytes, in: try request.range(bytes))
            var hasResource = false
            while let tag = try resource.next(bytes) {
                guard tag == OTLPFields.ResourceSpans.scopeSpans else {
                    hasResource = true
                    try resource.skip(tag, bytes)
                    continue
                }
                #expect(hasResource)
                var scope = WireReader(bytes, in: try resource.range(bytes))
                var name = ""
                while let tag = try scope.next(bytes) {
                    var inner = WireReader(bytes, in: try scope.range(bytes))
                    while let field = try inner.next(bytes) {
                        let text = String(decoding: body[try inner.range(bytes)], as: UTF8.self)
                        if tag == OTLPFields.ScopeSpans.scope, field == OTLPFields.InstrumentationScope.name {
                            name = text
                        } else {
                            result.append(name + "/" + text.split(separator: " ")[1])
                        }
                    }
                }
            }
        }
        return result
    }

    @Test func anyPartIsARequestOfItsOwn() throws {
        let whole = batch(10)
        let all = try read(whole.request(0..<10))
        #expect(all == (0..<10).map { "scope \($0 - $0 % 3)/\($0)" })
        for start in 0...10 {
            for end in start...10 { #expect(try read(whole.request(start..<end)) == Array(all[start..<end])) }
        }
        #expect(whole.request(0..<0).isEmpty)
    }

    @Test func sizesAreThoseOfTheRecords() {
        let whole = batch(10)
        #expect(whole.byteCount(of: 0..<10) == whole.bytes.count)
        #expect(whole.byteCount(of: 3..<3) == 0)
        #expect((0..<10).reduce(0) { $0 + whole.byteCount(of: $1..<$1 + 1) } == whole.bytes.count)
    }
}
