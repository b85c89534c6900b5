import Foundation
import Synchronization

/// How far an export or import is, on standard error: a line that is rewritten in a terminal, now and then a new one elsewhere.
final class TransferProgress: Sendable {
    private struct State {
        var lastShown = ContinuousClock.now - .seconds(60)
        var width = 0
    }

    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let isQuiet: Bool
    private let state = Mutex(State())

    init(isQuiet: Bool) { self.isQuiet = isQuiet }

    func show(_ text: String) {
        guard !isQuiet else { return }
        state.withLock { state in
            let now = ContinuousClock.now
            guard now - state.lastShown >= (isTerminal ? .milliseconds(200) : .seconds(10)) else { return }
            state.lastShown = now
            if isTerminal {
                write("\r" + text.padding(toLength: max(state.width, text.count), withPad: " ", startingAt: 0))
                state.width = text.count
            } else {
                write(text + "\n")
            }
        }
    }

    /// Leaves the line.
    func end() {
        state.withLock { state in
            if isTerminal, state.width > 0 { write("\r" + String(repeating: " ", count: state.width) + "\r") }
            state.width = 0
        }
    }

    private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }

    static func share(_ done: Int, of total: Int) -> String { total > 0 ? "\(min(100, done * 100 / total)) %" : "—" }
}
