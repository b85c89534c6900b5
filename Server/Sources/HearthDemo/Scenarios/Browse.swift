/// Customers in the shop: short requests with a cache and a database behind them.
enum Browse {
    private static let browser = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    private static let articles = ["LAMP-OAK-2", "KETTLE-17", "BOOT-RIDGE-41", "DESK-PINE-120", "CHAIR-SET-4"]

    static func tell(_ stage: inout Stage) -> [TraceDraft] {
        var trace = stage.begin(.webGateway)
        switch trace.random.int(0...9) {
        case 0...4: product(&trace)
        case 5...6: cart(&trace)
        case 7: checkout(&trace)
        case 8: invalidSearch(&trace)
        default: health(&trace)
        }
        return [trace.finish()]
    }

    private static func product(_ trace: inout TraceBuilder) {
        let sku = trace.random.pick(articles)
        let missing = trace.random.chance(0.06)
        let cached = trace.random.chance(0.6)
        let request = RouteRequest(
            method: "GET", route: "/api/products/{sku}", path: "/api/products/\(sku)", function: "product",
            arguments: .object([("sku", .string(sku))]))
        trace.serve(request, userAgent: browser) { trace in
            trace.redis("GET", "product:\(sku)")
            if cached {
                trace.log(.debug, "cache hit for {key}", [Attribute("key", .string("product:\(sku)"))])
                return RouteAnswer()
            }
            trace.query("SELECT sku, name, price, stock FROM products WHERE sku = %(sku)s")
            if missing {
                trace.log(.notice, "no such article: {sku}", [Attribute("sku", .string(sku))])
                return RouteAnswer(status: 404)
            }
            trace.query("SELECT rating, count(*) FROM reviews WHERE sku = %(sku)s GROUP BY rating", seconds: 0.002...0.06)
            trace.redis("SET", "product:\(sku)", "…", "EX", "300")
            return RouteAnswer()
        }
    }

    private static func cart(_ trace: inout TraceBuilder) {
        let request = RouteRequest(method: "GET", route: "/api/cart", path: "/api/cart", function: "cart", arguments: .object([]))
        trace.serve(request, userAgent: browser) { trace in
            trace.redis("GET", "session:\(trace.random.int(1_000...9_999))")
            trace.query("SELECT sku, quantity FROM cart_items WHERE cart_id = %(cart_id)s")
            return RouteAnswer()
        }
    }

    private static func checkout(_ trace: inout TraceBuilder) {
        let amount = Double(trace.random.int(1_500...32_000)) / 100
        let request = RouteRequest(
            method: "POST", route: "/api/checkout", path: "/api/checkout", function: "checkout",
            arguments: .object([("payment", "card"), ("amount", .double(amount))]))
        trace.serve(request, userAgent: browser) { trace in
            trace.query("INSERT INTO orders (customer_id, total) VALUES (%(customer)s, %(total)s) RETURNING id")
            trace.fetch("POST", host: "pay.example.net", path: "/v2/charges", seconds: 0.12...0.9)
            trace.query("UPDATE orders SET state = %(state)s WHERE id = %(id)s")
            trace.log(
                .info, "order {order_id} paid, {amount} EUR",
                [Attribute("order_id", .int(trace.random.int(48_000...49_999))), Attribute("amount", .double(amount))])
            return RouteAnswer()
        }
    }

    private static func invalidSearch(_ trace: inout TraceBuilder) {
        let request = RouteRequest(
            method: "GET", route: "/api/search", path: "/api/search", query: [("q", "oak lamp"), ("page", "one")], function: "search",
            arguments: .object([("q", "oak lamp")]))
        trace.serve(request, userAgent: browser) { trace in
            trace.log(.warn, "search with an unusable page: {page}", [Attribute("page", "one")])
            return RouteAnswer(status: 422)
        }
    }

    private static func health(_ trace: inout TraceBuilder) {
        let request = RouteRequest(method: "GET", route: "/healthz", path: "/healthz", function: "healthz", arguments: .object([]))
        trace.serve(request, userAgent: "kube-probe/1.31") { trace in
            trace.log(.trace, "probe answered")
            return RouteAnswer()
        }
    }
}
