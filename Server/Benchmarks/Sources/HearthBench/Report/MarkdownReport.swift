import Foundation

/// The figures as a Markdown table next to the project's bars.
struct MarkdownReport {
    private var lines: [String] = []

    static func text(_ figures: Figures) -> String {
        var report = MarkdownReport()
        report.lines += [
            "\(count(figures.spans)) spans over \(figures.connections) connections, machine load \(number(figures.machineLoad, 1)) at the start, \(figures.date)",
            "",
            "| what | figure | bar | |", "|---|---:|---:|---|",
        ]
        for load in figures.loads { report.add(load) }
        if let freshness = figures.freshness {
            report.row("sent → visible under load, median", freshness.visibleMedian, "ms", bar: 50)
            report.row("sent → visible under load, slowest of \(freshness.probes)", freshness.visibleSlowest, "ms", bar: 500)
            report.row("acknowledged but not visible at once", Double(freshness.notVisibleAtOnce), "", bar: 0)
        }
        if let start = figures.start {
            report.row("start → first span taken, empty", start.empty * 1_000, "ms", bar: 150)
            report.row("the same, loaded", start.loaded * 1_000, "ms", bar: 300)
            report.row("the same, after kill -9 under load", start.afterKill * 1_000, "ms", bar: 600)
            report.row("SIGTERM → gone, settled", start.stopSettled * 1_000, "ms", bar: 5_000)
            report.row("SIGTERM → gone, right after that restart", start.stopBusy * 1_000, "ms", bar: 5_000)
        }
        let bars = [
            "calls, tokens, cost, mean, p95 by model": 30.0, "newest 50 root spans": 5, "open a trace of 50": 4,
            "open a trace of 5,000": 50,
        ]
        for query in figures.queries {
            report.row("\(query.name), CPU (wall \(number(query.wall, 1)) ms)", query.cpu, "ms", bar: bars[query.name])
        }
        if let differences = figures.differences {
            report.row("answers that differ from what was sent", Double(differences.count), "", bar: 0)
        }
        let problems = figures.differences ?? []
        return (report.lines + (problems.isEmpty ? [] : [""] + problems.map { "- \($0)" })).joined(separator: "\n") + "\n"
    }

    private mutating func add(_ load: Figures.Load) {
        let body = "bodies of \(load.bodySize)"
        if load.runs.isEmpty {
            row("reference: decoding, CPU per span, \(body)", load.reference.decode, "µs", bar: nil)
            row("reference: plain DuckDB append, CPU per span, \(body)", load.reference.append, "µs", bar: nil)
            return
        }
        let cpu = load.median(\.cpu)
        row("ingest, CPU per span, \(body)", cpu, "µs", bar: load.bodySize >= 500 ? 30 : 40)
        row("… as a multiple of decoding alone (\(Self.number(load.reference.decode, 1)) µs)", cpu / load.reference.decode, "×", bar: nil)
        row(
            "… as a multiple of a plain DuckDB append (\(Self.number(load.reference.append, 1)) µs)", cpu / load.reference.append, "×",
            bar: nil)
        row("settling, CPU per span, \(body)", load.median(\.settleCPU), "µs", bar: 15)
        if load.runs.contains(where: { !$0.isSettled }) { row("… and still not idle after", load.median(\.settleTime), "s", bar: nil) }
        row("spans a second, \(body)", load.median(\.rate), "", bar: nil)
        row("request answered, median, \(body)", load.median(\.latencyMedian), "ms", bar: nil)
        row("request answered, 99 %, \(body)", load.median(\.latency99), "ms", bar: nil)
        row("disk per span, settled, \(body)", load.median(\.diskBytes), "B", bar: 330)
        row("memory, idle, \(body)", load.median { Double($0.idleBytes) } / 1e6, "MB", bar: 80)
        row("memory, peak, \(body)", load.median { Double($0.peakBytes) } / 1e6, "MB", bar: 500)
    }

    private mutating func row(_ what: String, _ figure: Double, _ unit: String, bar: Double?) {
        let digits = figure >= 100 || figure == figure.rounded() ? 0 : figure >= 10 ? 1 : 2
        let verdict = bar.map { figure <= $0 ? "met" : "**missed**" } ?? ""
        let limit = bar.map { $0 == 0 ? "0" : "≤ \(Self.number($0, 0))\(unit.isEmpty ? "" : " \(unit)")" } ?? ""
        lines.append("| \(what) | \(Self.number(figure, digits))\(unit.isEmpty ? "" : " \(unit)") | \(limit) | \(verdict) |")
    }

    private static func number(_ value: Double, _ digits: Int) -> String {
        value.isFinite ? (digits == 0 ? count(Int(value.rounded())) : String(format: "%.\(digits)f", value)) : "—"
    }

    /// With separators between thousands.
    private static func count(_ value: Int) -> String {
        var text = ""
        for (index, digit) in String(abs(value)).reversed().enumerated() {
            if index > 0, index % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return (value < 0 ? "-" : "") + String(text.reversed())
    }
}
