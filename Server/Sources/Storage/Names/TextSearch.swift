import TelemetryModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Looks for a short text in many others.
enum TextSearch {
    /// Whether `text` has `needle`, which must have at least two bytes.
    static func contains(_ text: UnsafeBufferPointer<UInt8>, _ needle: UnsafeBufferPointer<UInt8>) -> Bool {
        guard needle.count >= 2, text.count >= needle.count, let base = text.baseAddress, let wanted = needle.baseAddress else {
            return false
        }
        #if DEBUG
            // In unoptimised code the C library is a hundred times faster.
            var start = base
            while let found = memchr(start, Int32(wanted[0]), base + text.count - needle.count + 1 - start) {
                let candidate = found.assumingMemoryBound(to: UInt8.self)
                if memcmp(candidate, wanted, needle.count) == 0 { return true }
                start = UnsafePointer(candidate) + 1
                if start > base + text.count - needle.count { return false }
            }
            return false
        #else
            return containsByWords(text, needle, base, wanted)
        #endif
    }

    static func containsByWords(
        _ text: UnsafeBufferPointer<UInt8>, _ needle: UnsafeBufferPointer<UInt8>, _ base: UnsafePointer<UInt8>,
        _ wanted: UnsafePointer<UInt8>
    ) -> Bool {
        let raw = UnsafeRawPointer(base)
        let last = needle.count - 1
        // Eight places at once: those whose first, second and last byte are right are looked at.
        let (first, second, end) = (
            ByteWord(repeating: wanted[0]), ByteWord(repeating: wanted[1]), ByteWord(repeating: wanted[last])
        )
        let places = text.count - last
        var place = 0
        while place + 8 <= places {
            let differs =
                (ByteWord(raw, at: place) ^ first) | (ByteWord(raw, at: place + 1) ^ second) | (ByteWord(raw, at: place + last) ^ end)
            if differs.hasZero {
                for candidate in place..<place + 8 where memcmp(base + candidate, wanted, needle.count) == 0 { return true }
            }
            place += 8
        }
        while place < places {
            if memcmp(base + place, wanted, needle.count) == 0 { return true }
            place += 1
        }
        return false
    }
}
