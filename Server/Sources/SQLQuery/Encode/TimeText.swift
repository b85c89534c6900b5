/// ISO 8601 text of engine times, written digit by digit.
enum TimeText {
    /// Appends `value` in decimal, at least `width` digits.
    static func digits(_ value: UInt64, width: Int, to json: inout JSONText) {
        // From the last digit to the first one, and into the text at once: UInt64.max has 20.
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: max(width, 20)) { buffer in
            var first = buffer.count
            var value = value
            repeat {
                first -= 1
                buffer.initializeElement(at: first, to: 0x30 + UInt8(truncatingIfNeeded: value % 10))
                value /= 10
            } while value > 0
            while buffer.count - first < width {
                first -= 1
                buffer.initializeElement(at: first, to: 0x30)
            }
            json.bytes.append(contentsOf: UnsafeBufferPointer(rebasing: buffer[first...]))
        }
    }

    static func integer(_ value: Int64, to json: inout JSONText) {
        if value < 0 { json.raw(UInt8(ascii: "-")) }
        digits(value.magnitude, width: 1, to: &json)
    }

    /// Appends `yyyy-mm-dd` of a day counted from 1970-01-01 in the proleptic Gregorian calendar.
    static func date(_ days: Int64, to json: inout JSONText) {
        let (year, month, day) = calendar(days)
        if year < 0 { json.raw(UInt8(ascii: "-")) }
        digits(year.magnitude, width: 4, to: &json)
        json.raw(UInt8(ascii: "-"))
        digits(month.magnitude, width: 2, to: &json)
        json.raw(UInt8(ascii: "-"))
        digits(day.magnitude, width: 2, to: &json)
    }

    private static func calendar(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        // Counted in eras of 400 years that start on 1 March, so that the leap day is an era's last.
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    /// Appends `hh:mm:ss` and a fraction of `places` digits of a time given in units of 10^-places seconds.
    static func timeOfDay(_ units: Int64, places: Int, to json: inout JSONText) {
        let scale = Self.power(places)
        let seconds = units.magnitude / scale
        digits(seconds / 3_600, width: 2, to: &json)
        json.raw(UInt8(ascii: ":"))
        digits(seconds / 60 % 60, width: 2, to: &json)
        json.raw(UInt8(ascii: ":"))
        digits(seconds % 60, width: 2, to: &json)
        guard places > 0 else { return }
        json.raw(UInt8(ascii: "."))
        digits(units.magnitude % scale, width: places, to: &json)
    }

    /// Appends a timestamp in units of 10^-places seconds since the epoch as a JSON string; infinities are null.
    static func timestamp(_ units: Int64, places: Int, isUTC: Bool, to json: inout JSONText) {
        guard units != .max, units != -.max else { return json.raw("null") }
        let perDay = Int64(86_400 * power(places))
        var days = units / perDay
        var rest = units % perDay
        if rest < 0 {
            days -= 1
            rest += perDay
        }
        if places == 6, isUTC, fourDigitYears.contains(days) { return usual(days, rest, to: &json) }
        json.raw(UInt8(ascii: "\""))
        date(days, to: &json)
        json.raw(UInt8(ascii: "T"))
        timeOfDay(rest, places: places, to: &json)
        if isUTC { json.raw(UInt8(ascii: "Z")) }
        json.raw(UInt8(ascii: "\""))
    }

    /// 0000-03-01 to 9999-12-31.
    private static let fourDigitYears: ClosedRange<Int64> = -719_468...2_932_896

    /// Appends what nearly all timestamps are, `"2026-01-01T00:00:00.000000Z"`, in one piece: a large trace has some ten thousand.
    private static func usual(_ days: Int64, _ microseconds: Int64, to json: inout JSONText) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 29) { buffer in
            var end = 29
            func put(_ byte: UInt8) {
                end -= 1
                buffer.initializeElement(at: end, to: byte)
            }
            func put(_ value: Int64, _ width: Int, after mark: Unicode.Scalar) {
                var value = value
                for _ in 0..<width {
                    put(0x30 + UInt8(truncatingIfNeeded: value % 10))
                    value /= 10
                }
                put(UInt8(ascii: mark))
            }
            let (year, month, day) = calendar(days)
            let seconds = microseconds / 1_000_000
            put(UInt8(ascii: "\""))
            put(UInt8(ascii: "Z"))
            put(microseconds % 1_000_000, 6, after: ".")
            put(seconds % 60, 2, after: ":")
            put(seconds / 60 % 60, 2, after: ":")
            put(seconds / 3_600, 2, after: "T")
            put(day, 2, after: "-")
            put(month, 2, after: "-")
            put(year, 4, after: "\"")
            json.bytes.append(contentsOf: UnsafeBufferPointer(buffer))
        }
    }

    /// Appends an ISO 8601 duration as a JSON string: `P1M2DT3H4M5.000006S`, zero is `PT0S`.
    static func interval(months: Int32, days: Int32, microseconds: Int64, to json: inout JSONText) {
        json.raw("\"P")
        if months / 12 != 0 { part(Int64(months / 12), "Y", to: &json) }
        if months % 12 != 0 { part(Int64(months % 12), "M", to: &json) }
        if days != 0 { part(Int64(days), "D", to: &json) }
        if microseconds != 0 || (months == 0 && days == 0) {
            json.raw(UInt8(ascii: "T"))
            let minutes = microseconds / 60_000_000
            let rest = microseconds % 60_000_000
            if minutes / 60 != 0 { part(minutes / 60, "H", to: &json) }
            if minutes % 60 != 0 { part(minutes % 60, "M", to: &json) }
            if rest != 0 || minutes == 0 {
                if rest < 0 { json.raw(UInt8(ascii: "-")) }
                digits(rest.magnitude / 1_000_000, width: 1, to: &json)
                if rest % 1_000_000 != 0 {
                    json.raw(UInt8(ascii: "."))
                    digits(rest.magnitude % 1_000_000, width: 6, to: &json)
                }
                json.raw(UInt8(ascii: "S"))
            }
        }
        json.raw(UInt8(ascii: "\""))
    }

    private static func part(_ value: Int64, _ unit: StaticString, to json: inout JSONText) {
        integer(value, to: &json)
        json.raw(unit.utf8Start.pointee)
    }

    static func power(_ places: Int) -> UInt64 {
        switch places {
        case 0: 1
        case 3: 1_000
        case 6: 1_000_000
        default: 1_000_000_000
        }
    }
}
