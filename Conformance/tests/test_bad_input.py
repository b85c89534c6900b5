"""Whatever is sent, the answer is the right status with a reason a person can act on, and the server goes on."""

import gzip
import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from google.rpc.status_pb2 import Status
from logfire.query_client import LogfireQueryClient, QueryExecutionError
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from harness.otlp import PROTOBUF, send, span, traces
from harness.programs import TOKEN
from harness.query import EARLIEST, post_query, value
from harness.server import PROGRAM, Server, clean_environment

JSON = {'content-type': 'application/json'}
SIGNALS = ('traces', 'logs', 'metrics')
LIMIT = 100_000


def valid_body() -> bytes:
    return traces([span('valid')]).SerializeToString()


MALFORMED_PROTOBUF = {
    'random-bytes': bytes(range(255, 0, -1)),
    'truncated': valid_body()[:-3],
    'length-past-the-end': b'\x0a\xff\xff\xff\xff\x0f',
    'endless-varint': b'\x0a' + b'\xff' * 11,
    'bad-wire-type': b'\x0f\x00',
}
MALFORMED_JSON = {
    'empty': b'',
    'not-json': b'{"resourceSpans": [',
    'an-array': b'[]',
    'a-string-for-a-list': b'{"resourceSpans": "x", "resourceLogs": "x", "resourceMetrics": "x"}',
    'utf-16': '{}'.encode('utf-16'),
}


def assert_status(response: httpx.Response, status: int, code: int, *, protobuf: bool) -> str:
    """The answer is a google.rpc.Status in the request's own encoding; returns its message."""
    assert response.status_code == status, response.text
    if protobuf:
        assert response.headers['content-type'].startswith('application/x-protobuf')
        answer = Status.FromString(response.content)
        found, message = answer.code, answer.message
    else:
        assert response.headers['content-type'].startswith('application/json')
        body = response.json()
        found, message = body['code'], body['message']
    assert found == code
    assert message.strip()
    return message


@pytest.mark.parametrize('signal', SIGNALS)
@pytest.mark.parametrize('body', MALFORMED_PROTOBUF.values(), ids=MALFORMED_PROTOBUF.keys())
def test_malformed_protobuf_is_400_with_a_status(signal: str, body: bytes, shared_server: Server) -> None:
    response = shared_server.http.post(f'/v1/{signal}', content=body, headers=PROTOBUF)
    assert_status(response, 400, 3, protobuf=True)


@pytest.mark.parametrize('signal', SIGNALS)
@pytest.mark.parametrize('body', MALFORMED_JSON.values(), ids=MALFORMED_JSON.keys())
def test_malformed_json_is_400_with_a_status(signal: str, body: bytes, shared_server: Server) -> None:
    response = shared_server.http.post(f'/v1/{signal}', content=body, headers=JSON)
    assert_status(response, 400, 3, protobuf=False)


def test_body_that_is_not_gzip_is_400(shared_server: Server) -> None:
    response = shared_server.http.post('/v1/traces', content=valid_body(), headers=PROTOBUF | {'content-encoding': 'gzip'})
    assert_status(response, 400, 3, protobuf=True)
    cut = gzip.compress(valid_body())[:-9]
    response = shared_server.http.post('/v1/traces', content=cut, headers=PROTOBUF | {'content-encoding': 'gzip'})
    assert_status(response, 400, 3, protobuf=True)


def test_nothing_of_a_malformed_request_is_stored(shared_server: Server) -> None:
    name = f'half-{os.urandom(4).hex()}'
    body = traces([span(name) for _ in range(20)]).SerializeToString()
    assert shared_server.http.post('/v1/traces', content=body[:-5], headers=PROTOBUF).status_code == 400
    assert value(shared_server, f"SELECT count(*) AS n FROM records_all WHERE span_name = '{name}'") == 0


def test_empty_protobuf_request_is_accepted(shared_server: Server) -> None:
    """An empty message is a valid export request with nothing in it."""
    for signal in SIGNALS:
        assert shared_server.http.post(f'/v1/{signal}', content=b'', headers=PROTOBUF).status_code == 200


@pytest.mark.parametrize('content_type', ['text/plain', 'application/x-www-form-urlencoded', 'application/xml', ''])
def test_unknown_content_type_is_415(content_type: str, shared_server: Server) -> None:
    response = shared_server.http.post('/v1/traces', content=valid_body(), headers={'content-type': content_type})
    assert_status(response, 415, 3, protobuf=False)


def test_unknown_content_encoding_is_415(shared_server: Server) -> None:
    response = shared_server.http.post('/v1/traces', content=valid_body(), headers=PROTOBUF | {'content-encoding': 'snappy'})
    assert_status(response, 415, 3, protobuf=True)


def test_body_over_the_limit_is_413(server_with: Callable[..., Server]) -> None:
    server = server_with('--max-body-bytes', str(LIMIT))
    body = traces([span('big', values={'text': 'x' * LIMIT})]).SerializeToString()
    message = assert_status(server.http.post('/v1/traces', content=body, headers=PROTOBUF), 413, 8, protobuf=True)
    assert str(LIMIT) in message
    response = server.http.post('/v1/traces', content=b'{"resourceSpans": []' + b' ' * LIMIT + b'}', headers=JSON)
    assert_status(response, 413, 8, protobuf=False)
    send(server, traces([span('small')]))
    assert value(server, 'SELECT count(*) AS n FROM records') == 1


def test_body_without_length_over_the_limit_is_413(server_with: Callable[..., Server]) -> None:
    server = server_with('--max-body-bytes', str(LIMIT))

    def chunks():
        for _ in range(20):
            yield b'x' * (LIMIT // 10)

    try:
        status = server.http.post('/v1/traces', content=chunks(), headers=PROTOBUF).status_code
    except httpx.WriteError:
        status = 413  # the server may also close the connection on a sender that does not stop
    assert status == 413
    send(server, traces([span('small')]))


def test_gzip_bomb_is_413_and_costs_no_memory(server_with: Callable[..., Server]) -> None:
    server = server_with('--max-body-bytes', str(LIMIT))
    bomb = gzip.compress(bytes(400_000_000), 9)
    packed = gzip.compress(traces([span('packed', values={'text': 'x' * 2 * LIMIT})]).SerializeToString())
    assert len(packed) < LIMIT
    send(server, traces([span('before')]))
    before = peak_resident_bytes(server)
    for body in (packed, gzip.compress(bytes(90 * LIMIT), 9), bomb):
        response = server.http.post('/v1/traces', content=body, headers=PROTOBUF | {'content-encoding': 'gzip'})
        assert_status(response, 413, 8, protobuf=True)
    assert peak_resident_bytes(server) - before < 50_000_000
    assert value(server, 'SELECT count(*) AS n FROM records') == 1


def peak_resident_bytes(server: Server) -> int:
    status = Path(f'/proc/{server.pid}/status').read_text()
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith('VmHWM:'))


@pytest.mark.parametrize('path', ['/v1/nothing', '/v2/nothing', '/ui/nothing'])
def test_unknown_path_is_404_in_json(path: str, shared_server: Server) -> None:
    for response in (shared_server.http.get(path), shared_server.http.post(path, json={})):
        assert response.status_code == 404
        assert response.headers['content-type'].startswith('application/json')
        assert response.json()['detail']


def test_cross_site_and_foreign_host_are_refused(shared_server: Server) -> None:
    response = shared_server.http.post('/v2/query', json={'sql': 'SELECT 1', 'min_timestamp': EARLIEST}, headers={'origin': 'https://evil.example'})
    assert response.status_code == 403
    assert shared_server.http.get('/ui/config', headers={'host': 'evil.example'}).status_code == 403


def assert_refuses_to_start(arguments: list[str], *needed: str) -> None:
    """The program ends by itself, with an error code and one sentence on standard error that holds the needed words."""
    ended = subprocess.run([str(PROGRAM), 'serve', *arguments], env=clean_environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20)
    assert ended.returncode > 0, f'exit code {ended.returncode}'
    complaint = ended.stderr.strip()
    assert len(complaint.splitlines()) == 1, complaint
    for word in needed:
        assert word in complaint
    assert 'listening' not in ended.stdout


def test_port_taken_ends_with_one_sentence(data: Path) -> None:
    with socket.create_server(('127.0.0.1', 0)) as taken:
        port = taken.getsockname()[1]
        assert_refuses_to_start(['--data', str(data), '--http', f'127.0.0.1:{port}'], str(port), 'in use')


def test_data_folder_that_is_a_file_ends_with_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / 'occupied'
    file.write_text('not a folder')
    assert_refuses_to_start(['--data', str(file), '--http', '127.0.0.1:0'], str(file))
    assert file.read_text() == 'not a folder'


def test_data_folder_in_use_ends_with_one_sentence(server: Server) -> None:
    assert_refuses_to_start(['--data', str(server.data), '--http', '127.0.0.1:0'], str(server.data))
    send(server, traces([span('still-alive')]))


def test_bad_flags_end_with_an_error(data: Path) -> None:
    for arguments in (['--http', 'nonsense'], ['--max-body-bytes', '-5'], ['--no-such-flag']):
        ended = subprocess.run(
            [str(PROGRAM), 'serve', '--data', str(data), *arguments], env=clean_environment(), capture_output=True, text=True, timeout=20
        )
        assert ended.returncode > 0
        assert arguments[0].lstrip('-') in ended.stderr or arguments[-1] in ended.stderr


def assert_problem(response: httpx.Response, status: int = 400) -> dict:
    assert response.status_code == status, response.text
    assert response.headers['content-type'].startswith('application/problem+json')
    body = response.json()
    assert body['status'] == status
    assert body['detail'].strip() and body['title'].strip() and body['type'].strip()
    return body


def test_sql_syntax_error_has_its_position(shared_server: Server) -> None:
    sql = 'SELECT span_name\nFROM records\nWHERE start_timestamp >>> 3'
    problem = assert_problem(post_query(shared_server, sql))
    assert abs(problem['position'] - sql.index('>>>')) <= 3


def test_unknown_table_and_column_are_named(shared_server: Server) -> None:
    sql = 'SELECT 1 FROM no_such_table'
    problem = assert_problem(post_query(shared_server, sql))
    assert 'no_such_table' in problem['detail']
    assert problem.get('position', sql.index('no_such')) == sql.index('no_such')
    assert 'no_such_column' in assert_problem(post_query(shared_server, 'SELECT no_such_column FROM records'))['detail']


def test_query_client_raises_its_own_error(shared_server: Server) -> None:
    from datetime import UTC, datetime

    with LogfireQueryClient(read_token=TOKEN, base_url=shared_server.url) as client, pytest.raises(QueryExecutionError, match='no_such_table'):
        client.query_json_rows('SELECT 1 FROM no_such_table', min_timestamp=datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    'sql',
    [
        'DROP TABLE records',
        'DELETE FROM records',
        "INSERT INTO records VALUES (1)",
        "COPY records TO '/tmp/out.csv'",
        "ATTACH '/tmp/other.db'",
        'INSTALL httpfs',
        "SET memory_limit = '100GB'",
        'PRAGMA database_list',
        'SELECT 1; SELECT 2',
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT content FROM read_text('/etc/passwd')",
        "SELECT * FROM glob('/etc/*')",
        'SELECT * FROM duckdb_settings()',
        'SELECT * FROM information_schema.tables',
        "SELECT getenv('HOME')",
    ],
)
def test_statements_beyond_reading_telemetry_are_refused(sql: str, shared_server: Server) -> None:
    assert_problem(post_query(shared_server, sql))


def test_bad_query_requests_are_422(shared_server: Server) -> None:
    def ask(**body) -> httpx.Response:
        return shared_server.http.post('/v2/query', json=body)

    assert ask(sql='SELECT 1', min_timestamp=EARLIEST, limit=10_001).status_code == 422
    assert ask(sql='SELECT 1', min_timestamp=EARLIEST, limit=-1).status_code == 422
    assert ask(sql='SELECT 1', min_timestamp='yesterday').status_code == 422
    assert ask(sql='SELECT 1').status_code == 422
    assert ask(min_timestamp=EARLIEST).status_code == 422
    assert shared_server.http.post('/v2/query', content=b'{', headers=JSON).status_code in (400, 422)


def test_query_past_its_deadline_is_400_and_the_server_goes_on(server_with: Callable[..., Server]) -> None:
    server = server_with('--query-deadline-seconds', '1')
    send(server, traces([span(f'row {number}') for number in range(2000)]))
    started = time.monotonic()
    problem = assert_problem(
        post_query(server, 'SELECT count(*) AS n FROM records a, records b, records c WHERE a.span_id || b.span_id < c.span_id || a.span_name')
    )
    assert time.monotonic() - started < 5
    assert any(word in problem['detail'] for word in ('deadline', 'time', 'seconds'))
    assert value(server, 'SELECT count(*) AS n FROM records') == 2000


def test_json_request_of_every_signal_is_accepted(shared_server: Server) -> None:
    """The counterpart: what is well-formed JSON with unknown fields passes (OTLP: unknown fields are ignored)."""
    body = {'resourceSpans': [], 'resourceLogs': [], 'resourceMetrics': [], 'unknownField': {'a': [1, None]}}
    for signal in SIGNALS:
        response = shared_server.http.post(f'/v1/{signal}', content=json.dumps(body), headers=JSON)
        assert response.status_code == 200, response.text
        assert response.json() in ({}, {'partialSuccess': {}})


def test_span_without_valid_ids_is_rejected_as_partial_success(shared_server: Server) -> None:
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

    name = f'good-{os.urandom(4).hex()}'
    broken = span('broken')
    broken.trace_id = b'\x01\x02'
    request: ExportTraceServiceRequest = traces([span(name), broken])
    response = send(shared_server, request)
    answer = ExportTraceServiceResponse.FromString(response.content)
    assert answer.partial_success.rejected_spans == 1
    assert answer.partial_success.error_message
    assert value(shared_server, f"SELECT count(*) AS n FROM records WHERE span_name = '{name}'") == 1


@pytest.mark.skipif('HEARTH_PROGRAM' in os.environ, reason='needs the layout that make build leaves')
def test_missing_library_is_one_sentence(tmp_path: Path) -> None:
    """The program without the library beside it."""
    folder = tmp_path / 'bin'
    folder.mkdir()
    for name in ('hearth', 'hearth.program'):
        (folder / name).symlink_to(PROGRAM.parent / name)
    shutil.copy2(PROGRAM, folder / 'launcher')
    ended = subprocess.run([folder / 'launcher', 'serve'], capture_output=True, text=True, timeout=10, check=False)
    assert ended.returncode == 72
    assert len(ended.stderr.splitlines()) == 1
    assert 'libduckdb' in ended.stderr and 'make build' in ended.stderr
    # A link to the program finds what lies beside the program itself.
    assert subprocess.run([folder / 'hearth', '--version'], capture_output=True, text=True, timeout=10, check=True).stdout.strip()
