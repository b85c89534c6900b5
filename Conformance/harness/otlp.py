"""OTLP requests: building them, sending them, and moving captured ones in time."""

import os
import time
from collections.abc import Iterable
from typing import Any

import httpx
from google.protobuf.message import Message
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, InstrumentationScope, KeyValue
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord, ResourceLogs, ScopeLogs
from opentelemetry.proto.metrics.v1.metrics_pb2 import Metric, ResourceMetrics, ScopeMetrics
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span, Status

from .server import Server

PROTOBUF = {'content-type': 'application/x-protobuf'}
TIME_FIELDS = ('start_time_unix_nano', 'end_time_unix_nano', 'time_unix_nano', 'observed_time_unix_nano')


def any_value(value: Any) -> AnyValue:
    if isinstance(value, bool):
        return AnyValue(bool_value=value)
    if isinstance(value, int):
        return AnyValue(int_value=value)
    if isinstance(value, float):
        return AnyValue(double_value=value)
    if isinstance(value, (list, tuple)):
        return AnyValue(array_value=ArrayValue(values=[any_value(item) for item in value]))
    return AnyValue(string_value=str(value))


def python_value(value: AnyValue) -> Any:
    kind = value.WhichOneof('value')
    if kind is None:
        return None
    if kind == 'array_value':
        return [python_value(item) for item in value.array_value.values]
    if kind == 'kvlist_value':
        return {item.key: python_value(item.value) for item in value.kvlist_value.values}
    return getattr(value, kind)


def attributes(values: dict[str, Any] | None) -> list[KeyValue]:
    return [KeyValue(key=key, value=any_value(value)) for key, value in (values or {}).items()]


def resource(service: str = 'conformance', **values: Any) -> Resource:
    return Resource(attributes=attributes({'service.name': service} | values))


def span(
    name: str = 'work',
    *,
    trace: bytes | None = None,
    span_id: bytes | None = None,
    parent: bytes = b'',
    start: int | None = None,
    seconds: float = 0.001,
    values: dict[str, Any] | None = None,
    status: int = Status.STATUS_CODE_UNSET,
    events: Iterable[Span.Event] = (),
) -> Span:
    """A finished span; ids are random and the start is now unless given."""
    begin = time.time_ns() if start is None else start
    return Span(
        trace_id=trace or os.urandom(16),
        span_id=span_id or os.urandom(8),
        parent_span_id=parent,
        name=name,
        kind=Span.SPAN_KIND_INTERNAL,
        start_time_unix_nano=begin,
        end_time_unix_nano=begin + round(seconds * 1e9),
        attributes=attributes(values),
        status=Status(code=status),
        events=events,
    )


def exception_event(kind: str = 'ValueError', message: str = 'went wrong', at: int | None = None) -> Span.Event:
    return Span.Event(
        name='exception',
        time_unix_nano=at or time.time_ns(),
        attributes=attributes({'exception.type': kind, 'exception.message': message, 'exception.stacktrace': f'{kind}: {message}'}),
    )


def traces(spans: Iterable[Span], service: str = 'conformance', scope: str = 'conformance.tests') -> ExportTraceServiceRequest:
    scoped = ScopeSpans(scope=InstrumentationScope(name=scope), spans=spans)
    return ExportTraceServiceRequest(resource_spans=[ResourceSpans(resource=resource(service), scope_spans=[scoped])])


def logs(records: Iterable[LogRecord], service: str = 'conformance', scope: str = 'conformance.tests') -> ExportLogsServiceRequest:
    scoped = ScopeLogs(scope=InstrumentationScope(name=scope), log_records=records)
    return ExportLogsServiceRequest(resource_logs=[ResourceLogs(resource=resource(service), scope_logs=[scoped])])


def metrics(values: Iterable[Metric], service: str = 'conformance', scope: str = 'conformance.tests') -> ExportMetricsServiceRequest:
    scoped = ScopeMetrics(scope=InstrumentationScope(name=scope), metrics=values)
    return ExportMetricsServiceRequest(resource_metrics=[ResourceMetrics(resource=resource(service), scope_metrics=[scoped])])


def path_of(request: Message) -> str:
    paths = {ExportTraceServiceRequest: '/v1/traces', ExportLogsServiceRequest: '/v1/logs', ExportMetricsServiceRequest: '/v1/metrics'}
    return paths[type(request)]


def send(server: Server, request: Message, **headers: str) -> httpx.Response:
    """Sends a request that must be accepted whole."""
    response = server.http.post(path_of(request), content=request.SerializeToString(), headers=PROTOBUF | headers)
    assert response.status_code == 200, f'{response.status_code} {response.text}'
    return response


def shift_times(message: Message, nanoseconds: int) -> None:
    """Moves every time of an OTLP message, at any depth, by the same span."""
    for field, content in message.ListFields():
        if field.name in TIME_FIELDS:
            setattr(message, field.name, content + nanoseconds)
        elif field.message_type is not None:
            for item in [content] if isinstance(content, Message) else content:
                if isinstance(item, Message):
                    shift_times(item, nanoseconds)
