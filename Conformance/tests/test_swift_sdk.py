"""The Swift SDK: an example program against the built server, asserted through the query API (acceptance F)."""

import json
import os
import subprocess
import time
from pathlib import Path

import pytest

from harness.otlp_receiver import Receiver
from harness.query import rows as rows_of
from harness.server import Server
from harness.swift import run, swift_program


@pytest.fixture(scope='module')
def program() -> Path:
    return swift_program('Quickstart')


def test_F1_spans_logs_and_errors(program: Path, shared_server: Server, tmp_path: Path) -> None:
    run(program, shared_server, folder=tmp_path, LOGFIRE_SERVICE_NAME='order-service', LOGFIRE_ENVIRONMENT='test')
    rows = rows_of(
        shared_server,
        "SELECT span_name, message, kind, level, tags, span_id, parent_span_id, trace_id, attributes, is_exception, exception_type, "
        "exception_message, exception_stacktrace, otel_status_code, otel_status_message, otel_scope_name, deployment_environment, "
        "otel_resource_attributes, duration FROM records WHERE service_name = 'order-service' ORDER BY start_timestamp"
    )
    by_message = {row['message']: row for row in rows}
    root = by_message['order done']
    assert root['span_name'] == 'order of {count} items'
    assert root['parent_span_id'] is None
    assert root['tags'] == ['shop']
    assert root['level'] == 9
    assert root['otel_scope_name'] == 'hearth'
    assert root['deployment_environment'] == 'test'
    assert root['attributes']['count'] == 2
    assert root['attributes']['items'] == ['tea', 'cake']
    assert root['attributes']['logfire.msg_template'] == 'order of {count} items'
    assert root['attributes']['code.filepath'] == 'Quickstart/main.swift'
    assert root['attributes']['code.function'] == 'order()'
    assert root['attributes']['code.lineno'] > 1
    assert len({row['trace_id'] for row in rows}) == 1
    # The first 12 digits of a trace id are milliseconds.
    assert abs(int(root['trace_id'][:12], 16) / 1000 - time.time()) < 300

    tea = by_message['take tea']
    assert tea['parent_span_id'] == root['span_id']
    assert tea['attributes']['left'] == 1
    assert tea['otel_status_code'] in (None, 'UNSET')
    cake = by_message['take cake']
    assert cake['level'] == 17
    assert cake['is_exception']
    assert cake['exception_type'] == 'Quickstart.OutOfStock'
    assert cake['exception_message'] == 'no cake left'
    assert cake['exception_stacktrace'].startswith('Quickstart.OutOfStock: no cake left\n    at take(_:) (Quickstart/main.swift:')
    assert 'order()' in cake['exception_stacktrace']
    assert cake['otel_status_code'] == 'ERROR'
    assert cake['otel_status_message'] == 'Quickstart.OutOfStock: no cake left'

    levels = {row['message']: row['level'] for row in rows if row['kind'] == 'log'}
    assert levels == {
        'looking up Ada': 5,
        'tea taken, left=1': 9,
        'the oven is at 181.5 degrees': 13,
        'payment refused': 17,
    }
    oven = by_message['the oven is at 181.5 degrees']
    assert oven['tags'] == ['slow']
    assert oven['parent_span_id'] == root['span_id']
    assert oven['duration'] is None
    payment = by_message['payment refused']
    assert payment['attributes']['card'] == {'kind': 'debit'}
    assert payment['attributes']['password'] == "[Scrubbed due to 'password']"
    assert payment['otel_status_code'] == 'ERROR'
    assert {row['message'] for row in rows if row['span_name'] == 'bake on {worker}'} == {'bake on 0', 'bake on 1', 'bake on 2'}
    assert all(row['parent_span_id'] == root['span_id'] for row in rows if row['span_name'] == 'bake on {worker}')

    resource = root['otel_resource_attributes']
    assert resource['telemetry.sdk.language'] == 'swift'
    assert resource['os.type'] == 'linux' or resource['os.type'] == 'darwin'
    assert resource['process.pid'] > 0
    assert len(resource['service.instance.id']) == 36


def test_F1_a_tenth_of_all_traces(program: Path, shared_server: Server, tmp_path: Path) -> None:
    run(program.with_name('Sampling'), shared_server, folder=tmp_path, LOGFIRE_SERVICE_NAME='sampling-ratio')
    sql = "SELECT count(*) AS spans, count(*) FILTER (parent_span_id IS NULL) AS roots FROM records WHERE service_name = 'sampling-ratio' GROUP BY trace_id"
    traces = rows_of(shared_server, sql, limit=10_000)
    # 2,000 tosses with a chance of 0.1: six standard deviations to both sides.
    assert 200 - 6 * 13.5 < len(traces) < 200 + 6 * 13.5
    assert all((trace['spans'], trace['roots']) == (2, 1) for trace in traces), 'traces are whole'


def test_F1_only_traces_that_matter(program: Path, shared_server: Server, tmp_path: Path) -> None:
    run(program.with_name('Sampling'), shared_server, 'tail', folder=tmp_path, LOGFIRE_SERVICE_NAME='sampling-tail')
    rows = rows_of(shared_server, "SELECT trace_id, message FROM records WHERE service_name = 'sampling-tail' ORDER BY start_timestamp")
    assert [row['message'] for row in rows] == ['question 7', 'search', 'nothing found for 7', 'question 11', 'search']
    assert len({row['trace_id'] for row in rows}) == 2


def test_F2_no_loss_at_exit(program: Path, shared_server: Server, tmp_path: Path) -> None:
    runs = int(os.environ.get('HEARTH_SWIFT_EXITS', '5'))
    for number in range(runs):
        name = f'burst-{number}'
        run(program, shared_server, 'burst', '10000', folder=tmp_path, LOGFIRE_SERVICE_NAME=name)
        rows = rows_of(
        shared_server,
            f"SELECT count(*) AS rows, count(DISTINCT span_id) AS ids FROM records WHERE service_name = '{name}' AND span_name = 'burst'"
        )
        assert rows == [{'rows': 10000, 'ids': 10000}]


def test_pending_span_is_live_before_it_ends(program: Path, shared_server: Server, tmp_path: Path) -> None:
    variables = {'PATH': os.environ['PATH'], 'LOGFIRE_BASE_URL': shared_server.url, 'LOGFIRE_SERVICE_NAME': 'waiting'}
    if 'LD_LIBRARY_PATH' in os.environ:
        variables['LD_LIBRARY_PATH'] = os.environ['LD_LIBRARY_PATH']
    process = subprocess.Popen([str(program), 'wait'], env=variables, cwd=tmp_path, stdin=subprocess.DEVNULL)
    sql = "SELECT kind, span_id, parent_span_id FROM records_all WHERE service_name = 'waiting'"
    try:
        deadline = time.monotonic() + 1.8
        rows: list[dict] = []
        while not rows and time.monotonic() < deadline:
            rows = rows_of(shared_server, sql)
            time.sleep(0.05)
        assert [row['kind'] for row in rows] == ['pending_span']
    finally:
        assert process.wait(timeout=30) == 0
    finals = [row for row in rows_of(shared_server, sql) if row['kind'] == 'span']
    assert [row['span_id'] for row in finals] == [rows[0]['span_id']]


def test_unreachable_server_costs_no_data_of_the_application(program: Path, tmp_path: Path) -> None:
    class Nowhere:
        url = 'http://127.0.0.1:9'

    started = time.monotonic()
    result = run(program, Nowhere(), folder=tmp_path)  # type: ignore[arg-type]
    assert time.monotonic() - started < 12
    # One line per kind of trouble.
    assert result.stderr.count('could not send to http://127.0.0.1:9/v1/traces') == 1


def test_F3_https_without_the_trait_is_a_configuration_error(program: Path, tmp_path: Path) -> None:
    class Secure:
        url = 'https://127.0.0.1:9'

    with pytest.raises(AssertionError, match=r'enable the package trait HTTPClient and call Hearth.enableHTTPS\(\)'):
        run(program, Secure(), folder=tmp_path)


def test_a_second_receiver_reads_the_same(program: Path, tmp_path: Path) -> None:
    with Receiver() as receiver:
        run(program, receiver, folder=tmp_path, LOGFIRE_SERVICE_NAME='orders')  # type: ignore[arg-type]
        resource = {a.key: a.value.string_value for a in receiver.bodies[0].resource_spans[0].resource.attributes}
        assert resource['service.name'] == 'orders'
        spans = {span.name: span for span in receiver.spans}
        root = spans['order of {count} items']
        attributes = {a.key: a.value for a in root.attributes}
        assert not root.parent_span_id
        assert attributes['count'].int_value == 2
        assert json.loads(attributes['items'].string_value) == ['tea', 'cake']
        assert json.loads(attributes['logfire.json_schema'].string_value) == {
            'type': 'object',
            'properties': {'count': {}, 'items': {'type': 'array'}},
        }
        assert [v.string_value for v in attributes['logfire.tags'].array_value.values] == ['shop']
        assert root.end_time_unix_nano >= root.start_time_unix_nano > 1_700_000_000 * 10**9
        assert root.flags == 257
        warning = {a.key: a.value for a in spans['the oven is at {degrees} degrees'].attributes}
        assert warning['degrees'].double_value == 181.5
        assert warning['logfire.level_num'].int_value == 13
        assert warning['logfire.span_type'].string_value == 'log'


def test_refusals_are_repeated_and_large_requests_halved(program: Path, tmp_path: Path) -> None:
    with Receiver(503, 429, retry_after='0') as receiver:
        run(program, receiver, 'burst', '1000', folder=tmp_path)  # type: ignore[arg-type]
        assert receiver.answers[:2] == [503, 429]
        assert len({span.span_id for span in receiver.spans}) == 1000 == len(receiver.spans)
    with Receiver(largest=50_000) as receiver:
        run(program, receiver, 'burst', '2000', folder=tmp_path)  # type: ignore[arg-type]
        assert 413 in receiver.answers
        assert len({span.span_id for span in receiver.spans}) == 2000 == len(receiver.spans)
    with Receiver(401) as receiver:
        result = run(program, receiver, 'burst', '10', folder=tmp_path)  # type: ignore[arg-type]
        # Refused for ever, so it is not sent again; spans of a later batch are.
        assert receiver.answers[0] == 401
        # What was given up is told as a metric.
        (metric,) = [metric for body in receiver.metrics for r in body.resource_metrics for s in r.scope_metrics for metric in s.metrics]
        assert metric.name == 'otel.sdk.exporter.span.exported'
        (point,) = metric.sum.data_points
        assert point.as_int + len(receiver.spans) == 10
        assert {a.key: a.value.string_value for a in point.attributes}['error.type'] == 'dropped'
        assert 'token' in result.stderr
