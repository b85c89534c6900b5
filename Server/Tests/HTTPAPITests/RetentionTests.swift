import Foundation
import Retention
import Storage
import Testing

@testable import HTTPAPI

@Suite("Retention")
struct RetentionServiceTests {
    @Test("Days are written as the calendar has them")
    func days() {
        #expect(UTCDay.text(0) == "1970-01-01")
        #expect(UTCDay.text(-1) == "1969-12-31")
        #expect(UTCDay.text(19_782) == "2024-02-29")
        #expect(UTCDay.text(11_016) == "2000-02-29")
        #expect(UTCDay.text(-25_508) == "1900-03-01")
        #expect(UTCDay.text(47_540) == "2100-02-28" && UTCDay.text(47_541) == "2100-03-01")
        let day = Date.ISO8601FormatStyle().year().month().day()
        for number in stride(from: Int32(-30_000), through: 60_000, by: 37) {
            #expect(UTCDay.text(number) == Date(timeIntervalSince1970: Double(number) * 86_400).formatted(day))
        }
    }

    @Test("What keeps telemetry from its limits is a warning")
    func warnings() {
        var activity = RetentionService.Activity()
        #expect(HealthWarnings.of(activity).isEmpty)
        activity.failures = [3: "2026-01-01: the rule “own” cannot be used"]
        activity.droppedKept = [7: .now]
        activity.isOverBudget = true
        let warnings = HealthWarnings.of(activity)
        #expect(warnings.map(\.code) == ["retention_failed", "retention_dropped_kept", "retention_over_budget"])
        #expect(warnings[0].message.contains("Project 3, 2026-01-01: the rule “own”"))
        #expect(warnings[1].message.contains("project 7"))
    }

    @Test("The log keeps the newest removals")
    func log() {
        var log = RetentionLog()
        for number in Int32(0)..<250 {
            log.add(RetentionLog.Entry(.init(project: 1, day: number, reason: .size, rules: []), .init(), .init()))
        }
        #expect(log.entries.count == 200 && log.entries.last?.day == UTCDay.text(249))
    }
}
