import Foundation
import OTLPIngest
import Testing

/// A recorded export request: `<scenario>.<number>.<signal>.<pb|json>[.gz]`.
struct Fixture {
    let name: String
    let body: [UInt8]
    let encoding: OTLPEncoding

    /// - Throws: when the file cannot be read or unpacked.
    init(_ url: URL) throws {
        name = url.lastPathComponent
        let bytes = [UInt8](try Data(contentsOf: url))
        body = name.hasSuffix(".gz") ? try Inflate.gunzip(bytes, limit: 64 << 20) : bytes
        encoding = name.contains(".json") ? .json : .protobuf
    }

    /// A fixture of this test target's resources.
    static func named(_ name: String) throws -> Fixture {
        let folder = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
        return try Fixture(folder.appendingPathComponent(name))
    }

    /// The conformance suite's recordings, nil where they are not checked out.
    static let recordings: URL? = {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../../Conformance/fixtures/otlp").standardizedFileURL
        return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
    }()
}
