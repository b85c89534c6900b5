"""The definitions that every page, API and test share (A1 to A7)."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord
from opentelemetry.proto.metrics.v1.metrics_pb2 import AggregationTemporality, Metric, NumberDataPoint, Sum
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from harness.fixtures import RawSpan, raw_spans, requests
from harness.otlp import ExportTraceServiceRequest, attributes, exception_event, logs, metrics, send, span, traces
from harness.query import one, rows, value
from harness.server import Server

MOMENT = 1_790_000_000_000_000_000  # the same time in every run: identities are made of content
CHAT = {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'openai', 'gen_ai.request.model': 'gpt-4o'}


@pytest.fixture(scope='module')
def replayed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Server]]:
    """A server for each scenario that a test asks for. They are apart because the fake models of all scenarios number their
    answers alike, and equal response ids within a project are one call."""
    servers: dict[str, Server] = {}

    def get(scenario: str) -> Server:
        if scenario not in servers:
            servers[scenario] = Server(tmp_path_factory.mktemp(scenario) / 'data').start()
            for request in requests(scenario):
                request.send(servers[scenario])
        return servers[scenario]

    yield get
    for server in servers.values():
        server.stop()


def raw(scenario: str) -> list[RawSpan]:
    return [
        found
        for request in requests(scenario)
        if request.path == '/v1/traces'
        for found in raw_spans(ExportTraceServiceRequest.FromString(request.decoded))
    ]


# A1: what an error is


def test_A1_error_is_status_error_or_exception_event_not_a_level(server: Server) -> None:
    cases = {
        'status': span('status', values=CHAT, status=Status.STATUS_CODE_ERROR),
        'exception': span('exception', values=CHAT, events=[exception_event()]),
        'error_type': span('error_type', values=CHAT | {'error.type': 'timeout'}, status=Status.STATUS_CODE_ERROR),
        'level': span('level', values=CHAT | {'logfire.level_num': 17}),
        'fine': span('fine', values=CHAT, status=Status.STATUS_CODE_OK),
    }
    send(server, traces(cases.values()))
    calls = {row['span_name']: row for row in rows(server, 'SELECT r.span_name, c.* FROM llm_calls c JOIN records r ON r.span_id = c.span_id')}
    assert {name: row['is_error'] for name, row in calls.items()} == {'status': True, 'exception': True, 'error_type': True, 'level': False, 'fine': False}
    assert calls['error_type']['error_type'] == 'timeout'
    records = {row['span_name']: row for row in rows(server, "SELECT * FROM records WHERE kind = 'span'")}
    assert {name: row['otel_status_code'] for name, row in records.items() if row['otel_status_code'] == 'ERROR'}.keys() == {'status', 'error_type'}
    assert [name for name, row in records.items() if row['is_exception']] == ['exception']
    assert (records['exception']['exception_type'], records['exception']['exception_message']) == ('ValueError', 'went wrong')
    assert records['level']['level'] == 17 and records['fine']['level'] == 9


def test_A1_level_without_one_follows_the_status(server: Server) -> None:
    send(server, traces([span('plain'), span('failed', status=Status.STATUS_CODE_ERROR)]))
    assert {row['span_name']: row['level'] for row in rows(server, 'SELECT span_name, level FROM records')} == {'plain': 9, 'failed': 17}
    assert [row['span_name'] for row in rows(server, "SELECT span_name FROM records WHERE level >= 'error'")] == ['failed']


# A2: unknown is NULL


def test_A2_unknown_is_null_never_zero(server: Server) -> None:
    send(server, traces([span('chat', values=CHAT | {'gen_ai.request.model': 'nobody-knows-this-model'})]))
    call = one(server, 'SELECT * FROM llm_calls')
    unknown = (
        'input_tokens', 'output_tokens', 'cache_read_tokens', 'cache_write_tokens', 'reasoning_tokens', 'cost', 'input_cost', 'output_cost',
        'time_to_first_token', 'retry_count', 'agent_name', 'conversation_id', 'error_type', 'finish_reasons',
    )  # fmt: skip
    assert {name: call[name] for name in unknown} == dict.fromkeys(unknown)
    assert call['cost_source'] == 'unpriced'
    assert call['cost_note']


def test_A2_zero_that_was_sent_stays_zero(server: Server) -> None:
    send(server, traces([span('chat', values=CHAT | {'gen_ai.usage.input_tokens': 7, 'gen_ai.usage.output_tokens': 0, 'operation.cost': 0.0})]))
    call = one(server, 'SELECT * FROM llm_calls')
    assert (call['input_tokens'], call['output_tokens'], call['cost'], call['cost_source']) == (7, 0, 0, 'sent')


# A3: what a record is


def test_A3_span_events_are_rows_but_not_counted(replayed: Callable[[str], Server]) -> None:
    """`json-mixed` has three `chunk` events and one exception; the exception belongs to its span, the others are rows of their own."""
    server = replayed('json-mixed')
    kinds = {row['kind']: row['n'] for row in rows(server, 'SELECT kind, count(*) AS n FROM records GROUP BY kind')}
    assert kinds == {'span': 4, 'log': 4, 'span_event': 3}
    events = rows(server, "SELECT * FROM records WHERE kind = 'span_event'")
    spans = {row['span_id']: row for row in rows(server, "SELECT * FROM records WHERE kind = 'span'")}
    assert {event['span_name'] for event in events} == {'chunk'}
    assert all(event['parent_span_id'] in spans and event['duration'] is None for event in events)
    assert sum(len(row['otel_events'] or []) for row in spans.values()) == 4


# A4: identity, so that any request may arrive twice


def a_log(text: str, at: int = MOMENT, trace: bytes = b'', span_id: bytes = b'', **values: Any) -> LogRecord:
    return LogRecord(
        time_unix_nano=at, severity_number=9, body=AnyValue(string_value=text), attributes=attributes(values), trace_id=trace, span_id=span_id
    )


def a_point(number: int, at: int = MOMENT, **values: Any) -> NumberDataPoint:
    return NumberDataPoint(start_time_unix_nano=MOMENT - 10**9, time_unix_nano=at, as_int=number, attributes=attributes(values))


def a_sum(*points: NumberDataPoint) -> Metric:
    delta = AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA
    return Metric(name='jobs', unit='1', sum=Sum(data_points=points, aggregation_temporality=delta, is_monotonic=True))


def repeated_content() -> list[Any]:
    """Requests with everything that has an identity: spans with equal events, equal logs, equal points."""
    event = Span.Event(name='step', time_unix_nano=MOMENT, attributes=attributes({'n': 1}))
    parent = span('parent', trace=b'\x11' * 16, span_id=b'\x22' * 8, start=MOMENT, events=[event, event, exception_event(at=MOMENT)])
    child = span('child', trace=b'\x11' * 16, span_id=b'\x33' * 8, parent=b'\x22' * 8, start=MOMENT)
    return [
        traces([parent, child]),
        logs([a_log('same'), a_log('same'), a_log('other'), a_log('same', trace=b'\x11' * 16, span_id=b'\x22' * 8), a_log('same', at=MOMENT + 1000)]),
        metrics([a_sum(a_point(3), a_point(3), a_point(4), a_point(3, kind='a'), a_point(3, at=MOMENT + 1000))]),
    ]


IDENTITIES = 'SELECT kind, span_name, message, trace_id, span_id, parent_span_id FROM records_all'
POINTS = 'SELECT metric_name, scalar_value, recorded_timestamp, attributes FROM metrics'


def identities(server: Server) -> list[dict[str, Any]]:
    return sorted(rows(server, IDENTITIES), key=repr)


def points(server: Server) -> list[dict[str, Any]]:
    return sorted(rows(server, POINTS), key=repr)


def test_A4_requests_that_arrive_twice_change_nothing(server: Server) -> None:
    for request in repeated_content():
        send(server, request)
    first, first_points = identities(server), points(server)
    assert [row['kind'] for row in first].count('span') == 2
    assert [row['kind'] for row in first].count('span_event') == 2  # equal events of one span are two rows
    assert [row['kind'] for row in first].count('log') == 5  # equal logs of one request are two rows
    assert len({(row['trace_id'], row['span_id'], row['kind']) for row in first}) == len(first)
    assert len(first_points) == 5  # equal points of one request are two rows
    for request in repeated_content() * 2:
        send(server, request)
    assert identities(server) == first
    assert points(server) == first_points


def test_A4_identity_is_made_of_content_alone(tmp_path: Path) -> None:
    """Two servers that never met give the same ids to the same content, in whatever order it came."""
    found = []
    for name, content in (('one', repeated_content()), ('two', repeated_content()[::-1])):
        with Server(tmp_path / name) as server:
            for request in content:
                send(server, request)
            found.append((identities(server), points(server)))
    assert found[0] == found[1]


def test_A4_log_belongs_to_its_span(server: Server) -> None:
    trace, parent = b'\x44' * 16, b'\x55' * 8
    send(server, logs([a_log('inside', trace=trace, span_id=parent), a_log('outside')]))
    found = {row['message']: row for row in rows(server, "SELECT * FROM records WHERE kind = 'log'")}
    inside, outside = found['inside'], found['outside']
    assert (inside['trace_id'], inside['parent_span_id']) == (trace.hex(), parent.hex())
    assert len(inside['span_id']) == 16 and inside['span_id'] != parent.hex()
    assert outside['parent_span_id'] is None
    assert len(outside['trace_id']) == 32 and set(outside['trace_id']) != {'0'}
    assert inside['duration'] is None and inside['end_timestamp'] == inside['start_timestamp']


def test_A4_first_commit_wins(server: Server) -> None:
    trace, span_id = b'\x66' * 16, b'\x77' * 8
    send(server, traces([span('first', trace=trace, span_id=span_id, start=MOMENT)]))
    send(server, traces([span('second', trace=trace, span_id=span_id, start=MOMENT)]))
    assert [row['span_name'] for row in rows(server, 'SELECT span_name FROM records')] == ['first']


def test_A4_repeat_within_one_request(server: Server) -> None:
    item = span('once', start=MOMENT)
    send(server, traces([item, item]))
    assert value(server, 'SELECT count(*) AS n FROM records') == 1


def test_A4_repeat_survives_a_restart(data: Path) -> None:
    for _ in range(2):
        with Server(data) as server:
            for request in repeated_content():
                send(server, request)
            counts = (value(server, 'SELECT count(*) AS n FROM records'), value(server, 'SELECT count(*) AS n FROM metrics'))
    assert counts == (9, 5)


def pending(parent: bytes, trace: bytes, real_parent: str = '0' * 16) -> Span:
    """A pending span as logfire sends it: random id, the real span as its parent."""
    values = {'logfire.span_type': 'pending_span', 'logfire.pending_parent_id': real_parent}
    return span('work', trace=trace, parent=parent, start=MOMENT, seconds=0, values=values)


@pytest.mark.parametrize('pending_first', [True, False], ids=['pending-first', 'final-first'])
def test_A4_pending_and_final_share_their_identity(pending_first: bool, server: Server) -> None:
    trace, span_id = b'\x88' * 16, b'\x99' * 8
    announced = traces([pending(span_id, trace)])
    final = traces([span('work', trace=trace, span_id=span_id, start=MOMENT, seconds=2)])
    for request in (announced, final, announced) if pending_first else (final, announced, final):
        send(server, request)
    found = rows(server, 'SELECT kind, trace_id, span_id, parent_span_id, duration FROM records')
    assert found == [{'kind': 'span', 'trace_id': trace.hex(), 'span_id': span_id.hex(), 'parent_span_id': None, 'duration': 2.0}]
    everything = {row['kind']: row for row in rows(server, 'SELECT * FROM records_all')}
    assert everything.keys() <= {'span', 'pending_span'}
    if 'pending_span' in everything:
        announced_row = everything['pending_span']
        assert (announced_row['span_id'], announced_row['parent_span_id'], announced_row['duration']) == (span_id.hex(), None, None)


# A5: figures of calls and runs


def test_A5_streamed_pair_is_one_call_with_the_log_s_duration(replayed: Callable[[str], Server]) -> None:
    log = next(found for found in raw('rag-pipeline') if found.attributes.get('logfire.span_type') == 'log')
    call = one(replayed('rag-pipeline'), 'SELECT * FROM llm_calls WHERE merged_records > 1')
    assert call['duration'] == pytest.approx(log.attributes['duration'], abs=2e-6)
    assert call['merged_records'] == 2
    assert call['output_tokens'] == log.attributes['gen_ai.usage.output_tokens']


@pytest.mark.parametrize('scenario', ['multi-agent', 'weather-agent'])
def test_A5_turns_and_tool_calls_of_a_run(scenario: str, replayed: Callable[[str], Server]) -> None:
    spans = raw(scenario)
    wanted = []
    for run in spans:
        if run.attributes.get('gen_ai.operation.name') == 'invoke_agent':
            own = [found.attributes.get('gen_ai.operation.name') for found in spans if found.span.parent_span_id == run.span.span_id]
            wanted.append((run.span.span_id.hex(), run.attributes['gen_ai.agent.name'], own.count('chat'), own.count('execute_tool')))
    found = rows(replayed(scenario), 'SELECT span_id, agent_name, turns, tool_calls FROM agent_runs')
    assert sorted(tuple(row.values()) for row in found) == sorted(wanted)


def test_A5_unpriced_call_marks_the_run_s_cost_incomplete(server: Server) -> None:
    trace = b'\xaa' * 16
    agent = {'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'mixed'}
    run = span('invoke_agent mixed', trace=trace, span_id=b'\x01' * 8, start=MOMENT, seconds=3, values=agent)
    usage = {'gen_ai.usage.input_tokens': 10, 'gen_ai.usage.output_tokens': 2}
    priced = span('chat a', trace=trace, parent=run.span_id, start=MOMENT + 1, values=CHAT | usage | {'operation.cost': 0.5})
    unpriced = span('chat b', trace=trace, parent=run.span_id, start=MOMENT + 2, values=CHAT | usage | {'gen_ai.request.model': 'nobody-knows-this-model'})
    send(server, traces([run, priced, unpriced]))
    found = one(server, 'SELECT * FROM agent_runs')
    assert (found['turns'], found['input_tokens'], found['output_tokens']) == (2, 20, 4)
    assert found['cost'] == pytest.approx(0.5, abs=1e-9)
    assert found['is_cost_complete'] is False


# A6: sums on a parent


def test_A6_sum_of_own_deduplicated_descendants(replayed: Callable[[str], Server]) -> None:
    """`full_analysis_pipeline`: the Anthropic call is reported twice by its senders and counted once."""
    server = replayed('multi-agent')
    root = one(server, "SELECT trace_id, attributes FROM records WHERE span_name = 'full_analysis_pipeline'")
    sums = 'sum(input_tokens) AS input, sum(output_tokens) AS output, sum(cost) AS cost'
    totals = one(server, f"SELECT {sums} FROM llm_calls WHERE trace_id = '{root['trace_id']}'")
    assert (totals['input'], totals['output']) == (3193, 185)
    assert totals['cost'] == pytest.approx(0.0069806, abs=1e-9)
    assert root['attributes']['logfire.metrics']


# A7: tokens on loopback


def test_A7_unknown_token_is_warned_about_once(server: Server) -> None:
    def warning(token: str) -> str | None:
        return send(server, traces([span()]), authorization=token).headers.get('x-logfire-warning')

    assert warning('pylf_v1_local_first')
    assert warning('pylf_v1_local_first') is None
    assert warning('Bearer pylf_v1_local_first') is None
    assert warning('pylf_v1_local_second')
    assert warning('bearer pylf_v1_local_second') is None
    assert value(server, 'SELECT count(*) AS n FROM records') == 5


def test_A7_no_token_means_the_default_project(server: Server) -> None:
    send(server, traces([span()]))
    assert value(server, 'SELECT count(*) AS n FROM records') == 1
    config = server.http.get('/ui/config').json()
    assert (config['organization'], config['project']) == ('local', 'default')
    info = server.http.get('/v1/info', headers={'authorization': 'pylf_v1_local_unknown'}).json()
    assert info['project_name'] == 'default'
    assert info['project_url'].endswith('/local/default')


def test_A7_elsewhere_a_known_token_is_required(server_with: Callable[..., Server]) -> None:
    """Bound to more than loopback, every path but the health check asks for a token, without telling more."""
    server = server_with('--http', '0.0.0.0:0')
    body = traces([span()]).SerializeToString()
    headers = {'content-type': 'application/x-protobuf'}
    for token in ({}, {'authorization': 'pylf_v1_local_unknown'}, {'authorization': 'Bearer pylf_v1_local_unknown'}):
        assert server.http.post('/v1/traces', content=body, headers=headers | token).status_code == 401
        assert server.http.post('/v2/query', json={'sql': 'SELECT 1', 'min_timestamp': '2026-01-01T00:00:00Z'}, headers=token).status_code == 401
        for path in ('/v1/query?sql=SELECT+1', '/v1/info', '/v1/read-token-info', '/ui/config', '/ui/live', '/ui/live/stream', '/ui/attribute-keys'):
            assert server.http.get(path, headers=token).status_code == 401, path
    assert server.http.get('/healthz').status_code == 200


def test_foreign_hosts_and_origins_are_refused(server: Server) -> None:
    """What a page in the user's browser could be made to send to loopback."""
    assert server.http.get('/v1/info', headers={'host': 'evil.example'}).status_code == 403
    assert server.http.get('/v1/info', headers={'origin': 'http://evil.example'}).status_code == 403
    assert server.http.get('/v1/info', headers={'origin': server.url}).status_code == 200


def test_times_before_and_after_now_are_kept(server: Server) -> None:
    """Any event time is accepted; microseconds are exact."""
    now = time.time_ns()
    for name, start in (('old', 946_684_800_000_001_000), ('now', now), ('future', now + 400 * 86_400 * 10**9)):
        send(server, traces([span(name, start=start)]))
    found = [row['span_name'] for row in rows(server, 'SELECT span_name FROM records ORDER BY start_timestamp')]
    assert found == ['old', 'now', 'future']
    assert one(server, "SELECT start_timestamp FROM records WHERE span_name = 'old'")['start_timestamp'] == '2000-01-01T00:00:00.000001Z'

