import Dispatch
import Foundation

/// Ctrl-C and the signal that asks a process to end.
enum Interrupt {
    /// Ends the process as one that has done its work.
    static func endProcess() { exit(0) }

    /// Calls `body` at the first Ctrl-C or SIGTERM; the second Ctrl-C ends the program at once. Works as long as the answer is kept.
    static func handle(_ body: @escaping @Sendable () -> Void) -> [any DispatchSourceSignal] {
        [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                body()
                signal(number, SIG_DFL)
            }
            source.resume()
            return source
        }
    }
}
