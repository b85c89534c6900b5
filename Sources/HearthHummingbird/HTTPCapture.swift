#if Hummingbird
    public import HTTPTypes
    import Hearth

    /// What of requests and responses is recorded besides their heads.
    public struct HTTPCapture: Sendable {
        /// Which headers are recorded, as `http.request.header.<name>` and `http.response.header.<name>`.
        public struct Headers: Sendable {
            private enum Value { case none, all(except: Set<HTTPField.Name>), some(Set<HTTPField.Name>) }
            private let value: Value

            /// No header.
            public static let none = Headers(value: .none)
            /// All but those that carry secrets: authorisation, cookies, keys.
            public static let all = Headers(value: .all(except: []))
            /// All but these and those that carry secrets.
            public static func all(except names: Set<HTTPField.Name>) -> Headers { Headers(value: .all(except: names)) }
            /// These, whatever they carry.
            public static func some(_ names: Set<HTTPField.Name>) -> Headers { Headers(value: .some(names)) }

            func attributes(_ fields: HTTPFields, prefix: String) -> Attributes {
                var attributes: Attributes = [:]
                for field in fields where records(field.name) {
                    let key = prefix + field.name.canonicalName
                    // Repeated headers are one attribute of several values.
                    if case .strings(let values)? = attributes[key] {
                        attributes[key] = .strings(values + [field.value])
                    } else {
                        attributes[key] = .strings([field.value])
                    }
                }
                return attributes
            }

            private func records(_ name: HTTPField.Name) -> Bool {
                switch value {
                case .none: false
                case .all(let except): !except.contains(name) && !HTTPConventions.isSecret(header: name.canonicalName)
                case .some(let names): names.contains(name)
                }
            }
        }

        /// Which headers of requests are recorded.
        public var requestHeaders: Headers
        /// Which headers of responses are recorded.
        public var responseHeaders: Headers
        /// Whether `http.request.body.text` is recorded, as far as the handler reads the body and its type is one of text, JSON, XML or a form.
        public var requestBody: Bool
        /// Whether `http.response.body.text` is recorded, for the same types.
        public var responseBody: Bool
        /// Longer bodies are cut.
        public var maximumBodyBytes: Int

        /// What is left out is not recorded; bodies are cut after ``maximumBodyBytes``.
        public init(
            requestHeaders: Headers = .none,
            responseHeaders: Headers = .none,
            requestBody: Bool = false,
            responseBody: Bool = false,
            maximumBodyBytes: Int = 16 * 1024
        ) {
            self.requestHeaders = requestHeaders
            self.responseHeaders = responseHeaders
            self.requestBody = requestBody
            self.responseBody = responseBody
            self.maximumBodyBytes = maximumBodyBytes
        }

        /// Headers and bodies of both directions.
        public static let all = HTTPCapture(requestHeaders: .all, responseHeaders: .all, requestBody: true, responseBody: true)
    }
#endif
