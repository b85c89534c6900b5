// One trace over a message queue, a pool of threads and a child process.
import Dispatch
import Foundation
import Hearth

/// A message queue as of Redis or Kafka: text in, text out.
final class Channel: @unchecked Sendable {
    private let lock = NSLock()
    private var messages: [[String: String]] = []

    func publish(_ message: [String: String]) {
        lock.withLock { messages.append(message) }
    }

    func receive() -> [String: String]? {
        lock.withLock { messages.isEmpty ? nil : messages.removeFirst() }
    }
}

// Manual context propagation: for what is no HTTP.
func produce(_ channel: Channel) {
    Hearth.span("dispatch_task") { _ in
        var message = ["task": "rebalance"]
        for (name, value) in Hearth.propagationHeaders() { message[name] = value }
        channel.publish(message)
    }
}

func consume(_ channel: Channel) {
    while let message = channel.receive() {
        Hearth.remoteContext { message[$0] }.attach {
            Hearth.info("processing task")
        }
        // A span of its own trace, which names what caused it.
        let cause = Hearth.remoteContext { message[$0] }.spanContext
        Hearth.span("settle {task}", ["task": message["task"]], links: cause.map { [$0] } ?? []) { _ in }
    }
}

// Pool work: the spans of all threads are children of the one that sent them off.
func analyze(_ symbol: String) -> Double {
    Hearth.span("Analyzing {symbol}", ["symbol": symbol]) { _ in
        Thread.sleep(forTimeInterval: 0.01)
        return 0.85
    }
}

func batchAnalysis() {
    Hearth.span("batch_analysis") { span in
        let pool = OperationQueue()
        pool.maxConcurrentOperationCount = 4
        let work = Hearth.carrying { (symbol: String) in _ = analyze(symbol) }
        for symbol in ["AAPL", "MSFT", "GOOG", "AMZN"] { pool.addOperation { work(symbol) } }
        pool.waitUntilAllOperationsAreFinished()

        let group = DispatchGroup()
        DispatchQueue.global().async(group: group, execute: Hearth.carrying { Hearth.info("on a queue") })
        group.wait()
        span.setAttribute("symbols", 4)
    }
}

func detachedWork() async {
    await Hearth.span("detached_work") { _ in
        await withTaskGroup { group in
            for worker in 0..<2 { group.addTask { Hearth.info("worker {n}", ["n": worker]) } }
        }
        _ = try? await Hearth.detached { Hearth.info("detached") }.value
    }
}

// A child process finds the place in the trace in its environment.
func childProcess() throws {
    try Hearth.withBaggage(["tenant": "acme"]) {
        try Hearth.span("start child") { _ in
            let process = Process()
            process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
            process.arguments = ["child"]
            process.environment = ProcessInfo.processInfo.environment.merging(Hearth.propagationEnvironment()) { $1 }
            try process.run()
            process.waitUntilExit()
        }
    }
}

try Hearth.configure()
if CommandLine.arguments.dropFirst().first == "child" {
    Hearth.span("work of the child") { _ in Hearth.info("inside of the child") }
} else {
    let channel = Channel()
    await Hearth.span("everything") { _ in
        produce(channel)
        batchAnalysis()
        await detachedWork()
        try? childProcess()
    }
    // Outside of the trace, as another process would be.
    consume(channel)
}
