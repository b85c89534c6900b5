"""Every way to send OTLP: HTTP/1.1 and HTTP/2, gRPC, plain and over TLS, each body encoding, scripts of other sites, and what is refused how."""

import contextlib
import gzip
import os
import random
import shutil
import socket
import subprocess
import time
import zlib
from collections.abc import Callable

import grpc
import httpx
import pytest
import zstandard
from google.rpc.error_details_pb2 import RetryInfo
from google.rpc.status_pb2 import Status
from opentelemetry.exporter.otlp.json.http.trace_exporter import OTLPSpanExporter as JSONSpanExporter
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as HTTPSpanExporter

from harness.grpc_client import call
from harness.otlp import PROTOBUF, send, span, traces
from harness.query import post_query, rows, value
from harness.server import Server
from harness.transports import LIMIT, TRACES, send_span, stored, unique

RAW_DEFLATE = -15


# Bodies


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=RAW_DEFLATE)
    return packer.compress(body) + packer.flush()


ENCODINGS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    'identity': ('identity', lambda body: body),
    'gzip': ('gzip', gzip.compress),
    'gzip-in-capitals': ('GZIP', gzip.compress),
    'gzip-in-two-members': ('gzip', lambda body: gzip.compress(body[:20]) + gzip.compress(body[20:])),
    'deflate-zlib': ('deflate', zlib.compress),
    'deflate-raw': ('deflate', raw_deflate),
    'zstd': ('zstd', zstandard.ZstdCompressor().compress),
    'zstd-in-two-frames': ('zstd', lambda body: zstandard.ZstdCompressor().compress(body[:20]) + zstandard.ZstdCompressor(level=19).compress(body[20:])),
    'zstd-without-size': ('zstd', lambda body: zstandard.ZstdCompressor(write_content_size=False).compress(body)),
}


@pytest.mark.parametrize('encoding', ENCODINGS)
@pytest.mark.parametrize('signal', ['traces', 'logs', 'metrics'])
def test_every_encoding_on_every_path(encoding: str, signal: str, shared_server: Server) -> None:
    name, pack = ENCODINGS[encoding]
    # An empty request is the same three bytes for every signal: an unknown field.
    body = traces([span(unique('packed'))]).SerializeToString() if signal == 'traces' else b'\xfa\x01' + bytes([30]) + bytes(30)
    response = shared_server.http.post(f'/v1/{signal}', content=pack(body), headers=PROTOBUF | {'content-encoding': name})
    assert response.status_code == 200, response.text


@pytest.mark.parametrize('encoding', ENCODINGS)
def test_what_was_packed_is_stored(encoding: str, shared_server: Server) -> None:
    header, pack = ENCODINGS[encoding]
    name = unique('stored')
    body = traces([span(name, values={'text': 'x' * 50_000})]).SerializeToString()
    response = shared_server.http.post('/v1/traces', content=pack(body), headers=PROTOBUF | {'content-encoding': header})
    assert response.status_code == 200, response.text
    assert stored(shared_server, name) == 1


@pytest.mark.parametrize('header', ['br', 'snappy', 'gzip, gzip', 'gzip, zstd'])
def test_other_encodings_are_415_with_what_is_supported(header: str, shared_server: Server) -> None:
    response = shared_server.http.post('/v1/traces', content=b'', headers=PROTOBUF | {'content-encoding': header})
    assert response.status_code == 415
    message = Status.FromString(response.content).message
    for name in ('gzip', 'zstd', 'deflate'):
        assert name in message


@pytest.mark.parametrize('header', ['gzip', 'deflate', 'zstd'])
def test_damaged_bodies_are_400(header: str, shared_server: Server) -> None:
    for body in (b'', b'nonsense', traces([span('x')]).SerializeToString()):
        response = shared_server.http.post('/v1/traces', content=body, headers=PROTOBUF | {'content-encoding': header})
        assert response.status_code == 400, (body, response.text)
    packed = ENCODINGS['zstd' if header == 'zstd' else 'gzip' if header == 'gzip' else 'deflate-zlib'][1](bytes(1000))
    response = shared_server.http.post('/v1/traces', content=packed[:-3], headers=PROTOBUF | {'content-encoding': header})
    assert response.status_code == 400


def test_bombs_are_413_in_every_encoding(server_with: Callable[..., Server]) -> None:
    server = server_with('--max-body-bytes', str(LIMIT))
    bombs = {
        'gzip': gzip.compress(bytes(50_000_000)),
        'deflate': zlib.compress(bytes(50_000_000)),
        'zstd': zstandard.ZstdCompressor().compress(bytes(200_000_000)),
    }
    for header, body in bombs.items():
        assert len(body) < LIMIT
        response = server.http.post('/v1/traces', content=body, headers=PROTOBUF | {'content-encoding': header})
        assert response.status_code == 413, header
        code = call(server, TRACES, body, encoding=header, packed=True).code
        assert code == grpc.StatusCode.RESOURCE_EXHAUSTED, header


# HTTP


def test_connection_is_kept_alive(shared_server: Server) -> None:
    host, port = shared_server.url.removeprefix('http://').split(':')
    body = traces([span('kept')]).SerializeToString()
    head = f'POST /v1/traces HTTP/1.1\r\nhost: {host}:{port}\r\ncontent-type: application/x-protobuf\r\ncontent-length: {len(body)}\r\n\r\n'
    with socket.create_connection((host, int(port)), 5) as connection:
        for _ in range(3):
            connection.sendall(head.encode() + body)
            answer = b''
            while b'\r\n\r\n' not in answer:
                answer += connection.recv(65536)
            assert answer.startswith(b'HTTP/1.1 200')
            assert b'connection: close' not in answer.lower()


def test_first_bytes_may_come_one_by_one(shared_server: Server) -> None:
    host, port = shared_server.url.removeprefix('http://').split(':')
    with socket.create_connection((host, int(port)), 5) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in f'GET /healthz HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n'.encode():
            connection.sendall(bytes([byte]))
        answer = b''
        while part := connection.recv(65536):
            answer += part
    assert answer.startswith(b'HTTP/1.1 200')


def test_silent_connections_do_not_hold_up_the_end(server: Server) -> None:
    host, port = server.url.removeprefix('http://').split(':')
    with socket.create_connection((host, int(port)), 5), socket.create_connection((host, int(server.grpc.split(':')[1])), 5) as second:
        second.sendall(b'PRI * HTTP/2.0')
        send(server, traces([span('beside')]))
        started = time.monotonic()
        server.stop()
        assert time.monotonic() - started < 5
        server.start()


def test_http2_with_prior_knowledge_on_the_http_port(shared_server: Server) -> None:
    name = unique('h2c')
    with httpx.Client(base_url=shared_server.url, http1=False, http2=True, trust_env=False, timeout=30) as client:
        for index in range(3):
            body = zstandard.ZstdCompressor().compress(traces([span(name, values={'i': index, 'text': os.urandom(200_000).hex()})]).SerializeToString())
            response = client.post('/v1/traces', content=body, headers=PROTOBUF | {'content-encoding': 'zstd'})
            assert (response.status_code, response.http_version) == (200, 'HTTP/2'), response.text
        assert client.get('/healthz').json()['status'] == 'ok'
        assert client.post('/v1/traces', content=b'\xff', headers=PROTOBUF).status_code == 400
        assert client.get('/healthz', headers={'host': 'evil.example'}).status_code == 403
    assert stored(shared_server, name) == 3


@pytest.mark.skipif(shutil.which('curl') is None, reason='curl is not installed')
def test_curl_speaks_http2(shared_server: Server) -> None:
    if 'HTTP2' not in subprocess.run(['curl', '--version'], capture_output=True, text=True).stdout:
        pytest.skip('this curl has no HTTP/2')
    for extra in (['--http2-prior-knowledge'], ['--http2'], ['--http1.1']):
        told = subprocess.run(
            ['curl', '-sS', '--noproxy', '*', *extra, '-w', ' %{http_version} %{http_code}', f'{shared_server.url}/healthz'],
            capture_output=True, text=True, timeout=20,
        )  # fmt: skip
        assert told.returncode == 0, told.stderr
        assert told.stdout.split()[-1] == '200', (extra, told.stdout)
        if extra == ['--http2-prior-knowledge']:
            assert told.stdout.split()[-2] == '2'


@pytest.mark.parametrize('compression', [Compression.NoCompression, Compression.Gzip, Compression.Deflate])
def test_protobuf_exporter(compression: Compression, shared_server: Server) -> None:
    name = unique('proto-http')
    send_span(HTTPSpanExporter(endpoint=f'{shared_server.url}/v1/traces', compression=compression), name)
    assert stored(shared_server, name) == 1


def test_json_exporter(shared_server: Server) -> None:
    name = unique('json-http')
    send_span(JSONSpanExporter(endpoint=f'{shared_server.url}/v1/traces'), name)
    assert stored(shared_server, name) == 1


# Other sites

SITE = 'https://app.example.com'


def preflight(server: Server, path: str, origin: str) -> httpx.Response:
    wanted = {'origin': origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization,content-type,traceparent'}
    return server.http.options(path, headers=wanted)


def test_configured_sites_may_send_otlp_and_nothing_else(server_with: Callable[..., Server]) -> None:
    server = server_with('--cors-origin', SITE)
    for path in ('/v1/traces', '/v1/logs', '/v1/metrics'):
        answer = preflight(server, path, SITE)
        assert answer.status_code == 204
        assert answer.headers['access-control-allow-origin'] == SITE
        assert 'POST' in answer.headers['access-control-allow-methods']
        assert 'traceparent' in answer.headers['access-control-allow-headers']
        assert answer.headers['vary'].lower() == 'origin'
        assert preflight(server, path, 'https://evil.example').status_code == 403
    response = server.http.post('/v1/traces', content=traces([span('browser')]).SerializeToString(), headers=PROTOBUF | {'origin': SITE})
    assert (response.status_code, response.headers['access-control-allow-origin']) == (200, SITE)
    refused = server.http.post('/v1/traces', content=b'\xff', headers=PROTOBUF | {'origin': SITE})
    assert (refused.status_code, refused.headers['access-control-allow-origin']) == (400, SITE)
    for path in ('/v2/query', '/ui/config', '/healthz', '/v1/info'):
        for answer in (preflight(server, path, SITE), server.http.get(path, headers={'origin': SITE})):
            assert answer.status_code == 403
            assert 'access-control-allow-origin' not in answer.headers
    assert stored(server, 'browser') == 1


def test_no_site_may_send_without_configuration(shared_server: Server) -> None:
    assert preflight(shared_server, '/v1/traces', SITE).status_code == 403


def test_names_of_the_server(server_with: Callable[..., Server]) -> None:
    server = server_with('--allowed-host', 'hearth.example.com', '--public-url', 'https://public.example.com')
    for host, status in [('hearth.example.com:4318', 200), ('public.example.com', 200), ('evil.example', 403), ('localhost', 200)]:
        assert server.http.get('/healthz', headers={'host': host}).status_code == status, host
    assert server.http.get('/v1/info').json()['project_url'].startswith('https://public.example.com/')
    assert server.http.get('/healthz', headers={'origin': 'https://public.example.com'}).status_code == 200


def test_full_budget_tells_all_senders_to_come_back(server_with: Callable[..., Server]) -> None:
    """One sender holds the budget over HTTP; gRPC and HTTP both get their retryable answer, and both work again afterwards."""
    server = server_with('--in-flight-bytes', '100000')
    host, port = server.url.removeprefix('http://').split(':')
    body = traces([span('second', values={'text': 'x' * 50_000})]).SerializeToString()
    with socket.create_connection((host, int(port)), 5) as slow:
        slow.sendall(f'POST /v1/traces HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/x-protobuf\r\ncontent-length: 90000\r\n\r\n'.encode() + b'x')
        time.sleep(0.3)
        response = server.http.post('/v1/traces', content=body, headers=PROTOBUF)
        assert response.status_code == 503
        assert int(response.headers['retry-after']) >= 1
        answer = call(server, TRACES, body)
        assert answer.code == grpc.StatusCode.UNAVAILABLE
        assert answer.trailers['grpc-retry-pushback-ms'] == '1000'
        status = Status.FromString(answer.trailers['grpc-status-details-bin'])
        info = RetryInfo()
        assert status.details[0].Unpack(info)
        assert info.retry_delay.seconds == 1
    deadline = time.monotonic() + 10
    while call(server, TRACES, body).code != grpc.StatusCode.OK:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_garbage_on_the_ports_does_no_harm(server: Server) -> None:
    """Bytes that are no protocol at all, and connections that end in the middle of one."""
    chance = random.Random(4318)
    preface = b'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'
    begins = [b'', preface, preface + bytes(9), b'POST /v1/traces HTTP/1.1\r\n', b'\x16\x03\x01\x02\x00\x01']
    for _ in range(200):
        address = chance.choice([server.url.removeprefix('http://'), server.grpc])
        host, port = address.split(':')
        with socket.create_connection((host, int(port)), 5) as connection:
            with contextlib.suppress(OSError):
                connection.sendall(chance.choice(begins)[: chance.randrange(40)] + chance.randbytes(chance.randrange(200)))
                if chance.randrange(2):
                    connection.settimeout(0.02)
                    connection.recv(1000)
    name = unique('after')
    send(server, traces([span(name)]))
    assert call(server, TRACES, traces([span(name)]).SerializeToString()).code == grpc.StatusCode.OK
    assert stored(server, name) == 2


# Rejections


def test_rejected_records_are_told_in_the_project(server: Server) -> None:
    request = traces([span('good'), span('bad', span_id=bytes(8)), span('bad', span_id=bytes(8))], service='careless')
    response = send(server, request)
    assert '2 records' in response.headers['x-logfire-warning'] and 'span_id' in response.headers['x-logfire-warning']
    for _ in range(5):  # more of the same within a minute is not told again
        send(server, request)
    found = rows(server, "SELECT message, level, service_name, attributes FROM records WHERE span_name = 'logfire ingest error'")
    assert len(found) == 1
    assert found[0]['level'] in (17, 'error')
    assert found[0]['service_name'] == 'careless'
    assert found[0]['attributes']['ingest.rejected_records'] == 2
    assert 'span_id' in found[0]['message']
    assert server.http.post('/v1/traces', content=b'\xff', headers=PROTOBUF).status_code == 400
    assert value(server, "SELECT count(*) AS n FROM records WHERE span_name = 'logfire ingest error'") == 2


def test_a_record_over_ten_megabytes_keeps_both_ends(server: Server) -> None:
    send(server, traces([span('large', values={'big': '<' + 'x' * 12_000_000 + '>', 'small': 'y'})]))
    (row,) = rows(server, "SELECT attributes->>'big' AS big, attributes->'logfire.truncated' AS truncated, attributes->>'small' AS small FROM records")
    assert row['big'].startswith('<xxx') and row['big'].endswith('xxx>') and '...' in row['big']
    assert len(row['big']) < 10_500_000
    assert 'big' in str(row['truncated'])
    assert row['small'] == 'y'


def test_any_time_is_kept(server: Server) -> None:
    late = span('late', start=1_000_000_000_000_000_000)
    odd = [late, span('zero', start=0, seconds=0), span('future', start=4_000_000_000_000_000_000)]
    backwards = span('backwards')
    backwards.end_time_unix_nano = backwards.start_time_unix_nano - 5_000_000_000
    last = span('last')
    last.start_time_unix_nano = last.end_time_unix_nano = 2**64 - 1
    send(server, traces([*odd, backwards, last]))
    found = post_query(server, 'SELECT span_name FROM records', min_timestamp='1970-01-01T00:00:00Z').json()['data']
    assert {row['span_name'] for row in found} == {'late', 'zero', 'future', 'backwards', 'last'}
    assert value(server, "SELECT duration AS n FROM records WHERE span_name = 'backwards'") == 0
