import Foundation
import OTLPIngest
import SwiftProtobuf
import TelemetryModel
import Testing

@Suite struct ResponseTests {
    private var rejections: Rejections {
        var rejections = Rejections()
        for index in 0..<300 { rejections.add("trace_id: \"\(index)\" is no id\n") }
        return rejections
    }

    @Test func nothingRejected() {
        for signal in [OTLPSignal.traces, .logs, .metrics] {
            #expect(ExportResponse.encode(Rejections(), signal: signal, encoding: .protobuf).isEmpty)
            #expect(ExportResponse.encode(Rejections(), signal: signal, encoding: .json) == Array("{}".utf8))
        }
    }

    @Test(arguments: [OTLPEncoding.protobuf, .json]) func partialSuccess(encoding: OTLPEncoding) throws {
        func response<M: Message>(_ type: M.Type, _ signal: OTLPSignal) throws -> M {
            let bytes = ExportResponse.encode(rejections, signal: signal, encoding: encoding)
            return encoding == .json ? try M(jsonUTF8Bytes: bytes) : try M(serializedBytes: bytes)
        }

        let traces = try response(Opentelemetry_Proto_Collector_Trace_V1_ExportTraceServiceResponse.self, .traces)
        #expect(traces.partialSuccess.rejectedSpans == 300)
        #expect(traces.partialSuccess.errorMessage == "trace_id: \"0\" is no id\n")
        let logs = try response(Opentelemetry_Proto_Collector_Logs_V1_ExportLogsServiceResponse.self, .logs)
        #expect(logs.partialSuccess.rejectedLogRecords == 300)
        let metrics = try response(Opentelemetry_Proto_Collector_Metrics_V1_ExportMetricsServiceResponse.self, .metrics)
        #expect(metrics.partialSuccess.rejectedDataPoints == 300)
    }

    @Test func status() throws {
        #expect(RPCStatus.encode(code: 3, message: "a\"b", encoding: .json) == Array(#"{"code":3,"message":"a\"b"}"#.utf8))
        #expect(RPCStatus.encode(code: 3, message: "ab", encoding: .protobuf) == [0x08, 0x03, 0x12, 0x02, 0x61, 0x62])
        #expect(RPCStatus.encode(code: 0, message: "", encoding: .protobuf).isEmpty)
    }
}
