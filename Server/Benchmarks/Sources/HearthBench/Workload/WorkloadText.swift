/// Made-up prose with the word frequencies of real one (Zipf), so that it compresses like prose.
struct WorkloadText {
    private let words: [[UInt8]]
    private let cumulative: [Double]

    init() {
        let consonants = ["b", "c", "d", "f", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "w", "st", "tr", "pl", "ch"]
        let vowels = ["a", "e", "i", "o", "u", "ea", "ou", "io"]
        var random = WorkloadRandom(seed: 0xC0FFEE)
        var words: [[UInt8]] = []
        var weights: [Double] = []
        var total = 0.0
        for index in 0..<6_000 {
            var word = ""
            for _ in 0..<(1 + random.below(4)) { word += consonants[random.below(consonants.count)] + vowels[random.below(vowels.count)] }
            if random.below(3) == 0 { word += consonants[random.below(16)] }
            words.append(Array(word.utf8))
            total += 1 / (Double(index) + 3)
            weights.append(total)
        }
        self.words = words
        cumulative = weights.map { $0 / total }
    }

    /// At least `length` bytes; nothing in it needs escaping in JSON.
    func make(_ random: inout WorkloadRandom, length: Int) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(length + 24)
        while bytes.count < length {
            bytes += words[index(of: random.unit())]
            switch random.below(14) {
            case 0: bytes += [0x2E, 0x20]
            case 1: bytes += [0x2C, 0x20]
            default: bytes.append(0x20)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// One of the 400 most frequent words.
    func word(_ random: inout WorkloadRandom) -> String {
        String(decoding: words[random.below(400)], as: UTF8.self)
    }

    private func index(of share: Double) -> Int {
        var low = 0
        var high = cumulative.count - 1
        while low < high {
            let middle = (low + high) / 2
            if cumulative[middle] < share { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
