import OTLPIngest
import TelemetryModel
import Testing

/// What OTLP/JSON allows beyond the output of one encoder.
@Suite struct JSONRequestTests {
    private static let ids = #""traceId":"5B8EFFF798038103D269B633813FC60C","spanId":"eee19b7ec3c1b174""#

    private func span(_ fields: String) throws -> Row {
        let json = "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\(Self.ids),\(fields)}]}]}]}"
        let batch = try decodedJSON(json)
        return Row(batch, try #require(batch.rows.first))
    }

    @Test func idsAndNumbers() throws {
        let row = try span(
            #""parentSpanId":"EEE19B7EC3C1B173","startTimeUnixNano":"1544712660000000000","endTimeUnixNano":1544712661000000000"#)
        #expect(row.traceID.description == "5b8efff798038103d269b633813fc60c")
        #expect(row.spanID.description == "eee19b7ec3c1b174")
        #expect(row.parentSpanID.description == "eee19b7ec3c1b173")
        #expect(row.endNanoseconds - row.startNanoseconds == 1_000_000_000)
        #expect(try span(#""startTimeUnixNano":1.5e9"#).startNanoseconds == 1_500_000_000)
        // Base64, as the plain protobuf mapping writes ids.
        #expect(try span(#""parentSpanId":"7uGbfsPBsXM=""#).parentSpanID.description == "eee19b7ec3c1b173")
    }

    @Test func enums() throws {
        #expect(try span(#""kind":3,"status":{"code":2}"#).spanKind == 3)
        let named = try span(#""kind":"SPAN_KIND_CLIENT","status":{"code":"STATUS_CODE_ERROR","message":"m"}"#)
        #expect(named.spanKind == 3)
        #expect(named.statusCode == .error)
        #expect(named.statusMessage == "m")
        #expect(try span(#""kind":"SPAN_KIND_NEW","status":{"code":17}"#).spanKind == 0)
    }

    @Test func nullsAndUnknownFields() throws {
        let row = try span(
            #""name":null,"attributes":null,"events":null,"links":null,"status":null,"kind":null,"new":{"a":[1,{"b":null}]},"startTimeUnixNano":null"#
        )
        #expect(row.spanName == "")
        #expect(row.attributesJSON == "{}")
        #expect(row.eventsJSON == nil)
        let values = try span(
            #""attributes":[{"key":"a","value":null},{"key":"b"},{"key":"c","value":{}},{"key":"d","value":{"stringValue":null}},{"value":{"intValue":1}}]"#
        )
        #expect(values.attributesJSON == #"{"a":null,"b":null,"c":null,"d":null,"":1}"#)
    }

    @Test func snakeCase() throws {
        let json = """
            {"resource_spans":[{"resource":{"attributes":[{"key":"service.name","value":{"string_value":"s"}}]},"scope_spans":[{"spans":[{
            "trace_id":"5b8efff798038103d269b633813fc60c","span_id":"eee19b7ec3c1b174","start_time_unix_nano":"5",
            "attributes":[{"key":"a","value":{"kvlist_value":{"values":[{"key":"x","value":{"int_value":"9"}}]}}}]}]}]}]}
            """
        let batch = try decodedJSON(json)
        #expect(batch.resources.first?.serviceName == "s")
        #expect(batch.rows.first?.startNanoseconds == 5)
        #expect(batch.text.string(batch.rows[0].attributesJSON) == #"{"a":{"x":9}}"#)
    }

    /// Members of an object come in any order.
    @Test func recordsBeforeTheirResourceAndScope() throws {
        let json = """
            {"resourceSpans":[{"scopeSpans":[{"spans":[{\(Self.ids)}],"scope":{"name":"late"}}],
            "resource":{"attributes":[{"value":{"stringValue":"s"},"key":"service.name"}]}}]}
            """
        let batch = try decodedJSON(json)
        #expect(batch.rows.count == 1)
        #expect(batch.resources.first?.serviceName == "s")
        #expect(batch.scopes.first?.name == "late")
    }

    @Test func strings() throws {
        let row = try span(
            #""name":"a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00","attributes":[{"key":"\u006b","value":{"stringValue":"\ud800x\u0000"}}]"#)
        #expect(row.spanName == "a\"\\/\u{8}\u{c}\n\r\té😀")
        // A single surrogate is no character.
        #expect(row.attributesJSON == #"{"k":"\#u{fffd}x\u0000"}"#)
        // Escaped names of fields.
        #expect(try span(#""n\u0061me":"x""#).spanName == "x")
        // Known keys are recognised through escapes.
        #expect(try span(#""attributes":[{"key":"logfire.m\u0073g","value":{"stringValue":"m"}}]"#).message == "m")
    }

    @Test func invalidUTF8IsRepaired() throws {
        var json = Array("{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\(Self.ids),\"name\":\"a?\\n\"}]}]}]}".utf8)
        json[try #require(json.firstIndex(of: 0x3f))] = 0xff
        let batch = try TraceDecoder.decode(json, encoding: .json)
        #expect(batch.text.string(batch.rows[0].spanName) == "a\u{fffd}\n")
    }

    @Test func values() throws {
        let row = try span(
            #"""
            "attributes":[{"key":"i","value":{"intValue":"-9223372036854775808"}},{"key":"j","value":{"intValue":12}},
            {"key":"d","value":{"doubleValue":1}},{"key":"n","value":{"doubleValue":"NaN"}},{"key":"s","value":{"doubleValue":"2.5"}},
            {"key":"b","value":{"boolValue":false}},{"key":"y","value":{"bytesValue":"AP8Q"}},{"key":"u","value":{"bytesValue":"_-8"}},
            {"key":"a","value":{"arrayValue":{"values":[{"stringValue":"x"},null,{},{"arrayValue":{}}]}}},
            {"key":"m","value":{"kvlistValue":{"values":[{"key":"k","value":{"intValue":1}},{"key":"k","value":{"intValue":2}},{"key":"e"}]}}}]
            """#)
        #expect(
            row.attributesJSON
                == #"{"i":-9223372036854775808,"j":12,"d":1.0,"n":"NaN","s":2.5,"b":false,"y":"AP8Q","u":"/+8=","a":["x",null,null,[]],"m":{"k":2,"e":null}}"#
        )
    }

    @Test func deepValues() throws {
        func nested(_ levels: Int) -> String {
            levels == 0 ? #"{"intValue":1}"# : #"{"arrayValue":{"values":[\#(nested(levels - 1))]}}"#
        }
        let kept = try span("\"attributes\":[{\"key\":\"a\",\"value\":\(nested(64))}]").attributesJSON
        #expect(kept == "{\"a\":" + String(repeating: "[", count: 64) + "1" + String(repeating: "]", count: 64) + "}")
        let cut = try span("\"attributes\":[{\"key\":\"a\",\"value\":\(nested(65))}]").attributesJSON
        #expect(cut == "{\"a\":" + String(repeating: "[", count: 64) + "\"...\"" + String(repeating: "]", count: 64) + "}")
        // Far beyond, the text itself is refused.
        let result = Result { try span("\"attributes\":[{\"key\":\"a\",\"value\":\(nested(2000))}]") }
        #expect(result.message?.contains("nested deeper than 512 levels") == true)
    }

    @Test func emptyRequests() throws {
        for json in ["{}", " {\"resourceSpans\":[]} ", "{\"resourceSpans\":null}", "{\"other\":1}", "{\"resourceSpans\":[{}]}"] {
            #expect(try decodedJSON(json).rows.isEmpty)
        }
        #expect(try TraceDecoder.decode([], encoding: .protobuf).rows.isEmpty)
    }

    @Test func logsAndMetrics() throws {
        let logs = """
            {"resourceLogs":[{"scopeLogs":[{"logRecords":[{"severityNumber":"SEVERITY_NUMBER_WARN2","observedTimeUnixNano":"7",
            "body":{"kvlistValue":{"values":[{"key":"a","value":{"stringValue":"x"}}]}},"eventName":"e"}]}]}]}
            """
        let batch = try LogDecoder.decode(Array(logs.utf8), encoding: .json)
        let row = Row(batch, batch.rows[0])
        #expect(row.level == 14)
        #expect(row.startNanoseconds == 7)
        #expect(row.logBodyJSON == #"{"a":"x"}"#)
        #expect(row.spanName == "e")
        let metrics = """
            {"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"sum":{"dataPoints":[{"asInt":"5","timeUnixNano":"9"}],"isMonotonic":true,
            "aggregationTemporality":"AGGREGATION_TEMPORALITY_DELTA"},"name":"jobs","unit":"1"}]}]}]}
            """
        let points = try MetricDecoder.decode(Array(metrics.utf8), encoding: .json)
        #expect(points.metrics.first?.name == "jobs")
        #expect(points.metrics.first?.temporality == .delta)
        #expect(points.metrics.first?.isMonotonic == true)
        #expect(points.points.first?.scalarValue == 5)
        #expect(points.points.first?.timeNanoseconds == 9)
    }
}
