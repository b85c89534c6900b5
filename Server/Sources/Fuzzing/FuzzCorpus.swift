import CZlib
import CZstd
public import Foundation
public import OTLPIngest

/// The requests that are damaged: recordings of real clients, `<scenario>.<number>.<signal>.<pb|json>[.gz]`.
public struct FuzzCorpus: Sendable {
    /// One recorded request.
    public struct Seed: Sendable {
        public var signal: OTLPSignal
        public var encoding: OTLPEncoding
        /// Unpacked.
        public var body: [UInt8]
        var gzip: [UInt8]
        var deflate: [UInt8]
        var zstd: [UInt8]
    }

    public let seeds: [Seed]

    /// - Throws: when a file cannot be read or unpacked, or no folder has one.
    public init(folders: [URL]) throws {
        var seeds: [Seed] = []
        for folder in folders {
            for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() {
                guard let seed = try Self.seed(folder.appendingPathComponent(name)) else { continue }
                seeds.append(seed)
            }
        }
        guard !seeds.isEmpty else {
            throw CocoaError(.fileNoSuchFile, userInfo: [NSFilePathErrorKey: folders.map(\.path).joined(separator: ", ")])
        }
        self.seeds = seeds
    }

    private static func seed(_ file: URL) throws -> Seed? {
        let parts = file.lastPathComponent.split(separator: ".")
        guard parts.count >= 4, parts.last != "json" || !parts.contains("meta") else { return nil }
        let signals: [Substring: OTLPSignal] = ["traces": .traces, "logs": .logs, "metrics": .metrics]
        guard let signal = signals[parts[2]] else { return nil }
        let stored = [UInt8](try Data(contentsOf: file))
        let body = parts.last == "gz" ? try Inflate.gunzip(stored, limit: 64 << 20) : stored
        return Seed(
            signal: signal, encoding: parts[3] == "json" ? .json : .protobuf, body: body, gzip: pack(body, windowBits: 31),
            deflate: pack(body, windowBits: body.count % 2 == 0 ? 15 : -15), zstd: packZstd(body))
    }

    private static func pack(_ bytes: [UInt8], windowBits: Int32) -> [UInt8] {
        var stream = z_stream()
        let size = Int32(MemoryLayout<z_stream>.size)
        guard deflateInit2_(&stream, 6, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size) == Z_OK else { return [] }
        defer { deflateEnd(&stream) }
        var input = bytes
        return [UInt8](unsafeUninitializedCapacity: Int(deflateBound(&stream, UInt(bytes.count))) + 64) { output, count in
            input.withUnsafeMutableBufferPointer { input in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                _ = CZlib.deflate(&stream, Z_FINISH)
                count = output.count - Int(stream.avail_out)
            }
        }
    }

    private static func packZstd(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: ZSTD_compressBound(bytes.count)) { output, count in
            let size = bytes.withUnsafeBytes { ZSTD_compress(output.baseAddress, output.count, $0.baseAddress, $0.count, 3) }
            count = ZSTD_isError(size) == 0 ? size : 0
        }
    }
}
