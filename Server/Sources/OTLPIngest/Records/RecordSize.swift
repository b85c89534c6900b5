import TelemetryModel

/// Keeps a record within `DecodeLimits.recordBytes` (`logfire-contract.md` §2.3): the longest values are cut in the middle, and their names are
/// listed in the attribute `logfire.truncated`.
///
/// Only records over the limit come here, so this code may allocate.
extension RecordBuilder {
    /// Bytes that are kept of a value however large the record is.
    private static let shortestCut = 256
    /// Names that `logfire.truncated` lists; more say no more.
    private static let mostNames = 100

    /// Cuts the attributes of the record when it is too large, and adds `logfire.truncated` when anything of it was cut.
    ///
    /// - Parameter size: bytes of the record as received.
    mutating func fitRecord(size: Int) {
        if size > limits.recordBytes {
            let rest = min(events.count + links.count + log.bodyJSON.count, limits.recordBytes / 2)
            Self.fit(&record, to: limits.recordBytes - rest, &text, &truncated, prefix: "")
        }
        guard !truncated.isEmpty else { return }
        let mark = text.mark
        text.arena.append(0x5b)
        for (index, name) in truncated.enumerated() {
            if index > 0 { text.arena.append(0x2c) }
            JSONText.appendString(name, to: &text.arena)
        }
        text.arena.append(0x5d)
        var list = Attribute(key: .unknown, kind: .json, name: .empty)
        list.text = text.reference(from: mark)
        add(list, named: "logfire.truncated")
        truncated.removeAll()
    }

    /// Cuts the attributes of an event or link in ``detail`` when the events and links of the record already fill their share.
    ///
    /// - Parameters:
    ///   - size: bytes of the event or link as received.
    ///   - owner: what `logfire.truncated` calls the list.
    mutating func fitDetail(size: Int, owner: String) {
        let share = limits.recordBytes / 4
        let taken = events.count + links.count
        guard taken + size > share else { return }
        Self.fit(&detail, to: max(share - taken, 0), &text, &truncated, prefix: "\(owner).")
    }

    /// The body of a log record, cut when it alone takes more than half of what a record may.
    mutating func fitBody(_ value: Attribute) -> Attribute {
        guard value.text.count > limits.recordBytes / 2 else { return value }
        truncated.append("log_body")
        return Self.cut(value, to: limits.recordBytes / 2, &text)
    }

    /// Adds an attribute whose name does not stand in the request, or replaces the one of that name.
    mutating func add(_ attribute: Attribute, named name: String) {
        var attribute = attribute
        attribute.name = text.append(name)
        record.add(attribute, hash: NameTable.hash(text.arena.span, attribute.name.range))
    }

    private static func fit(_ list: inout AttributeList, to room: Int, _ text: inout TextStore, _ truncated: inout [String], prefix: String)
    {
        var longest = 1 << 30
        while longest > shortestCut {
            var total = 0
            for index in list.range { total += min(list.items[index].text.count, longest) }
            if total <= room { break }
            longest /= 2
        }
        for index in list.range where list.items[index].text.count > longest {
            if truncated.count < mostNames { truncated.append(prefix + (text.string(list.items[index].name) ?? "")) }
            list.replace(index, with: cut(list.items[index], to: longest, &text))
        }
    }

    /// A string of at most `count` bytes: both ends of the value with `...` between. Arrays and maps become strings of their JSON.
    private static func cut(_ value: Attribute, to count: Int, _ text: inout TextStore) -> Attribute {
        let half = (count - 3) / 2
        let (head, tail) = text.withBytes(value.text) { bytes in
            var head = half
            while head > 0, bytes[head] & 0xc0 == 0x80 { head -= 1 }
            var tail = bytes.count - half
            while tail < bytes.count, bytes[tail] & 0xc0 == 0x80 { tail += 1 }
            return (Array(bytes[..<head]), Array(bytes[tail...]))
        }
        let mark = text.mark
        text.arena.append(contentsOf: head)
        JSONText.append("...", to: &text.arena)
        text.arena.append(contentsOf: tail)
        var result = value
        result.kind = .string
        result.text = text.reference(from: mark)
        return result
    }
}
