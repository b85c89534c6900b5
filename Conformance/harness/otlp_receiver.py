"""A second, independent OTLP receiver over plain HTTP: keeps what the protobuf classes of Python decode, answers as a script says."""

import gzip
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue
from opentelemetry.proto.metrics.v1.metrics_pb2 import Metric
from opentelemetry.proto.trace.v1.trace_pb2 import Span

REQUESTS = {
    '/v1/traces': ExportTraceServiceRequest,
    '/v1/logs': ExportLogsServiceRequest,
    '/v1/metrics': ExportMetricsServiceRequest,
}


def value(any_value: AnyValue) -> object:
    """The value of an attribute as Python has it."""
    kind = any_value.WhichOneof('value')
    if kind == 'array_value':
        return [value(v) for v in any_value.array_value.values]
    if kind == 'kvlist_value':
        return attributes(any_value.kvlist_value.values)
    return getattr(any_value, kind) if kind else None


def attributes(pairs) -> dict[str, object]:
    result = {pair.key: value(pair.value) for pair in pairs}
    assert len(result) == len(pairs), 'a name appears twice'
    return result


class Receiver:
    """Spans are answered with the given statuses, then 200 (413 above `largest` bytes), metrics with theirs, logs always with 200."""

    def __init__(
        self, *statuses: int, largest: int = 1 << 30, retry_after: str | None = None, delay: float = 0, cut: int = 0, port: int = 0,
        metric_statuses: tuple[int, ...] = (),
    ):
        self.statuses = list(statuses)
        self.metric_statuses = list(metric_statuses)
        self.metric_answers: list[int] = []
        self.bodies: list[ExportTraceServiceRequest] = []
        self.metrics: list[ExportMetricsServiceRequest] = []
        self.answers: list[int] = []
        self.headers: list[dict[str, str]] = []
        #: So many answers break off in the middle.
        self.cut = cut
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers['content-length']))
                if self.headers.get('content-encoding') == 'gzip':
                    body = gzip.decompress(body)
                request = REQUESTS[self.path].FromString(body)
                status = 200
                if self.path == '/v1/traces':
                    status = receiver.statuses.pop(0) if receiver.statuses else 413 if len(body) > largest else 200
                    threading.Event().wait(delay)
                    receiver.answers.append(status)
                    receiver.headers.append({name.lower(): text for name, text in self.headers.items()})
                    if receiver.cut > 0:
                        receiver.cut -= 1
                        self.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{')
                        self.close_connection = True
                        return
                    if status == 200:
                        receiver.bodies.append(request)
                elif self.path == '/v1/metrics':
                    status = receiver.metric_statuses.pop(0) if receiver.metric_statuses else 200
                    receiver.metric_answers.append(status)
                    if status == 200:
                        receiver.metrics.append(request)
                self.send_response(status)
                if retry_after and status != 200:
                    self.send_header('retry-after', retry_after)
                self.send_header('content-length', '0')
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: object) -> None:
                pass

        self.httpd = Server(('127.0.0.1', port), Handler)
        threading.Thread(target=self.httpd.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f'http://127.0.0.1:{self.httpd.server_port}'

    @property
    def all_spans(self) -> list[Span]:
        return [span for body in self.bodies for resource in body.resource_spans for scope in resource.scope_spans for span in scope.spans]

    @property
    def spans(self) -> list[Span]:
        """Without pending ones."""
        return [span for span in self.all_spans if attributes(span.attributes).get('logfire.span_type') != 'pending_span']

    @property
    def all_metrics(self) -> list[Metric]:
        return [m for body in self.metrics for resource in body.resource_metrics for scope in resource.scope_metrics for m in scope.metrics]

    def __enter__(self) -> 'Receiver':
        return self

    def __exit__(self, *_: object) -> None:
        self.httpd.shutdown()
        self.httpd.server_close()


def silent_port() -> socket.socket:
    """A port that takes connections and never answers; closed by the caller."""
    listener = socket.create_server(('127.0.0.1', 0), backlog=64)
    return listener
