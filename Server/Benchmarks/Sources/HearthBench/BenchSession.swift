import Foundation

/// One run of the benchmarks, step by step.
struct BenchSession {
    private let options: HearthBench
    private let folder: String
    private let startTime = Int64(Date().timeIntervalSince1970 * 1e9)

    init(options: HearthBench, folder: String) {
        self.options = options
        self.folder = folder
    }

    mutating func run() throws(BenchError) -> Figures {
        var figures = Figures(
            spans: options.spans, connections: options.connections, repetitions: options.runs,
            date: ISO8601DateFormatter().string(from: Date()),
            machineLoad: Self.machineLoad)
        if !options.referenceOnly, !FileManager.default.isExecutableFile(atPath: options.program) {
            throw BenchError("\(options.program) is missing; run `make build`, or name the program with --program")
        }
        let sizes = options.file == nil ? options.bodySizes : [0]
        for (number, size) in sizes.enumerated() {
            let (workload, truth) = try workload(bodySize: size)
            let bodySize = size > 0 ? size : workload.frames.map(\.spans).max() ?? 0
            note("reference: decoding and appending \(workload.spans) spans")
            let reference = try inFolder("reference") { (path) throws(BenchError) in try Reference.run(workload, folder: path) }
            var load = Figures.Load(
                bodySize: bodySize, bytesPerSpan: Double(workload.bytes) / Double(workload.spans), runs: [], reference: reference)
            figures.spans = workload.spans
            if !options.referenceOnly {
                for run in 1...options.runs {
                    if let peer = options.peer {
                        note("peer: \(peer)")
                        let figure = try inFolder("peer") { (path) throws(BenchError) in
                            try PeerMeasure.run(program: peer, workload, folder: path, connections: options.connections)
                        }
                        load.peers.append(figure)
                    }
                    note("load \(run) of \(options.runs) with bodies of \(bodySize)")
                    try inFolder("data") { (path) throws(BenchError) in
                        try measure(workload, truth, data: path, withAll: number == sizes.count - 1, &load, &figures)
                    }
                }
            }
            figures.loads.append(load)
        }
        return figures
    }

    /// One load, and everything else that needs a loaded server.
    private func measure(
        _ workload: FrameFile, _ truth: WorkloadTruth?, data: String, withAll: Bool, _ load: inout Figures.Load, _ figures: inout Figures
    ) throws(BenchError) {
        note("… with sealing put off")
        let ingestCPU = try inFolder("alone") { (path) throws(BenchError) in
            let server = try ServerProcess(
                program: options.program, data: path, log: "\(folder)/server.log",
                options: ["--storage-rotation-bytes", "4294967296", "--storage-idle-seconds", "3600"])
            _ = try server.firstAccepted(Probe(number: 4, time: startTime).body)
            let cpu = try IngestMeasure.alone(
                server, try FrameFile(path: workload.path, limit: IngestMeasure.aloneLimit), connections: options.connections)
            try server.crash()
            return cpu
        }
        let server = try start(data)
        let empty = try server.firstAccepted(Probe(number: 1, time: startTime).body)
        var differences = figures.differences
        load.runs.append(
            try IngestMeasure.run(
                server, workload, ingestCPU: ingestCPU, data: data, connections: options.connections, settleLimit: options.settle
            ) {
                () throws(BenchError) in
                guard let truth else { return }
                // Right after the last acknowledgement, and again below, when all is settled.
                let found = try QueryMeasure.check(server, truth: truth)
                differences = (differences ?? []) + found.map { "right after the acknowledgement: \($0)" }
            })
        figures.differences = differences
        guard withAll else {
            _ = try server.stop()
            return
        }
        note("restart")
        let stopSettled = try server.stop()
        let loaded = try start(data)
        let loadedTime = try loaded.firstAccepted(Probe(number: 2, time: startTime).body)
        if let truth { figures.differences = (figures.differences ?? []) + (try QueryMeasure.check(loaded, truth: truth)) }
        note("queries")
        figures.queries.append(try QueryMeasure.run(loaded, truth: truth))
        note("freshness under load")
        figures.freshness.append(try freshness(loaded))
        note("crash and restart")
        try loaded.crash()
        let crashed = try start(data)
        let afterKill = try crashed.firstAccepted(Probe(number: 3, time: startTime).body)
        let stopBusy = try crashed.stop()
        figures.starts.append(
            Figures.Start(empty: empty, loaded: loadedTime, afterKill: afterKill, stopSettled: stopSettled, stopBusy: stopBusy))
    }

    /// Another workload, so that nothing is taken for a repeat.
    private func freshness(_ server: ServerProcess) throws(BenchError) -> FreshnessMeasure.Figure {
        let path = "\(folder)/freshness.bin"
        defer { try? FileManager.default.removeItem(atPath: path) }
        _ = try WorkloadGenerator.write(
            to: path, spans: options.spans, bodySize: 500, seed: options.seed &+ 1_000, end: startTime)
        return try FreshnessMeasure.run(server, under: FrameFile(path: path), connections: options.connections)
    }

    private func workload(bodySize: Int) throws(BenchError) -> (FrameFile, WorkloadTruth?) {
        if let file = options.file { return (try FrameFile(path: file, limit: options.spans), nil) }
        note("generating \(options.spans) spans in bodies of \(bodySize)")
        let path = "\(folder)/workload.bin"
        let truth = try WorkloadGenerator.write(to: path, spans: options.spans, bodySize: bodySize, seed: options.seed, end: startTime)
        return (try FrameFile(path: path), truth)
    }

    private func start(_ data: String) throws(BenchError) -> ServerProcess {
        try ServerProcess(program: options.program, data: data, log: "\(folder)/server.log")
    }

    private func inFolder<R>(_ name: String, _ body: (String) throws(BenchError) -> R) throws(BenchError) -> R {
        let path = "\(folder)/\(name)"
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw BenchError("\(path) cannot be made: \(error.localizedDescription)")
        }
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try body(path)
    }

    private func note(_ text: String) {
        FileHandle.standardError.write(Data("hearth-bench: \(text)\n".utf8))
    }

    private static var machineLoad: Double {
        let text = FileManager.default.contents(atPath: "/proc/loadavg").map { String(decoding: $0, as: UTF8.self) }
        return text?.split(separator: " ").first.flatMap { Double($0) } ?? .nan
    }
}
