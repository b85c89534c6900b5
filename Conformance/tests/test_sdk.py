"""The unmodified Logfire SDK in two versions: all it sends, refusals, encodings (`logfire-contract.md` §8 B, E, G)."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.environments import interpreter
from harness.flaky import FlakyProxy
from harness.programs import python
from harness.query import one, rows, value
from harness.server import Server

VERSIONS = ('4.30', '5.4')
LEVELS = {'trace': 1, 'debug': 5, 'info': 9, 'notice': 10, 'warn': 13, 'error': 17, 'fatal': 21}
BASIC_SYSTEM_METRICS = {'process.cpu.utilization', 'system.cpu.simple_utilization', 'system.memory.utilization', 'system.swap.utilization'}


def send(version: str, url: str, tokens: str = 'pylf_v1_local_one', **environment: str) -> dict[str, str]:
    ended = python('programs/logfire_sdk.py', environment={'BASE_URL': url, 'TOKENS': tokens} | environment, executable=interpreter(f'logfire-{version}'))
    return json.loads(ended.stdout.strip().splitlines()[-1])


@pytest.fixture(scope='module', params=VERSIONS)
def sent(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, dict[str, str]]]:
    with Server(tmp_path_factory.mktemp('sdk') / 'data') as server:
        yield server, send(request.param, server.url)


def test_B_span_and_its_announcement(sent: Any) -> None:
    server, ids = sent
    order = one(server, "SELECT * FROM records WHERE span_name = 'order {number}'")
    assert (order['trace_id'], order['span_id'], order['parent_span_id']) == (ids['trace'], ids['span'], None)
    assert (order['message'], order['kind'], order['tags']) == ('order 7', 'span', ['checkout', 'eu'])
    assert (order['service_name'], order['service_version'], order['deployment_environment']) == ('sdk', '1.2.3', 'staging')
    pending = rows(server, "SELECT span_id, duration FROM records_all WHERE kind = 'pending_span' AND span_name = 'order {number}'")
    assert pending == [{'span_id': ids['span'], 'duration': None}], 'announced once, under the id of the span itself'


def test_B_logs_of_all_levels(sent: Any) -> None:
    server, ids = sent
    logs = rows(server, "SELECT message, level, parent_span_id, attributes FROM records WHERE span_name = 'a {kind} message'")
    assert {row['message']: row['level'] for row in logs} == {f'a {name} message': number for name, number in LEVELS.items()}
    assert {row['parent_span_id'] for row in logs} == {ids['span']}
    assert 'logfire.level_num' not in logs[0]['attributes'] and 'logfire.msg' not in logs[0]['attributes']


def test_B_exceptions(sent: Any) -> None:
    server, _ = sent
    found = {row['message']: row for row in rows(server, 'SELECT * FROM records WHERE is_exception')}
    assert set(found) == {'could not pack', 'fails'}
    log, span = found['could not pack'], found['fails']
    assert (log['kind'], log['exception_type'], log['exception_message'], log['level']) == ('log', 'ValueError', 'no stock', 17)
    assert (span['kind'], span['exception_type'], span['otel_status_code']) == ('span', 'KeyError', 'ERROR')
    assert 'raise ValueError' in log['exception_stacktrace']


def test_B_metrics_are_delta_and_exponential(sent: Any) -> None:
    server, _ = sent
    points = {row['metric_name']: row for row in rows(server, "SELECT * FROM metrics WHERE metric_name IN ('orders', 'latency', 'temperature', 'open')")}
    orders, latency, temperature, balance = (points[name] for name in ('orders', 'latency', 'temperature', 'open'))
    assert (orders['metric_type'], orders['scalar_value'], orders['aggregation_temporality'], orders['is_monotonic']) == ('sum', 6, 'DELTA', True)
    assert orders['attributes'] == {'shop': 'a'} and orders['unit'] == '1'
    assert (latency['metric_type'], latency['histogram_count'], latency['histogram_sum']) == ('exponential_histogram', 3, 60)
    assert (latency['histogram_min'], latency['histogram_max']) == (10, 30)
    assert sum(latency['exp_histogram_positive_bucket_counts']) == 3
    assert (temperature['metric_type'], temperature['scalar_value']) == ('gauge', 21.5)
    assert (balance['scalar_value'], balance['aggregation_temporality'], balance['is_monotonic']) == (3, 'CUMULATIVE', False)


def test_B_system_metrics(sent: Any) -> None:
    server, _ = sent
    names = {row['metric_name'] for row in rows(server, 'SELECT DISTINCT metric_name FROM metrics')}
    assert BASIC_SYSTEM_METRICS <= names


def test_B_log_without_timestamp(sent: Any) -> None:
    server, _ = sent
    log = one(server, "SELECT * FROM records WHERE message = 'an OpenTelemetry log'")
    order = one(server, "SELECT start_timestamp FROM records WHERE span_name = 'order {number}'")
    assert (log['kind'], log['level'], log['log_body'], log['otel_scope_name']) == ('log', 13, 'an OpenTelemetry log', 'plain')
    assert log['start_timestamp'] > order['start_timestamp'], 'the time it was observed'


def test_B_baggage(sent: Any) -> None:
    server, _ = sent
    assert one(server, "SELECT attributes->>'tenant' AS tenant FROM records WHERE message = 'with baggage'") == {'tenant': 'acme'}


def test_B_feedback_belongs_to_the_span(sent: Any) -> None:
    server, ids = sent
    feedback = one(server, "SELECT * FROM records WHERE span_name = 'feedback: helpful'")
    assert (feedback['trace_id'], feedback['parent_span_id'], feedback['kind']) == (ids['trace'], ids['span'], 'log')
    assert feedback['attributes']['helpful'] is True and feedback['attributes']['logfire.feedback.comment'] == 'good answer'


@pytest.mark.parametrize('version', VERSIONS)
def test_E_refusals_lose_and_double_nothing(version: str, server: Server) -> None:
    """A burst of 503, some of them after the request was stored: the SDK sends again, and every record is there once."""
    verdicts = ('refuse', 'lose', 'refuse', 'pass', 'lose', 'lose')
    with FlakyProxy(server, lambda number: verdicts[number] if number < len(verdicts) else 'pass') as proxy:
        send(version, proxy.url)
        assert proxy.seen[: len(verdicts)] == list(verdicts), 'the burst was met'
    assert value(server, "SELECT count(*) AS n FROM records WHERE span_name = 'a {kind} message'") == len(LEVELS)
    assert value(server, "SELECT count(*) AS n FROM records WHERE span_name = 'order {number}'") == 1
    assert value(server, "SELECT count(*) AS n FROM records WHERE span_name = 'fails'") == 1
    assert value(server, "SELECT sum(scalar_value) AS n FROM metrics WHERE metric_name = 'orders'") == 6


@pytest.mark.parametrize('version', VERSIONS)
def test_G_two_tokens_on_loopback_store_once(version: str, server: Server) -> None:
    """Both tokens are unknown here, so both mean the same project: the same spans come twice and are stored once. (Metrics are read once per token,
    at different times, so these are different points.)"""
    send(version, server.url, tokens='pylf_v1_local_one,pylf_v1_local_two')
    assert value(server, "SELECT count(*) AS n FROM records WHERE span_name = 'a {kind} message'") == len(LEVELS)
    assert value(server, "SELECT count(*) AS n FROM records WHERE span_name = 'order {number}'") == 1


@pytest.mark.parametrize('version', VERSIONS)
def test_G_base_url_with_a_trailing_slash(version: str, server: Server) -> None:
    send(version, server.url + '/')
    assert value(server, "SELECT count(*) AS n FROM records WHERE span_name = 'order {number}'") == 1


def test_G_zstd(server: Server) -> None:
    send('5.4', server.url, LOGFIRE_COMPRESSION='zstd')
    assert value(server, "SELECT count(*) AS n FROM records WHERE span_name = 'order {number}'") == 1


def test_G_identity(server: Server, monkeypatch: Any) -> None:
    send('4.30', server.url, OTEL_EXPORTER_OTLP_COMPRESSION='none')
    assert value(server, "SELECT count(*) AS n FROM records WHERE span_name = 'order {number}'") == 1
