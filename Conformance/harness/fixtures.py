"""The captured OTLP requests in `fixtures/otlp` and the figures that belong to them."""

import gzip
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import grpc
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from .grpc_client import call
from .otlp import python_value
from .server import Server

FOLDER = Path(__file__).parents[1] / 'fixtures' / 'otlp'
SCENARIOS = tuple(sorted(json.loads((FOLDER / 'expected.json').read_text())))


@dataclass(frozen=True)
class Request:
    """One captured export request: the body exactly as received, and how it was sent."""

    name: str
    path: str
    headers: dict[str, str]
    body: bytes
    transport: str = 'http'
    """`grpc` when the body is the message of a gRPC call."""

    @property
    def decoded(self) -> bytes:
        return gzip.decompress(self.body) if self.headers.get('content-encoding') == 'gzip' else self.body

    def send(self, server: Server) -> None:
        if self.transport == 'grpc':
            answer = call(server, self.path, self.body)
            assert answer.code == grpc.StatusCode.OK, f'{self.name}: {answer.code} {answer.details}'
            return
        response = server.http.post(self.path, content=self.body, headers=self.headers)
        assert response.status_code == 200, f'{self.name}: {response.status_code} {response.text}'


def requests(scenario: str) -> list[Request]:
    """The requests of a scenario in the order of their arrival."""
    found = []
    for sidecar in sorted(FOLDER.glob(f'{scenario}.*.meta.json')):
        meta = json.loads(sidecar.read_text())
        found.append(Request(meta['file'], meta['path'], meta['headers'], (FOLDER / meta['file']).read_bytes(), meta.get('transport', 'http')))
    assert found, f'no fixture {scenario} in {FOLDER}'
    return found


@cache
def expected() -> dict[str, dict[str, Any]]:
    return json.loads((FOLDER / 'expected.json').read_text())


@dataclass(frozen=True)
class RawSpan:
    """A span as the sender wrote it, for figures computed without the server."""

    span: Span
    scope: str
    attributes: dict[str, Any]

    @property
    def message(self) -> str:
        return self.attributes.get('logfire.msg', self.span.name)

    @property
    def seconds(self) -> float:
        return (self.span.end_time_unix_nano - self.span.start_time_unix_nano) / 1e9


def raw_spans(request: ExportTraceServiceRequest) -> list[RawSpan]:
    """The spans of a request without the pending ones."""
    found = []
    for resource_spans in request.resource_spans:
        for scope_spans in resource_spans.scope_spans:
            for span in scope_spans.spans:
                values = {item.key: python_value(item.value) for item in span.attributes}
                if values.get('logfire.span_type') != 'pending_span':
                    found.append(RawSpan(span, scope_spans.scope.name, values))
    return found
