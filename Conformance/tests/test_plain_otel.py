"""Plain OpenTelemetry clients, without logfire: what their spans say in message and level (C6)."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from harness.environments import interpreter
from harness.programs import python
from harness.query import rows
from harness.redis import Redis
from harness.server import Server


@pytest.fixture(scope='module')
def spans(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[list[dict[str, Any]], dict[str, int]]]:
    """The spans of the program, and the ports its servers had."""
    with Server(tmp_path_factory.mktemp('plain') / 'data') as server, Redis(tmp_path_factory.mktemp('redis')) as redis:
        environment = {'OTEL_EXPORTER_OTLP_ENDPOINT': server.url, 'OTEL_SERVICE_NAME': 'plain', 'OTEL_EXPORTER_OTLP_COMPRESSION': 'gzip'}
        ended = python('programs/plain_otel.py', str(redis.port), environment=environment, executable=interpreter('otel'))
        ports = json.loads(ended.stdout.strip().splitlines()[-1])
        yield rows(server, 'SELECT * FROM records WHERE kind <> \'span_event\''), ports


def of_scope(spans: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    found = [span for span in spans if span['otel_scope_name'] == f'opentelemetry.instrumentation.{name}']
    assert found, f'no spans of {name}, only of {sorted({span["otel_scope_name"] for span in spans})}'
    return sorted(found, key=lambda span: span['start_timestamp'])


def told(spans: list[dict[str, Any]]) -> list[tuple[str, str, int, str]]:
    return [(span['span_name'], span['message'], span['level'], span['otel_status_code']) for span in spans]


LONG = "a text tha...characters"


def test_C6_fastapi(spans: Any) -> None:
    servers = [span for span in of_scope(spans[0], 'fastapi') if span['attributes'].get('asgi.event.type') is None]
    assert told(servers) == [
        ('GET /items/{item}', 'GET /items/1', 9, 'UNSET'),
        ('GET /items/{item}', 'GET /items/404', 13, 'UNSET'),
        ('GET /items/{item}', 'GET /items/500', 17, 'ERROR'),
        ('GET /items/{item}', f"GET /items/2 ? note='naïve text' & long='{LONG}'", 9, 'UNSET'),
    ]


def test_C6_asgi_messages_are_debug(spans: Any) -> None:
    messages = [span for span in of_scope(spans[0], 'fastapi') if span['attributes'].get('asgi.event.type') is not None]
    assert {(span['level'], span['otel_status_code']) for span in messages} == {(5, 'UNSET'), (17, 'ERROR')}
    assert all(span['message'] == span['span_name'] for span in messages)


def test_C6_flask(spans: Any) -> None:
    assert told(of_scope(spans[0], 'flask')) == [
        ('GET /hello/<name>', 'GET /hello/ada', 9, 'UNSET'),
        ('GET /hello/<name>', 'GET /hello/nobody', 13, 'UNSET'),
    ]


def test_C6_requests(spans: Any) -> None:
    found, ports = spans
    fast, flask = (f'127.0.0.1:{ports[name]}' for name in ('fastapi', 'flask'))
    assert told(of_scope(found, 'requests')) == [
        ('GET', f'GET {fast}/items/1', 9, 'UNSET'),
        ('GET', f'GET {fast}/items/404', 17, 'ERROR'),
        ('GET', f'GET {fast}/items/500', 17, 'ERROR'),
        ('GET', f'GET {flask}/hello/ada', 9, 'UNSET'),
        ('GET', f'GET {flask}/hello/nobody', 17, 'ERROR'),
        ('GET', f"GET {fast}/items/2 ? note='naïve text' & long='{LONG}'", 9, 'UNSET'),
    ]


def test_C6_sqlite(spans: Any) -> None:
    found = of_scope(spans[0], 'sqlite3')
    assert [(span['message'], span['level']) for span in found] == [
        ('CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT)', 9),
        ('SELECT id, name FROM item WHERE name = ?', 9),
        ('SELECT * FROM missing', 17),
    ]
    assert found[2]['is_exception'] and found[2]['exception_type'] == 'sqlite3.OperationalError'


def test_C6_sqlalchemy(spans: Any) -> None:
    found = of_scope(spans[0], 'sqlalchemy')
    assert [(span['message'], span['level']) for span in found] == [('connect', 5), ('SELECT 1 AS one', 9)]


def test_C6_redis(spans: Any) -> None:
    assert [(span['message'], span['level']) for span in of_scope(spans[0], 'redis')] == [('SET ? ?', 9), ('GET ?', 9)]


def test_C6_celery(spans: Any) -> None:
    found = of_scope(spans[0], 'celery')
    assert sorted((span['message'], span['level'], span['otel_status_code']) for span in found) == [
        ('apply_async/shop.pack', 9, 'UNSET'),
        ('apply_async/shop.pack', 9, 'UNSET'),
        ('run/shop.pack', 9, 'UNSET'),
        ('run/shop.pack', 17, 'ERROR'),
    ]
    parents = {span['span_id'] for span in found if span['span_name'].startswith('apply_async')}
    assert {span['parent_span_id'] for span in found if span['span_name'].startswith('run')} == parents, 'a task is the child of its sender'


def test_C6_calls_across_services_are_one_trace(spans: Any) -> None:
    """The clients inject trace context: each server span hangs under the client span of its request."""
    found = {span['span_id']: span for span in spans[0]}
    servers = [span for span in of_scope(spans[0], 'fastapi') + of_scope(spans[0], 'flask') if span['http_route']]
    assert len(servers) >= 6
    assert {found[span['parent_span_id']]['otel_scope_name'] for span in servers if span['attributes'].get('asgi.event.type') is None} == {
        'opentelemetry.instrumentation.requests'
    }


def test_C6_messages_are_kept_as_sent_when_asked(tmp_path: Any) -> None:
    span = {
        'traceId': '1' * 32, 'spanId': '2' * 16, 'name': 'GET', 'kind': 3, 'startTimeUnixNano': '1760000000000000000', 'endTimeUnixNano': '1760000000500000000',
        'attributes': [
            {'key': 'http.request.method', 'value': {'stringValue': 'GET'}},
            {'key': 'url.full', 'value': {'stringValue': 'http://shop/items?page=2'}},
            {'key': 'http.response.status_code', 'value': {'intValue': '404'}},
        ],
    }
    body = json.dumps({'resourceSpans': [{'scopeSpans': [{'spans': [span]}]}]}).encode()
    told = {}
    for flags in [[], ['--no-derived-messages']]:
        with Server(tmp_path / str(len(flags)), *flags) as server:
            assert server.http.post('/v1/traces', content=body, headers={'content-type': 'application/json'}).status_code == 200
            [found] = rows(server, 'SELECT message, level FROM records')
            told[len(flags)] = (found['message'], found['level'])
    assert told == {0: ("GET shop/items ? page='2'", 17), 1: ('GET', 9)}
