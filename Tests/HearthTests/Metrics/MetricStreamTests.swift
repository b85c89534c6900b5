import Testing

@testable import Hearth

/// What becomes of measurements, without threads and configuration.
@Suite struct MetricStreamTests {
    private func stream(
        _ kind: InstrumentKind,
        _ change: (inout MetricsSettings) -> Void = { _ in },
        isFloatingPoint: Bool = false
    ) -> MetricStream {
        var settings = MetricsSettings()
        change(&settings)
        let identity = InstrumentIdentity(
            name: "m", kind: kind, unit: "1", description: "d", isFloatingPoint: isFloatingPoint, scope: .hearth)
        return settings.streams(of: Instrument(identity, boundaries: nil), now: 100)[0]
    }

    private func record(_ stream: MetricStream, _ value: MeasuredValue, _ attributes: Attributes = [:]) {
        stream.record(value, attributes.elements, .none)
    }

    @Test func deltasCoverTheTimeSinceTheLastCollection() {
        let counter = stream(.counter)
        record(counter, .int(2))
        record(counter, .int(3))
        let first = counter.collect(now: 200)
        #expect(first?.kind == .sum(.delta, isMonotonic: true))
        #expect(first?.points.map(\.value) == [.int(5)])
        #expect(first?.points.map(\.start) == [100] && first?.points.map(\.time) == [200])
        #expect(counter.collect(now: 300) == nil)
        record(counter, .int(1))
        let third = counter.collect(now: 400)
        #expect(third?.points.map(\.value) == [.int(1)])
        #expect(third?.points.map(\.start) == [300])
    }

    @Test func cumulativeSumsCoverTheTimeSinceTheStart() {
        let counter = stream(.counter) { $0.temporality = .cumulative }
        record(counter, .int(2))
        _ = counter.collect(now: 200)
        let second = counter.collect(now: 300)
        #expect(second?.kind == .sum(.cumulative, isMonotonic: true))
        #expect(second?.points.map(\.value) == [.int(2)])
        #expect(second?.points.map(\.start) == [100])
        record(counter, .int(4))
        #expect(counter.collect(now: 400)?.points.map(\.value) == [.int(6)])
    }

    @Test(arguments: [MetricTemporalityPreference.delta, .cumulative, .lowMemory], InstrumentKind.allCases)
    func temporalityOfEachKind(preference: MetricTemporalityPreference, kind: InstrumentKind) throws {
        let stream = stream(kind) { $0.temporality = preference }
        record(stream, .int(1))
        let isDelta =
            switch (preference, kind) {
            case (.delta, .counter), (.delta, .observableCounter), (.delta, .histogram): true
            case (.lowMemory, .counter), (.lowMemory, .histogram): true
            default: false
            }
        let temporality: MetricTemporality = isDelta ? .delta : .cumulative
        let expected: MetricRecord.Kind =
            switch kind {
            case .counter, .observableCounter: .sum(temporality, isMonotonic: true)
            case .upDownCounter, .observableUpDownCounter: .sum(temporality, isMonotonic: false)
            case .histogram: .exponentialHistogram(temporality)
            case .gauge, .observableGauge: .gauge
            }
        let first = try #require(stream.collect(now: 200))
        #expect(first.kind == expected)
        let isGauge = expected == .gauge
        #expect(first.points[0].start == (isGauge ? 0 : 100))
        // What is told again without a new measurement: sums since the start and the last value; callbacks tell everything anew.
        let second = stream.collect(now: 300)
        #expect((second != nil) == (!isDelta && !kind.isObservable))
    }

    @Test func attributeSetsAreEqualInAnyOrder() {
        let counter = stream(.counter)
        record(counter, .int(1), ["a": 1, "b": "x"])
        record(counter, .int(2), ["b": "x", "a": 1])
        record(counter, .int(4), ["a": 1])
        record(counter, .int(8), Attributes([Attribute("a", 2), Attribute("a", 1)]))
        let points = counter.collect(now: 200)
        #expect(points?.points.count == 2)
        #expect(points?[["b": "x", "a": 1]]?.value == .int(3))
        #expect(points?[["a": 1]]?.value == .int(12))
    }

    @Test func beyondTheLimitSetsAreSummedUp() {
        let counter = stream(.counter) { $0.cardinalityLimit = 10 }
        for round in 0..<3 {
            for number in 0..<50 { record(counter, .int(1), ["n": number]) }
            let points = counter.collect(now: UInt64(200 + round))?.points ?? []
            #expect(points.count == 10)
            let overflow = points.filter { $0.attributes["otel.metric.overflow"] == true }
            #expect(overflow.map(\.value) == [.int(41)])
        }
        // Sets that were not heard of again are forgotten, so others have room.
        _ = counter.collect(now: 300)
        for number in 100..<109 { record(counter, .int(1), ["n": number]) }
        let points = counter.collect(now: 400)?.points ?? []
        #expect(points.count == 9)
        #expect(points.allSatisfy { $0.attributes["otel.metric.overflow"] == nil })
    }

    @Test func theDefaultLimitHoldsForCumulativeSums() {
        let counter = stream(.counter) { $0.temporality = .cumulative }
        for number in 0..<10_000 { record(counter, .int(1), ["n": number]) }
        let points = counter.collect(now: 200)?.points ?? []
        #expect(points.count == 2000)
        #expect(points.reduce(0) { $0 + ($1.number ?? 0) } == 10_000)
    }

    @Test func viewsKeepAttributesAndExemplarsHaveTheRest() throws {
        let counter = stream(.counter) {
            $0.views = [MetricView("m", name: "renamed", description: "other", attributes: ["a"])]
        }
        let attributes: Attributes = ["a": 1, "secret": "x"]
        counter.record(.int(1), attributes.elements, ExemplarSource(isWanted: true, span: nil, attributes: attributes.elements))
        record(counter, .int(1), ["a": 1, "secret": "y"])
        let record = try #require(counter.collect(now: 200))
        #expect(record.name == "renamed" && record.description == "other")
        #expect(record.points.count == 1)
        #expect(record.points[0].attributes == ["a": 1])
        #expect(record.points[0].value == .int(2))
        #expect(record.points[0].exemplars.map(\.attributes) == [["secret": "x"]])
        #expect(record.points[0].exemplars.map(\.value) == [.int(1)])
    }

    @Test func viewsMatchByPatternKindAndScope() {
        let scope = InstrumentationScope(name: "http")
        let identity = InstrumentIdentity(
            name: "http.server.duration", kind: .histogram, unit: "s", description: "", isFloatingPoint: true, scope: scope)
        for pattern in ["*", "http.*", "http.server.duration", "h?tp.*duration", "*.duration", "http*", "*server*"] {
            #expect(MetricView(pattern).matches(identity), "\(pattern)")
        }
        for pattern in ["", "http", "?", "http.client.*", "*.durations", "http.server.duration?"] {
            #expect(!MetricView(pattern).matches(identity), "\(pattern)")
        }
        #expect(MetricView("*", kind: .histogram, scopeName: "http").matches(identity))
        #expect(!MetricView("*", kind: .counter).matches(identity))
        #expect(!MetricView("*", scopeName: "other").matches(identity))
        #expect(MetricView("a*", name: "b").problem != nil)
        #expect(MetricView("a", aggregation: .explicitBuckets([2, 1])).problem != nil)
        #expect(MetricView("a", aggregation: .explicitBuckets([1, .infinity])).problem != nil)
        #expect(MetricView("a", aggregation: .exponentialBuckets(maximumSize: 1)).problem != nil)
        #expect(MetricView("a", cardinalityLimit: 0).problem != nil)
        #expect(MetricView("a", name: "b", aggregation: .explicitBuckets([1, 2])).problem == nil)
        var settings = MetricsSettings()
        settings.views = [MetricView("*", aggregation: .drop)]
        #expect(settings.streams(of: Instrument(identity, boundaries: nil), now: 0).isEmpty)
        settings.views = [MetricView("*", aggregation: .sum), MetricView("http.server.duration", name: "again")]
        #expect(settings.streams(of: Instrument(identity, boundaries: nil), now: 0).map(\.name) == ["http.server.duration", "again"])
    }

    @Test func explicitBucketsIncludeTheirUpperBound() throws {
        let bounds = [0.0, 1, 10]
        for (value, bucket) in [(-1.0, 0), (0, 0), (0.5, 1), (1, 1), (1.1, 2), (10, 2), (10.1, 3), (1e300, 3)] {
            #expect(ExplicitHistogramCell.bucket(of: value, in: bounds) == bucket)
        }
        #expect(ExplicitHistogramCell.bucket(of: 3, in: []) == 0)
        let histogram = stream(.histogram) { $0.histogramAggregation = .explicitBuckets([1, 2]) }
        for value in [0.5, 1, 1.5, 9] { record(histogram, .double(value)) }
        let point = try #require(histogram.collect(now: 200)?.points.first)
        #expect(
            point.value
                == .histogram(HistogramValue(count: 4, sum: 12, min: 0.5, max: 9, bounds: [1, 2], bucketCounts: [2, 1, 1])))
        #expect(histogram.collect(now: 300) == nil)
        record(histogram, .int(-2))
        #expect(histogram.collect(now: 400)?.points.first?.number == nil)
    }

    @Test func totalsOfCallbacksBecomeDifferences() {
        let counter = stream(.observableCounter)
        record(counter, .int(10))
        #expect(counter.collect(now: 200)?.points.map(\.value) == [.int(10)])
        record(counter, .int(15))
        #expect(counter.collect(now: 300)?.points.map(\.value) == [.int(5)])
        record(counter, .int(15))
        #expect(counter.collect(now: 350) == nil)
        // Left out once: the next difference covers both intervals.
        #expect(counter.collect(now: 400) == nil)
        record(counter, .int(18))
        let both = counter.collect(now: 500)?.points
        #expect(both?.map(\.value) == [.int(3)])
        #expect(both?.map(\.start) == [350])
        // Began anew.
        record(counter, .int(4))
        let anew = counter.collect(now: 600)?.points
        #expect(anew?.map(\.value) == [.int(4)])
        #expect(anew?.map(\.start) == [500])
        let upDown = stream(.observableUpDownCounter, isFloatingPoint: true)
        record(upDown, .double(2.5))
        record(upDown, .double(1.5))
        #expect(upDown.collect(now: 200)?.points.map(\.value) == [.double(1.5)])
    }

    @Test func exemplarsAreAFewOfAll() {
        var reservoir = ExemplarReservoir(capacity: 4)
        var late = 0
        for _ in 0..<400 {
            for number in 0..<40 { reservoir.offer(.int(Int64(number)), ExemplarSource(isWanted: true, span: nil, attributes: [])) }
            let taken = reservoir.take()
            #expect(taken.count == 4)
            late += taken.count { if case .int(let number) = $0.value { number >= 20 } else { false } }
        }
        #expect(reservoir.take().isEmpty)
        // Half of 1600 are of the second half; far within what chance allows.
        #expect((650...950).contains(late))
    }

    @Test func timeNeverGoesBack() {
        var clock = MetricClock(wall: 1000, monotonic: 5000)
        #expect(clock.tick(wall: 1100, monotonic: 5100) == 1100)
        // Set back by 600: on at the pace of the other clock.
        #expect(clock.tick(wall: 600, monotonic: 5200) == 1200)
        #expect(clock.tick(wall: 700, monotonic: 5300) == 1300)
        #expect(clock.tick(wall: 700, monotonic: 5300) == 1301)
        // Caught up.
        #expect(clock.tick(wall: 2000, monotonic: 6000) == 2000)
        // Set ahead.
        #expect(clock.tick(wall: 9_000_000, monotonic: 6100) == 9_000_000)
        // Both stand still or break.
        #expect(clock.tick(wall: 9_000_000, monotonic: 6000) == 9_000_001)
    }

    @Test func boundariesThatDoNotGrowAreNotUsed() throws {
        var settings = MetricsSettings()
        settings.histogramAggregation = .explicitBuckets(nil)
        let identity = InstrumentIdentity(name: "m", kind: .histogram, unit: "", description: "", isFloatingPoint: true, scope: .hearth)
        for bounds in [[10, 5], [1, .nan], [1, 1], [1, .infinity]] {
            let stream = settings.streams(of: Instrument(identity, boundaries: bounds), now: 100)[0]
            stream.record(.double(3), [], .none)
            guard case .histogram(let value) = stream.collect(now: 200)?.points.first?.value else {
                Issue.record("no histogram")
                continue
            }
            #expect(value.bounds == ExplicitHistogramCell.defaultBounds)
        }
        #expect(MetricView("m", aggregation: .exponentialBuckets(maximumSize: .max)).problem != nil)
    }

    @Test func totalsOfMonotonicCallbacksAreNotNegative() {
        let identity = InstrumentIdentity(
            name: "m", kind: .observableCounter, unit: "", description: "", isFloatingPoint: true, scope: .hearth)
        let instrument = Instrument(identity, boundaries: nil)
        let storage = InstrumentStorage(
            instrument, streams: MetricsSettings().streams(of: instrument, now: 100), exemplars: .never, collectsInSpans: false)
        storage.observe(.double(-1), [])
        #expect(storage.streams[0].collect(now: 200) == nil)
    }
}
