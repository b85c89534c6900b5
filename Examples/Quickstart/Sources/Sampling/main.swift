// Sampling: a tenth of all traces, or only those that turn out to matter. usage: Sampling [tail]
import Hearth

let decidesAtTheEnd = CommandLine.arguments.contains("tail")
try Hearth.configure { configuration in
    if decidesAtTheEnd {
        // Traces with a warning or worse, and those that take long; nothing of the others.
        configuration.tailSampling = TailSampling(level: .warn, duration: .milliseconds(300))
    } else {
        configuration.sampler = .ratio(0.1)
    }
}

func answer(_ number: Int) async {
    await Hearth.span("question {number}", ["number": number]) { _ in
        await Hearth.span("search") { _ in
            if decidesAtTheEnd, number == 7 { Hearth.warn("nothing found for {number}", ["number": number]) }
            if decidesAtTheEnd, number == 11 { try? await Task.sleep(for: .milliseconds(400)) }
        }
    }
}

for number in 0..<(decidesAtTheEnd ? 20 : 2000) { await answer(number) }
