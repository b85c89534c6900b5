import CDuckDB

/// What an aggregate function written in Swift keeps of one group.
///
/// The engine calls it from its own threads, one at a time per state. A state is made when the group's first row comes.
public protocol AggregateState: AnyObject {
    /// What is looked up once per chunk instead of once per row.
    associatedtype Input

    init()

    /// Prepares the arguments of a chunk.
    static func input(_ arguments: [InputVector]) -> Input

    /// Takes in a row; rows come in no particular order.
    func add(_ input: Input, row: Int) throws(AggregateError)

    /// Takes in another state of the same group, which stays as it is.
    func add(_ other: Self) throws(AggregateError)

    /// Writes the group's result; `state` is nil when the group had no row.
    static func finish(_ state: Self?, into output: OutputVector, row: Int) throws(AggregateError)
}

/// Why an aggregate function gives up; fails the statement.
public struct AggregateError: Error {
    public var message: String

    public init(_ message: String) { self.message = message }
}

extension Connection {
    /// Makes an aggregate function known to the whole instance, until it is closed.
    ///
    /// - Parameters:
    ///   - parameters: SQL types of the arguments.
    ///   - result: SQL type of the result.
    /// - Throws: ``DuckDBError`` when a type does not exist or the name is taken.
    public borrowing func register<State: AggregateState>(
        _ state: State.Type, as name: String, parameters: [String], result: String
    ) throws(DuckDBError) {
        var function = duckdb_create_aggregate_function()
        defer { duckdb_destroy_aggregate_function(&function) }
        duckdb_aggregate_function_set_name(function, name)
        for parameter in parameters {
            var type = try logicalType(parameter)
            duckdb_aggregate_function_add_parameter(function, type)
            duckdb_destroy_logical_type(&type)
        }
        var type = try logicalType(result)
        duckdb_aggregate_function_set_return_type(function, type)
        duckdb_destroy_logical_type(&type)
        let runner = Runner<State>(parameters: parameters.count)
        duckdb_aggregate_function_set_extra_info(function, Unmanaged.passRetained(runner as AggregateRunner).toOpaque()) { runner in
            if let runner { Unmanaged<AggregateRunner>.fromOpaque(runner).release() }
        }
        // Otherwise the engine leaves out rows by itself, and the state's memory is not what it was given.
        duckdb_aggregate_function_set_special_handling(function)
        duckdb_aggregate_function_set_functions(
            function,
            { _ in idx_t(MemoryLayout<UnsafeRawPointer>.size) },
            { _, state in state?.pointee.internal_ptr = nil },
            { info, chunk, states in AggregateRunner.of(info)?.update(chunk, states, info) },
            { info, source, target, count in AggregateRunner.of(info)?.combine(source, target, Int(count), info) },
            { info, source, result, count, offset in
                var hasFailed = false
                withUnsafeMutablePointer(to: &hasFailed) {
                    AggregateRunner.of(info)?.finish(source, OutputVector(result, $0), Int(count), Int(offset), info)
                }
                if hasFailed { duckdb_aggregate_function_set_error(info, OutputVector.noMemory) }
            }
        )
        duckdb_aggregate_function_set_destructor(function) { states, count in
            for index in 0..<Int(count) {
                guard let state = states?[index], let object = state.pointee.internal_ptr else { continue }
                state.pointee.internal_ptr = nil
                Unmanaged<AnyObject>.fromOpaque(object).release()
            }
        }
        guard duckdb_register_aggregate_function(try handle.connection(), function) == DuckDBSuccess else {
            throw DuckDBError(code: .other, message: "the engine refused the aggregate function \(name)")
        }
    }
}

private typealias States = UnsafeMutablePointer<duckdb_aggregate_state?>

/// What the engine's callbacks, which cannot be generic, call.
private class AggregateRunner {
    static func of(_ info: duckdb_function_info?) -> AggregateRunner? {
        duckdb_aggregate_function_get_extra_info(info).map { Unmanaged<AggregateRunner>.fromOpaque($0).takeUnretainedValue() }
    }

    func update(_ chunk: duckdb_data_chunk?, _ states: States?, _ info: duckdb_function_info?) {}
    func combine(_ source: States?, _ target: States?, _ count: Int, _ info: duckdb_function_info?) {}
    func finish(_ states: States?, _ output: OutputVector, _ count: Int, _ offset: Int, _ info: duckdb_function_info?) {}
}

private final class Runner<State: AggregateState>: AggregateRunner {
    private let parameters: Int

    init(parameters: Int) { self.parameters = parameters }

    private static func existing(_ state: duckdb_aggregate_state?) -> State? {
        state?.pointee.internal_ptr.map { Unmanaged<State>.fromOpaque($0).takeUnretainedValue() }
    }

    private static func made(_ state: duckdb_aggregate_state?) -> State {
        if let state = existing(state) { return state }
        let new = State()
        state?.pointee.internal_ptr = Unmanaged.passRetained(new).toOpaque()
        return new
    }

    override func update(_ chunk: duckdb_data_chunk?, _ states: States?, _ info: duckdb_function_info?) {
        guard let states else { return }
        let input = State.input((0..<parameters).map { InputVector(duckdb_data_chunk_get_vector(chunk, idx_t($0))) })
        do throws(AggregateError) {
            for row in 0..<Int(duckdb_data_chunk_get_size(chunk)) { try Self.made(states[row]).add(input, row: row) }
        } catch {
            duckdb_aggregate_function_set_error(info, error.message)
        }
    }

    override func combine(_ source: States?, _ target: States?, _ count: Int, _ info: duckdb_function_info?) {
        guard let source, let target else { return }
        do throws(AggregateError) {
            for index in 0..<count {
                guard let other = Self.existing(source[index]) else { continue }
                try Self.made(target[index]).add(other)
            }
        } catch {
            duckdb_aggregate_function_set_error(info, error.message)
        }
    }

    override func finish(_ states: States?, _ output: OutputVector, _ count: Int, _ offset: Int, _ info: duckdb_function_info?) {
        guard let states else { return }
        do throws(AggregateError) {
            for index in 0..<count { try State.finish(Self.existing(states[index]), into: output, row: offset + index) }
        } catch {
            duckdb_aggregate_function_set_error(info, error.message)
        }
    }
}
