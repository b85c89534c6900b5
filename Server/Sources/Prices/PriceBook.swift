public import GenAI
public import GenAIPrices
import Synchronization

/// The prices in use: one version of the price data for the server, and every project's overrides. Changes hold for calls priced from
/// then on.
public final class PriceBook: CallPricing {
    private struct State {
        var data: PriceData
        var overrides: [Int32: [PreparedOverride]] = [:]
        var lists: [Int32: PriceList] = [:]
    }

    private let state: Mutex<State>

    public init(data: PriceData) { state = Mutex(State(data: data)) }

    /// A book of the embedded prices.
    public convenience init() throws(PriceDataError) { self.init(data: try PriceData.bundled()) }

    /// The version in use.
    public var data: PriceData { state.withLock { $0.data } }

    /// Uses another version.
    public func use(_ data: PriceData) {
        state.withLock { state in
            state.data = data
            state.lists = [:]
        }
    }

    /// Sets a project's overrides.
    ///
    /// - Throws: ``PriceOverrideError`` for the first that is not valid; nothing is changed then.
    public func set(_ overrides: [PriceOverride], project: Int32) throws(PriceOverrideError) {
        var prepared: [PreparedOverride] = []
        for override in overrides { prepared.append(try PreparedOverride(override)) }
        prepared.sort(by: PreparedOverride.precedes)
        state.withLock { state in
            state.overrides[project] = prepared
            state.lists[project] = nil
        }
    }

    /// Makes sure that an override is valid and gives every model it is about a complete set of prices.
    ///
    /// - Throws: ``PriceOverrideError``.
    func check(_ override: PriceOverride, project: Int32) throws(PriceOverrideError) {
        let prepared = try PreparedOverride(override)
        let list = list(project: project)
        let listed = prepared.isPrefix ? nil : try? list.data.find(CallOrigin(provider: prepared.provider, requestModel: prepared.model))
        let base = listed?.model.period(at: PriceTime(seconds: .max / 2)).prices ?? PriceSet()
        if let defect = PricePlan(base.replacing(with: prepared.prices)).defect {
            throw PriceOverrideError("prices: \(defect)")
        }
    }

    /// The prices of a project as they are now. A value to keep for a request.
    public func list(project: Int32) -> PriceList {
        state.withLock { state in
            if let list = state.lists[project] { return list }
            let list = PriceList(data: state.data, overrides: state.overrides[project] ?? [])
            state.lists[project] = list
            return list
        }
    }

    public func cost(of call: CallFacts, project: Int32) -> CallCost { list(project: project).cost(of: call) }
}
