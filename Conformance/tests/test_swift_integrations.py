"""The integrations of the Swift SDK: example programs against the built server, asserted through the query API (acceptance F1, F3, F4)."""

import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from harness.query import rows as rows_of
from harness.query import rows_soon
from harness.server import Server
from harness.swift import example, run, run_example, swift_program, variables

COLUMNS = (
    'span_name, message, kind, level, tags, span_id, parent_span_id, trace_id, attributes, is_exception, exception_type, otel_status_code, '
    'otel_status_message, otel_scope_name, service_name, service_version, deployment_environment, http_route, http_response_status_code, duration'
)


def records(server: Server, service: str) -> list[dict[str, Any]]:
    return rows_of(server, f"SELECT {COLUMNS} FROM records WHERE service_name = '{service}' ORDER BY start_timestamp, start_nanosecond")


def by_message(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row['message']: row for row in rows}


def test_F1_macro(shared_server: Server, tmp_path: Path) -> None:
    result = run_example('Instrumented', shared_server, folder=tmp_path, LOGFIRE_SERVICE_NAME='instrumented')
    assert result.stdout.split() == ['904.875']
    rows = records(shared_server, 'instrumented')
    spans = by_message(rows)
    assert [row['message'] for row in rows] == [
        'Fetching holdings for growth-7',
        'Selling 1 of AAPL',
        'Computing risk metrics',
        'Pricing AAPL',
        'Pricing MSFT',
        'Selling 1 of TSLA',
    ]
    fetch = spans['Fetching holdings for growth-7']
    assert fetch['span_name'] == 'Fetching holdings for {portfolioID}'
    assert fetch['tags'] == ['portfolio']
    assert fetch['attributes']['portfolioID'] == 'growth-7'
    assert fetch['attributes']['limit'] == 2
    assert fetch['attributes']['code.function'] == 'fetch(portfolioID:limit:)'
    assert fetch['attributes']['code.filepath'] == 'Instrumented/main.swift'
    sale = spans['Selling 1 of AAPL']
    assert sale['attributes']['symbol'] == 'AAPL'
    assert 'password' not in sale['attributes']
    risk = spans['Computing risk metrics']
    assert {spans[f'Pricing {symbol}']['parent_span_id'] for symbol in ('AAPL', 'MSFT')} == {risk['span_id']}
    assert spans['Pricing MSFT']['attributes']['return'] == 431.25
    failed = spans['Selling 1 of TSLA']
    assert failed['exception_type'] == 'Instrumented.UnknownSymbol'
    assert failed['level'] == 17


def test_F1_database(shared_server: Server, tmp_path: Path) -> None:
    run_example('Database', shared_server, folder=tmp_path, LOGFIRE_SERVICE_NAME='database')
    rows = records(shared_server, 'database')
    order = by_message(rows)['place order']
    statements = [row for row in rows if row['otel_scope_name'] == 'hearth.grdb']
    assert [row['span_name'] for row in statements] == ['CREATE orders', 'INSERT orders', 'SELECT orders']
    assert {row['parent_span_id'] for row in statements} == {order['span_id']}
    insert = statements[1]
    assert insert['message'] == insert['attributes']['db.query.text'] == 'INSERT INTO orders (customer, total) VALUES (?, ?)'
    assert insert['attributes']['db.system.name'] == 'sqlite'
    assert insert['attributes']['db.namespace'] == 'shop'
    assert insert['attributes']['db.collection.name'] == 'orders'
    assert 0 <= insert['duration'] <= order['duration']
    # Values of parameters are nowhere.
    assert not any('Lovelace' in str(row) for row in statements)

    select = next(row for row in rows if row['span_name'] == 'SELECT customers')
    assert select['otel_scope_name'] == 'hearth.database'
    assert select['message'] == 'SELECT name FROM customers WHERE id = $1'
    assert select['attributes']['db.query.parameter.0'] == 7
    assert select['attributes']['server.port'] == 5432
    assert select['attributes']['db.response.returned_rows'] == 1
    get = next(row for row in rows if row['span_name'] == 'GET')
    assert get['message'] == get['attributes']['db.query.text'] == 'GET ?'
    assert get['attributes']['db.system.name'] == 'redis'
    assert get['attributes']['db.namespace'] == '2'
    assert by_message(rows)['SET order:1 12.5']['attributes']['db.operation.name'] == 'SET'


def test_F1_gRPC(shared_server: Server, tmp_path: Path) -> None:
    result = run_example('RemoteCalls', shared_server, folder=tmp_path, LOGFIRE_SERVICE_NAME='rpc')
    assert result.stdout.split('\n')[:5] == ['AAPL low', 'FRAUD refused', 'low', 'low', 'high']
    rows = records(shared_server, 'rpc')
    assert len({row['trace_id'] for row in rows}) == 1
    root = by_message(rows)['check portfolio']
    calls = [row for row in rows if row['span_name'] == 'market.Risk/Assess']
    clients = [row for row in calls if row['parent_span_id'] == root['span_id']]
    servers = [row for row in calls if row['parent_span_id'] != root['span_id']]
    assert [row['parent_span_id'] for row in servers] == [row['span_id'] for row in clients]
    for row in calls:
        assert row['otel_scope_name'] == 'hearth.grpc'
        assert row['attributes']['rpc.system.name'] == 'grpc'
        assert row['attributes']['rpc.method'] == 'market.Risk/Assess'
    statuses = ['OK', 'PERMISSION_DENIED']
    assert [row['attributes']['rpc.response.status_code'] for row in clients] == statuses
    assert [row['attributes']['rpc.response.status_code'] for row in servers] == statuses
    assert [row['attributes'].get('error.type') for row in clients] == [None, 'PERMISSION_DENIED']
    assert [row['attributes'].get('error.type') for row in servers] == [None, None]
    # What the client may not do is its error, not the server's.
    assert [row['otel_status_code'] for row in clients] == ['UNSET', 'ERROR']
    assert [row['otel_status_code'] for row in servers] == ['UNSET', 'UNSET']
    assert by_message(rows)['assessing AAPL']['parent_span_id'] == servers[0]['span_id']
    watch = [row for row in rows if row['span_name'] == 'market.Risk/Watch']
    assert watch[1]['parent_span_id'] == watch[0]['span_id']
    # A streamed response is made inside of the server's span, and read inside of the client's.
    assert [row['parent_span_id'] for row in rows if row['span_name'] == 'risk is {level}'] == [watch[1]['span_id']] * 3
    measured = measurements(shared_server, 'rpc', 'rpc.%.call.duration', 'rpc.response.status_code')
    assert measured == {
        ('rpc.client.call.duration', 'OK', None): 2,
        ('rpc.client.call.duration', 'PERMISSION_DENIED', 'PERMISSION_DENIED'): 1,
        ('rpc.server.call.duration', 'OK', None): 2,
        ('rpc.server.call.duration', 'PERMISSION_DENIED', None): 1,
    }


def measurements(server: Server, service: str, name: str, attribute: str) -> dict[tuple[str, Any, str | None], int]:
    """How often something was measured, by metric, an attribute and `error.type`."""
    points = rows_of(server, f"SELECT * FROM metrics WHERE service_name = '{service}' AND metric_name LIKE '{name}'")
    counts: dict[tuple[str, Any, str | None], int] = {}
    for point in points:
        key = (point['metric_name'], point['attributes'].get(attribute), point['attributes'].get('error.type'))
        counts[key] = counts.get(key, 0) + (point['histogram_count'] or point['exp_histogram_count'])
    return counts


def test_F1_child_processes(shared_server: Server, tmp_path: Path) -> None:
    run_example('ChildProcess', shared_server, folder=tmp_path, LOGFIRE_SERVICE_NAME='children')
    rows = records(shared_server, 'children')
    assert len({row['trace_id'] for row in rows}) == 1
    root = by_message(rows)['share out work']
    children = [row for row in rows if row['span_name'] == 'run exe']
    assert {row['parent_span_id'] for row in children} == {root['span_id']}
    work = [row for row in rows if row['span_name'] == 'work of the child']
    assert [row['parent_span_id'] for row in work] == [row['span_id'] for row in children]
    assert [row['attributes']['process.exit.code'] for row in children] == [0, 0]
    assert children[0]['attributes']['process.pid'] != children[1]['attributes']['process.pid']
    assert 'first' in children[0]['attributes']['process.command_line']
    failed = by_message(rows)['run sh']
    assert failed['attributes']['process.exit.code'] == 3
    assert failed['attributes']['process.executable.name'] == 'sh'
    assert 'process.command_line' not in failed['attributes']
    assert (failed['otel_status_code'], failed['otel_status_message']) == ('ERROR', 'sh exited with status 3')


def test_F3_lifecycle_and_configuration(shared_server: Server, tmp_path: Path) -> None:
    program = example('Lifecycle')
    environment = variables(shared_server, HEARTH_ENVIRONMENT='production', LOGFIRE_SERVICE_NAME='from-environment', LOGFIRE_CONSOLE='true')
    process = subprocess.Popen([str(program)], env=environment, cwd=tmp_path, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    for line in process.stderr:
        if 'worker started' in line:
            break
    threading.Thread(target=process.stderr.read, daemon=True).start()
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 0
    # The delay of batches is 30 s, so only the delivery at the shutdown can have brought them.
    rows = records(shared_server, 'from-reader')
    assert [row['message'] for row in rows] == ['worker started', 'closing down', 'worker stopped']
    # Code, then the reader (its first provider first), then the environment.
    assert {(row['service_version'], row['deployment_environment']) for row in rows} == {('2.1', 'production')}
    assert rows[2]['parent_span_id'] == rows[1]['span_id']

    for variable, value, told in [
        ('HEARTH_PENDING_SPANS', 'perhaps', "the setting pendingSpans is 'perhaps' but must be true or false"),
        ('HEARTH_SAMPLING_RATE', '2', "the setting sampling.rate is '2.0' but must be a number from 0 to 1"),
        ('HEARTH_OTLP_ENDPOINT', 'ftp://x', 'it must begin with http:// or https://'),
    ]:
        result = subprocess.run(
            [str(program)], env=environment | {variable: value}, cwd=tmp_path, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=30
        )
        assert result.returncode != 0
        assert told in result.stderr


def test_F4_query_client(shared_server: Server, tmp_path: Path) -> None:
    run(swift_program('Quickstart'), shared_server, folder=tmp_path, LOGFIRE_SERVICE_NAME='order-service')
    lines = run_example('Queries', shared_server, folder=tmp_path, LOGFIRE_CONSOLE='false').stdout.splitlines()
    expected = rows_of(
        shared_server,
        "SELECT span_name, count(*) AS calls, max(duration) AS seconds FROM records WHERE service_name = 'order-service' "
        'GROUP BY span_name ORDER BY span_name',
    )
    told = [f'slowest {row["span_name"]} {row["calls"]} {"none" if row["seconds"] is None else "true"} true' for row in expected]
    assert [line for line in lines if line.startswith('slowest')] == told
    warnings = rows_of(
        shared_server, "SELECT kind, message FROM records WHERE service_name = 'order-service' AND level >= 'warn' ORDER BY start_timestamp DESC"
    )
    assert [line.split(' [')[0] for line in lines if line.startswith('record')] == [f'record {row["kind"]} {row["message"]}' for row in warnings]
    assert 'record log the oven is at 181.5 degrees ["slow"] true' in lines
    assert 'streamed 200' in lines
    assert 'sum 49995000' in lines
    assert 'enough' in lines
    errors = [line for line in lines if line.startswith('error')]
    assert errors[0].startswith('error 400 ') and 'nowhere' in errors[0]
    assert errors[1].startswith('error 422 ') and 'limit' in errors[1]
    assert errors[2] == 'error 0 row 1: n: expected a whole number that fits Int but found text'
    assert errors[3] == "error 0 row 1: the row has no column 'text'"


def test_F4_a_slow_reader_slows_the_server_down(tmp_path: Path) -> None:
    line = b'{"type":"data","rows":[' + b','.join(b'{"n":%d,"text":"%s"}' % (n, b'x' * 1000) for n in range(100)) + b']}\n'
    sent: list[int] = []

    def serve(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(64 * 1024)
            connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n')
            try:
                while sum(sent) < 500_000_000:
                    connection.sendall(b'%x\r\n%s\r\n' % (len(line), line))
                    sent.append(len(line))
            except OSError:
                sent.append(0)

    class Endless:
        url = ''

    with socket.create_server(('127.0.0.1', 0)) as listener:
        Endless.url = f'http://127.0.0.1:{listener.getsockname()[1]}'
        thread = threading.Thread(target=serve, args=(listener,), daemon=True)
        thread.start()
        result = run_example('Queries', Endless(), 'slow', folder=tmp_path)  # type: ignore[arg-type]
        thread.join(timeout=10)
    assert result.stdout == 'slow reader has enough\n'
    # What the sockets hold, not what the server could send in a second; and the end of the reader is the end of the answer.
    assert 100_000 < sum(sent) < 30_000_000
    assert sent[-1] == 0


@pytest.mark.skipif(sys.platform != 'linux', reason='ldd')
def test_F3_nothing_links_Foundation_without_traits() -> None:
    for program in (swift_program('Quickstart'), example('Queries'), example('Instrumented')):
        libraries = subprocess.run(['ldd', str(program)], check=True, capture_output=True, text=True).stdout
        assert 'libswiftCore' in libraries
        assert 'Foundation' not in libraries, program


@pytest.fixture(scope='module')
def services(shared_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """The gateway, with its worker behind it."""
    folder = tmp_path_factory.mktemp('services')
    program = example('Services')
    processes: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> str:
        process = subprocess.Popen(
            [str(program), *arguments], env=variables(shared_server, OTEL_METRIC_EXPORT_INTERVAL='300'), cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
        )
        processes.append(process)
        assert process.stdout is not None
        match = re.match(r'listening on (\d+)', process.stdout.readline())
        assert match
        return f'http://127.0.0.1:{match[1]}'

    worker = start('worker')
    try:
        with httpx.Client(base_url=start('gateway', worker), timeout=20) as client:
            yield client
    finally:
        for process in processes:
            process.terminate()
            process.wait(timeout=30)


def trace(server: Server, trace_id: str, count: int) -> list[dict[str, Any]]:
    """The spans and logs of a trace, when there are as many as there must be."""
    return rows_soon_until(
        server, f"SELECT {COLUMNS} FROM records WHERE trace_id = '{trace_id}' ORDER BY start_timestamp, start_nanosecond", count
    )


def rows_soon_until(server: Server, sql: str, count: int) -> list[dict[str, Any]]:
    deadline = time.monotonic() + 10
    while len(rows := rows_soon(server, sql)) < count and time.monotonic() < deadline:
        time.sleep(0.1)
    assert len(rows) == count, rows
    return rows


CALLER = '00-{}-00f067aa0ba902b7-01'


def test_F1_services_are_one_trace(shared_server: Server, services: httpx.Client) -> None:
    trace_id = '4bf92f3577b34da6a3ce929d0e0e4701'
    headers = {'traceparent': CALLER.format(trace_id), 'content-type': 'text/plain', 'authorization': 'Bearer s3cret', 'x-tenant': 'acme'}
    response = services.post('/analyze?deep=1', content='why is the sky blue', headers=headers)
    assert response.json() == {'output': 'done'}
    gateway, request, worker, agent, log = trace(shared_server, trace_id, 5)

    assert (gateway['service_name'], gateway['span_name'], gateway['message']) == ('gateway', 'POST /analyze', 'POST /analyze')
    assert gateway['parent_span_id'] == '00f067aa0ba902b7'
    assert gateway['otel_scope_name'] == 'hearth.hummingbird'
    assert (gateway['http_route'], gateway['http_response_status_code']) == ('/analyze', 200)
    attributes = gateway['attributes']
    assert attributes['url.query'] == 'deep=1'
    assert attributes['http.request.body.text'] == 'why is the sky blue'
    assert attributes['http.response.body.text'] == '{"output": "done"}'
    assert attributes['http.request.header.x-tenant'] == ['acme']
    assert attributes['http.response.header.content-type'] == ['application/json']
    assert 's3cret' not in str(gateway)

    # async-http-client traces itself with the tracer that was bootstrapped.
    assert (request['service_name'], request['span_name'], request['parent_span_id']) == ('gateway', 'POST', gateway['span_id'])
    assert request['http_response_status_code'] == 200
    # Hummingbird's own middleware in the other process.
    assert (worker['service_name'], worker['span_name'], worker['parent_span_id']) == ('worker', '/run/{agent}', request['span_id'])
    assert (worker['http_route'], worker['http_response_status_code']) == ('/run/{agent}', 200)
    assert (agent['message'], agent['parent_span_id']) == ('agent run of market', worker['span_id'])
    assert (log['message'], log['parent_span_id']) == ('thinking about why is the sky blue', agent['span_id'])


def test_F1_failures_of_services(shared_server: Server, services: httpx.Client) -> None:
    trace_id = '4bf92f3577b34da6a3ce929d0e0e4702'
    response = services.post('/analyze', content='break', headers={'traceparent': CALLER.format(trace_id)})
    assert response.status_code == 503
    gateway, request, worker, agent = trace(shared_server, trace_id, 4)
    assert (gateway['otel_status_code'], gateway['http_response_status_code'], gateway['attributes']['error.type']) == ('ERROR', 503, '503')
    assert request['otel_status_code'] == 'ERROR'
    assert (worker['otel_status_code'], worker['http_response_status_code']) == ('ERROR', 503)
    assert agent['is_exception']

    for number, (path, route, status, is_error) in enumerate(
        [
            ('/orders/7', '/orders/{id}', 200, False),
            ('/orders/9999', '/orders/{id}', 404, False),
            ('/crash', '/crash', 500, True),
            ('/nowhere', None, 404, False),
        ]
    ):
        trace_id = f'4bf92f3577b34da6a3ce929d0e0e471{number}'
        assert services.get(path, headers={'traceparent': CALLER.format(trace_id)}).status_code == status
        (row,) = trace(shared_server, trace_id, 1)
        assert row['span_name'] == (f'GET {route}' if route else 'GET')
        assert row['message'] == f'GET {path}'
        assert (row['http_route'], row['http_response_status_code']) == (route, status)
        assert (row['otel_status_code'] == 'ERROR') is is_error
        assert row['is_exception'] is is_error

    trace_id = '4bf92f3577b34da6a3ce929d0e0e4703'
    assert services.get('/healthz', headers={'traceparent': CALLER.format(trace_id)}).text == 'ok'
    # A caller that is not recorded is not recorded here either.
    unsampled = '4bf92f3577b34da6a3ce929d0e0e4704'
    assert services.get('/orders/1', headers={'traceparent': CALLER.format(unsampled)[:-1] + '0'}).status_code == 200
    last = '4bf92f3577b34da6a3ce929d0e0e4705'
    services.get('/orders/2', headers={'traceparent': CALLER.format(last)})
    trace(shared_server, last, 1)
    assert rows_of(shared_server, f"SELECT span_name FROM records WHERE trace_id IN ('{trace_id}', '{unsampled}')") == []

    # Requests that are not recorded are measured all the same, but for those that are excluded.
    routes: dict[tuple[str, Any, str | None], int] = {}
    deadline = time.monotonic() + 10
    while routes.get(('http.server.request.duration', '/orders/{id}', None), 0) < 4 and time.monotonic() < deadline:
        time.sleep(0.1)
        routes = measurements(shared_server, 'gateway', 'http.server.request.duration', 'http.route')
    assert routes[('http.server.request.duration', '/orders/{id}', None)] == 4
    assert routes[('http.server.request.duration', None, None)] == 1
    assert routes[('http.server.request.duration', '/analyze', '503')] == 1
    assert {key[1] for key in routes} == {'/orders/{id}', '/analyze', '/crash', None}
