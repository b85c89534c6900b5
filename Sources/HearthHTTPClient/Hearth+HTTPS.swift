#if HTTPClient
    import AsyncHTTPClient
    public import Hearth
    import HearthExport
    import NIOCore
    import NIOHTTP1
    import NIOSSL

    extension Hearth {
        /// Lets the SDK send to `https` addresses. Call it before `configure`; a second call replaces the first.
        ///
        /// ```swift
        /// import HearthHTTPClient
        ///
        /// try Hearth.enableHTTPS()
        /// try Hearth.configure { $0.baseURL = "https://hearth.example.com" }
        /// ```
        /// - Parameter certificateAuthorities: path of a PEM file with the authorities to trust besides those of the system; for servers
        ///   with a certificate of their own.
        /// - Throws: ``HTTPSError`` when that file cannot be read.
        public static func enableHTTPS(certificateAuthorities: String? = nil) throws(HTTPSError) {
            var tls = TLSConfiguration.makeClientConfiguration()
            if let path = certificateAuthorities {
                do {
                    tls.additionalTrustRoots = [.certificates(try NIOSSLCertificate.fromPEMFile(path))]
                } catch {
                    throw HTTPSError("the certificates in '\(path)' cannot be read: \(error)")
                }
            }
            SecureTransport.register(AsyncHTTPClientTransport(tls))
        }
    }

    /// Why `https` could not be made possible.
    public struct HTTPSError: Error, Sendable, CustomStringConvertible {
        /// One sentence with the file and the reason.
        public let description: String

        init(_ description: String) {
            self.description = description
        }
    }

    /// Sends export requests with a client of its own, which is never traced: what it sends are the traces.
    final class AsyncHTTPClientTransport: SecureConnection {
        /// Lives as long as the process, so that exports at its end still find it.
        private let client: HTTPClient

        init(_ tls: TLSConfiguration) {
            var configuration = HTTPClient.Configuration(tlsConfiguration: tls, redirectConfiguration: .disallow)
            configuration.tracing.tracer = nil
            // The sender repeats by itself, and tells why it has to.
            configuration.connectionPool.retryConnectionEstablishment = false
            configuration.timeout = .init(connect: .seconds(10), read: nil)
            client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        }

        deinit {
            // Another configuration took over; what is under way has been answered.
            client.shutdown { _ in }
        }

        func post(
            _ body: [UInt8],
            url: String,
            headers: [(name: String, value: String)],
            bodyLimit: Int,
            deadline: UInt64
        ) throws(HTTPError) -> HTTPResponse {
            let now = SystemTime.monotonic()
            guard deadline > now else { throw .timedOut }
            do {
                var request = try HTTPClient.Request(url: url, method: .POST)
                for header in headers { request.headers.add(name: header.name, value: header.value) }
                request.body = .bytes(body)
                let limit = NIODeadline.now() + .nanoseconds(Int64(clamping: deadline - now))
                let accumulator = ResponseAccumulator(request: request, maxBodySize: bodyLimit)
                let answer = try client.execute(request: request, delegate: accumulator, deadline: limit).wait()
                return Self.response(answer)
            } catch let error as HTTPClientError where error == .deadlineExceeded || error == .readTimeout {
                throw .timedOut
            } catch let error as HTTPClientError where error == .remoteConnectionClosed {
                throw .closed(beforeAnswer: true)
            } catch is ResponseAccumulator.ResponseTooBigError {
                throw .malformed("the answer is longer than \(bodyLimit) bytes")
            } catch let error as HTTPError {
                throw error
            } catch {
                throw .unreachable("\(error)")
            }
        }

        private static func response(_ answer: HTTPClient.Response) -> HTTPResponse {
            var response = HTTPResponse()
            response.status = Int(answer.status.code)
            response.headers = answer.headers.map { ($0.name.lowercased(), $0.value) }
            response.body = answer.body.map { Array(buffer: $0) } ?? []
            return response
        }
    }
#endif
