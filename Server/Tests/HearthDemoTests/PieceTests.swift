import Testing

@testable import HearthDemo

@Suite("Pieces of the demonstration")
struct PieceTests {
    @Test("JSON is compact, ordered and escaped")
    func json() {
        let value: JSON = ["b": [1, 2.5, true, .null], "a": "Zeile \"1\"\n\u{1}é"]
        #expect(value.text == #"{"b":[1,2.5,true,null],"a":"Zeile \"1\"\n\u0001é"}"#)
    }

    @Test("an exponential histogram keeps count, sum and every value in a bucket")
    func histogram() {
        let histogram = ExponentialHistogram([0, 1, 2, 4, 1_000])
        #expect(histogram.count == 5 && histogram.zeroCount == 1 && histogram.sum == 1_007)
        #expect(histogram.bucketCounts.reduce(0, +) == 4)
        #expect(histogram.bucketCounts.count <= 160)
        // One value alone gets the finest scale; 1 belongs to the bucket that ends at 1.
        let single = ExponentialHistogram([1])
        #expect(single.scale == 20 && single.offset == -1 && single.bucketCounts == [1])
        #expect(ExponentialHistogram([0]).bucketCounts.isEmpty)
    }

    @Test(
        "addresses",
        arguments: [
            ("http://127.0.0.1:4318", "http://127.0.0.1:4318"), ("http://hearth/", "http://hearth:80"),
            ("HTTP://[::1]:9", "http://[::1]:9"),
            ("https://hearth:1", nil), ("http://:1", nil), ("http://a:0", nil), ("http://a:x", nil), ("a:1", nil), ("http://a/b", nil),
        ])
    func endpoints(text: String, expected: String?) {
        #expect(HTTPEndpoint(text).map { "\($0)" } == expected)
    }

    @Test("ids are unique, time-ordered where the emitters' are, and new for each start")
    func identifiers() {
        var one = IdentifierSource(random: DemoRandom(seed: 1), startTime: 1)
        var two = IdentifierSource(random: DemoRandom(seed: 1), startTime: 2)
        #expect(one.spanID() != two.spanID())
        let time: Int64 = 0x0190_5678_9ABC * 1_000_000
        #expect(one.traceID(at: time).high >> 16 == 0x0190_5678_9ABC)
        let uuid = one.uuid(at: time)
        #expect(uuid.count == 36 && uuid.hasPrefix("01905678-9abc-7"))
    }
}
