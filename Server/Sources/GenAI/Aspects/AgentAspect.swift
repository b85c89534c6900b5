import TelemetryModel

/// The agent that a step belongs to or is a run of.
enum AgentAspect {
    static let sources: [Source] = [
        .attribute(.mappedAgentName), .attribute(.genAIAgentName), .attribute(.agentName), .attribute(.agentDotName),
    ]

    /// Names that mean the agent only where the record is a run.
    static let runs: [Source] = [.attribute(.traceloopEntityName), .attribute(.name)]

    static let fallbacks: [Source] = [
        .attribute(.graphNodeName), .attribute(.langsmithAgentName), .json(.metadata, ["lc_agent_name"]),
        .attribute(.aiTelemetryFunctionID),
    ]

    static func fill(_ step: inout GenAIStep, _ row: StepRow, _ batch: inout RecordBatch) {
        step.agentName = row.text(sources, &batch)
        if step.agentName.isEmpty, step.kind == .agentRun { step.agentName = row.text(runs, &batch) }
        if step.agentName.isEmpty { step.agentName = row.text(fallbacks, &batch) }
        // OpenInference calls a run's span like its agent.
        if step.agentName.isEmpty, step.kind == .agentRun, row.has(.openInferenceSpanKind) {
            step.agentName = batch.rows[row.index].spanName
        }
    }
}
