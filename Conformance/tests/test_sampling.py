"""Tail sampling by the server: records are stored at once, traces are decided when they are complete or idle, weights tell what is left (C11)."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord
from opentelemetry.proto.trace.v1.trace_pb2 import Status

from harness.otlp import any_value, logs, send, span, traces
from harness.programs import logfire_environment, run_text
from harness.query import one, rows
from harness.server import Server


def sampling(server: Server) -> str:
    return f'/api/v1/projects/{server.http.get("/api/v1/projects/").json()[0]["id"]}/sampling/'


def put(server: Server, **settings: Any) -> None:
    response = server.http.put(sampling(server), json={'enabled': True, 'idle_seconds': 2} | settings)
    assert response.status_code == 200, response.text


def status(server: Server) -> dict[str, Any]:
    return server.http.get(sampling(server) + 'status/').json()


def wait_until(server: Server, condition: Callable[[dict[str, Any]], bool], seconds: float = 20) -> dict[str, Any]:
    deadline = time.monotonic() + seconds
    while True:
        now = status(server)
        if condition(now):
            return now
        assert time.monotonic() < deadline, now
        time.sleep(0.1)


def decided(count: int) -> Callable[[dict[str, Any]], bool]:
    return lambda now: now['kept_traces'] + now['removed_traces'] >= count and now['waiting_traces'] == 0


def count(server: Server, condition: str = 'true') -> int:
    return one(server, f'SELECT count(*) AS n FROM records WHERE {condition}')['n']


ERRORS = {'name': 'errors', 'condition': 'error', 'rate': 1}


def test_C11_stored_at_once_decided_later_and_weighted(server: Server) -> None:
    put(server, rules=[ERRORS, {'name': 'shop', 'condition': 'service', 'value': 'shop', 'rate': 0.5}], rest=0.1)
    for _ in range(4):
        send(server, traces([span('work') for _ in range(100)], service='other'))
    send(server, traces([span('sale') for _ in range(200)], service='shop'))
    send(server, traces([span('broken', status=Status.STATUS_CODE_ERROR) for _ in range(7)], service='shop'))
    assert count(server) == 607
    now = wait_until(server, decided(607))
    kept = {row['span_name']: (row['n'], row['weight']) for row in rows(server, 'SELECT span_name, count(*) AS n, sum(sample_weight) AS weight FROM records GROUP BY 1')}
    assert kept['broken'] == (7, 7.0)
    by_rule = {rule['name']: (rule['kept'], rule['removed']) for rule in now['rules']}
    assert by_rule['errors'] == (7, 0)
    assert sum(by_rule['shop']) == 200 and sum(by_rule['rest']) == 400
    # Six standard deviations: random ids, so this must not fail by chance.
    assert abs(kept['sale'][1] - 200) < 6 * (200 * 0.5 * 0.5) ** 0.5 / 0.5
    assert abs(kept['work'][1] - 400) < 6 * (400 * 0.1 * 0.9) ** 0.5 / 0.1
    assert kept['work'] == (by_rule['rest'][0], 10.0 * by_rule['rest'][0])
    assert count(server) == now['kept_records'] == now['kept_traces']


def test_C11_late_and_repeated_records_follow_the_decision(server_with: Callable[..., Server]) -> None:
    server = server_with()
    put(server, rules=[ERRORS], rest=0)
    dropped, kept = os.urandom(16), os.urandom(16)
    request = traces([span('gone', trace=dropped), span('stays', trace=kept, status=Status.STATUS_CODE_ERROR)])
    send(server, request)
    wait_until(server, decided(2))
    assert [row['span_name'] for row in rows(server, 'SELECT span_name FROM records')] == ['stays']
    send(server, request)
    send(server, traces([span('late', trace=dropped, status=Status.STATUS_CODE_ERROR), span('late', trace=kept)]))
    assert sorted(row['span_name'] for row in rows(server, 'SELECT span_name FROM records_all')) == ['late', 'stays']
    server.stop()
    server.start()
    send(server, request)
    send(server, traces([span('later', trace=dropped)]))
    assert sorted(row['span_name'] for row in rows(server, 'SELECT span_name FROM records_all')) == ['late', 'stays']
    assert status(server)['removed_traces'] == 1


def test_C11_a_restart_before_the_decision_changes_nothing(server_with: Callable[..., Server]) -> None:
    server = server_with()
    put(server, rules=[ERRORS], rest=0, idle_seconds=4)
    send(server, traces([span('gone'), span('stays', status=Status.STATUS_CODE_ERROR)]))
    server.stop()
    server.start()
    assert count(server) == 2
    wait_until(server, decided(2))
    assert [row['span_name'] for row in rows(server, 'SELECT span_name FROM records')] == ['stays']


def test_C11_open_traces_wait(server: Server, tmp_path: Path) -> None:
    """A real SDK: a trace with a running span is not decided, however short its parts are."""
    put(server, rules=[{'name': 'warnings', 'condition': 'level', 'level': 'warn', 'rate': 1}], rest=0, idle_seconds=60)
    program = """
import time
import logfire
logfire.configure(console=False)
with logfire.span('calm'):
    pass
with logfire.span('long'):
    logfire.info('step')
    logfire.force_flush()
    time.sleep(7)
    logfire.warn('trouble')
logfire.force_flush()
"""
    run_text(program, tmp_path, logfire_environment(server))
    wait_until(server, decided(2))
    assert sorted(row['span_name'] for row in rows(server, 'SELECT span_name FROM records')) == ['long', 'step', 'trouble']


def test_C11_conditions(server: Server) -> None:
    put(
        server,
        rules=[
            {'name': 'health', 'condition': 'span_name', 'value': 'GET /health*', 'rate': 0},
            {'name': 'slow', 'condition': 'duration', 'at_least': 5, 'rate': 1},
            {'name': 'tenant', 'condition': 'attribute', 'key': 'tenant.name', 'value': 'ac*', 'rate': 1},
            {'name': 'bad score', 'condition': 'evaluation', 'evaluation': 'relevance', 'below': 0.5, 'rate': 1},
            {'name': 'thumbs down', 'condition': 'feedback', 'rate': 1},
        ],
        rest=0,
    )
    feedback = {'logfire.span_type': 'annotation', 'logfire.feedback.name': 'liked', 'liked': False}
    send(
        server,
        traces(
            [
                span('GET /healthz', seconds=9),
                span('slow', seconds=6),
                span('acme', values={'tenant.name': 'acme'}),
                span('other', values={'tenant.name': 'other'}),
                span('poor', values={'gen_ai.evaluation.name': 'relevance', 'gen_ai.evaluation.score.value': 0.2}),
                span('fine', values={'gen_ai.evaluation.name': 'relevance', 'gen_ai.evaluation.score.value': 0.9}),
                span('disliked', values=feedback),
                span('plain'),
            ]
        ),
    )
    send(server, logs([LogRecord(time_unix_nano=time.time_ns(), severity_number=9, body=any_value('no trace'))]))
    now = wait_until(server, decided(9))
    assert sorted(row['span_name'] for row in rows(server, 'SELECT span_name FROM records')) == ['acme', 'disliked', 'poor', 'slow']
    assert {rule['name'] for rule in now['rules'] if rule['kept']} == {'slow', 'tenant', 'bad score', 'thumbs down'}


def test_C11_calls_and_runs_are_weighted_and_go_with_their_trace(server: Server) -> None:
    put(server, rules=[{'name': 'all', 'condition': 'service', 'value': 'kept', 'rate': 1}], rest=0)
    call = {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'openai', 'gen_ai.request.model': 'm', 'gen_ai.usage.input_tokens': 5}
    send(server, traces([span('chat m', values=call)], service='kept'))
    send(server, traces([span('chat m', values=call)], service='gone'))
    assert one(server, 'SELECT count(*) AS n FROM llm_calls')['n'] == 2
    wait_until(server, decided(2))
    assert rows(server, 'SELECT service_name, sample_weight FROM llm_calls') == [{'service_name': 'kept', 'sample_weight': 1.0}]
    assert server.http.get('/ui/config').json()['sampling']['enabled'] is True


def test_what_was_there_before_is_kept_and_settings_are_checked(server: Server) -> None:
    assert server.http.get('/ui/config').json()['sampling'] == {'enabled': False, 'since': None}
    trace = os.urandom(16)
    send(server, traces([span('before', trace=trace)]))
    put(server, rest=0)
    send(server, traces([span('before', trace=trace), span('new')]))
    wait_until(server, decided(1))
    assert [row['span_name'] for row in rows(server, 'SELECT span_name FROM records')] == ['before', 'before']
    assert one(server, 'SELECT max(sample_weight) AS weight FROM records')['weight'] == 1.0
    for settings, path in [
        ({'rest': 2}, 'rest'),
        ({'idle_seconds': 0}, 'idle_seconds'),
        ({'rules': [{'name': 'a', 'condition': 'duration', 'rate': 1}]}, 'rules[0].at_least'),
        ({'rules': [{'name': 'a', 'condition': 'unheard', 'rate': 1}]}, 'rules[0].condition'),
    ]:
        response = server.http.put(sampling(server), json=settings)
        assert response.status_code == 422, response.text
        assert response.json()['errors'][0]['path'] == path
