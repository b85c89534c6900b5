import HearthExport
import Testing

@testable import Hearth

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

@Suite struct ConfigurationTests {
    private func resolve(
        _ environment: [String: String] = [:],
        _ change: (inout HearthConfiguration) -> Void = { _ in }
    ) throws -> ResolvedConfiguration {
        var configuration = HearthConfiguration()
        configuration.credentialsDirectory = "/nowhere"
        configuration.detectsResource = false
        change(&configuration)
        return try ResolvedConfiguration(configuration) { environment[$0] }
    }

    /// Destinations as text.
    private func destinations(_ resolved: ResolvedConfiguration) -> [String] {
        resolved.destinations.map {
            switch $0 {
            case .hearth(let url, let token): "hearth \(url) \(token ?? "-")"
            case .otlp(let url, let headers):
                "otlp \(url) \(headers.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ","))"
            case .file(let path): "file \(path)"
            case .memory: "memory"
            }
        }
    }

    @Test func withoutAnythingSpansGoToTheLocalServer() throws {
        #expect(try destinations(resolve()) == ["hearth http://127.0.0.1:4318 -"])
    }

    @Test func codeComesBeforeTheEnvironment() throws {
        let environment = [
            "LOGFIRE_BASE_URL": "http://env:1", "LOGFIRE_TOKEN": "a, b", "LOGFIRE_SERVICE_NAME": "env", "OTEL_SERVICE_NAME": "otel",
            "LOGFIRE_MIN_LEVEL": "warn",
        ]
        let fromEnvironment = try resolve(environment)
        #expect(destinations(fromEnvironment) == ["hearth http://env:1 a", "hearth http://env:1 b"])
        #expect(Attributes(fromEnvironment.resource)["service.name"] == "env")
        #expect(fromEnvironment.minimumLevel == .warn)
        let fromCode = try resolve(environment) {
            $0.baseURL = "http://code:2"
            $0.token = "t"
            $0.serviceName = "code"
            $0.minimumLevel = .debug
        }
        #expect(destinations(fromCode) == ["hearth http://code:2 t"])
        #expect(Attributes(fromCode.resource)["service.name"] == "code")
        #expect(fromCode.minimumLevel == .debug)
    }

    @Test func sendPolicies() throws {
        #expect(try destinations(resolve(["LOGFIRE_SEND_TO_LOGFIRE": "if-token-present"])).isEmpty)
        #expect(try destinations(resolve(["LOGFIRE_SEND_TO_LOGFIRE": "if-token-present", "LOGFIRE_TOKEN": "t"])).count == 1)
        #expect(try destinations(resolve(["LOGFIRE_SEND_TO_LOGFIRE": "false", "LOGFIRE_TOKEN": "t"])).isEmpty)
        #expect(try destinations(resolve(["OTEL_SDK_DISABLED": "true", "LOGFIRE_TOKEN": "t"])).isEmpty)
        #expect(try resolve(["OTEL_SDK_DISABLED": "true"]).sampler == .never)
        #expect(try destinations(resolve { $0.destinations = [.file(path: "/x")] }) == ["file /x"])
        #expect(
            try destinations(
                resolve {
                    $0.destinations = [.file(path: "/x")]
                    $0.token = "t"
                }
            ) == ["hearth http://127.0.0.1:4318 t", "file /x"]
        )
    }

    @Test func openTelemetrysVariablesNameADestination() throws {
        let general = try resolve(["OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318/", "OTEL_EXPORTER_OTLP_HEADERS": "x-key=a%20b,y=1"])
        #expect(destinations(general) == ["otlp http://c:4318/v1/traces x-key=a b,y=1"])
        let specific = try resolve([
            "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://c/t", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://d", "LOGFIRE_TOKEN": "t",
        ])
        #expect(destinations(specific) == ["otlp http://c/t ", "hearth http://127.0.0.1:4318 t"])
        #expect(try destinations(resolve(["OTEL_EXPORTER_OTLP_ENDPOINT": "http://c", "OTEL_TRACES_EXPORTER": "none"])).count == 1)
    }

    @Test func httpsNamesTheTrait() {
        #expect {
            try resolve { $0.baseURL = "https://example.org" }
        } throws: { error in
            let error = error as? ConfigurationError
            return error?.code == .secureTransportMissing && error?.description.contains("HTTPClient") == true
        }
        #expect(ResolvedConfiguration.region(of: "pylf_v1_eu_abc") == "https://logfire-eu.pydantic.dev")
        #expect(ResolvedConfiguration.region(of: "pylf_v1_local_abc") == nil)
    }

    @Test(arguments: [
        ["LOGFIRE_BASE_URL": "nonsense"], ["LOGFIRE_MIN_LEVEL": "loud"], ["LOGFIRE_PENDING_SPANS": "perhaps"],
        ["LOGFIRE_TRACE_SAMPLE_RATE": "2"],
        ["OTEL_TRACES_SAMPLER": "dice"], ["OTEL_BSP_SCHEDULE_DELAY": "-1"], ["LOGFIRE_CONSOLE_COLORS": "pink", "LOGFIRE_CONSOLE": "1"],
        ["LOGFIRE_TOKEN": "a\r\nX: y"],
    ])
    func wrongValuesAreErrorsThatNameThem(_ environment: [String: String]) {
        #expect {
            try resolve(environment)
        } throws: { error in
            (error as? ConfigurationError)?.description.isEmpty == false
        }
    }

    @Test func valuesInCodeThatCannotBeUsedAreErrorsToo() {
        let changes: [@Sendable (inout HearthConfiguration) -> Void] = [
            {
                $0.limits = SpanLimits(); $0.limits?.attributes = -1
            },
            {
                $0.limits = SpanLimits(); $0.limits?.events = -1
            },
            {
                $0.limits = SpanLimits(); $0.limits?.links = -1
            },
            {
                $0.limits = SpanLimits(); $0.limits?.valueLength = -1
            },
            {
                $0.batch = BatchOptions(); $0.batch?.maximumQueuedSpans = 0
            },
            {
                $0.batch = BatchOptions(); $0.batch?.maximumBatchSpans = -5
            },
            {
                $0.batch = BatchOptions(); $0.batch?.maximumQueuedBytes = 0
            },
            {
                $0.batch = BatchOptions(); $0.batch?.delay = .milliseconds(-1)
            },
            {
                $0.batch = BatchOptions(); $0.batch?.timeout = .zero
            },
            { $0.spool = SpoolOptions(folder: "x", maximumBytes: -1) },
            { $0.scrubbing = ScrubbingOptions(extraWords: ["x"]) },
            { $0.tailSampling = TailSampling(backgroundRate: .nan) },
            {
                $0.tailSampling = TailSampling(); $0.tailSampling?.maximumWaitingSpans = 0
            },
        ]
        for (number, change) in changes.enumerated() {
            #expect("change \(number)") {
                try resolve([:], change)
            } throws: { error in
                (error as? ConfigurationError)?.code == .invalidValue
            }
        }
    }

    @Test func veryLongTimesAreAllowed() throws {
        let resolved = try resolve(["OTEL_METRIC_EXPORT_INTERVAL": "\(Int.max)", "OTEL_BSP_SCHEDULE_DELAY": "\(Int.max)"])
        #expect(resolved.metrics?.interval == .max)
        #expect(resolved.batch.delay.wholeNanoseconds == .max)
    }

    @Test func credentialsThatCannotBeReadAreAnError() throws {
        var template = Array("/tmp/hearth-credentials-XXXXXX".utf8CString)
        let folder = String(cString: mkdtemp(&template))
        let file = try #require(fopen(folder + "/logfire_credentials.json", "w"))
        fputs("{\"token\": ", file)
        fclose(file)
        defer {
            unlink(folder + "/logfire_credentials.json")
            rmdir(folder)
        }
        #expect {
            try resolve { $0.credentialsDirectory = folder }
        } throws: { error in
            (error as? ConfigurationError)?.description.contains("logfire_credentials.json") == true
        }
    }

    @Test func samplersFromTheEnvironment() throws {
        #expect(try resolve(["LOGFIRE_TRACE_SAMPLE_RATE": "0.5"]).sampler == .ratio(0.5))
        #expect(try resolve(["OTEL_TRACES_SAMPLER": "parentbased_traceidratio", "OTEL_TRACES_SAMPLER_ARG": "0.1"]).sampler == .ratio(0.1))
        #expect(try resolve(["OTEL_TRACES_SAMPLER": "always_off"]).sampler == .never)
        #expect(try resolve().sampler == .always)
    }

    @Test func credentialsAreRead() {
        let json = #"{"token":"t","project_name":"p","project_url":"http://h/o/p","logfire_api_url":"http://h:1"}"#
        #expect(Credentials(json: Array(json.utf8)) == Credentials(token: "t", baseURL: "http://h:1"))
        #expect(Credentials(json: Array("nonsense".utf8)) == nil)
        #expect(Credentials(json: Array("[1]".utf8)) == nil)
    }

    @Test func theResourceIsDetected() throws {
        var configuration = HearthConfiguration()
        configuration.credentialsDirectory = "/nowhere"
        configuration.environment = "staging"
        configuration.resourceAttributes = ["team": "a"]
        let variables = ["OTEL_RESOURCE_ATTRIBUTES": "team=b,region=eu%2D1"]
        let resource = Attributes(try ResolvedConfiguration(configuration) { variables[$0] }.resource)
        #expect(resource["team"] == "a")
        #expect(resource["region"] == "eu-1")
        #expect(resource["deployment.environment.name"] == "staging")
        #expect(resource["service.name"]?.text.hasPrefix("unknown_service:") == true)
        #expect(resource["service.instance.id"]?.text.count == 36)
        for key in ["process.pid", "host.name", "host.arch", "os.type", "telemetry.sdk.version"] { #expect(resource[key] != nil) }
        let id = String(repeating: "ab", count: 32)
        #expect(ResourceDetection.containerID(in: "0::/system.slice/docker-\(id).scope\n") == id)
        #expect(ResourceDetection.containerID(in: "0::/\n") == nil)
        #expect(RepositoryDetection.remote(in: "[remote \"origin\"]\n\turl = https://u:p@host/x.git\n") == "https://host/x.git")
        #expect(RepositoryDetection.remote(in: "[remote \"origin\"]\n\turl = git@host:x.git\n") == "git@host:x.git")
    }
}

extension Credentials {
    fileprivate init(token: String?, baseURL: String?) {
        self.init(json: Array("{}".utf8))!
        self.token = token
        self.baseURL = baseURL
    }
}
