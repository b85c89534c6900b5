import Hearth

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

// usage: Faults MODE: input that is not as it should be, and what happens around it. Prints what was done for those who compare.

/// Makes a span while it is recorded.
struct Chatty: AttributeConvertible {
    var attributeValue: AttributeValue {
        Hearth.span("from a conversion") { _ in }
        return "said"
    }
}

/// Every kind of value, levels, links, events, an error; prints the ids.
func everything() {
    struct Trouble: Error {}
    let remote = SpanContext(traceID: TraceID(high: 1, low: 2), spanID: SpanID(3))
    Hearth.span(
        "all of {text}",
        [
            "text": "tëxt", "whole": -5, "large": Int64.max, "decimal": 1.5, "flag": true, "none": Int?.none, "list": [1, 2, 3],
            "members": ["k": "v"], "too large": UInt64.max,
        ],
        tags: ["a", "b"],
        level: .notice,
        kind: .producer,
        links: [remote]
    ) { span in
        span.addEvent("happened", ["at": "noon"])
        print(span.spanContext.map { "\($0.traceID) \($0.spanID)" } ?? "none")
        // The same place three times: it is encoded in two ways.
        for number in 0..<3 { Hearth.span("child {number}", ["number": number]) { _ in } }
        Hearth.warn("log of {n}", ["n": 1])
        try? Hearth.span("failing") { _ throws(Trouble) in throw Trouble() }
    }
}

/// Templates, numbers and texts that are not well-formed; a span that ends twice.
func badInput() {
    for template in ["{", "}", "{}", "{a", "{{a}}", "{a}}"] { Hearth.info(template, ["a": 1]) }
    Hearth.info("numbers", ["nan": Double.nan, "infinite": Double.infinity, "list": [Double.nan]])
    Hearth.info("ten megabytes", ["text": String(repeating: "x", count: 10_000_000)])
    Hearth.info("no text", ["text": String(decoding: [0x61, 0xff, 0x00, 0x62] as [UInt8], as: UTF8.self)])
    Hearth.span("re-entrant", ["chatty": Chatty()]) { _ in }
    let span = Hearth.startSpan("ended twice")
    span.end()
    span.end()
    span.setAttribute("late", 1)
}

/// A child process made by `fork`, with a span of the parent open.
func forked() {
    // Swift hides fork because few libraries survive it.
    typealias Fork = @convention(c) () -> Int32
    guard let symbol = dlsym(nil, "fork") else { exit(3) }
    let fork = unsafeBitCast(symbol, to: Fork.self)
    for _ in 0..<100 { Hearth.span("before") { _ in } }
    Hearth.span("parent") { span in
        let child = fork()
        if child == 0 {
            for _ in 0..<100 { Hearth.span("child") { _ in } }
            span.end()
            exit(0)
        }
        for _ in 0..<100 { Hearth.span("after") { _ in } }
        var status: Int32 = 0
        waitpid(child, &status, 0)
        print("child ended with \(status)")
    }
}

try Hearth.configure { configuration in
    if let folder = getenv("SPOOL") { configuration.spool = SpoolOptions(folder: String(cString: folder)) }
    if let seconds = getenv("EXIT_SECONDS") { configuration.exitTimeout = .seconds(atoi(seconds)) }
}
switch CommandLine.arguments.dropFirst().first {
case "everything": everything()
case "bad": badInput()
case "fork": forked()
case "tasks":
    await withTaskGroup { group in
        for task in 0..<5000 {
            group.addTask { await Hearth.span("task {task}", ["task": task]) { _ in await Task.yield() } }
        }
    }
case let count?:
    for number in 0..<(Int(count) ?? 0) { Hearth.span("burst", ["number": number]) { _ in } }
case nil: break
}
Hearth.flush(within: .seconds(getenv("FLUSH_SECONDS").map { Int(atoi($0)) } ?? 10))
let statistics = Hearth.statistics
print(
    "exported \(statistics.exported) dropped \(statistics.dropped) delivered \(statistics.delivered) spooled \(statistics.spooled) "
        + "lost \(statistics.lost)"
)
