"""Published Logfire queries run unmodified, through the plain API and through Logfire's own client, with exact answers (B1)."""

import csv
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from logfire.query_client import LogfireQueryClient
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from harness.fixtures import RawSpan, raw_spans, requests
from harness.otlp import send, shift_times
from harness.query import post_query
from harness.server import Server

SQL = {file.stem: file.read_text() for file in sorted((Path(__file__).parents[1] / 'fixtures' / 'sql').glob('*.sql'))}
TOKEN = 'pylf_v1_local_conformance'
Rows = list[dict[str, Any]]


@pytest.fixture(scope='module')
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, list[RawSpan]]]:
    """The scenario `format-versions`, moved in time so that it ended a minute ago, and its raw spans."""
    traces, metrics = [], []
    for request in requests('format-versions'):
        if request.path == '/v1/traces':
            traces.append(ExportTraceServiceRequest.FromString(request.decoded))
        else:
            metrics.append(ExportMetricsServiceRequest.FromString(request.decoded))
    newest = max(raw.span.end_time_unix_nano for message in traces for raw in raw_spans(message))
    shift = time.time_ns() - 60 * 10**9 - newest
    for message in traces + metrics:
        shift_times(message, shift)
    with Server(tmp_path_factory.mktemp('seeds') / 'data') as server:
        for message in traces + metrics:
            send(server, message)
        yield server, [raw for message in traces for raw in raw_spans(message)]


def average(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def agent_runs(spans: list[RawSpan]) -> list[RawSpan]:
    return [raw for raw in spans if raw.scope == 'pydantic-ai' and raw.span.name == 'agent run']


def running_tools(spans: list[RawSpan]) -> list[RawSpan]:
    return [raw for raw in spans if raw.span.name.startswith('running tool')]


def timestamp(nanoseconds: int) -> str:
    moment = datetime.fromtimestamp(nanoseconds // 10**9, UTC).replace(microsecond=nanoseconds // 1000 % 10**6)
    return moment.strftime('%Y-%m-%dT%H:%M:%S.%fZ')


def agent_performance(spans: list[RawSpan]) -> Rows:
    runs = agent_runs(spans)
    return [
        {
            'span_name': 'agent run',
            'runs': len(runs),
            'avg_duration_ms': average([raw.seconds for raw in runs]),
            'avg_input_tokens': average([raw.attributes.get('gen_ai.usage.input_tokens') for raw in runs]),
            'avg_output_tokens': average([raw.attributes.get('gen_ai.usage.output_tokens') for raw in runs]),
        }
    ]


def slowest_tool_calls(spans: list[RawSpan]) -> Rows:
    calls = sorted(running_tools(spans), key=lambda raw: -raw.seconds)[:20]
    return [
        {
            'message': raw.message,
            'duration': raw.seconds,
            'start_timestamp': timestamp(raw.span.start_time_unix_nano),
            'args': raw.attributes.get('tool_arguments'),
        }
        for raw in calls
    ]


def error_rate_by_agent(spans: list[RawSpan]) -> Rows:
    groups: dict[str | None, list[RawSpan]] = {}
    for raw in spans:
        if raw.scope == 'pydantic-ai':
            groups.setdefault(raw.attributes.get('gen_ai.request.model'), []).append(raw)
    found = []
    for model, group in groups.items():
        errors = sum(any(event.name == 'exception' for event in raw.span.events) for raw in group)
        found.append({'model': model, 'total': len(group), 'errors': errors, 'error_pct': round(100 * errors / len(group), 2)})
    return found


def agent_runs_per_hour(spans: list[RawSpan]) -> Rows:
    hours = Counter(raw.span.start_time_unix_nano // 3_600_000_000_000 for raw in spans if raw.span.name == 'agent run')
    return [{'ts': timestamp(hour * 3_600_000_000_000), 'runs': runs} for hour, runs in sorted(hours.items())]


def tool_call_distribution(spans: list[RawSpan]) -> Rows:
    return [{'tool_name': name, 'invocations': number} for name, number in Counter(raw.message for raw in running_tools(spans)).items()]


def export_through_api(spans: list[RawSpan]) -> Rows:
    def text(value: Any) -> str | None:
        return None if value is None else str(value)

    newest = sorted((raw for raw in spans if raw.scope == 'pydantic-ai'), key=lambda raw: -raw.span.start_time_unix_nano)[:100]
    return [
        {
            'trace_id': raw.span.trace_id.hex(),
            'span_name': raw.span.name,
            'duration': raw.seconds,
            'model': text(raw.attributes.get('gen_ai.request.model')),
            'input_tokens': text(raw.attributes.get('gen_ai.usage.input_tokens')),
            'output_tokens': text(raw.attributes.get('gen_ai.usage.output_tokens')),
        }
        for raw in newest
    ]


PYTHON: dict[str, Callable[[list[RawSpan]], Rows]] = {
    'agent-performance': agent_performance,
    'slowest-tool-calls': slowest_tool_calls,
    'error-rate-by-agent': error_rate_by_agent,
    'agent-runs-per-hour': agent_runs_per_hour,
    'tool-call-distribution': tool_call_distribution,
    'export-through-api': export_through_api,
}
UNORDERED = ('error-rate-by-agent', 'tool-call-distribution')  # their ORDER BY leaves ties open


def assert_same(name: str, answer: Rows, spans: list[RawSpan]) -> None:
    wanted = PYTHON[name](spans)
    if name in UNORDERED:
        answer, wanted = (sorted(found, key=lambda row: str(next(iter(row.values())))) for found in (answer, wanted))
    assert [list(row) for row in answer] == [list(row) for row in wanted]
    for got, row in zip(answer, wanted, strict=True):
        # Times are kept in microseconds, so a duration may differ by two of them.
        assert got == {key: pytest.approx(value, abs=2e-6) if isinstance(value, float) else value for key, value in row.items()}


def client(server: Server) -> LogfireQueryClient:
    return LogfireQueryClient(read_token=TOKEN, base_url=server.url)


@pytest.mark.parametrize('name', SQL)
def test_B1_query_api(name: str, loaded: tuple[Server, list[RawSpan]]) -> None:
    server, spans = loaded
    response = post_query(server, SQL[name])
    assert response.status_code == 200, response.text
    assert_same(name, response.json()['data'], spans)


@pytest.mark.parametrize('name', SQL)
def test_B1_logfire_query_client(name: str, loaded: tuple[Server, list[RawSpan]]) -> None:
    server, spans = loaded
    with client(server) as query_client:
        answer = query_client.query_json_rows(SQL[name], min_timestamp=datetime.now(UTC) - timedelta(days=1))
    assert_same(name, answer['rows'], spans)
    if answer['rows']:
        assert [column['name'] for column in answer['columns']] == list(answer['rows'][0])


def test_B1_agent_run_and_its_one_tool_row(loaded: tuple[Server, list[RawSpan]]) -> None:
    """Format 2 alone names its spans `agent run` and `running tool`: one of each in the capture."""
    server, spans = loaded
    assert (len(agent_runs(spans)), len(running_tools(spans))) == (1, 1)
    performance = post_query(server, SQL['agent-performance']).json()['data']
    assert [row['runs'] for row in performance] == [1]
    tools = post_query(server, SQL['slowest-tool-calls']).json()['data']
    assert [(row['message'], row['args']) for row in tools] == [('running tool: roll_dice', '{"sides":6}')]


def test_published_program_with_requests(loaded: tuple[Server, list[RawSpan]]) -> None:
    """The published export program: GET /v1/query with a Bearer token and nothing but the SQL; columns come back by default."""
    server, spans = loaded
    response = httpx.get(f'{server.url}/v1/query', params={'sql': SQL['export-through-api']}, headers={'Authorization': f'Bearer {TOKEN}'}, timeout=30)
    assert response.status_code == 200, response.text
    columns = response.json()['columns']
    names = [column['name'] for column in columns]
    answer = [dict(zip(names, row, strict=True)) for row in zip(*(column['values'] for column in columns), strict=True)]
    assert_same('export-through-api', answer, spans)


def test_window_of_min_and_max_timestamp(loaded: tuple[Server, list[RawSpan]]) -> None:
    server, spans = loaded
    starts = sorted(raw.span.start_time_unix_nano for raw in spans)
    middle = starts[len(starts) // 2]
    cut = datetime.fromisoformat(timestamp(middle))
    sql = 'SELECT count(*) AS n FROM records'
    with client(server) as query_client:
        later = query_client.query_json_rows(sql, min_timestamp=cut)['rows'][0]['n']
        earlier = query_client.query_json_rows(sql, min_timestamp=cut - timedelta(hours=1), max_timestamp=cut - timedelta(microseconds=1))['rows'][0]['n']
    assert later == sum(start // 1000 >= middle // 1000 for start in starts)
    assert later + earlier == len(starts)


def test_read_token_info(loaded: tuple[Server, list[RawSpan]]) -> None:
    server, _ = loaded
    with client(server) as query_client:
        assert query_client.info() == {'organization_name': 'local', 'project_name': 'default'}


def test_csv_and_ndjson_through_the_query_client(loaded: tuple[Server, list[RawSpan]]) -> None:
    """The same rows in every form that is offered."""
    server, _ = loaded
    sql = 'SELECT span_name, count(*) AS n FROM records GROUP BY span_name ORDER BY span_name'
    since = datetime.now(UTC) - timedelta(days=1)
    with client(server) as query_client:
        expected = query_client.query_json_rows(sql, min_timestamp=since)['rows']
        table = list(csv.DictReader(query_client.query_csv(sql, min_timestamp=since).splitlines()))
    assert [(row['span_name'], int(row['n'])) for row in table] == [(row['span_name'], row['n']) for row in expected]
    answer = httpx.post(
        f'{server.url}/v2/query', json={'sql': sql, 'min_timestamp': since.isoformat()}, headers={'Accept': 'application/x-ndjson'}, timeout=30
    )
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert [line['type'] for line in lines] == ['schema', 'data', 'end']
    assert lines[1]['rows'] == expected
    assert lines[2]['row_count'] == len(expected)
