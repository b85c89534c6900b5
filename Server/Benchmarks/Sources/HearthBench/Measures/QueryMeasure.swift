import Foundation

/// What the pages ask, timed on the server's own CPU.
struct QueryMeasure {
    struct Figure: Codable {
        var name: String
        /// Milliseconds of the server's CPU per query.
        var cpu: Double
        /// Milliseconds until the answer is there: median and slowest.
        var wall: Double
        var slowest: Double
        var answerBytes: Int
    }

    static let byModel = """
        SELECT model, count(*) AS calls, count(*) FILTER (WHERE is_error) AS errors, sum(input_tokens) AS input_tokens,
               sum(output_tokens) AS output_tokens, sum(cost) AS cost, avg(duration) AS mean, quantile_cont(duration, 0.95) AS p95
        FROM llm_calls GROUP BY model ORDER BY model
        """

    private static let newestRoots = """
        SELECT start_timestamp, trace_id, span_id, span_name, message, duration, level, service_name FROM records
        WHERE parent_span_id IS NULL AND kind = 'span' ORDER BY start_timestamp DESC LIMIT 50
        """

    /// Seconds after which a query is not repeated any more.
    private static let longest = 30.0

    /// As a user would look for a phrase in what was said to models and by them.
    static func search(_ phrase: String) -> String {
        """
        SELECT count(*) AS found FROM records WHERE attributes->>'gen_ai.input.messages' ILIKE '%\(phrase)%' \
        OR attributes->>'gen_ai.output.messages' ILIKE '%\(phrase)%'
        """
    }

    /// - Parameter repeats: counted runs of each query, after three that are not.
    static func run(_ server: ServerProcess, truth: WorkloadTruth?, repeats: Int = 20) throws(BenchError) -> [Figure] {
        let queries = QueryClient(port: server.port)
        var list = [("calls, tokens, cost, mean, p95 by model", byModel), ("newest 50 root spans", newestRoots)]
        if let small = try traceID(queries, truth?.traceOf50, near: 50) {
            list.append(("open a trace of 50", "SELECT * FROM records_all WHERE trace_id = '\(small)' ORDER BY start_timestamp"))
        }
        if let large = truth?.traceOf5000 {
            list.append(("open a trace of 5,000", "SELECT * FROM records_all WHERE trace_id = '\(large)' ORDER BY start_timestamp"))
        }
        for needle in WorkloadNeedle.allCases { list.append(("message search, \(needle) phrase", search(needle.phrase))) }
        var figures: [Figure] = []
        for (name, sql) in list { figures.append(try measure(name, sql, queries, server.clock, repeats)) }
        return figures
    }

    /// The differences between the server's answer and the truth, in words; empty when there are none.
    static func check(_ server: ServerProcess, truth: WorkloadTruth) throws(BenchError) -> [String] {
        let rows = try QueryClient(port: server.port).rows(byModel)
        var problems: [String] = []
        if rows.count != truth.models.count { problems.append("\(rows.count) models instead of \(truth.models.count)") }
        for row in rows {
            guard let name = row["model"] as? String, let model = truth.models[name] else {
                problems.append("a model nobody sent: \(row["model"] ?? "null")")
                continue
            }
            func compare(_ key: String, _ wanted: Double, within tolerance: Double) {
                let value = (row[key] as? NSNumber)?.doubleValue ?? .nan
                if !(abs(value - wanted) <= tolerance) { problems.append("\(name): \(key) is \(value), sent \(wanted)") }
            }
            compare("calls", Double(model.calls), within: 0)
            compare("errors", Double(model.errors), within: 0)
            compare("input_tokens", Double(model.inputTokens), within: 0)
            compare("output_tokens", Double(model.outputTokens), within: 0)
            compare("cost", Double(model.cost) / 1e9, within: 1e-9 * Double(max(1, model.calls)))
            compare("mean", model.meanDuration, within: 1e-6)
            compare("p95", model.p95, within: 0.002 * model.p95)
        }
        for needle in WorkloadNeedle.allCases {
            let found = try QueryClient(port: server.port).rows(search(needle.phrase)).first?["found"] as? Int ?? -1
            let planted = truth.needles[needle, default: 0]
            if found != planted { problems.append("“\(needle.phrase)” is found in \(found) records, it is in \(planted)") }
        }
        return problems
    }

    private static func traceID(_ queries: QueryClient, _ known: String?, near size: Int) throws(BenchError) -> String? {
        if let known { return known }
        let sql = "SELECT trace_id FROM records GROUP BY trace_id ORDER BY abs(count(*) - \(size)) LIMIT 1"
        return try queries.rows(sql).first?["trace_id"] as? String
    }

    private static func measure(_ name: String, _ sql: String, _ queries: QueryClient, _ clock: ProcessClock, _ repeats: Int)
        throws(BenchError) -> Figure
    {
        let began = ContinuousClock.now
        for _ in 0..<3 where (ContinuousClock.now - began).seconds < longest { try queries.send(sql) }
        var walls: [Double] = []
        var bytes = 0
        let before = clock.preciseCPUSeconds
        for _ in 0..<repeats where walls.count < 3 || (ContinuousClock.now - began).seconds < longest {
            let asked = ContinuousClock.now
            bytes = try queries.send(sql).body.count
            walls.append((ContinuousClock.now - asked).seconds * 1_000)
        }
        let cpu = (clock.preciseCPUSeconds - before) * 1_000 / Double(walls.count)
        walls.sort()
        return Figure(name: name, cpu: cpu, wall: walls[walls.count / 2], slowest: walls[walls.count - 1], answerBytes: bytes)
    }
}
