import Foundation
import GenAI
import SQLQuery
import TelemetryModel

/// Attribute keys of a project that seem to mean the same field: `model`, `model_name`, `deployment`.
enum SimilarKeys {
    struct StoredKey: Sendable {
        var key: String
        var records: Int
        var services: [String]
        var example: String?
    }

    struct Answer: Encodable {
        struct Key: Encodable {
            var key: String
            var records: Int
            var services: [String]
            @Nullable var example: String?
            var mapped: Bool
            var known: Bool
        }

        struct Group: Encodable {
            var field: String
            var keys: [Key]
        }

        var groups: [Group]
    }

    /// The keys of the newest records, with how many of these have them, of which services, and one value.
    static func read(_ queries: QueryEngine, _ project: ProjectID, minimum: Int64?) async throws -> [StoredKey] {
        // By JSON pointer, because `->>` takes keys that begin with a dollar sign for paths.
        var query = QueryRequest(
            sql: """
                SELECT key, count(*)::BIGINT AS records, list_sort(list(DISTINCT service_name))[1:5]::VARCHAR[] AS services,
                    left(any_value(json_extract_string(attributes, '/' || replace(replace(key, '~', '~0'), '/', '~1'))), 80) AS example
                FROM (
                    SELECT unnest(json_keys(attributes)) AS key, attributes, service_name
                    FROM (SELECT attributes, service_name FROM records ORDER BY start_timestamp DESC LIMIT 20000)
                )
                GROUP BY key ORDER BY records DESC, key
                """,
            project: project)
        query.minTimestamp = minimum
        query.limit = 10_000
        let output = try await queries.run(query, format: .rows)
        struct Rows: Decodable {
            struct Row: Decodable {
                var key: String
                var records: Int
                var services: [String?]?
                var example: String?
            }
            var data: [Row]
        }
        return try JSONDecoder().decode(Rows.self, from: Data(output.body)).data.map {
            StoredKey(key: $0.key, records: $0.records, services: ($0.services ?? []).compactMap { $0 }, example: $0.example)
        }
    }

    /// Fields that more than one of the keys seems to mean.
    static func answer(_ stored: [StoredKey], mapped: Set<String>) -> Answer {
        var groups: [CanonicalField: [Answer.Key]] = [:]
        for key in stored {
            let bare = bare(key.key)
            guard let field = CanonicalField.allCases.first(where: { $0.synonyms.contains(bare) }) else { continue }
            var name = key.key
            let isKnown = name.withUTF8 { AttributeKeyTable.shared.key($0) } != .unknown
            groups[field, default: []].append(
                .init(
                    key: key.key, records: key.records, services: key.services, example: key.example, mapped: mapped.contains(key.key),
                    known: isKnown))
        }
        return Answer(
            groups: CanonicalField.allCases.compactMap { field in
                guard let keys = groups[field], keys.count > 1 else { return nil }
                return Answer.Group(field: field.rawValue, keys: keys)
            })
    }

    /// The key in lower case with `_` for every separator, without what says whose it is.
    static func bare(_ key: String) -> String {
        var text = String(key.lowercased().map { $0 == "." || $0 == "-" || $0 == " " ? "_" : $0 })
        var isShortened = true
        while isShortened {
            isShortened = false
            for prefix in ["gen_ai_", "genai_", "llm_", "ai_", "app_", "request_", "usage_", "response_"]
            where text.hasPrefix(prefix) && text.count > prefix.count {
                text.removeFirst(prefix.count)
                isShortened = true
            }
        }
        return text
    }
}
