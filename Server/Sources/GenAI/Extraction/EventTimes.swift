import TelemetryModel

/// Reads the times of a record's events out of their JSON (``RecordRow/eventsJSON``).
enum EventTimes {
    /// Seconds from the start of `row` to its first event called `name`; nil without one.
    static func secondsToFirst(_ name: StaticString, of row: RecordRow, _ batch: RecordBatch) -> Double? {
        guard row.spanEventCount > 0, !row.eventsJSON.isNull else { return nil }
        return batch.text.withBytes(row.eventsJSON) { bytes in
            let json = JSONCursor(bytes)
            guard let root = json.root else { return nil }
            var events = json.elements(of: root)
            while let event = events.next() {
                guard let eventName = json.member("event_name", of: event), json.equals(eventName, name) else { continue }
                guard let time = json.member("event_timestamp", of: event),
                    let nanoseconds = nanoseconds(ofTimestamp: json.content(of: time))
                else { return nil }
                // The written time has microseconds, the start may have more.
                return max(0, Double(nanoseconds - row.startNanoseconds) / 1e9)
            }
            return nil
        }
    }

    /// Nanoseconds since the Unix epoch of `YYYY-MM-DDTHH:MM:SS[.fraction]Z`, years 1970 to 2261; nil for anything else.
    static func nanoseconds(ofTimestamp text: UnsafeBufferPointer<UInt8>) -> Int64? {
        func number(_ range: Range<Int>) -> Int64? {
            text[range].first == UInt8(ascii: "-") ? nil : JSONText.integer(UnsafeBufferPointer(rebasing: text[range]))
        }
        guard text.count >= 20, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"), text[10] == UInt8(ascii: "T"),
            text[13] == UInt8(ascii: ":"), text[16] == UInt8(ascii: ":"), text[text.count - 1] == UInt8(ascii: "Z"),
            let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), let hour = number(11..<13),
            let minute = number(14..<16), let second = number(17..<19), 1970..<2262 ~= year, 1...12 ~= month
        else { return nil }
        var fraction: Int64 = 0
        if text.count > 20 {
            guard text[19] == UInt8(ascii: "."), text.count <= 30, let digits = number(20..<(text.count - 1)) else { return nil }
            fraction = digits
            for _ in text.count..<30 { fraction *= 10 }
        }
        // Days since 0000-03-01 in years that start in March (Howard Hinnant, "chrono-compatible low-level date algorithms").
        let shiftedYear = month > 2 ? year : year - 1
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let days = shiftedYear * 365 + shiftedYear / 4 - shiftedYear / 100 + shiftedYear / 400 + dayOfYear - 719_468
        return (((days * 24 + hour) * 60 + minute) * 60 + second) * 1_000_000_000 + fraction
    }
}
