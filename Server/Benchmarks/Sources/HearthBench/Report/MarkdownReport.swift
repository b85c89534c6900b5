import Foundation

/// The figures as a Markdown table next to the project's bars.
struct MarkdownReport {
    private var lines: [String] = []
    /// By what times are divided before they are held against the bars; nil without a peer.
    private var slowness: Double?

    static func text(_ figures: Figures) -> String {
        var report = MarkdownReport()
        let runs = figures.repetitions == 1 ? "one run" : "medians of \(figures.repetitions) runs"
        report.lines += [
            "\(count(figures.spans)) spans over \(figures.connections) connections, \(runs), machine load \(number(figures.machineLoad, 1)) at the start, \(figures.date)",
            "",
        ]
        if let load = figures.loads.first(where: { $0.slowness != nil }), let peer = load.peer, let slowness = load.slowness {
            report.lines += [
                """
                \(peer.name) takes \(number(peer.cpu, 1)) µs of CPU a span here and took \(number(Bars.peerCPU, 1)) on the machine that the bars were set on: \
                this one takes \(number(slowness, 2)) times as long. The third column has times divided by that, and they are what the bars are \
                held against; for each size of bodies by its own runs of the peer.
                """, "", "| what | figure | at the bars' speed | bar | |", "|---|---:|---:|---:|---|",
            ]
        } else {
            report.lines += [
                "The bars of times were set on another machine; `--peer` tells how fast this one is.", "",
                "| what | figure | bar | |", "|---|---:|---:|---|",
            ]
        }
        for load in figures.loads {
            report.slowness = load.slowness
            report.add(load, spans: figures.spans)
        }
        report.add(figures.freshness)
        report.add(figures.starts)
        report.add(figures.queries, figures.loads.first?.reference)
        if let differences = figures.differences {
            report.row("answers that differ from what was sent", Double(differences.count), "", bar: 0)
        }
        let problems = figures.differences ?? []
        return (report.lines + (problems.isEmpty ? [] : [""] + problems.map { "- \($0)" })).joined(separator: "\n") + "\n"
    }

    private mutating func add(_ load: Figures.Load, spans: Int) {
        let body = "bodies of \(load.bodySize)"
        let reference = load.reference
        if load.runs.isEmpty {
            row("reference: decoding, CPU per span, \(body)", reference.decode, "µs", bar: nil)
            row("reference: plain DuckDB append, CPU per span, \(body)", reference.append, "µs", bar: nil)
            row("reference: plain DuckDB scan by name, CPU", reference.scanAggregate, "ms", bar: nil)
            row("reference: plain DuckDB scan for a phrase, CPU", reference.scanSearch, "ms", bar: nil)
            return
        }
        let cpu = load.median(\.ingestCPU)
        row("ingest, CPU per span, \(body)", cpu, "µs", bar: Bars.ingest(bodySize: load.bodySize))
        row("… as a multiple of decoding alone (\(Self.number(reference.decode, 1)) µs)", cpu / reference.decode, "×", bar: nil)
        row("… as a multiple of a plain DuckDB append (\(Self.number(reference.append, 1)) µs)", cpu / reference.append, "×", bar: nil)
        if let peer = load.peer {
            row("… as a multiple of \(peer.name) (\(Self.number(peer.cpu, 1)) µs, not durable)", cpu / peer.cpu, "×", bar: nil)
        }
        let sealing = load.median(\.sealingCPU)
        row("sealing, CPU per span, \(body)", sealing, "µs", bar: Bars.sealing)
        row("both until settled, CPU per span, \(body)", load.median { $0.cpu + $0.settleCPU }, "µs", bar: nil)
        if let peer = load.peer {
            row(
                "… ingest and sealing as a multiple of \(peer.name) 20 s later (\(Self.number(peer.cpuSettled, 1)) µs)",
                load.median { $0.cpu + $0.settleCPU } / peer.cpuSettled, "×", bar: nil)
        }
        if load.runs.contains(where: { !$0.isSettled }) {
            row("not settled after, \(body)", load.median(\.settleTime), "s", bar: Bars.settle)
        } else {
            row("settled after, \(body)", load.median(\.settleTime), "s", bar: spans <= 100_000 ? Bars.settle : nil)
        }
        row("spans a second, \(body)", load.median(\.rate), "", bar: nil)
        row("request answered, median, \(body)", load.median(\.latencyMedian), "ms", bar: nil)
        row("request answered, 99 %, \(body)", load.median(\.latency99), "ms", bar: nil)
        let disk = load.median(\.diskBytes)
        row("disk per span, settled, \(body)", disk - load.median(\.indexBytes), "B", bar: Bars.diskPerSpan)
        row("the same with the search index, \(body)", disk, "B", bar: Bars.diskPerSpanWithIndex)
        if let peer = load.peer {
            row("… as a multiple of \(peer.name) (\(Self.number(peer.diskBytes, 0)) B)", disk / peer.diskBytes, "×", bar: nil)
        }
        row("memory, idle, \(body)", load.median { Double($0.idleBytes) } / 1e6, "MB", bar: Bars.idleMegabytes)
        row("memory, peak, \(body)", load.median { Double($0.peakBytes) } / 1e6, "MB", bar: Bars.peakMegabytes)
    }

    private mutating func add(_ runs: [FreshnessMeasure.Figure]) {
        guard !runs.isEmpty else { return }
        row("sent → visible under load, median", runs.map(\.visibleMedian).median, "ms", bar: Bars.visibleMedian)
        let probes = runs.reduce(0) { $0 + $1.probes }
        row("sent → visible under load, slowest of \(probes)", runs.map(\.visibleSlowest).max() ?? .nan, "ms", bar: Bars.visibleSlowest)
        row("acknowledged but not visible at once", Double(runs.reduce(0) { $0 + $1.notVisibleAtOnce }), "", bar: 0)
    }

    private mutating func add(_ runs: [Figures.Start]) {
        guard !runs.isEmpty else { return }
        func milliseconds(_ figure: (Figures.Start) -> Double) -> Double { runs.map(figure).median * 1_000 }
        row("start → first span taken, empty", milliseconds(\.empty), "ms", bar: Bars.startEmpty)
        row("the same, loaded", milliseconds(\.loaded), "ms", bar: Bars.startLoaded)
        row("the same, after kill -9 under load", milliseconds(\.afterKill), "ms", bar: Bars.startAfterKill)
        row("SIGTERM → gone, settled", milliseconds(\.stopSettled), "ms", bar: Bars.stop)
        row("SIGTERM → gone, right after that restart", milliseconds(\.stopBusy), "ms", bar: Bars.stop)
    }

    private mutating func add(_ runs: [[QueryMeasure.Figure]], _ reference: Reference.Figure?) {
        guard let first = runs.first else { return }
        for (index, query) in first.enumerated() {
            let (cpu, wall) = (runs.map { $0[index].cpu }.median, runs.map { $0[index].wall }.median)
            row("\(query.name), CPU (wall \(Self.number(wall, 1)) ms)", cpu, "ms", bar: Bars.queries[query.name])
            guard let reference else { continue }
            if query.name.contains("common phrase") {
                row(
                    "… as a multiple of a plain DuckDB scan (\(Self.number(reference.scanSearch, 1)) ms)", cpu / reference.scanSearch, "×",
                    bar: nil)
            } else if query.name.contains("by model") {
                row(
                    "… as a multiple of a plain DuckDB scan by name (\(Self.number(reference.scanAggregate, 1)) ms)",
                    cpu / reference.scanAggregate, "×", bar: nil)
            }
        }
    }

    private mutating func row(_ what: String, _ figure: Double, _ unit: String, bar: Double?) {
        let isTime = ["µs", "ms", "s"].contains(unit)
        let compared = isTime ? figure / (slowness ?? 1) : figure
        let verdict = bar.map { compared <= $0 ? "met" : "**missed**" } ?? ""
        let limit = bar.map { $0 == 0 ? "0" : "≤ \(Self.number($0, 0))\(unit.isEmpty ? "" : " \(unit)")" } ?? ""
        let scaled = slowness == nil ? "" : " \(isTime && bar != nil ? Self.text(compared, unit) : "") |"
        lines.append("| \(what) | \(Self.text(figure, unit)) |\(scaled) \(limit) | \(verdict) |")
    }

    private static func text(_ figure: Double, _ unit: String) -> String {
        let digits = figure >= 100 || figure == figure.rounded() ? 0 : figure >= 10 ? 1 : 2
        return number(figure, digits) + (unit.isEmpty ? "" : " \(unit)")
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
