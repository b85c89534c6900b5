"""What the tests of transports share."""

import os
from typing import Any

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor

from .grpc_client import EXPORT
from .query import value
from .server import Server

TRACES = EXPORT['traces']
LIMIT = 100_000


def unique(name: str) -> str:
    return f'{name}-{os.urandom(4).hex()}'


def stored(server: Server, name: str) -> int:
    return value(server, f"SELECT count(*) AS n FROM records WHERE span_name = '{name}'")


def send_span(exporter: Any, name: str) -> None:
    """One span through a real exporter; a failure of the exporter is a failure of the test."""
    provider = TracerProvider(resource=Resource.create({'service.name': 'transports'}))
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    with provider.get_tracer('conformance.transports').start_as_current_span(name):
        pass
    provider.shutdown()
