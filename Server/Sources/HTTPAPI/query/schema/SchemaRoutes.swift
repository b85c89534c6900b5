import Accounts
import FoundationEssentials
import HTTPTypes
import Hummingbird
import SQLQuery
import Storage
import TelemetryModel

/// `GET /v1/schemas`: the tables and columns that SQL can name (`logfire-contract.md` §1.3).
struct SchemaRoutes: Sendable {
    let authentication: Authentication
    let queries: QueryEngine

    private struct Column: Encodable {
        var dataType: AnyJSON
        var nullable: Bool
        var description: String
        /// Place of the column in the table, from 0.
        var position: Int
    }

    private struct Table: Encodable {
        var name: String
        var description: String
        var schema: [String: Column]
    }

    /// The part of a result that tells its columns.
    private struct Answer: Decodable {
        struct Schema: Decodable { var fields: [Field] }
        struct Field: Decodable {
            var name: String
            var dataType: AnyJSON
            var nullable: Bool
        }
        var schema: Schema
    }

    func add(to router: Router<HearthRequestContext>) {
        router.get("v1/schemas") { request, _ in
            let grant = try authentication.authorize(request, for: .read)
            var tables: [Table] = []
            for table in LogicalTable.userTables {
                let columns = try await columns(of: table, ProjectID(grant.project.id))
                tables.append(Table(name: table.rawValue, description: SchemaDescriptions.table(table.rawValue), schema: columns))
            }
            return Response.json(["tables": tables])
        }
    }

    private func columns(of table: LogicalTable, _ project: ProjectID) async throws -> [String: Column] {
        let query = QueryRequest(sql: "SELECT * FROM \(table.rawValue) LIMIT 0", project: project)
        let output = try await run(query)
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let fields = try decoder.decode(Answer.self, from: Data(output.body)).schema.fields
        return Dictionary(
            fields.enumerated().map { position, field in
                let description = SchemaDescriptions.column(field.name, of: table.rawValue)
                return (
                    field.name, Column(dataType: field.dataType, nullable: field.nullable, description: description, position: position)
                )
            }, uniquingKeysWith: { first, _ in first })
    }

    private func run(_ query: QueryRequest) async throws -> QueryOutput {
        do { return try await queries.run(query, format: .rows) } catch { throw ProblemError(error) }
    }
}

/// JSON that is passed on as it came: the type of a column is a word or an object that says more.
private enum AnyJSON: Codable {
    case text(String)
    case number(Int)
    case flag(Bool)
    case list([AnyJSON])
    case object([String: AnyJSON])
    case null

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if let flag = try? value.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? value.decode(Int.self) {
            self = .number(number)
        } else if let list = try? value.decode([AnyJSON].self) {
            self = .list(list)
        } else {
            self = .object(try value.decode([String: AnyJSON].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        switch self {
        case .text(let text): try value.encode(text)
        case .number(let number): try value.encode(number)
        case .flag(let flag): try value.encode(flag)
        case .list(let list): try value.encode(list)
        case .object(let object): try value.encode(object)
        case .null: try value.encodeNil()
        }
    }
}
