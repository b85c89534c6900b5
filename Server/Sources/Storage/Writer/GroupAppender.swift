import DuckDBKit
import GenAI
import TelemetryModel

/// Appends everything that is new in a group.
enum GroupAppender {
    static func append(_ plan: GroupPlan, _ decisions: GroupDecisions, _ group: [PendingWrite], _ sequence: Int64, _ tables: OpenTables)
        throws(DuckDBError)
    {
        for entry in plan.resources {
            let batch = group[entry.batch].batch
            guard let resource = (entry.ofMetrics ? batch.metrics?.resources : batch.records?.resources)?[entry.index] else { continue }
            try ResourceTable.append(resource, project: batch.project.value, sequence: sequence, to: &tables.resource)
        }
        for entry in plan.scopes {
            let batch = group[entry.batch].batch
            guard let scope = (entry.ofMetrics ? batch.metrics?.scopes : batch.records?.scopes)?[entry.index] else { continue }
            try ScopeTable.append(scope, project: batch.project.value, sequence: sequence, to: &tables.scope)
        }
        for (position, planned) in plan.batches.enumerated() {
            let batch = group[planned.index].batch
            let project = batch.project.value
            if let records = batch.records, !planned.rows.isEmpty {
                try SpanTable.append(records, rows: planned.rows, project: project, sequence: sequence, to: &tables.span)
                if !planned.steps.isEmpty {
                    try StepTable.append(
                        records,
                        steps: batch.steps,
                        kept: planned.steps,
                        outcomes: decisions.outcomes[position],
                        project: project,
                        sequence: sequence,
                        to: &tables.step
                    )
                }
            }
            if let metrics = batch.metrics, !planned.points.isEmpty {
                try MetricTable.append(metrics, points: planned.points, project: project, sequence: sequence, to: &tables.metricPoint)
            }
        }
        try DecisionTable.append(decisions.rows, sequence: sequence, to: &tables.stepDecision)
    }
}
