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
            // Vectors are calls in unoptimised code: there the C library is a hundred times faster.
            var start = base
            while let found = memchr(start, Int32(wanted[0]), base + text.count - needle.count + 1 - start) {
                let candidate = found.assumingMemoryBound(to: UInt8.self)
                if memcmp(candidate, wanted, needle.count) == 0 { return true }
                start = UnsafePointer(candidate) + 1
                if start > base + text.count - needle.count { return false }
            }
            return false
        #else
            return containsVectorised(text, needle, base, wanted)
        #endif
    }

    private static func containsVectorised(
        _ text: UnsafeBufferPointer<UInt8>, _ needle: UnsafeBufferPointer<UInt8>, _ base: UnsafePointer<UInt8>,
        _ wanted: UnsafePointer<UInt8>
    ) -> Bool {
        let raw = UnsafeRawPointer(base)
        let last = needle.count - 1
        // Sixteen places at once: those whose first, second and last byte are right are looked at.
        let (first, second, end) = (
            SIMD16<UInt8>(repeating: wanted[0]), SIMD16<UInt8>(repeating: wanted[1]), SIMD16<UInt8>(repeating: wanted[last])
        )
        let places = text.count - last
        var place = 0
        while place + 16 <= places {
            let differs =
                (raw.loadUnaligned(fromByteOffset: place, as: SIMD16<UInt8>.self) ^ first)
                | (raw.loadUnaligned(fromByteOffset: place + 1, as: SIMD16<UInt8>.self) ^ second)
                | (raw.loadUnaligned(fromByteOffset: place + last, as: SIMD16<UInt8>.self) ^ end)
            if differs.min() == 0 {
                for candidate in place..<place + 16 where memcmp(base + candidate, wanted, needle.count) == 0 { return true }
            }
            place += 16
        }
        while place < places {
            if memcmp(base + place, wanted, needle.count) == 0 { return true }
            place += 1
        }
        return false
    }
}
