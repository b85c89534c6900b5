import Hearth

/// An order that cannot be taken.
struct OutOfStock: Error, CustomStringConvertible {
    var item: String
    var description: String { "no \(item) left" }
}

/// What an actor does inside of a span stays on the actor.
actor Shelf {
    private var stock = ["tea": 2, "cake": 0]

    func take(_ item: String) async throws(OutOfStock) -> Int {
        try await Hearth.span("take {item}", ["item": item]) { span async throws(OutOfStock) in
            await Task.yield()
            guard let count = stock[item], count > 0 else { throw OutOfStock(item: item) }
            stock[item] = count - 1
            span.setAttribute("left", count - 1)
            return count - 1
        }
    }
}

/// One order: nested spans, logs, tags, an error.
func order() async {
    let shelf = Shelf()
    await Hearth.span("order of {count} items", ["count": 2, "items": ["tea", "cake"]], tags: ["shop"]) { span in
        Hearth.debug("looking up {customer}", ["customer": "Ada"])
        if let left = try? await shelf.take("tea") { Hearth.info("tea taken, {left=}", ["left": left]) }
        _ = try? await shelf.take("cake")
        Hearth.withTags("slow") { Hearth.warn("the oven is at {degrees} degrees", ["degrees": 181.5]) }
        Hearth.error("payment refused", ["card": ["kind": "debit"] as [String: String], "password": "hunter2"])
        await withTaskGroup { group in
            for worker in 0..<3 { group.addTask { Hearth.span("bake on {worker}", ["worker": worker]) { _ in } } }
        }
        span.setMessage("order done")
    }
}

/// As many spans as asked for, with no flush before the end.
func burst(_ count: Int) {
    for number in 0..<count { Hearth.span("burst", ["number": number]) { _ in } }
}

try Hearth.configure()  // address, token and service name come from the environment
let arguments = CommandLine.arguments
switch arguments.dropFirst().first {
case "burst": burst(arguments.count > 2 ? Int(arguments[2]) ?? 10_000 : 10_000)
case "wait": await Hearth.span("long work") { _ in try? await Task.sleep(for: .seconds(2)) }
default: await order()
}
