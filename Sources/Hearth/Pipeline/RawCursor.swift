/// Writes protobuf into memory that is known to be large enough.
struct RawCursor {
    private(set) var position: UnsafeMutablePointer<UInt8>

    init(_ start: UnsafeMutablePointer<UInt8>) {
        position = start
    }

    @inline(__always)
    mutating func byte(_ value: UInt8) {
        position.pointee = value
        position += 1
    }

    @inline(__always)
    mutating func varint(_ value: Int) {
        if value < 0x80 { byte(UInt8(truncatingIfNeeded: value)) } else { long(UInt64(bitPattern: Int64(value))) }
    }

    @inline(__always)
    mutating func varint(_ value: UInt64) {
        if value < 0x80 { byte(UInt8(truncatingIfNeeded: value)) } else { long(value) }
    }

    private mutating func long(_ value: UInt64) {
        var value = value
        while value >= 0x80 {
            byte(UInt8(truncatingIfNeeded: value) | 0x80)
            value >>= 7
        }
        byte(UInt8(truncatingIfNeeded: value))
    }

    @inline(__always)
    mutating func fixed64(_ value: UInt64) {
        UnsafeMutableRawPointer(position).storeBytes(of: value.littleEndian, as: UInt64.self)
        position += 8
    }

    @inline(__always)
    mutating func fixed32(_ value: UInt32) {
        UnsafeMutableRawPointer(position).storeBytes(of: value.littleEndian, as: UInt32.self)
        position += 4
    }

    @inline(__always)
    mutating func bigEndian(_ value: UInt64) {
        UnsafeMutableRawPointer(position).storeBytes(of: value.bigEndian, as: UInt64.self)
        position += 8
    }

    @inline(__always)
    mutating func copy(_ bytes: UnsafePointer<UInt8>, _ count: Int) {
        position.update(from: bytes, count: count)
        position += count
    }

    @inline(__always)
    mutating func copy(_ bytes: [UInt8]) {
        bytes.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            copy(base, buffer.count)
        }
    }

    /// The text's bytes without a length.
    @inline(__always)
    mutating func text(_ text: String) {
        let isDone: Void? = text.utf8.withContiguousStorageIfAvailable { buffer in
            guard let base = buffer.baseAddress else { return }
            copy(base, buffer.count)
        }
        if isDone == nil { copy(Array(text.utf8)) }
    }

    /// Decimal digits.
    mutating func decimal(_ value: Int64) {
        var rest = value.magnitude
        if value < 0 { byte(UInt8(ascii: "-")) }
        var digits: (UInt64, UInt64, UInt32) = (0, 0, 0)
        withUnsafeMutableBytes(of: &digits) { buffer in
            var index = buffer.count
            repeat {
                index -= 1
                buffer[index] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            } while rest > 0
            for digit in buffer[index...] { byte(digit) }
        }
    }
}
