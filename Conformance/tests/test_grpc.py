"""OTLP over gRPC: real exporters, statuses, limits and damage."""

import gzip
import random
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import grpc
import httpx
import pytest
import zstandard
from opentelemetry.exporter.otlp.proto.grpc._log_exporter import OTLPLogExporter as GRPCLogExporter
from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter as GRPCMetricExporter
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GRPCSpanExporter
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import SimpleLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader

from harness.grpc_client import EXPORT, call, exchange
from harness.otlp import PROTOBUF, send, span, traces
from harness.query import rows, value
from harness.server import PROGRAM, Server, clean_environment
from harness.transports import LIMIT, TRACES, send_span, stored, unique

# gRPC


@pytest.mark.parametrize('compression', [grpc.Compression.NoCompression, grpc.Compression.Gzip, grpc.Compression.Deflate])
@pytest.mark.parametrize('headers', [None, {'authorization': 'Bearer some-token'}, {'authorization': 'some-token'}], ids=['none', 'bearer', 'bare'])
def test_grpc_exporters(compression: grpc.Compression, headers: dict[str, str] | None, shared_server: Server) -> None:
    name = unique('grpc')
    options: dict[str, Any] = {'endpoint': shared_server.grpc, 'insecure': True, 'compression': compression, 'headers': headers, 'timeout': 20}
    send_span(GRPCSpanExporter(**options), name)
    assert stored(shared_server, name) == 1


def test_grpc_logs_and_metrics(shared_server: Server) -> None:
    name = unique('grpc.signals')
    logs = LoggerProvider()
    logs.add_log_record_processor(SimpleLogRecordProcessor(GRPCLogExporter(endpoint=shared_server.grpc, insecure=True)))
    logs.get_logger('conformance.transports').emit(body=name)
    logs.shutdown()
    reader = PeriodicExportingMetricReader(GRPCMetricExporter(endpoint=shared_server.grpc, insecure=True))
    meters = MeterProvider([reader])
    meters.get_meter('conformance.transports').create_counter(name).add(5)
    meters.shutdown()
    assert value(shared_server, f"SELECT count(*) AS n FROM records WHERE message = '{name}'") == 1
    assert rows(shared_server, f"SELECT scalar_value AS n FROM metrics WHERE metric_name = '{name}'") == [{'n': 5.0}]


def test_grpc_answers_have_the_status_of_the_http_ones(shared_server: Server) -> None:
    good = traces([span(unique('status'))]).SerializeToString()
    answer = call(shared_server, TRACES, good)
    assert answer.code == grpc.StatusCode.OK
    assert answer.message == b''
    assert call(shared_server, TRACES, b'').code == grpc.StatusCode.OK
    malformed = call(shared_server, TRACES, good[:-3])
    assert malformed.code == grpc.StatusCode.INVALID_ARGUMENT
    assert 'resource_spans' in malformed.details
    assert call(shared_server, TRACES, b'nonsense', encoding='gzip', packed=True).code == grpc.StatusCode.INVALID_ARGUMENT
    assert call(shared_server, TRACES, zstandard.compress(good), encoding='zstd', packed=True).code == grpc.StatusCode.OK
    assert call(shared_server, TRACES, good, encoding='snappy', packed=True).code == grpc.StatusCode.UNIMPLEMENTED
    assert call(shared_server, TRACES, good, packed=True).code == grpc.StatusCode.INTERNAL
    assert call(shared_server, '/opentelemetry.proto.collector.trace.v1.TraceService/Nothing', good).code == grpc.StatusCode.UNIMPLEMENTED
    assert call(shared_server, TRACES, good, authority='evil.example').code == grpc.StatusCode.PERMISSION_DENIED


def test_grpc_partial_success(shared_server: Server) -> None:
    name = unique('partial')
    request = traces([span(name), span('no-id', span_id=bytes(8))])
    answer = call(shared_server, TRACES, request.SerializeToString())
    assert answer.code == grpc.StatusCode.OK
    partial = ExportTraceServiceResponse.FromString(answer.message).partial_success
    assert partial.rejected_spans == 1
    assert 'span_id' in partial.error_message
    assert stored(shared_server, name) == 1


def test_grpc_message_over_the_limit(server_with: Callable[..., Server]) -> None:
    server = server_with('--max-body-bytes', str(LIMIT))
    big = traces([span('big', values={'text': 'x' * LIMIT})]).SerializeToString()
    answer = call(server, TRACES, big)
    assert answer.code == grpc.StatusCode.RESOURCE_EXHAUSTED
    assert str(LIMIT) in answer.details
    assert call(server, TRACES, gzip.compress(big), encoding='gzip', packed=True).code == grpc.StatusCode.RESOURCE_EXHAUSTED
    assert call(server, TRACES, traces([span('small')]).SerializeToString()).code == grpc.StatusCode.OK


def test_a_message_that_was_only_begun_holds_its_bytes(server_with: Callable[..., Server]) -> None:
    """What senders have sent of unfinished messages counts against the budget, so that memory stays bounded."""
    server = server_with('--in-flight-bytes', '1000000')
    stop = threading.Event()

    def parts() -> Iterator[bytes]:
        yield b'x' * 900_000
        stop.wait(20)

    def occupy() -> None:
        with httpx.Client(base_url=server.url, trust_env=False, timeout=30) as client:
            client.post('/v1/traces', content=parts(), headers=PROTOBUF)

    thread = threading.Thread(target=occupy, daemon=True)
    thread.start()
    body = traces([span('x', values={'text': 'x' * 200_000})]).SerializeToString()
    time.sleep(0.5)  # not asked before: a call in flight could be what the other sender is refused for
    assert call(server, TRACES, body).code == grpc.StatusCode.UNAVAILABLE
    stop.set()
    thread.join(10)


def test_many_calls_at_once_on_one_connection(shared_server: Server) -> None:
    name = unique('many')
    bodies = [traces([span(name, values={'text': 'x' * 100_000})]).SerializeToString() for _ in range(60)]
    with grpc.insecure_channel(shared_server.grpc) as channel:
        export = channel.unary_unary(TRACES)
        calls = [export.future(body, timeout=60) for body in bodies]
        assert all(future.result() == b'' for future in calls)
    assert stored(shared_server, name) == 60


def test_http_on_the_grpc_port_is_told_so(shared_server: Server) -> None:
    for answer in (httpx.get(f'http://{shared_server.grpc}/', trust_env=False), httpx.post(f'http://{shared_server.grpc}{TRACES}', trust_env=False)):
        assert answer.status_code in (404, 415)
        assert 'gRPC' in answer.json()['detail']


def test_grpc_can_be_switched_off(data: Path) -> None:
    with Server(data, '--grpc', 'off') as server:
        assert server.grpc == ''
        assert 'off' in server.output()
        send(server, traces([span('http-only')]))


def test_taken_grpc_port_ends_with_one_sentence(data: Path) -> None:
    with socket.create_server(('127.0.0.1', 0)) as taken:
        port = taken.getsockname()[1]
        command = [str(PROGRAM), 'serve', '--data', str(data), '--http', '127.0.0.1:0', '--grpc', f'127.0.0.1:{port}']
        ended = subprocess.run(command, env=clean_environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20)
    assert ended.returncode > 0
    assert len(ended.stderr.strip().splitlines()) == 1, ended.stderr
    assert str(port) in ended.stderr and 'in use' in ended.stderr and '--grpc' in ended.stderr
    assert 'listening' not in ended.stdout


# Damage


def test_damaged_frames_get_a_status(shared_server: Server) -> None:
    """The length-prefixed message of a call, damaged in every part: always a status, never a lost stream."""
    chance = random.Random(4317)
    good = traces([span(unique('damaged'))]).SerializeToString()
    frame = b'\0' + len(good).to_bytes(4, 'big') + good
    packed = gzip.compress(good)
    for _ in range(300):
        body = bytearray(chance.choice([frame, b'\1' + len(packed).to_bytes(4, 'big') + packed, frame + frame, b'']))
        for _ in range(chance.randrange(4)):
            match chance.randrange(4):
                case 0 if body:
                    body[chance.randrange(min(len(body), 12))] = chance.randrange(256)
                case 1 if body:
                    body[chance.randrange(len(body))] ^= 1 << chance.randrange(8)
                case 2:
                    del body[chance.randrange(len(body) + 1) :]
                case _:
                    body.insert(chance.randrange(len(body) + 1), chance.randrange(256))
        headers = (('grpc-encoding', chance.choice(['gzip', 'identity', 'deflate', 'zstd'])),)
        answer = exchange(shared_server, chance.choice(list(EXPORT.values())), bytes(body), headers=headers)
        assert answer.code in OF_DAMAGE, answer
        assert answer.code == grpc.StatusCode.OK or answer.details


OF_DAMAGE = {grpc.StatusCode.OK, grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.INTERNAL, grpc.StatusCode.RESOURCE_EXHAUSTED}
