/// A question customers ask the help centre, with the articles that answer it.
struct HelpQuestion: Sendable {
    var question: String
    var articles: [String]
    var answer: String
    var followUp: String
    var followUpAnswer: String
}

extension HelpQuestion {
    static let all = [
        HelpQuestion(
            question: "How do refunds work when I paid with a gift card?",
            articles: [
                "Refunds: money goes back the way it came. A purchase paid with a gift card is refunded to a new gift card, which arrives by e-mail within one hour of the return being checked in.",
                "Gift cards: a gift card is valid for five years and can be used in several purchases. The balance is shown in your account under Payments.",
                "Returns: unused goods can be returned within 60 days. The label is free for members; others pay €4.95, taken from the refund.",
                "Split payments: when a gift card covered only part of the price, that part is refunded to a gift card first and the rest to the card or account used.",
            ],
            answer:
                "A purchase paid with a gift card is refunded to a new gift card, sent to your e-mail address within an hour after we have checked the "
                + "return. If the gift card covered only part of the price, that part goes to a gift card first and the rest to the card you used. The "
                + "new card is valid for five years and its balance is in your account under Payments.",
            followUp: "And who pays for the return label in that case?",
            followUpAnswer:
                "Members return for free. Otherwise the label costs €4.95, which we take from the refund, so you never pay it up front."),
        HelpQuestion(
            question: "Can I assemble the oak shelf without drilling into the wall?",
            articles: [
                "Oak shelf, assembly: the shelf stands on its own up to a height of 120 cm. Taller versions must be fixed to the wall with the two brackets in the box.",
                "Wall fixing: use the enclosed anchors for concrete and brick. For plasterboard buy cavity anchors rated for at least 15 kg each.",
                "Safety: furniture above 60 cm in homes with children under six must be anchored in any case; it can tip over when drawers are opened.",
            ],
            answer:
                "Up to a height of 120 cm you can: the shelf stands on its own. The taller versions must be fixed with the two brackets in the box. If "
                + "children under six live with you, please anchor it in any case, since a shelf above 60 cm can tip when it is climbed.",
            followUp: "My wall is plasterboard. Which anchors do I need?",
            followUpAnswer:
                "Cavity anchors rated for at least 15 kg each, two of them. The anchors in the box are made for concrete and brick only."),
        HelpQuestion(
            question: "Which lamps work with the smart hub, and do they keep their settings after a power cut?",
            articles: [
                "Smart hub: all lamps with the leaf symbol work with the hub. Older lamps with the sun symbol need the plug adapter, which can switch but not dim them.",
                "Power cuts: lamps remember brightness and colour. The hub restores schedules from its memory within two minutes of power returning.",
                "Pairing: hold the lamp within one metre of the hub and switch it on three times. The light blinks twice when it is paired.",
            ],
            answer:
                "All lamps with the leaf symbol work with the hub. Those with the sun symbol need the plug adapter, which can switch them but not dim "
                + "them. After a power cut the lamps remember brightness and colour, and the hub restores your schedules within two minutes.",
            followUp: "How do I pair a lamp that hangs from a high ceiling?",
            followUpAnswer:
                "Pair it before you hang it up: it has to be within one metre of the hub once. Switch it on three times until it blinks twice, then "
                + "mount it; the connection reaches about ten metres afterwards."),
        HelpQuestion(
            question: "What happens to my membership points when I move abroad?",
            articles: [
                "Points: points belong to the country of the shop where they were earned. They can be moved once when you change the country of your account.",
                "Moving: change your country under Account, Region. Points are converted at the current exchange rate and rounded down to whole points.",
                "Expiry: points expire two years after the last purchase. Moving them counts as activity and starts the two years again.",
            ],
            answer:
                "You can take them with you once. Change the country of your account under Account, Region; the points are converted at the current "
                + "exchange rate and rounded down. Moving counts as activity, so the two years until they expire start again.",
            followUp: "Can I move them back when I return next year?",
            followUpAnswer: "No, points can be moved only once. Points you earn abroad after the move stay there until you have spent them."
        ),
    ]

    static let instructions =
        "Answer from the passages only. If they do not contain the answer, say so and point to the contact form. Name the article you used when it helps. "
        + "Two or three sentences."
}
