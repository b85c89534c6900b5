"""Logfire's own query clients, old and new: every format, `info()`, errors with their exceptions and details, the DB-API (contract §8 C)."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.accounts import Cast, OpenServer
from harness.environments import interpreter
from harness.otlp import resource, send, span, traces
from harness.programs import python

VALUES = {'text': 'a,"b"', 'n': 3, 'f': 1.5}


@pytest.fixture(scope='module', params=['5.4', '4.30'])
def answers(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """What the program got from a server that asks for tokens, with a read token of its project."""
    with OpenServer(tmp_path_factory.mktemp('clients') / 'data', '--query-deadline-seconds', '3') as server:
        cast = Cast.on(server)
        sent = traces([span('query me', seconds=0.5, values=VALUES | {'i': i}) for i in range(3)])
        sent.resource_spans[0].resource.CopyFrom(resource('shop', **{'deployment.environment.name': 'prod'}))
        send(server, sent, **cast.headers['write token'])
        token = cast.headers['read token']['Authorization'].removeprefix('Bearer ')
        program = str(Path('programs') / 'query_clients.py')
        ended = python(program, server.url, token, environment={}, executable=interpreter(f'logfire-{request.param}'))
        yield json.loads(ended.stdout)


@pytest.fixture
def is_old(answers: dict[str, Any]) -> bool:
    return answers['version'].startswith('4.')


def test_C_json_rows(answers: dict[str, Any]) -> None:
    found = answers['sync']['rows']
    types = {column['name']: column['datatype'] for column in found['columns']}
    assert types['span_name'] == 'Utf8' and types['level'] == 'Int16' and types['start_timestamp'] == {'Timestamp': ['Microsecond', 'UTC']}
    assert types['lasted'] == 'Boolean' and types['tags']['List']['name'] == 'item'
    rows = found['rows']
    assert [row['attributes']['i'] for row in rows] == [0, 1, 2]
    assert all(row['attributes'].items() >= VALUES.items() and row['lasted'] and row['tags'] is None for row in rows)
    assert all(row['start_timestamp'].endswith('Z') for row in rows)


def test_C_csv_and_arrow(answers: dict[str, Any]) -> None:
    rows = answers['sync']['rows']['rows']
    table = list(csv.DictReader(io.StringIO(answers['sync']['csv'])))
    assert [json.loads(row['attributes']) for row in table] == [row['attributes'] for row in rows]
    assert [row['start_timestamp'] for row in table] == [row['start_timestamp'] for row in rows]
    arrow = answers['sync']['arrow']
    assert arrow['types'] == {
        'span_name': 'string', 'level': 'int16', 'start_timestamp': 'timestamp[us, tz=UTC]', 'lasted': 'bool', 'attributes': 'string', 'tags': 'list<item: string>',
    }  # fmt: skip
    assert [json.loads(row['attributes']) for row in arrow['rows']] == [row['attributes'] for row in rows]


def test_C_columns_of_the_old_client(answers: dict[str, Any], is_old: bool) -> None:
    if is_old:
        columns = {column['name']: column['values'] for column in answers['sync']['columns']['columns']}
        assert columns == {name: [row[name] for row in answers['sync']['rows']['rows']] for name in columns}


def test_C_info(answers: dict[str, Any]) -> None:
    assert answers['sync']['info'] == answers['async']['info'] == {'organization_name': 'local', 'project_name': 'default'}


def test_C_limits_and_windows(answers: dict[str, Any], is_old: bool) -> None:
    found = answers['sync']
    assert found['limited'] == [{'i': 0}, {'i': 1}, {'i': 2}] and found['default_limit'] == 100
    assert found['later'] == [] and found['naive'] == 3
    if not is_old:
        assert found['zone'] == [{'day': '2025-12-31T23:00:00.000000Z'}]
        assert found['environment'] == [0, 3, 3]


def test_C_400_and_422(answers: dict[str, Any], is_old: bool) -> None:
    found = answers['sync']
    assert found['bad_sql']['type'] == found['bad_arrow']['type'] == 'QueryExecutionError' and found['bad_limit']['type'] == 'QueryRequestError'
    assert 'nothing' in found['bad_sql']['data']['detail'] and 'syntax error' in found['bad_arrow']['data']['detail']
    assert '10000' in found['bad_limit']['data']['detail']
    if not is_old:
        assert found['bad_sql']['retryable'] is False and found['bad_sql']['position'] == 7


def test_C_429(answers: dict[str, Any], is_old: bool) -> None:
    """Twelve long queries at once: eight run or wait until their time is over, the rest is told to come back."""
    ends = answers['sync']['flood']
    refused = [end for end in ends if end['type'] == ('AssertionError' if is_old else 'QueryRateLimitedError')]
    timed_out = [end for end in ends if end['type'] == 'QueryExecutionError']
    assert refused and timed_out and len(refused) + len(timed_out) == len(ends) == 12
    if not is_old:
        assert all(end['retryable'] is True and end['retry_after'] >= 1 for end in refused)
    assert all('time limit' in end['data']['detail'] for end in timed_out)


def test_C_the_async_client(answers: dict[str, Any]) -> None:
    found, wanted = answers['async'], answers['sync']
    assert found['rows'] == wanted['rows'] and found['csv'] == wanted['csv'] and found['arrow'] == wanted['arrow']
    assert (found['bad_sql'], found['bad_limit']) == ('QueryExecutionError', 'QueryRequestError')


def test_C_db_api(answers: dict[str, Any]) -> None:
    found = answers['db_api']
    assert found['first'] == ['query me', 9] and found['rest'] == 2 and found['count'] == 3
    assert found['description'] == [['span_name', 'Utf8'], ['level', 'Int16']]
    assert found['parameters'] == [["it's", 2.5, None]]
    assert found['many'] == [[[0], [1]], 3] and found['warned'] == ['Query returned 5 rows which is the limit']
    assert found['bad']['type'] == 'QueryExecutionError' and 'nowhere' in found['bad']['data']['detail']
