import Testing

@testable import Retention

@Suite struct RetentionPlanTests {
    private let errors = KeepRule(name: "errors", condition: .error, days: 30)
    private let forever = KeepRule(name: "checkout", condition: .service, value: "checkout")

    private func day(_ day: Int32, project: Int32 = 1, bytes: Int64 = 100, keptBy: [KeepRule]? = nil, new: Bool = false) -> RetentionDay {
        RetentionDay(project: project, day: day, bytes: bytes, keptBy: keptBy.map { Set($0.map(\.identity)) }, hasNewRows: new)
    }

    private func next(
        _ settings: RetentionSettings, _ days: [RetentionDay], limits: RetentionLimits = RetentionLimits(), total: Int64 = 0
    ) -> RetentionAction? {
        RetentionPlan(limits: limits, projects: [1: settings], today: 100).next(days, totalBytes: total)
    }

    private func action(
        _ day: Int32, _ reason: RetentionReason, _ rules: [Int] = [], project: Int32 = 1, dropsKept: Bool = false
    ) -> RetentionAction { RetentionAction(project: project, day: day, reason: reason, rules: rules, dropsKept: dropsKept) }

    /// Every action in turn, each carried out on the model: a cut leaves a tenth.
    private func all(_ plan: RetentionPlan, _ days: [RetentionDay], total: Int64? = nil) -> [RetentionAction] {
        var (days, actions) = (days, [RetentionAction]())
        while let action = plan.next(days, totalBytes: total.map { $0 + days.reduce(0) { $0 + $1.bytes } } ?? 0) {
            actions.append(action)
            guard let index = days.firstIndex(where: { $0.project == action.project && $0.day == action.day }) else { return actions }
            if action.rules.isEmpty {
                days.remove(at: index)
            } else {
                let rules = plan.projects[action.project]?.rules ?? []
                days[index].bytes /= 10
                days[index].keptBy = Set(action.rules.map { rules[$0].identity })
                days[index].hasNewRows = false
            }
            #expect(actions.count <= 1_000, "the plan must come to an end")
            if actions.count > 1_000 { return actions }
        }
        return actions
    }

    @Test func nothingIsLimited() {
        #expect(next(RetentionSettings(), [day(-400), day(100)]) == nil)
        // Rules alone remove nothing.
        #expect(next(RetentionSettings(rules: [errors]), [day(0)]) == nil)
        #expect(next(RetentionSettings(days: 0), []) == nil)
    }

    @Test func daysAreCountedBesideThePresentOne() {
        #expect(next(RetentionSettings(days: 0), [day(100)]) == nil)
        #expect(next(RetentionSettings(days: 0), [day(99)]) == action(99, .age))
        #expect(next(RetentionSettings(days: 3), [day(97)]) == nil)
        #expect(next(RetentionSettings(days: 3), [day(96)]) == action(96, .age))
        // What is said to be of the future is not old.
        #expect(next(RetentionSettings(days: 0), [day(120)]) == nil)
        #expect(next(RetentionSettings(days: 3), [day(-5), day(96)]) == action(-5, .age))
    }

    @Test func rulesKeepAsLongAsTheySay() {
        let settings = RetentionSettings(days: 3, rules: [errors, forever])
        #expect(next(settings, [day(97)]) == nil)
        #expect(next(settings, [day(90)]) == action(90, .age, [0, 1]))
        #expect(next(settings, [day(70)]) == action(70, .age, [0, 1]))
        #expect(next(settings, [day(69)]) == action(69, .age, [1]))
        // Cut already.
        #expect(next(settings, [day(90, keptBy: [errors, forever])]) == nil)
        #expect(next(settings, [day(90, keptBy: [forever])]) == nil)
        // What the one kept goes when it ends.
        #expect(next(settings, [day(69, keptBy: [errors, forever])]) == action(69, .age, [1]))
        #expect(next(settings, [day(69, keptBy: [errors])]) == action(69, .age, [1]))
        // Late records were not looked at.
        #expect(next(settings, [day(90, keptBy: [errors, forever], new: true)]) == action(90, .age, [0, 1]))
        // All rules have ended.
        #expect(next(RetentionSettings(days: 3, rules: [errors]), [day(60, keptBy: [errors])]) == action(60, .age))
    }

    /// A rule that keeps less long than everything is kept changes nothing.
    @Test func shortRules() {
        let short = KeepRule(name: "short", condition: .error, days: 2)
        #expect(next(RetentionSettings(days: 5, rules: [short]), [day(96)]) == nil)
        #expect(next(RetentionSettings(days: 5, rules: [short]), [day(94)]) == action(94, .age))
    }

    /// A day that was cut for want of room keeps what came later, until a rule ends.
    @Test func daysThatWereCutForSize() {
        let settings = RetentionSettings(bytes: 1_000, rules: [errors])
        #expect(next(settings, [day(90, keptBy: [errors])]) == nil)
        #expect(next(settings, [day(90, keptBy: [errors], new: true)]) == nil)
        #expect(next(settings, [day(69, keptBy: [errors])]) == action(69, .age))
        // Without any limit nothing is removed.
        #expect(next(RetentionSettings(rules: [errors]), [day(69, keptBy: [errors])]) == nil)
        // The rule was deleted or changed.
        #expect(next(RetentionSettings(bytes: 1_000), [day(90, keptBy: [errors])]) == action(90, .age))
        #expect(next(RetentionSettings(bytes: 1_000, rules: [forever]), [day(90, keptBy: [errors])]) == action(90, .age, [0]))
        // Only its name or its days were.
        let renamed = KeepRule(name: "failures", condition: .error)
        #expect(next(RetentionSettings(bytes: 1_000, rules: [renamed]), [day(60, keptBy: [errors])]) == nil)
    }

    @Test func theServersDaysAreAnEnd() {
        let limits = RetentionLimits(days: 10)
        #expect(next(RetentionSettings(), [day(90)], limits: limits) == nil)
        #expect(next(RetentionSettings(), [day(89)], limits: limits) == action(89, .age))
        #expect(next(RetentionSettings(days: 50), [day(89)], limits: limits) == action(89, .age))
        #expect(next(RetentionSettings(days: 3, rules: [errors]), [day(90)], limits: limits) == action(90, .age, [0]))
        #expect(next(RetentionSettings(days: 3, rules: [forever]), [day(89)], limits: limits) == action(89, .age))
        // A project without settings.
        #expect(
            RetentionPlan(limits: limits, projects: [:], today: 100).next([day(89, project: 7)], totalBytes: 0)
                == action(89, .age, project: 7))
    }

    @Test func sizeTakesTheOldestFirst() {
        let plan = RetentionPlan(limits: RetentionLimits(), projects: [1: RetentionSettings(bytes: 250)], today: 100)
        let days = [day(98), day(96), day(97), day(99), day(50, project: 2)]
        #expect(all(plan, days) == [action(96, .size), action(97, .size)])
        // Down to 95 %.
        #expect(next(RetentionSettings(bytes: 400), [day(97), day(98), day(99), day(96)]) == action(96, .size))
        #expect(next(RetentionSettings(bytes: 422), [day(97), day(98), day(99), day(96)]) == nil)
    }

    @Test func keptRecordsGoLastAndThePresentDayAfterThem() {
        var plan = RetentionPlan(limits: RetentionLimits(), projects: [1: RetentionSettings(bytes: 150, rules: [errors])], today: 100)
        let days = [day(98), day(99), day(100)]
        #expect(all(plan, days) == [action(98, .size, [0]), action(99, .size, [0])])
        plan.projects[1]?.bytes = 110
        #expect(
            all(plan, days)
                == [action(98, .size, [0]), action(99, .size, [0]), action(98, .size, dropsKept: true), action(99, .size, dropsKept: true)])
        plan.projects[1]?.bytes = 50
        #expect(
            all(plan, days) == [
                action(98, .size, [0]), action(99, .size, [0]), action(98, .size, dropsKept: true), action(99, .size, dropsKept: true),
                action(100, .size, [0]),
            ])
        plan.projects[1]?.bytes = 5
        #expect(all(plan, days).last == action(100, .size, dropsKept: true))
        // Ages come first.
        plan.projects[1] = RetentionSettings(days: 1, bytes: 150, rules: [errors])
        #expect(all(plan, days) == [action(98, .age, [0]), action(99, .size, [0])])
    }

    @Test func theBudgetGoesOverAllProjects() {
        let projects: [Int32: RetentionSettings] = [1: RetentionSettings(rules: [errors]), 2: RetentionSettings()]
        let plan = RetentionPlan(limits: RetentionLimits(diskBudgetBytes: 400), projects: projects, today: 100)
        let days = [day(98), day(98, project: 2), day(97), day(99, project: 2), day(99, project: 3)]
        #expect(
            all(plan, days, total: 50) == [action(97, .diskBudget, [0]), action(98, .diskBudget, [0])])
        #expect(
            all(plan, days, total: 100) == [
                action(97, .diskBudget, [0]), action(98, .diskBudget, [0]), action(98, .diskBudget, project: 2),
            ])
        // What is not in segments is never enough: everything goes, and then nothing more is asked for.
        let every = all(plan, days, total: 1_000)
        #expect(every.count == 7 && Set(every.map(\.project)) == [1, 2, 3])
    }

    /// Whatever is stored and set: the plan ends, respects what is in force, and leaves less than the limit or nothing.
    @Test func everyCombination() {
        let rules = [errors, forever, KeepRule(name: "week", condition: .level, days: 7, level: "warn")]
        for setDays in [nil, 0, 3, 40] as [Int?] {
            for bytes in [nil, 5, 150, 1_000] as [Int64?] {
                for mask in 0..<8 {
                    let chosen = (0..<3).filter { mask & (1 << $0) != 0 }.map { rules[$0] }
                    for server in [RetentionLimits(), RetentionLimits(days: 20), RetentionLimits(diskBudgetBytes: 300)] {
                        let plan = RetentionPlan(
                            limits: server, projects: [1: RetentionSettings(days: setDays, bytes: bytes, rules: chosen)], today: 100)
                        let days = [40, 65, 79, 90, 94, 99, 100, 101].map { day($0) }
                        let actions = all(plan, days, total: 0)
                        for action in actions where action.reason == .age {
                            let age = 100 - Int(action.day)
                            #expect(age > min(setDays ?? .max, server.days ?? .max))
                            for index in action.rules { #expect(chosen[index].isInForce(age: age)) }
                            #expect(action.rules.isEmpty || age <= server.days ?? .max)
                        }
                        if setDays == nil, bytes == nil, server.isUnlimited { #expect(actions.isEmpty) }
                        #expect(actions.allSatisfy { !$0.dropsKept || $0.reason != .age })
                    }
                }
            }
        }
    }
}
