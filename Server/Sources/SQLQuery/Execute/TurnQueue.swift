import TelemetryModel

/// First come, first served within a project; projects take turns.
struct TurnQueue<Element> {
    private var queues: [ProjectID: [Element]] = [:]
    private var order: [ProjectID] = []
    private(set) var count = 0

    func count(_ project: ProjectID) -> Int { queues[project]?.count ?? 0 }

    mutating func append(_ element: Element, _ project: ProjectID) {
        if queues[project] == nil { order.append(project) }
        queues[project, default: []].append(element)
        count += 1
    }

    /// Whether some element that is `wanted` waits.
    func contains(where isWanted: (Element) -> Bool) -> Bool { queues.values.contains { $0.contains(where: isWanted) } }

    /// Takes the first of the project whose turn it is, or the one that `pick` chooses of the project's.
    mutating func next(pick: ([Element]) -> Int = { _ in 0 }) -> (Element, ProjectID)? {
        guard let project = order.first, var queue = queues[project] else { return nil }
        order.removeFirst()
        let element = queue.remove(at: pick(queue))
        queues[project] = queue.isEmpty ? nil : queue
        if !queue.isEmpty { order.append(project) }
        count -= 1
        return (element, project)
    }

    @discardableResult
    mutating func remove(where isWanted: (Element) -> Bool) -> Element? {
        for project in order {
            guard let index = queues[project]?.firstIndex(where: isWanted) else { continue }
            let element = queues[project]?.remove(at: index)
            if queues[project]?.isEmpty == true {
                queues[project] = nil
                order.removeAll { $0 == project }
            }
            count -= 1
            return element
        }
        return nil
    }

    mutating func removeAll() -> [Element] {
        defer { self = TurnQueue() }
        return order.flatMap { queues[$0] ?? [] }
    }
}
