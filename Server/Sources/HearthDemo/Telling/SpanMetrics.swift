/// `logfire.metrics`: the logfire SDK writes on every span what the calls below it, in the same process, used and cost.
enum SpanMetrics {
    private struct Totals {
        /// In the order of first use; the key is the JSON of the dimensions.
        var tokens: [(dimensions: String, total: Int)] = []
        var cost: [(dimensions: String, total: Int)] = []
    }

    static func add(to spans: inout [SpanDraft], parents: [Int?]) {
        var totals: [Int: Totals] = [:]
        for index in spans.indices {
            guard let usage = spans[index].usage else { continue }
            var ancestor = parents[index]
            while let current = ancestor, spans[current].service == spans[index].service {
                add(usage, to: &totals[current, default: Totals()])
                ancestor = parents[current]
            }
        }
        for (index, totals) in totals { spans[index].closing.set("logfire.metrics", text(totals)) }
    }

    private static func add(_ usage: MeteredUsage, to totals: inout Totals) {
        let dimensions = usage.dimensions
        add(usage.inputTokens, json(dimensions + [Attribute("gen_ai.token.type", "input")]), to: &totals.tokens)
        add(usage.outputTokens, json(dimensions + [Attribute("gen_ai.token.type", "output")]), to: &totals.tokens)
        if let cost = usage.cost { add(cost, json(dimensions), to: &totals.cost) }
    }

    private static func add(_ value: Int, _ dimensions: String, to list: inout [(dimensions: String, total: Int)]) {
        if let index = list.firstIndex(where: { $0.dimensions == dimensions }) {
            list[index].total += value
        } else {
            list.append((dimensions, value))
        }
    }

    private static func json(_ dimensions: [Attribute]) -> String {
        JSON.object(
            dimensions.map { attribute in
                if case .string(let text) = attribute.value { (attribute.key, JSON.string(text)) } else { (attribute.key, .null) }
            }
        ).text
    }

    private static func text(_ totals: Totals) -> String {
        func metric(_ list: [(dimensions: String, total: Int)], _ number: (Int) -> JSON) -> String {
            let details = list.map { "{\"attributes\":\($0.dimensions),\"total\":\(number($0.total).text)}" }.joined(separator: ",")
            return "{\"details\":[\(details)],\"total\":\(number(list.reduce(0) { $0 + $1.total }).text)}"
        }
        var members = ["\"gen_ai.client.token.usage\":" + metric(totals.tokens) { .int($0) }]
        if !totals.cost.isEmpty { members.append("\"operation.cost\":" + metric(totals.cost) { .double(Double($0) / 1e9) }) }
        return "{" + members.joined(separator: ",") + "}"
    }
}
