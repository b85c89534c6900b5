/// What a customer writes to the shop's support, and how it goes.
struct SupportStory: Sendable {
    /// The tool calls of one turn: name, arguments and answer.
    struct Step: Sendable {
        var preface: String?
        var calls: [ToolCall]
    }

    var customer: String
    var orderID: Int
    var question: String
    var steps: [Step]
    var answer: String
    var followUp: String
    var followUpAnswer: String
}

extension SupportStory {
    /// Stories for one order each; the order's number varies.
    static func all(orderID: Int) -> [SupportStory] {
        [lateParcel(orderID), brokenKettle(orderID), wrongSize(orderID), doubleCharge(orderID), addressChange(orderID)]
    }

    private static func lookup(_ orderID: Int, _ order: JSON) -> ToolCall {
        ToolCall(name: "lookup_order", arguments: .object([("order_id", .int(orderID))]), result: order)
    }

    private static func search(_ query: String, _ passage: String) -> ToolCall {
        ToolCall(
            name: "search_help_center", arguments: .object([("query", .string(query))]),
            result: .array([.object([("title", .string(query)), ("passage", .string(passage)), ("score", 0.87)])]))
    }

    private static func lateParcel(_ orderID: Int) -> SupportStory {
        SupportStory(
            customer: "Ingrid Solberg", orderID: orderID,
            question:
                "Hello, my parcel with order \(orderID) was promised for last Tuesday and the tracking page has not changed since Friday. "
                + "It is a birthday present for Saturday. Can you tell me where it is and whether it will arrive in time?",
            steps: [
                Step(calls: [
                    lookup(
                        orderID,
                        ["status": "shipped", "carrier": "PostNord", "items": [["sku": "LAMP-OAK-2", "quantity": 1, "price": 89.0]]]),
                    ToolCall(
                        name: "track_parcel", arguments: .object([("order_id", .int(orderID))]),
                        result: ["last_scan": "Hamar sorting centre", "delayed": true, "new_estimate": "Friday"]),
                ]),
                Step(
                    preface: "The parcel is delayed. I will check what we promise in that case.",
                    calls: [
                        search(
                            "late delivery compensation",
                            "Orders that arrive more than three days late get the shipping cost back automatically.")
                    ]),
            ],
            answer:
                "Hi Ingrid, your oak lamp is at the sorting centre in Hamar and was delayed there over the weekend. The carrier now expects to "
                + "deliver it on Friday, one day before the birthday. Because it is more than three days late we will refund the shipping cost "
                + "automatically; you do not have to do anything. If the parcel has not arrived by Friday evening, write to us and we will send a "
                + "new lamp by courier on Saturday morning.",
            followUp:
                "Thank you! Could you send it to my office instead, so that my husband does not see it? The address is Storgata 14, Lillehammer.",
            followUpAnswer:
                "I have asked the carrier to redirect the parcel to Storgata 14 in Lillehammer. Redirected parcels keep their delivery day, so it "
                + "should reach your office on Friday. The reception can sign for it.")
    }

    private static func brokenKettle(_ orderID: Int) -> SupportStory {
        SupportStory(
            customer: "Tomás Herrera", orderID: orderID,
            question:
                "The kettle I bought (order \(orderID)) stopped heating after four weeks. The light comes on but the water stays cold. "
                + "I would like my money back rather than a repair.",
            steps: [
                Step(calls: [
                    lookup(
                        orderID,
                        ["status": "delivered", "delivered_days_ago": 29, "items": [["sku": "KETTLE-17", "quantity": 1, "price": 54.9]]])
                ]),
                Step(calls: [
                    search(
                        "faulty product refund", "Within 30 days of delivery the customer chooses between repair, replacement and refund.")
                ]),
                Step(
                    preface: "The order is within thirty days, so the refund is the customer's choice.",
                    calls: [
                        ToolCall(
                            name: "create_refund",
                            arguments: .object([("order_id", .int(orderID)), ("amount", 54.9), ("reason", "faulty")]),
                            result: ["refund_id": "rf_70213", "amount": 54.9, "state": "pending"])
                    ]),
            ],
            answer:
                "I am sorry about the kettle. You are within thirty days of delivery, so the choice is yours, and I have started a refund of €54.90 "
                + "to the card you paid with. It usually shows within five working days. Please drop the kettle at any return point within two "
                + "weeks; the return label is in your e-mail and costs nothing.",
            followUp: "Do I need to send the base as well, or only the jug?",
            followUpAnswer:
                "Please send both: the jug and the base belong together, and the fault may be in either of them. The original box is not needed, "
                + "any sturdy box will do.")
    }

    private static func wrongSize(_ orderID: Int) -> SupportStory {
        SupportStory(
            customer: "Amara Okafor", orderID: orderID,
            question: "Hi! The hiking boots from order \(orderID) are too small. Do you have the same ones in 41, and how do I swap them?",
            steps: [
                Step(calls: [
                    lookup(
                        orderID,
                        [
                            "status": "delivered", "delivered_days_ago": 3,
                            "items": [["sku": "BOOT-RIDGE-40", "quantity": 1, "price": 139.0]],
                        ]),
                    ToolCall(
                        name: "check_stock", arguments: .object([("sku", "BOOT-RIDGE-41")]),
                        result: ["sku": "BOOT-RIDGE-41", "available": 12, "warehouse": "Utrecht"]),
                ])
            ],
            answer:
                "Yes, the Ridge boot is in stock in 41. I have reserved a pair for you for three days. Open the order in your account, choose "
                + "“Exchange” and print the label; as soon as the carrier scans your parcel, we ship the new pair, so you do not wait for the return "
                + "to reach us. Exchanges of unworn shoes are free.",
            followUp: "I wore them indoors for ten minutes to try them. Is that a problem?",
            followUpAnswer:
                "Not at all. Trying shoes on indoors is exactly what the free exchange is for. Just make sure the soles are clean.")
    }

    private static func doubleCharge(_ orderID: Int) -> SupportStory {
        SupportStory(
            customer: "Wei Zhang", orderID: orderID,
            question:
                "I see two charges of €212.40 for order \(orderID) on my credit card statement. I only bought the desk once. Please correct this.",
            steps: [
                Step(calls: [
                    lookup(
                        orderID, ["status": "packed", "total": 212.4, "items": [["sku": "DESK-PINE-120", "quantity": 1, "price": 212.4]]])
                ]),
                Step(calls: [
                    ToolCall(
                        name: "list_payments", arguments: .object([("order_id", .int(orderID))]),
                        result: [
                            ["id": "pay_1", "amount": 212.4, "state": "captured"], ["id": "pay_2", "amount": 212.4, "state": "authorized"],
                        ])
                ]),
            ],
            answer:
                "I have looked at both payments. Only the first one was taken; the second is a reservation that your bank shows as a charge. It was "
                + "made when the payment page was reloaded and lapses by itself within three days. Nothing more will be charged for this order, and "
                + "you do not have to do anything. If the second amount is still there on Monday, send us a picture of the statement.",
            followUp: "My bank says it is a completed payment. Can you release it from your side?",
            followUpAnswer:
                "I have released the reservation with reference pay_2 from our side now. Banks usually update within a day; the reference helps them "
                + "find it if you call.")
    }

    private static func addressChange(_ orderID: Int) -> SupportStory {
        SupportStory(
            customer: "Lukas Novák", orderID: orderID,
            question:
                "I moved last week and forgot to change the address. Order \(orderID) is still in preparation. Can it go to Jiráskova 8, Brno?",
            steps: [
                Step(calls: [
                    lookup(orderID, ["status": "in_preparation", "items": [["sku": "CHAIR-SET-4", "quantity": 1, "price": 320.0]]])
                ]),
                Step(calls: [
                    ToolCall(
                        name: "change_address", arguments: .object([("order_id", .int(orderID)), ("address", "Jiráskova 8, 602 00 Brno")]),
                        result: ["changed": true, "new_estimate": "in four days"])
                ]),
            ],
            answer:
                "That was just in time: the chairs had not left the warehouse yet. The order now goes to Jiráskova 8 in Brno and should arrive in "
                + "four days. Your account still has the old address, so please change it there for your next order.",
            followUp: "Great. Will the delivery company carry the box to the third floor?",
            followUpAnswer:
                "Furniture is delivered to the door of your flat, so yes, also to the third floor. The driver will call an hour before.")
    }
}

/// The support agents.
extension Agent {
    private static let orderID = (name: "order_id", type: "integer", description: "The number on the order confirmation.")

    static let support = Agent(
        name: "support_agent", model: .gpt4o,
        instructions:
            "You are the customer support agent of Acme Home. Be warm, precise and short. Look the order up before you say anything about it. Never "
            + "promise a date the carrier has not given. Refunds above €200 need a colleague.",
        tools: [
            ToolDefinition(name: "lookup_order", description: "Fetch an order with its items and state.", parameters: [orderID]),
            ToolDefinition(name: "track_parcel", description: "Where a shipped order is now.", parameters: [orderID]),
            ToolDefinition(
                name: "search_help_center", description: "Search the help centre's articles.",
                parameters: [(name: "query", type: "string", description: "A few words.")]),
            ToolDefinition(
                name: "create_refund", description: "Start a refund.",
                parameters: [
                    orderID, (name: "amount", type: "number", description: "In euros."),
                    (name: "reason", type: "string", description: "Why."),
                ]),
            ToolDefinition(
                name: "check_stock", description: "Pieces of an article in stock.",
                parameters: [(name: "sku", type: "string", description: "Article number.")]),
            ToolDefinition(name: "list_payments", description: "Payments of an order.", parameters: [orderID]),
            ToolDefinition(
                name: "change_address", description: "Send an order somewhere else, while it is in preparation.",
                parameters: [orderID, (name: "address", type: "string", description: "Street, postcode and town.")]),
        ],
        temperature: 0.2)

    static let triage = Agent(
        name: "triage_agent", model: .acmeTriage,
        instructions:
            "Sort the customer's message into one of: delivery, fault, exchange, payment, account. Say how urgent it is from 1 to 5.",
        outputTool: ToolDefinition(
            name: "final_result", description: "The topic and urgency of a message.",
            parameters: [
                (name: "topic", type: "string", description: "One of the five topics."),
                (name: "urgency", type: "integer", description: "1 to 5."),
            ]),
        temperature: 0)

    static let writer = Agent(
        name: "writer_agent", model: .gpt5,
        instructions:
            "You draft e-mails for Acme Home's support team in the customer's language. Friendly, no jargon, at most 150 words. Sign as “Your Acme Home team”."
    )
}
