/// Finds a provider's model by name: whole names by hash, other conditions one after the other, the first in the data wins.
struct ModelIndex: Sendable {
    private struct Condition: Sendable {
        var model: Int
        var clause: MatchClause
    }

    /// Where each model's object starts in the data.
    private(set) var offsets: [Int] = []
    /// The first model that is called exactly so.
    private var names: [String: Int] = [:]
    /// What cannot be hashed, in the order of the models.
    private var conditions: [Condition] = []

    var count: Int { offsets.count }

    init(_ scanner: inout JSONScanner) throws(PriceDataError) {
        try scanner.elements { (number, scanner) throws(PriceDataError) in
            var clause: MatchClause?
            offsets.append(scanner.position)
            do throws(PriceDataError) {
                try scanner.members { (name, scanner) throws(PriceDataError) in
                    if name == "match" {
                        do throws(PriceDataError) {
                            clause = try MatchClause(try scanner.value())
                        } catch {
                            throw error.under("match")
                        }
                    } else {
                        try scanner.skip()
                    }
                }
                guard let clause else { throw .invalid("match", "is missing") }
                add(clause, number)
            } catch {
                throw error.code == .malformed ? error : error.under("[\(number)]")
            }
        }
    }

    private mutating func add(_ clause: MatchClause, _ model: Int) {
        switch clause {
        case .equals(let name): names[name] = names[name] ?? model
        case .any(let clauses): for clause in clauses { add(clause, model) }
        default: conditions.append(Condition(model: model, clause: clause))
        }
    }

    func find(_ name: String) -> Int? {
        let exact = names[name]
        for condition in conditions {
            if let exact, condition.model > exact { break }
            if condition.clause.accepts(name) { return condition.model }
        }
        return exact
    }
}
