/// Names the place of an offset in a JSON text, for error messages. Runs only after decoding failed.
enum JSONPath {
    private struct Level {
        let isObject: Bool
        var awaitsName: Bool
        /// What stands between the quotes of the current member's name.
        var name = 0..<0
        var index = 0
    }

    /// Member names and indices from the outside in: `resourceSpans[0].scopeSpans[1]`.
    ///
    /// - Parameter offset: where the error is; the text before it is well-formed.
    static func describe(_ bytes: Span<UInt8>, offset: Int) -> String {
        var levels: [Level] = []
        var position = 0
        while position < min(offset, bytes.count) {
            let last = levels.count - 1
            switch bytes[position] {
            case 0x7b: levels.append(Level(isObject: true, awaitsName: true))
            case 0x5b: levels.append(Level(isObject: false, awaitsName: false))
            case 0x7d, 0x5d: _ = levels.popLast()
            case 0x2c where last >= 0:
                levels[last].awaitsName = levels[last].isObject
                levels[last].index += 1
            case 0x22:
                guard let end = try? JSONScan.skipString(bytes, from: position, to: bytes.count, strictSurrogates: false) else {
                    return text(levels, bytes)
                }
                if last >= 0, levels[last].awaitsName {
                    levels[last].name = position + 1..<end - 1
                    levels[last].awaitsName = false
                }
                position = end
                continue
            default: break
            }
            position += 1
        }
        return text(levels, bytes)
    }

    private static func text(_ levels: [Level], _ bytes: Span<UInt8>) -> String {
        var path = ""
        for level in levels.prefix(32) {
            if !level.isObject {
                path += "[\(level.index)]"
            } else if !level.awaitsName {
                let name = level.name.lowerBound..<min(level.name.upperBound, level.name.lowerBound + 64)
                path += (path.isEmpty ? "" : ".") + UTF8Text.repaired(bytes, name)
            }
        }
        return path
    }
}
