"""The figures of `fixtures/otlp/expected.json`, taken from a server through SQL, in the same shape."""

from collections import defaultdict
from typing import Any

from .query import rows, value
from .server import Server

CALL_FIGURES = (
    'calls', 'errors', 'input_tokens', 'output_tokens', 'cache_read_tokens', 'cache_write_tokens', 'reasoning_tokens',
    'truncated', 'tool_calls', 'with_cost', 'cost',
)  # fmt: skip

CALLS = """
SELECT coalesce(provider, '(unknown)') || ' / ' || coalesce(model, '(unknown)') AS name,
       count(*) AS calls,
       count(*) FILTER (WHERE is_error) AS errors,
       coalesce(sum(input_tokens), 0) AS input_tokens,
       coalesce(sum(output_tokens), 0) AS output_tokens,
       coalesce(sum(cache_read_tokens), 0) AS cache_read_tokens,
       coalesce(sum(cache_write_tokens), 0) AS cache_write_tokens,
       coalesce(sum(reasoning_tokens), 0) AS reasoning_tokens,
       count(*) FILTER (WHERE is_truncated) AS truncated,
       count(*) FILTER (WHERE has_tool_calls) AS tool_calls,
       count(*) FILTER (WHERE attributes->>'operation.cost' IS NOT NULL) AS with_cost,
       coalesce(sum(cost) FILTER (WHERE attributes->>'operation.cost' IS NOT NULL), 0) AS cost
FROM llm_calls GROUP BY 1
"""

METRICS = """
SELECT metric_name, metric_type, unit, service_instance_id, attributes, recorded_timestamp, scalar_value, histogram_count, histogram_sum
FROM metrics
"""

SERVICES = 'SELECT service_name AS name FROM records UNION SELECT service_name FROM metrics'

MISSING_PARENTS = """
SELECT count(*) AS n FROM records r
WHERE kind <> 'span_event' AND parent_span_id IS NOT NULL
AND NOT EXISTS (SELECT 1 FROM records p WHERE p.trace_id = r.trace_id AND p.span_id = r.parent_span_id)
"""

CONVERSATIONS = """
SELECT conversation_id AS id FROM agent_runs WHERE conversation_id IS NOT NULL
UNION SELECT conversation_id FROM llm_calls WHERE conversation_id IS NOT NULL
UNION SELECT conversation_id FROM tool_calls WHERE conversation_id IS NOT NULL
"""


def measured(server: Server) -> dict[str, Any]:
    """Everything that `wanted` lists, from the server."""
    not_events = "FROM records WHERE kind <> 'span_event'"

    def count(condition: str = 'true') -> int:
        return value(server, f'SELECT count(*) AS n {not_events} AND ({condition})')

    def histogram(expression: str, condition: str = 'true') -> dict[str, int]:
        sql = f'SELECT {expression} AS name, count(*) AS n {not_events} AND ({condition}) GROUP BY 1'
        return {row['name']: row['n'] for row in rows(server, sql)}

    return {
        'services': sorted(row['name'] for row in rows(server, SERVICES)),
        'records': count(),
        'spans': count("kind = 'span'"),
        'logs': count("kind = 'log'"),
        'pending': value(server, "SELECT count(*) AS n FROM records WHERE kind = 'pending_span'"),
        'traces': value(server, f'SELECT count(DISTINCT trace_id) AS n {not_events}'),
        'root_spans': count("kind = 'span' AND parent_span_id IS NULL"),
        'error_status_spans': count("otel_status_code = 'ERROR'"),
        'exception_records': count('is_exception'),
        'span_events': value(server, f"SELECT coalesce(sum(json_length(otel_events)), 0) AS n {not_events}"),
        'span_links': value(server, f"SELECT coalesce(sum(json_length(otel_links)), 0) AS n {not_events}"),
        'missing_parents': value(server, MISSING_PARENTS),
        'scopes': histogram('otel_scope_name'),
        'span_names': histogram('span_name', "kind = 'span' OR attributes->>'logfire.span_type' = 'log'"),
        'metrics': metrics(rows(server, METRICS)),
        'llm': {row.pop('name'): row for row in rows(server, CALLS)},
        'agents': {
            row['agent_name']: {'runs': row['runs'], 'errors': row['errors']}
            for row in rows(server, 'SELECT agent_name, count(*) AS runs, count(*) FILTER (WHERE is_error) AS errors FROM agent_runs GROUP BY 1')
        },
        'tool_runs': {row['name']: row['n'] for row in rows(server, 'SELECT tool_name AS name, count(*) AS n FROM tool_calls GROUP BY 1')},
        'conversations': sorted(row['id'] for row in rows(server, CONVERSATIONS)),
    }


def metrics(points: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    by_name = defaultdict(list)
    for point in points:
        by_name[point['metric_name']].append(point)
    return {name: {'type': group[0]['metric_type'], 'unit': group[0]['unit'] or '', 'points': len(group)} | totals(group) for name, group in by_name.items()}


def totals(points: list[dict[str, Any]]) -> dict[str, Any]:
    """Series, and both ways to add them up: every point, and the last point of each series."""
    series = defaultdict(list)
    for point in sorted(points, key=lambda point: point['recorded_timestamp']):
        series[point['service_instance_id'], repr(point['attributes'])].append(point)

    def total(chosen: list[dict[str, Any]]) -> float:
        return sum((point['histogram_sum'] if point['scalar_value'] is None else point['scalar_value']) or 0 for point in chosen)

    last = [group[-1] for group in series.values()]
    return {
        'series': len(series),
        'sum_of_all': total(points),
        'sum_of_last': total(last),
        'count_of_all': sum(point['histogram_count'] or 0 for point in points),
        'count_of_last': sum(point['histogram_count'] or 0 for point in last),
    }


def wanted(expected: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """The expected figures in the shape of `measured`; a metric's total is looked up the way its temporality asks for."""
    figures = {
        'services': sorted(expected['services']),
        'records': expected['records'],
        'spans': expected['spans'],
        'logs': expected['logs_as_spans'] + expected['otlp_log_records'],
        'pending': 0,
        'span_names': expected['span_names'],
        'metrics': {name: wanted_metric(metric, answer['metrics'].get(name)) for name, metric in expected['metrics'].items()},
        'conversations': sorted(expected['conversations']),
    }
    same = ('span_events', 'span_links', 'missing_parents', 'traces', 'root_spans', 'error_status_spans', 'exception_records', 'scopes', 'llm', 'agents', 'tool_runs')
    return figures | {key: expected[key] for key in same}


def wanted_metric(expected: dict[str, Any], answer: dict[str, Any] | None) -> dict[str, Any]:
    way = 'all' if expected.get('temporality') == 'delta' else 'last'
    figures = dict(answer or {}) | {key: expected[key] for key in ('type', 'unit', 'points', 'series')}
    if 'total' in expected:
        figures[f'sum_of_{way}'] = expected['total']
    if 'count' in expected:
        figures[f'count_of_{way}'] = expected['count']
    return figures
