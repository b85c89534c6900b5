/// Dates that some gateways write without dashes in model names (`spec/prices.md` §4.3.5).
enum CompactDate {
    /// `name` with every `-YYYYMMDD` of this century that is a day of the calendar and ends the name or a part of it as `-YYYY-MM-DD`.
    static func dashed(_ name: String) -> String {
        let bytes = Array(name.utf8)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if let date = date(bytes, index) {
                result.append(contentsOf: date)
                index += 9
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result.count == bytes.count ? name : String(decoding: result, as: UTF8.self)
    }

    private static func date(_ bytes: [UInt8], _ start: Int) -> [UInt8]? {
        guard start + 9 <= bytes.count, bytes[start] == UInt8(ascii: "-") else { return nil }
        let digits = bytes[(start + 1)..<(start + 9)]
        guard digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), digits.starts(with: "20".utf8) else { return nil }
        if start + 9 < bytes.count, bytes[start + 9] != UInt8(ascii: "-"), bytes[start + 9] != UInt8(ascii: ":") { return nil }
        func number(_ from: Int, _ count: Int) -> Int {
            bytes[(start + from)..<(start + from + count)].reduce(0) { $0 * 10 + Int($1) - 0x30 }
        }
        guard PriceTime.isDate(number(1, 4), number(5, 2), number(7, 2)) else { return nil }
        let dash = [UInt8(ascii: "-")]
        return dash + digits.prefix(4) + dash + digits.dropFirst(4).prefix(2) + dash + digits.suffix(2)
    }
}
