/// How the data tells which names mean a model or a provider (`spec/prices.md` §4.2). Names are compared in lower case.
indirect enum MatchClause: Sendable {
    case startsWith(String)
    case endsWith(String)
    case contains(String)
    case equals(String)
    /// Searched anywhere in the lower-cased name.
    case regex(TextPattern)
    case any([MatchClause])
    case all([MatchClause])

    init(_ value: JSONValue) throws(PriceDataError) {
        guard case .object(let members) = value, members.count == 1 else {
            throw .invalid("", "expected an object with one of starts_with, ends_with, contains, equals, regex, or, and")
        }
        let name = members[0].name
        func text() throws(PriceDataError) -> String {
            guard let text = members[0].value.string else { throw .invalid(name, "expected a string") }
            return text
        }
        func clauses() throws(PriceDataError) -> [MatchClause] {
            guard let elements = members[0].value.array else { throw .invalid(name, "expected an array of clauses") }
            var clauses: [MatchClause] = []
            for (index, element) in elements.enumerated() {
                do throws(PriceDataError) {
                    clauses.append(try MatchClause(element))
                } catch {
                    throw error.under("\(name)[\(index)]")
                }
            }
            return clauses
        }
        switch name {
        case "starts_with": self = .startsWith(try text().lowercased())
        case "ends_with": self = .endsWith(try text().lowercased())
        case "contains": self = .contains(try text().lowercased())
        case "equals": self = .equals(try text().lowercased())
        case "regex":
            do throws(PriceDataError) {
                self = .regex(try TextPattern(try text()))
            } catch {
                throw error.under(name)
            }
        case "or": self = .any(try clauses())
        case "and": self = .all(try clauses())
        default: throw .invalid(name, "is no kind of clause; known are starts_with, ends_with, contains, equals, regex, or, and")
        }
    }

    /// Whether `name`, which is in lower case, is meant.
    func accepts(_ name: String) -> Bool {
        switch self {
        case .startsWith(let text): Self.bytes(name, text) { $0.starts(with: $1) }
        case .endsWith(let text): Self.bytes(name, text) { $0.count >= $1.count && $0.suffix($1.count).elementsEqual($1) }
        case .contains(let text): Self.bytes(name, text, Self.find)
        case .equals(let text): Self.bytes(name, text) { $0.elementsEqual($1) }
        case .regex(let pattern): pattern.isFound(in: name)
        case .any(let clauses): clauses.contains { $0.accepts(name) }
        case .all(let clauses): clauses.allSatisfy { $0.accepts(name) }
        }
    }

    private static func bytes(
        _ name: String, _ text: String, _ body: (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>) -> Bool
    ) -> Bool {
        var (name, text) = (name, text)
        return name.withUTF8 { name in text.withUTF8 { text in body(name, text) } }
    }

    private static func find(_ name: UnsafeBufferPointer<UInt8>, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = text.first else { return true }
        guard name.count >= text.count else { return false }
        for start in 0...(name.count - text.count) where name[start] == first {
            if UnsafeBufferPointer(rebasing: name[start..<(start + text.count)]).elementsEqual(text) { return true }
        }
        return false
    }
}
