import CDuckDB

/// A scalar function written in Swift. Called by the engine from its own threads, several at a time.
public protocol ScalarFunction: Sendable {
    /// SQL types of the arguments and of the result.
    static var parameters: [String] { get }
    static var result: String { get }

    /// Computes the results of a chunk's rows.
    ///
    /// - Parameters:
    ///   - arguments: one per parameter. A function that the engine calls with a constant has it in every row.
    ///   - count: rows.
    /// - Throws: what fails the statement.
    func call(_ arguments: [InputVector], count: Int, into output: OutputVector) throws(ScalarFunctionError)
}

/// Why a scalar function gives up; fails the statement.
public struct ScalarFunctionError: Error {
    public var message: String

    public init(_ message: String) { self.message = message }
}

extension Connection {
    /// Makes a scalar function known to the whole instance, until it is closed. Rows with NULL arguments are passed to it as well.
    ///
    /// - Throws: ``DuckDBError`` when a type does not exist or the name is taken.
    public borrowing func register(_ function: some ScalarFunction, as name: String) throws(DuckDBError) {
        var handle = duckdb_create_scalar_function()
        defer { duckdb_destroy_scalar_function(&handle) }
        duckdb_scalar_function_set_name(handle, name)
        duckdb_scalar_function_set_special_handling(handle)
        for parameter in type(of: function).parameters {
            var type = try logicalType(parameter)
            duckdb_scalar_function_add_parameter(handle, type)
            duckdb_destroy_logical_type(&type)
        }
        var result = try logicalType(type(of: function).result)
        duckdb_scalar_function_set_return_type(handle, result)
        duckdb_destroy_logical_type(&result)
        let runner = ScalarRunner(function)
        duckdb_scalar_function_set_extra_info(handle, Unmanaged.passRetained(runner).toOpaque()) { runner in
            if let runner { Unmanaged<ScalarRunner>.fromOpaque(runner).release() }
        }
        duckdb_scalar_function_set_function(handle) { info, chunk, output in
            guard let pointer = duckdb_scalar_function_get_extra_info(info) else { return }
            Unmanaged<ScalarRunner>.fromOpaque(pointer).takeUnretainedValue().call(info, chunk, output)
        }
        guard duckdb_register_scalar_function(try self.handle.connection(), handle) == DuckDBSuccess else {
            throw DuckDBError(code: .other, message: "the engine refused the scalar function \(name)")
        }
    }
}

/// What the engine's callback, which cannot be generic, calls.
private final class ScalarRunner: Sendable {
    private let function: any ScalarFunction

    init(_ function: any ScalarFunction) { self.function = function }

    func call(_ info: duckdb_function_info?, _ chunk: duckdb_data_chunk?, _ output: duckdb_vector?) {
        let arguments = (0..<Int(duckdb_data_chunk_get_column_count(chunk))).map {
            InputVector(duckdb_data_chunk_get_vector(chunk, idx_t($0)))
        }
        var hasFailed = false
        withUnsafeMutablePointer(to: &hasFailed) { hasFailed in
            do throws(ScalarFunctionError) {
                try function.call(arguments, count: Int(duckdb_data_chunk_get_size(chunk)), into: OutputVector(output, hasFailed))
            } catch {
                duckdb_scalar_function_set_error(info, error.message)
            }
        }
        if hasFailed { duckdb_scalar_function_set_error(info, OutputVector.noMemory) }
    }
}
