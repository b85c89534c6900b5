#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Where telemetry comes from: the attributes of the OTLP resource.
enum ResourceDetection {
    static func attributes(_ configuration: HearthConfiguration, _ settings: EnvironmentSettings) -> [Attribute] {
        var result = Attributes()
        if configuration.detectsResource {
            result.merge(process())
            result.merge(host())
            if let id = container() { result["container.id"] = .string(id) }
            result.merge(RepositoryDetection.attributes(from: currentDirectory()))
        }
        result["telemetry.sdk.language"] = "swift"
        result["telemetry.sdk.name"] = "hearth"
        result["telemetry.sdk.version"] = .string(SDKVersion.text)
        result["service.instance.id"] = .string(uuid())
        for name in ["OTEL_RESOURCE_ATTRIBUTES", "LOGFIRE_RESOURCE_ATTRIBUTES"] {
            for (key, value) in settings[name].map(EnvironmentSettings.pairs) ?? [] { result[key] = .string(value) }
        }
        if let name = configuration.serviceName ?? settings["LOGFIRE_SERVICE_NAME"] ?? settings["OTEL_SERVICE_NAME"] {
            result["service.name"] = .string(name)
        }
        if let version = configuration.serviceVersion ?? settings["LOGFIRE_SERVICE_VERSION"] {
            result["service.version"] = .string(version)
        }
        if let environment = configuration.environment ?? settings["LOGFIRE_ENVIRONMENT"] {
            result["deployment.environment.name"] = .string(environment)
        }
        result.merge(configuration.resourceAttributes)
        if result["service.name"] == nil { result["service.name"] = .string("unknown_service:" + programName()) }
        if result["service.version"] == nil, let revision = result["vcs.repository.ref.revision"] { result["service.version"] = revision }
        return Array(result)
    }

    private static func programName() -> String {
        CommandLine.arguments.first?.split(separator: "/").last.map(String.init) ?? "swift"
    }

    private static func currentDirectory() -> String? {
        var buffer = [CChar](repeating: 0, count: 4096)
        guard getcwd(&buffer, buffer.count) != nil else { return nil }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func process() -> Attributes {
        ["process.pid": Int(getpid()), "process.executable.name": programName(), "process.runtime.name": "swift"]
    }

    private static func host() -> Attributes {
        var result = Attributes()
        var names = utsname()
        guard uname(&names) == 0 else { return result }
        let system = text(of: &names.sysname)
        result["host.name"] = .string(text(of: &names.nodename))
        let machine = text(of: &names.machine)
        result["host.arch"] = .string(["x86_64": "amd64", "aarch64": "arm64"][machine] ?? machine)
        result["os.type"] = .string(system.lowercased())
        result["os.version"] = .string(text(of: &names.release))
        if let id = ProcessEnvironment.line(of: "/etc/machine-id") { result["host.id"] = .string(id) }
        return result
    }

    private static func text(of tuple: inout some Any) -> String {
        withUnsafeBytes(of: &tuple) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    /// The id of the container, as far as the kernel tells it: 64 hexadecimal digits in a control group or mount.
    private static func container() -> String? {
        for path in ["/proc/self/cgroup", "/proc/self/mountinfo"] {
            guard let bytes = ProcessEnvironment.file(path) else { continue }
            if let id = containerID(in: String(decoding: bytes, as: UTF8.self)) { return id }
        }
        return nil
    }

    /// The first run of exactly 64 hexadecimal digits in a line that names a container.
    static func containerID(in text: String) -> String? {
        for line in text.split(separator: "\n") where line.contains("docker") || line.contains("containers") || line.contains("kubepods") {
            for word in line.split(whereSeparator: { $0 == "/" || $0 == "-" || $0 == ":" || $0 == "." || $0 == " " }) {
                if word.utf8.count == 64, Hex.read(word.utf8) != nil { return String(word) }
            }
        }
        return nil
    }

    private static func uuid() -> String {
        var high = UInt64.random(in: .min ... .max)
        var low = UInt64.random(in: .min ... .max)
        high = high & ~0xf000 | 0x4000
        low = low & ~(3 << 62) | 2 << 62
        let digits = Hex.text(high) + Hex.text(low)
        var result = ""
        for (index, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(index) { result.append("-") }
            result.append(digit)
        }
        return result
    }
}
