/// Reads Server-Sent Events from bytes that come in any pieces. Pure and bounded.
struct EventStreamParser: Sendable {
    /// An event with the name and data it has.
    struct Event: Sendable, Hashable {
        var name: String?
        var data: [UInt8]
    }

    /// An event with more bytes is skipped.
    static let maximumEventBytes = 16 * 1024 * 1024

    private var line: [UInt8] = []
    private var name: String?
    private var data: [UInt8] = []
    private var hasData = false
    private var followsReturn = false
    private var isFirstLine = true
    private var isTooLong = false

    /// Takes what arrived.
    ///
    /// - Returns: the events that are complete now.
    mutating func consume(_ bytes: some Sequence<UInt8>) -> [Event] {
        var events: [Event] = []
        for byte in bytes {
            // A line ends with CR, LF or both.
            if byte == 0x0a, followsReturn {
                followsReturn = false
                continue
            }
            followsReturn = byte == 0x0d
            if byte == 0x0a || byte == 0x0d {
                if let event = endLine() { events.append(event) }
            } else if line.count < Self.maximumEventBytes {
                line.append(byte)
            } else {
                isTooLong = true
            }
        }
        return events
    }

    /// Tells that nothing more comes; an event without the blank line behind it counts.
    mutating func finish() -> Event? {
        if !line.isEmpty, let event = endLine() { return event }
        return dispatch()
    }

    private mutating func endLine() -> Event? {
        defer { line.removeAll(keepingCapacity: line.capacity <= 64 * 1024) }
        if isFirstLine {
            isFirstLine = false
            if line.starts(with: [0xef, 0xbb, 0xbf]) { line.removeFirst(3) }
        }
        guard !line.isEmpty else { return dispatch() }
        guard line[0] != UInt8(ascii: ":") else { return nil }
        let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.count
        var value = line[min(colon + 1, line.count)...]
        if value.first == 0x20 { value = value.dropFirst() }
        let field = line[..<colon]
        if field.elementsEqual("data".utf8) {
            guard data.count + value.count <= Self.maximumEventBytes else {
                isTooLong = true
                return nil
            }
            if hasData { data.append(0x0a) }
            data.append(contentsOf: value)
            hasData = true
        } else if field.elementsEqual("event".utf8) {
            name = String(decoding: value, as: UTF8.self)
        }
        return nil
    }

    private mutating func dispatch() -> Event? {
        defer {
            name = nil
            data = []
            hasData = false
            isTooLong = false
        }
        return hasData && !isTooLong ? Event(name: name, data: data) : nil
    }
}
