import Foundation
import NIOCore
import NIOSSL

/// Reads certificate and key for the listeners, and says what is wrong with them before anything is served.
enum TLSFiles {
    /// - Parameters:
    ///   - certificate: path of a PEM file: the server's certificate first, then those that lead to a root.
    ///   - key: path of the PEM file with its private key, without a passphrase.
    /// - Throws: ``ServerError`` with the file and what is wrong with it.
    static func load(certificate: String, key: String) throws(ServerError) -> TLSConfiguration {
        let certificates = try read(certificate, "--tls-cert") { try NIOSSLCertificate.fromPEMFile($0) }
        let privateKey = try read(key, "--tls-key") { try NIOSSLPrivateKey(file: $0, format: .pem) }
        guard let first = certificates.first else {
            throw ServerError(.configuration, "--tls-cert: \(certificate) holds no certificate")
        }
        let now = Int(Date().timeIntervalSince1970)
        if Int(first.notValidAfter) < now {
            throw ServerError(
                .configuration, "--tls-cert: the certificate in \(certificate) expired on \(day(first.notValidAfter)); renew it")
        }
        if Int(first.notValidBefore) > now {
            throw ServerError(
                .configuration, "--tls-cert: the certificate in \(certificate) is not valid before \(day(first.notValidBefore))")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: certificates.map { .certificate($0) }, privateKey: .privateKey(privateKey))
        // How long an end waits for clients that keep their connection open and do not answer: the whole end may take five seconds.
        configuration.shutdownTimeout = .seconds(1)
        do {
            _ = try NIOSSLContext(configuration: configuration)
        } catch {
            throw ServerError(.configuration, "--tls-key: the key in \(key) does not belong to the certificate in \(certificate)")
        }
        return configuration
    }

    private static func read<T>(_ path: String, _ flag: String, _ load: (String) throws -> T) throws(ServerError) -> T {
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw ServerError(.configuration, "\(flag): the file \(path) does not exist or cannot be read")
        }
        do {
            return try load(path)
        } catch {
            throw ServerError(.configuration, "\(flag): the file \(path) is not what is needed: a PEM file without a passphrase")
        }
    }

    private static func day(_ time: some BinaryInteger) -> String {
        Date(timeIntervalSince1970: TimeInterval(time)).formatted(.iso8601.year().month().day())
    }
}
