"""C3: calls written by hand under names of one's own, and the rules that say what else means what."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.otlp import send, span, traces
from harness.programs import python
from harness.query import one, rows, value
from harness.server import Server

APPLY_LIMIT = 60.0
MANY = 6000

ANSWERED = {
    'provider': 'openai',
    'model': 'gpt-4o-mini',
    'model_version': '2024-07-18',
    'region': 'eu-west-1',
    'deployment': 'support-eu',
    'prompt_version': 'refund-v7',
    'experiment_bucket': 'treatment',
    'eval_bucket': 'golden',
    'task_type': 'answer',
    'tenant_id': 'acme',
    'user_segment': 'paid',
    'temperature': 0.2,
    'input_tokens': 2140,
    'system_message_tokens': 310,
    'retrieved_context_tokens': 1420,
    'tool_result_tokens': 190,
    'output_tokens': 420,
    'time_to_first_token': 0.78,
    'finish_reasons': ['stop'],
    'is_truncated': False,
    'has_tool_calls': True,
    'tool_call_count': 2,
    'refusal': False,
    'json_parse_success': True,
    'cache_hit': False,
    'retry_count': 1,
    'retry_cause': 'rate_limit',
    'input_cost': 0.0031,
    'output_cost': 0.0042,
    'cost': 0.0073,
    'cost_source': 'sent',
    'is_error': False,
}
REFUSED = {
    'model': 'gpt-4o-mini',
    'input_tokens': 96,
    'output_tokens': 8,
    'time_to_first_token': 1.2,
    'finish_reasons': ['length'],
    'is_truncated': True,
    'has_tool_calls': False,
    'tool_call_count': 0,
    'refusal': True,
    'json_parse_success': False,
    'cache_hit': True,
    'retry_count': 0,
    'retry_cause': None,
    'cost': 0.0012,
    'input_cost': None,
}
UNKNOWN = [name for name in ANSWERED if name not in ('model', 'input_tokens', 'is_error', 'cost', 'input_cost', 'output_cost', 'cost_source')]


@pytest.fixture(scope='module')
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp('fields') / 'data') as server:
        yield server


@pytest.fixture(scope='module')
def calls(server: Server) -> list[dict[str, Any]]:
    python('programs/hand_written.py', environment={'OTEL_EXPORTER_OTLP_ENDPOINT': server.url, 'OTEL_SERVICE_NAME': 'refunds'})
    return rows(server, "SELECT * FROM llm_calls WHERE service_name = 'refunds' ORDER BY start_timestamp")


def rules_of(server: Server) -> str:
    projects = server.http.get('/api/v1/projects/').json()
    assert len(projects) == 1
    return f'/api/v1/projects/{projects[0]["id"]}/mapping-rules/'


def put(server: Server, *rules: dict[str, Any]) -> None:
    answer = server.http.put(rules_of(server), json={'rules': list(rules)})
    assert answer.status_code == 200, answer.text
    assert [{key: rule[key] for key in sent} for rule, sent in zip(answer.json()['rules'], rules, strict=True)] == list(rules)


def progress(server: Server) -> dict[str, Any]:
    answer = server.http.get(f'{rules_of(server)}apply/')
    assert answer.status_code == 200, answer.text
    return answer.json()


def settled(server: Server) -> dict[str, Any]:
    """The progress when it is over. It never goes back on the way."""
    end = time.monotonic() + APPLY_LIMIT
    done = -1
    while (now := progress(server))['state'] == 'running':
        assert time.monotonic() < end, now
        assert done <= now['done']
        done = now['done']
        time.sleep(0.02)
    return now


def apply(server: Server) -> dict[str, Any]:
    answer = server.http.post(f'{rules_of(server)}apply/', json={})
    assert answer.status_code == 202, answer.text
    assert answer.json()['state'] in ('running', 'done')
    ended = settled(server)
    assert (ended['state'], ended['error']) == ('done', None)
    assert ended['done'] == ended['total'] and ended['started_at'] and ended['finished_at']
    return ended


def told(row: dict[str, Any], names: Any) -> dict[str, Any]:
    return {name: row[name] for name in names}


def test_C3_every_field_of_a_hand_written_call(calls: list[dict[str, Any]]) -> None:
    assert told(calls[0], ANSWERED) == ANSWERED


def test_C3_the_other_side_of_every_flag(calls: list[dict[str, Any]]) -> None:
    assert told(calls[1], REFUSED) == REFUSED


def test_C3_what_is_not_sent_is_unknown(calls: list[dict[str, Any]]) -> None:
    assert len(calls) == 3, 'a model alone makes no call'
    assert told(calls[2], UNKNOWN) == dict.fromkeys(UNKNOWN)


def test_C3_a_rule_that_says_nothing_is_refused(server: Server) -> None:
    rules = [{'attribute': 'engine', 'field': 'model'}, {'attribute': 'words', 'field': 'word_count'}, {'attribute': '', 'field': 'model', 'unit': 'ms'}]
    answer = server.http.put(rules_of(server), json={'rules': rules})
    assert answer.status_code == 422
    assert [error['path'] for error in answer.json()['errors']] == ['rules[1].field', 'rules[2].attribute', 'rules[2].unit']
    assert 'word_count' in answer.json()['detail']
    assert server.http.get(rules_of(server)).json()['rules'] == [], 'nothing of it is kept'


def test_C3_near_duplicate_keys_are_pointed_out(server: Server) -> None:
    for name in ('model', 'model_name', 'deployment'):
        send(server, traces([span('llm.generate', values={name: f'by {name}', 'prompt_tokens': 1})], service=f'team {name}'))
    # Names that elsewhere mean a place in a document.
    send(server, traces([span('odd', values={'$model': 'a', '/model/name': 'b', '*': 'c', 'a~b': 'd'})]))
    answer = server.http.get(f'{rules_of(server)}near-duplicate-keys/')
    assert answer.status_code == 200, answer.text
    groups = {group['field']: {key['key']: key for key in group['keys']} for group in answer.json()['groups']}
    assert {'model', 'model_name', 'deployment'} <= set(groups['model'])
    assert groups['model']['model']['services'] == ['team model']
    assert groups['model']['model']['example'] == 'by model'
    assert groups['model']['model_name']['records'] >= 2 and not groups['model']['model_name']['mapped']


def own_names(text: str) -> list[Any]:
    return [span('answer', values={'engine': text, 'in': 40, 'out': 2, 'first.byte': 250})]


def test_C3_rules_hold_for_new_and_for_stored_data(server: Server) -> None:
    sql = "SELECT model, input_tokens, output_tokens, time_to_first_token FROM llm_calls WHERE service_name = 'own' ORDER BY model"
    known = "SELECT * FROM llm_calls WHERE service_name <> 'own' ORDER BY start_timestamp, span_id"
    before = rows(server, known)
    send(server, traces(own_names('stored'), service='own'))
    assert rows(server, sql) == [], 'nothing says that this is a call'
    put(
        server,
        {'attribute': 'engine', 'field': 'model'},
        {'attribute': 'in', 'field': 'input_tokens'},
        {'attribute': 'out', 'field': 'output_tokens', 'service_name': 'own'},
        {'attribute': 'first.byte', 'field': 'time_to_first_token', 'unit': 'ms'},
    )
    send(server, traces(own_names('new'), service='own'))
    figures = {'input_tokens': 40, 'output_tokens': 2, 'time_to_first_token': 0.25}
    assert rows(server, sql) == [{'model': 'new'} | figures]
    ended = apply(server)
    assert rows(server, sql) == [{'model': 'new'} | figures, {'model': 'stored'} | figures]
    assert ended['changed'] == 1 and ended['total'] == value(server, 'SELECT count(DISTINCT trace_id) FROM records')
    assert apply(server)['changed'] == 0, 'once more changes nothing'

    put(server)
    assert apply(server)['changed'] == 2
    assert rows(server, sql) == []
    assert rows(server, known) == before, 'all else is as it was'


def test_C3_an_application_goes_on_after_kill_9(tmp_path: Path) -> None:
    with Server(tmp_path / 'data') as server:
        for first in range(0, MANY, 1000):
            spans = [span('answer', trace=os.urandom(16), values={'engine': 'own-7b', 'in': number}) for number in range(first, first + 1000)]
            send(server, traces(spans, service='own'))
        put(server, {'attribute': 'engine', 'field': 'model'}, {'attribute': 'in', 'field': 'input_tokens'})
        assert server.http.post(f'{rules_of(server)}apply/', json={}).status_code == 202
        assert server.http.post(f'{rules_of(server)}apply/', json={}).status_code == 409
        end = time.monotonic() + APPLY_LIMIT
        while (now := progress(server))['done'] == 0:
            assert time.monotonic() < end, now
            time.sleep(0.005)
        server.kill()
        assert now['state'] == 'running' and now['total'] == MANY, 'it was over before the server could be killed'

        server.start()
        ended = settled(server)
        assert (ended['state'], ended['done']) == ('done', ended['total'])
        assert 0 < ended['total'] < MANY, 'what was done is not done again'
        assert one(server, 'SELECT count(*) AS calls, sum(input_tokens) AS tokens FROM llm_calls') == {'calls': MANY, 'tokens': MANY * (MANY - 1) // 2}
