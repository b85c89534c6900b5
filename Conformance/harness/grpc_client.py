"""gRPC calls with exactly the bytes and headers that a test wants, where a real client would only send what is right."""

import base64
import socket
from dataclasses import dataclass, field
from urllib.parse import unquote

import grpc
import h2.config
import h2.connection
import h2.events

from .server import Server

EXPORT = {
    'traces': '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
    'logs': '/opentelemetry.proto.collector.logs.v1.LogsService/Export',
    'metrics': '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export',
}
CODES = {code.value[0]: code for code in grpc.StatusCode}


@dataclass
class Answer:
    """What a call ended with."""

    code: grpc.StatusCode
    details: str
    message: bytes
    trailers: dict[str, str | bytes] = field(default_factory=dict)


def call(
    server: Server,
    path: str,
    message: bytes,
    *,
    encoding: str | None = None,
    packed: bool = False,
    authority: str | None = None,
    headers: tuple[tuple[str, str], ...] = (),
) -> Answer:
    """A unary call. `packed` sets the flag that says the message is compressed; `encoding` is the header that says how."""
    frame = bytes([packed]) + len(message).to_bytes(4, 'big') + message
    extra = list(headers)
    if encoding is not None:
        extra.append(('grpc-encoding', encoding))
    return exchange(server, path, frame, authority=authority, headers=tuple(extra))


def exchange(server: Server, path: str, body: bytes, *, authority: str | None = None, headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    """Sends a body of any bytes as a call and reads the answer."""
    host, port = server.grpc.rsplit(':', 1)
    connection = h2.connection.H2Connection(h2.config.H2Configuration(client_side=True, header_encoding='utf-8'))
    fields = [(':method', 'POST'), (':scheme', 'http'), (':path', path), (':authority', authority or server.grpc), ('te', 'trailers')]
    fields += [('content-type', 'application/grpc'), *headers]
    received = bytearray()
    found: dict[str, str] = {}
    with socket.create_connection((host, int(port)), 30) as stream:
        connection.initiate_connection()
        connection.send_headers(1, fields)
        rest, ended = memoryview(body), False
        while True:
            while rest and (room := min(connection.local_flow_control_window(1), connection.max_outbound_frame_size, len(rest))) > 0:
                connection.send_data(1, bytes(rest[:room]))
                rest = rest[room:]
            if not rest and not ended:
                connection.end_stream(1)
                ended = True
            try:
                stream.sendall(connection.data_to_send())
            except (BrokenPipeError, ConnectionResetError):
                pass  # what the server said before it closed is still there to be read
            data = stream.recv(1 << 16)
            assert data, 'the server closed the connection without a status'
            for event in connection.receive_data(data):
                if isinstance(event, h2.events.DataReceived):
                    received += event.data
                    connection.acknowledge_received_data(event.flow_controlled_length, 1)
                elif isinstance(event, (h2.events.ResponseReceived, h2.events.TrailersReceived)):
                    found |= dict(event.headers)
                elif isinstance(event, h2.events.StreamReset):
                    raise AssertionError(f'the stream was reset: {event.error_code}')
            if 'grpc-status' in found:
                break
    assert found[':status'] == '200'
    assert found['content-type'].startswith('application/grpc')
    trailers: dict[str, str | bytes] = dict(found)
    if details := found.get('grpc-status-details-bin'):
        trailers['grpc-status-details-bin'] = base64.b64decode(details + '=' * (-len(details) % 4))
    message = bytes(received[5:]) if received else b''
    return Answer(CODES[int(found['grpc-status'])], unquote(found.get('grpc-message', '')), message, trailers)
