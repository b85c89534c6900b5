#if Subprocess
    public import Hearth
    public import Subprocess

    extension Hearth {
        /// Runs a program inside of a span and tells it the place in the trace.
        ///
        /// ```swift
        /// let result = try await Hearth.runProcess(Configuration(executable: .name("git"), arguments: ["status"]), output: .string(limit: 64 * 1024))
        /// ```
        /// The child finds `TRACEPARENT`, `TRACESTATE` and `BAGGAGE` in its environment. A status other than zero and a signal make the span an error; they
        /// throw nothing.
        /// - Parameters:
        ///   - configuration: program, arguments, environment, folder.
        ///   - input: what the program reads; nothing by default.
        ///   - output: what becomes of what it writes.
        ///   - error: what becomes of what it writes to standard error; discarded by default.
        ///   - recordsArguments: whether the arguments are recorded; leave it off when they may hold secrets.
        ///   - fileID: `code.filepath`, filled in by the compiler.
        ///   - function: `code.function`, filled in by the compiler.
        ///   - line: `code.lineno`, filled in by the compiler.
        /// - Throws: what `Subprocess.run` throws, such as that there is no such program.
        public static func runProcess<Input: InputProtocol, Output: OutputProtocol, Error: ErrorOutputProtocol>(
            _ configuration: Configuration,
            input: Input = .none,
            output: Output,
            error: Error = .discarded,
            recordsArguments: Bool = false,
            fileID: String = #fileID,
            function: String = #function,
            line: Int = #line
        ) async throws -> ExecutionResult<Void, Output, Error> {
            let process = RecordedProcess(configuration, recordsArguments: recordsArguments)
            return try await span(
                process.name, process.attributes, kind: .client, scope: .subprocess, fileID: fileID, function: function, line: line
            ) { span in
                let result = try await Subprocess.run(process.inTrace(configuration), input: input, output: output, error: error)
                process.finish(span, result.processIdentifier, result.terminationStatus)
                return result
            }
        }

        /// Runs a program inside of a span, with a closure that talks to it while it runs.
        public static func runProcess<Result: Sendable, Input: InputProtocol, Output: OutputProtocol, Error: ErrorOutputProtocol>(
            _ configuration: Configuration,
            input: Input,
            output: Output,
            error: Error,
            recordsArguments: Bool = false,
            fileID: String = #fileID,
            function: String = #function,
            line: Int = #line,
            body: (Execution<Input, Output, Error>) async throws -> Result
        ) async throws -> ExecutionResult<Result, Output, Error> {
            let process = RecordedProcess(configuration, recordsArguments: recordsArguments)
            return try await span(
                process.name, process.attributes, kind: .client, scope: .subprocess, fileID: fileID, function: function, line: line
            ) { span in
                let result = try await Subprocess.run(
                    process.inTrace(configuration), input: input, output: output, error: error, body: body)
                process.finish(span, result.processIdentifier, result.terminationStatus)
                return result
            }
        }
    }

    extension InstrumentationScope {
        fileprivate static let subprocess = InstrumentationScope(name: "hearth.subprocess")
    }

    /// What is told of a program.
    private struct RecordedProcess {
        let executable: String
        let attributes: Attributes

        init(_ configuration: Configuration, recordsArguments: Bool) {
            let command = configuration.executable.description
            executable = command.split(separator: "/").last.map(String.init) ?? command
            var attributes: Attributes = ["process.executable.name": executable, "process.command": command]
            if recordsArguments { attributes["process.command_line"] = .string("\(command) \(configuration.arguments.description)") }
            self.attributes = attributes
        }

        /// The program's name with its braces doubled, because it is a template.
        var name: String {
            "run " + executable.map { $0 == "{" || $0 == "}" ? "\($0)\($0)" : "\($0)" }.joined()
        }

        /// The configuration with the place in the trace in its environment; to be called inside of the span.
        func inTrace(_ configuration: Configuration) -> Configuration {
            var variables: [Environment.Key: String?] = [:]
            for header in Hearth.propagationHeaders() {
                if let key = Environment.Key(rawValue: header.name.uppercased()) { variables[key] = header.value }
            }
            guard !variables.isEmpty else { return configuration }
            var result = configuration
            result.environment = configuration.environment.updating(variables)
            return result
        }

        func finish(_ span: HearthSpan, _ identifier: ProcessIdentifier, _ status: TerminationStatus) {
            span.setAttribute("process.pid", Int(identifier.value))
            switch status {
            case .exited(let code):
                span.setAttribute("process.exit.code", Int(code))
                if code != 0 { span.setStatus(.error, "\(executable) exited with status \(code)") }
            #if !os(Windows)
                case .signaled(let signal):
                    span.setAttribute("process.exit.signal", Int(signal))
                    span.setStatus(.error, "\(executable) was ended by signal \(signal)")
            #endif
            }
        }
    }
#endif
