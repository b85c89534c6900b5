/// Background jobs of a program with a plain OpenTelemetry SDK: no pending records, current attribute names, OTLP logs.
enum BillingJob {
    static func tell(_ stage: inout Stage, broken: Bool) -> [TraceDraft] {
        var trace = stage.begin(.billingWorker)
        let batch = trace.random.int(12...48)
        var attributes = AttributeList()
        attributes.set("messaging.system", "redis")
        attributes.set("messaging.operation.name", "process")
        attributes.set("messaging.destination.name", "invoices")
        attributes.set("messaging.batch.message_count", batch)
        let index = trace.open("process invoices", .billing, kind: .consumer, attributes: attributes)
        var count = AttributeList()
        count.set("batch.size", batch)
        trace.record(.info, "INFO", "invoice batch started", count)
        trace.plainQuery("SELECT", "invoices", "SELECT * FROM invoices WHERE state = $1 ORDER BY due LIMIT \(batch)", rows: batch)
        trace.wait(0.01...0.2)
        trace.record(.debug, "DEBUG", "exchange rates are \(trace.random.int(2...50)) minutes old")
        if broken {
            let invoice = "2026-\(trace.random.int(10_000...99_999))"
            let exception = PythonException.badInvoice(invoice)
            trace.record(exception, on: index, escaped: false)
            trace[index].features.append(.error)
            var attributes = AttributeList()
            attributes.set("invoice.number", invoice)
            attributes.set("exception.type", exception.type)
            attributes.set("exception.message", exception.message)
            attributes.set("exception.stacktrace", exception.stacktrace)
            trace.record(.error, "ERROR", "invoice \(invoice) has a line without an amount", attributes)
            trace.record(.fatal, "CRITICAL", "invoice batch aborted, \(batch) invoices stay open")
        } else {
            trace.plainQuery("UPDATE", "invoices", "UPDATE invoices SET state = $1 WHERE id = ANY($2)", rows: batch)
            if trace.random.chance(0.3) { trace.record(.warn, "WARN", "two customers have no e-mail address; their invoices go by post") }
            trace.record(.info, "INFO", "invoice batch finished")
        }
        trace.close(index)
        return [trace.finish()]
    }
}
