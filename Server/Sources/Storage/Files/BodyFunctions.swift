import DuckDBKit
import MessagePages

/// Functions by which SQL reads message bodies from the pages of segments.
enum BodyFunctions {
    /// `hearth_bodies(segment, body)`: the JSON object of a row's message bodies.
    static let bodies = "hearth_bodies"

    /// `hearth_attributes(segment, body, attributes)`: all attributes of a row, message bodies first.
    static let attributes = "hearth_attributes"

    /// `hearth_joined(bodies, attributes)`: the same of a row whose bodies are at hand.
    static let joined = "hearth_joined"

    /// Why messages cannot be read now but perhaps in a moment.
    static let shortage = "\(StorageError.shortage): too many files are open"

    static func register(_ pages: PageStore, _ connection: borrowing Connection) throws(DuckDBError) {
        try connection.register(ReadBodies(pages: pages), as: bodies)
        try connection.register(ReadAttributes(pages: pages), as: attributes)
        try connection.register(JoinAttributes(), as: joined)
        try connection.register(BodySearchFunction(pages: pages), as: BodySearchFunction.name)
    }
}

private struct ReadBodies: ScalarFunction {
    static let parameters = ["VARCHAR", "UBIGINT"]
    static let result = "JSON"

    let pages: PageStore

    func call(_ arguments: [InputVector], count: Int, into output: OutputVector) throws(ScalarFunctionError) {
        // All rows of a call are of one segment.
        guard count > 0, let segment = arguments[0].string(0) else { return }
        var reader = BodyReader(pages, file: segment)
        for row in 0..<count {
            guard let reference = arguments[1].value(row, as: UInt64.self) else {
                output.setNull(row)
                continue
            }
            do throws(PageError) {
                try reader.withBody(BodyReference(rawValue: reference)) { output.setBytes(row, $0) }
            } catch {
                guard pages.note(error, segment) else { throw ScalarFunctionError(BodyFunctions.shortage) }
                output.setNull(row)
            }
        }
    }
}

private struct ReadAttributes: ScalarFunction {
    static let parameters = ["VARCHAR", "UBIGINT", "JSON"]
    static let result = "JSON"

    let pages: PageStore

    func call(_ arguments: [InputVector], count: Int, into output: OutputVector) throws(ScalarFunctionError) {
        // All rows of a call are of one segment.
        guard count > 0, let segment = arguments[0].string(0) else { return }
        var reader = BodyReader(pages, file: segment)
        var text: [UInt8] = []
        for row in 0..<count {
            guard let reference = arguments[1].value(row, as: UInt64.self) else {
                output.copy(row, arguments[2])
                continue
            }
            do throws(PageError) {
                try reader.withBody(BodyReference(rawValue: reference)) { output.join(row, $0, arguments[2], &text) }
            } catch {
                guard pages.note(error, segment) else { throw ScalarFunctionError(BodyFunctions.shortage) }
                output.copy(row, arguments[2])
            }
        }
    }
}

private struct JoinAttributes: ScalarFunction {
    static let parameters = ["JSON", "JSON"]
    static let result = "JSON"

    func call(_ arguments: [InputVector], count: Int, into output: OutputVector) throws(ScalarFunctionError) {
        var text: [UInt8] = []
        for row in 0..<count {
            if arguments[0].isNull(row) {
                output.copy(row, arguments[1])
            } else {
                arguments[0].withBytes(row) { output.join(row, $0, arguments[1], &text) }
            }
        }
    }
}

extension OutputVector {
    fileprivate func copy(_ row: Int, _ input: InputVector) {
        if input.isNull(row) { setNull(row) } else { input.withBytes(row) { setBytes(row, $0) } }
    }

    /// Makes one JSON object of two, both without white space around.
    fileprivate func join(_ row: Int, _ bodies: UnsafeBufferPointer<UInt8>, _ attributes: InputVector, _ text: inout [UInt8]) {
        guard !attributes.isNull(row) else { return setBytes(row, bodies) }
        attributes.withBytes(row) { attributes in
            if attributes.count <= 2 { return setBytes(row, bodies) }
            if bodies.count <= 2 { return setBytes(row, attributes) }
            text.removeAll(keepingCapacity: true)
            text.append(contentsOf: bodies.dropLast())
            text.append(UInt8(ascii: ","))
            text.append(contentsOf: attributes.dropFirst())
            text.withUnsafeBufferPointer { setBytes(row, $0) }
        }
    }
}
