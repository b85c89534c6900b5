/// Phrases that are planted in answers of models, to be searched for.
enum WorkloadNeedle: Int, CaseIterable {
    /// In one answer of 500, and in one of 20.
    case rare, common

    /// As it is searched for; it is planted in different cases, because searches do not tell cases apart.
    var phrase: String {
        switch self {
        case .rare: "needle-xylophone-quartz"
        case .common: "escalation required"
        }
    }

    var odds: Int { self == .rare ? 500 : 20 }

    /// The phrase with the blanks around it, as it stands in an answer.
    func planted(isCapital: Bool) -> String { " " + (isCapital ? phrase.uppercased() : phrase) + " " }
}

/// Messages of an agent run so far, and which needles are among them: agents send all of it again with each turn.
struct WorkloadHistory {
    private(set) var messages: [String]
    private(set) var needles: Set<WorkloadNeedle> = []

    init(_ messages: [String]) { self.messages = messages }

    var text: String { "[" + messages.joined(separator: ",") + "]" }

    mutating func append(_ message: String, _ needles: Set<WorkloadNeedle> = []) {
        messages.append(message)
        self.needles.formUnion(needles)
    }
}
