"""The Swift SDK's metrics and its ways of carrying a trace: examples against the built server and a second receiver (acceptance F)."""

import json
import math
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.metrics.v1.metrics_pb2 import AggregationTemporality, Metric

from harness.otlp_receiver import Receiver
from harness.query import rows as rows_of
from harness.server import Server
from harness.swift import run, swift_program

DELTA = AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA
CUMULATIVE = AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE


@pytest.fixture(scope='module')
def examples() -> Path:
    """The folder of the example programs, built beside the SDK's own build."""
    return swift_program('CustomMetrics').parent


def attributes(point: Any) -> dict[str, Any]:
    return {a.key: getattr(a.value, a.value.WhichOneof('value')) for a in point.attributes}


def metrics_of(receiver: Receiver) -> dict[str, list[tuple[str, Metric]]]:
    """All metrics by name, in the order they came, with the scope of each."""
    result: dict[str, list[tuple[str, Metric]]] = defaultdict(list)
    for body in receiver.metrics:
        for resource in body.resource_metrics:
            for scope in resource.scope_metrics:
                for metric in scope.metrics:
                    result[metric.name].append((scope.scope.name, metric))
    return result


def test_custom_metrics_are_rows_of_the_table(examples: Path, shared_server: Server, tmp_path: Path) -> None:
    run(examples / 'CustomMetrics', shared_server, folder=tmp_path, LOGFIRE_SERVICE_NAME='swift-metrics')
    rows = rows_of(
        shared_server,
        'SELECT metric_name, metric_type, unit, metric_description, aggregation_temporality, is_monotonic, scalar_value, histogram_count, '
        'histogram_sum, histogram_min, histogram_max, exp_histogram_scale, exp_histogram_positive_bucket_counts, '
        'exp_histogram_positive_bucket_counts_offset, attributes, otel_scope_name, start_timestamp, recorded_timestamp '
        "FROM metrics WHERE service_name = 'swift-metrics' ORDER BY recorded_timestamp"
    )
    named: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        named[row['metric_name']].append(row)

    latency = named['agent.response_latency']
    # Three requests before the flush, one at the end of the process.
    assert [row['histogram_count'] for row in latency] == [3, 1]
    for row in latency:
        assert row['metric_type'] == 'exponential_histogram'
        assert row['unit'] == 'ms'
        assert row['metric_description'] == 'End-to-end agent response time'
        assert row['aggregation_temporality'] == 'DELTA'
        assert row['otel_scope_name'] == 'hearth'
        assert 40 <= row['histogram_min'] <= row['histogram_max'] < 5000
        counts = row['exp_histogram_positive_bucket_counts']
        assert sum(counts) == row['histogram_count']
        base = 2 ** (2 ** -row['exp_histogram_scale'])
        offset = row['exp_histogram_positive_bucket_counts_offset']
        assert base**offset * 0.999999 <= row['histogram_min'] <= base ** (offset + 1) * 1.000001
    # Intervals follow upon each other.
    assert latency[0]['recorded_timestamp'] == latency[1]['start_timestamp']

    calls = {(json.dumps(row['attributes']), n): row for n, row in enumerate(named['agent.tool_calls'])}
    assert sum(row['scalar_value'] for row in named['agent.tool_calls'] if not row['attributes']) == 12
    assert sum(row['scalar_value'] for row in named['agent.tool_calls'] if row['attributes'] == {'tool': 'search'}) == 4
    assert all(row['is_monotonic'] and row['metric_type'] == 'sum' and row['aggregation_temporality'] == 'DELTA' for row in calls.values())
    assert {row['scalar_value'] for row in named['agent.open_requests']} == {0}
    assert {row['aggregation_temporality'] for row in named['agent.open_requests']} == {'CUMULATIVE'}
    assert not any(row['is_monotonic'] for row in named['agent.open_requests'])
    assert {row['metric_type'] for row in named['agent.confidence']} == {'gauge'}
    assert {row['scalar_value'] for row in named['agent.confidence']} == {0.75}
    assert {(row['scalar_value'], row['attributes']['queue']) for row in named['agent.queue_length']} == {(3, 'incoming')}
    tokens = named['gen_ai.client.token.usage']
    by_type = defaultdict(int)
    for row in tokens:
        by_type[row['attributes']['gen_ai.token.type']] += row['histogram_sum']
    assert by_type == {'input': 4 * 240, 'output': 4 * 60}
    assert math.isclose(sum(row['scalar_value'] for row in named['operation.cost']), 8 * 0.00045)

    # The machine and the process.
    for name in ('process.cpu.utilization', 'system.memory.utilization', 'system.process.count', 'system.cpu.load_average.1m',
                 'process.memory.usage', 'process.thread.count', 'process.open_file_descriptor.count', 'system.cpu.time'):
        assert named[name], name
        assert {row['otel_scope_name'] for row in named[name]} == {'hearth.system_metrics'}
    assert all(row['scalar_value'] > 1_000_000 for row in named['process.memory.usage'])
    # The SDK itself.
    processed = [row for row in named['otel.sdk.processor.span.processed'] if 'error.type' not in row['attributes']]
    spans = rows_of(shared_server, "SELECT count(*) AS n FROM records WHERE service_name = 'swift-metrics'")[0]['n']
    assert sum(row['scalar_value'] for row in processed) == spans == 12
    exported = [row for row in named['otel.sdk.exporter.span.exported'] if 'error.type' not in row['attributes']]
    assert exported and exported[0]['attributes']['otel.component.type'] == 'otlp_http_exporter'


def test_totals_are_summed_on_the_spans_around(examples: Path, shared_server: Server, tmp_path: Path) -> None:
    run(examples / 'CustomMetrics', shared_server, folder=tmp_path, LOGFIRE_SERVICE_NAME='swift-totals')
    rows = rows_of(shared_server, "SELECT span_name, attributes FROM records WHERE service_name = 'swift-totals'")
    runs = [row['attributes']['logfire.metrics'] for row in rows if row['span_name'] == 'agent run']
    chats = [row['attributes']['logfire.metrics'] for row in rows if row['span_name'] == 'chat {model}']
    assert len(runs) == 4 and len(chats) == 8
    for found, calls in ((runs, 2), (chats, 1)):
        for text in found:
            totals = json.loads(text) if isinstance(text, str) else text
            model = {'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-5-mini'}
            assert totals['gen_ai.client.token.usage'] == {
                'details': [
                    {'attributes': model | {'gen_ai.token.type': 'input'}, 'total': 120 * calls},
                    {'attributes': model | {'gen_ai.token.type': 'output'}, 'total': 30 * calls},
                ],
                'total': 150 * calls,
            }
            assert math.isclose(totals['operation.cost']['total'], 0.00045 * calls)
            assert set(totals) == {'gen_ai.client.token.usage', 'operation.cost'}


def test_a_second_receiver_reads_the_same_metrics(examples: Path, tmp_path: Path) -> None:
    with Receiver() as receiver:
        run(examples / 'CustomMetrics', receiver, folder=tmp_path, LOGFIRE_SERVICE_NAME='agents')  # type: ignore[arg-type]
        resource = {a.key: a.value.string_value for a in receiver.metrics[0].resource_metrics[0].resource.attributes}
        assert resource['service.name'] == 'agents'
        metrics = metrics_of(receiver)
        scope, latency = metrics['agent.response_latency'][0]
        assert scope == 'hearth'
        assert latency.exponential_histogram.aggregation_temporality == DELTA
        (point,) = latency.exponential_histogram.data_points
        assert point.count == 3 == sum(point.positive.bucket_counts)
        assert 0 < point.start_time_unix_nano < point.time_unix_nano
        # Tokens were recorded inside of spans, so the points name some of them.
        spans = {span.span_id: span for span in receiver.spans}
        exemplars = [e for _, m in metrics['gen_ai.client.token.usage'] for p in m.exponential_histogram.data_points for e in p.exemplars]
        assert exemplars
        for exemplar in exemplars:
            span = spans[exemplar.span_id]
            assert span.name == 'chat {model}' and span.trace_id == exemplar.trace_id
            assert span.start_time_unix_nano <= exemplar.time_unix_nano <= span.end_time_unix_nano
            assert exemplar.as_int in (120, 30)
        _, calls = metrics['agent.tool_calls'][0]
        assert calls.sum.is_monotonic and calls.sum.aggregation_temporality == DELTA
        assert {json.dumps(attributes(p)): p.as_int for p in calls.sum.data_points} == {'{}': 9, '{"tool": "search"}': 3}
        _, gauge = metrics['agent.confidence'][0]
        assert gauge.gauge.data_points[0].as_double == 0.75
        # Scopes stand once in each request.
        for body in receiver.metrics:
            for found in body.resource_metrics:
                names = [s.scope.name for s in found.scope_metrics]
                assert len(names) == len(set(names))


def test_cumulative_and_explicit_buckets_by_choice(examples: Path, tmp_path: Path) -> None:
    with Receiver() as receiver:
        run(
            examples / 'CustomMetrics', receiver, folder=tmp_path,  # type: ignore[arg-type]
            OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE='cumulative',
            OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION='explicit_bucket_histogram',
            OTEL_METRICS_EXEMPLAR_FILTER='always_off',
        )
        metrics = metrics_of(receiver)
        points = [m.histogram.data_points[0] for _, m in metrics['agent.response_latency']]
        assert [p.count for p in points][:2] == [3, 4]
        assert points[0].start_time_unix_nano == points[1].start_time_unix_nano
        assert all(m.histogram.aggregation_temporality == CUMULATIVE for _, m in metrics['agent.response_latency'])
        assert list(points[0].explicit_bounds) == [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000]
        assert len(points[0].bucket_counts) == 16 and sum(points[0].bucket_counts) == 3
        assert not points[0].exemplars
        # Bounds of the instrument itself.
        assert list(metrics['agent.answer_size'][0][1].histogram.data_points[0].explicit_bounds) == [10, 100, 1000]
        sums = [{json.dumps(attributes(p)): p.as_int for p in m.sum.data_points} for _, m in metrics['agent.tool_calls']]
        assert sums[:2] == [{'{}': 9, '{"tool": "search"}': 3}, {'{}': 12, '{"tool": "search"}': 4}]
    with Receiver() as receiver:
        run(examples / 'CustomMetrics', receiver, folder=tmp_path, OTEL_METRICS_EXPORTER='none')  # type: ignore[arg-type]
        assert not receiver.metrics
        assert receiver.spans


def test_refused_metrics_are_repeated_and_destinations_do_not_wait_for_each_other(examples: Path, tmp_path: Path) -> None:
    with Receiver(metric_statuses=(503, 429)) as receiver, Receiver() as second:
        run(
            examples / 'CustomMetrics', receiver, folder=tmp_path,  # type: ignore[arg-type]
            OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=f'{second.url}/v1/metrics',
        )
        assert receiver.metric_answers[:2] == [503, 429]
        for found in (receiver, second):
            # Nothing lost, nothing twice.
            sums = [p.as_int for _, m in metrics_of(found)['agent.tool_calls'] for p in m.sum.data_points]
            assert sum(sums) == 16
    # A program ends also where there is nobody, and says so once.
    class Nowhere:
        url = 'http://127.0.0.1:9'

    result = run(examples / 'CustomMetrics', Nowhere(), folder=tmp_path)  # type: ignore[arg-type]
    assert result.stderr.count('could not send to') == 1


def test_one_trace_over_queues_threads_tasks_and_processes(examples: Path, shared_server: Server, tmp_path: Path) -> None:
    run(examples / 'Propagation', shared_server, folder=tmp_path, LOGFIRE_SERVICE_NAME='swift-propagation')
    rows = rows_of(
        shared_server,
        'SELECT span_name, message, kind, trace_id, span_id, parent_span_id, attributes, process_pid, otel_links '
        "FROM records WHERE service_name = 'swift-propagation' ORDER BY start_timestamp"
    )
    by_name: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        by_name[row['span_name']].append(row)

    def only(name: str) -> dict[str, Any]:
        (row,) = by_name[name]
        return row

    root = only('everything')
    settle = only('settle {task}')
    assert {row['trace_id'] for row in rows if row['span_id'] != settle['span_id']} == {root['trace_id']}
    assert only('dispatch_task')['parent_span_id'] == root['span_id']
    # Manual propagation: the consumer stands outside of the trace and continues it.
    assert only('processing task')['parent_span_id'] == only('dispatch_task')['span_id']
    # Pool work: all four are children of the one that sent them off.
    batch = only('batch_analysis')
    analyses = by_name['Analyzing {symbol}']
    assert {row['message'] for row in analyses} == {f'Analyzing {symbol}' for symbol in ('AAPL', 'MSFT', 'GOOG', 'AMZN')}
    assert {row['parent_span_id'] for row in analyses} == {batch['span_id']}
    assert only('on a queue')['parent_span_id'] == batch['span_id']
    detached = only('detached_work')
    assert {row['parent_span_id'] for row in by_name['worker {n}'] + by_name['detached']} == {detached['span_id']}
    assert len(by_name['worker {n}']) == 2
    # The child process continues the trace with its baggage.
    child = only('work of the child')
    assert child['parent_span_id'] == only('start child')['span_id']
    assert child['attributes']['tenant'] == 'acme'
    assert child['process_pid'] != root['process_pid']
    assert only('inside of the child')['parent_span_id'] == child['span_id']
    # A link, not a parent.
    assert settle['trace_id'] != root['trace_id'] and settle['parent_span_id'] is None
    links = settle['otel_links'] if isinstance(settle['otel_links'], list) else json.loads(settle['otel_links'])
    assert only('dispatch_task')['span_id'] in json.dumps(links)
