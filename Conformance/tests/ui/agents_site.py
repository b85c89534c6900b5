"""A server with every captured scenario that has agents or conversations, for the browser tests of their pages."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status
from playwright.sync_api import Locator, Page, expect

from harness.fixtures import Request, expected, requests
from harness.otlp import span
from harness.query import rows
from harness.server import Server

# Scenarios with agents or conversations.
SCENARIOS = ('weather-agent', 'multi-agent', 'retries', 'streaming-agent', 'format-versions', 'distributed', 'evals-offline', 'pai-plain-json', 'langgraph-openinference', 'openinference-openai-grpc')


def with_own_ids(scenario: str, request: Request) -> Request:
    """The same request with answer ids of this scenario alone: the fake model server gave every scenario the same ones."""
    mark = f'{scenario}-'
    if 'json' in request.headers.get('content-type', ''):
        body = request.decoded.replace(b'chatcmpl-', mark.encode() + b'chatcmpl-').replace(b'resp_', mark.encode() + b'resp_')
        return Request(request.name, request.path, {'content-type': 'application/json'}, body)
    if 'trace' not in request.path.lower():
        return request
    message = ExportTraceServiceRequest()
    message.ParseFromString(request.decoded)
    for resource in message.resource_spans:
        for scope in resource.scope_spans:
            for one in scope.spans:
                for attribute in one.attributes:
                    if attribute.key == 'gen_ai.response.id':
                        attribute.value.string_value = mark + attribute.value.string_value
    if request.transport == 'grpc':
        return Request(request.name, request.path, request.headers, message.SerializeToString(), 'grpc')
    return Request(request.name, request.path, {'content-type': 'application/x-protobuf'}, message.SerializeToString())


@dataclass
class Site:
    """A server with all scenarios, and the window that they are in."""

    server: Server
    window: str

    def url(self, path: str) -> str:
        return f'{self.server.url}/local/default{path}{"&" if "?" in path else "?"}{self.window}'

    def run(self, agent: str, index: int = 0) -> tuple[str, str]:
        found = rows(self.server, f"SELECT trace_id, span_id FROM agent_runs WHERE agent_name = '{agent}' ORDER BY start_timestamp")[index]
        return found['trace_id'], found['span_id']

    def run_url(self, agent: str, index: int = 0, view: str = '') -> str:
        trace, run = self.run(agent, index)
        return self.url(f'/runs/{trace}/{run}{f"?view={view}" if view else ""}')


@pytest.fixture(scope='module')
def site(shared_server: Server) -> Iterator[Site]:
    for scenario in SCENARIOS:
        for request in requests(scenario):
            with_own_ids(scenario, request).send(shared_server)
    ends = rows(shared_server, "SELECT strftime(min(start_timestamp) - INTERVAL '1 hour', '%Y-%m-%dT%H:%M:%SZ') AS a, strftime(max(start_timestamp) + INTERVAL '1 hour', '%Y-%m-%dT%H:%M:%SZ') AS b FROM agent_runs")[0]
    yield Site(shared_server, f'from={ends["a"]}&to={ends["b"]}')


def agents_expected() -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for scenario in SCENARIOS:
        found |= expected()[scenario]['agents']
    return found


def headed(row: Locator) -> dict[str, str]:
    """The cells of a table's row by their column."""
    expect(row).to_be_visible()
    heads = [re.sub(r'\s*[↓↑]$', '', text.strip()) for text in row.locator('xpath=ancestor::table').locator('thead th').all_inner_texts()]
    return dict(zip(heads, [cell.strip() for cell in row.locator('td').all_inner_texts()]))


def agent_span(name: str | None, trace: bytes, start: int, seconds: float = 1.0, parent: bytes = b'', **values: Any) -> Span:
    described = {'gen_ai.operation.name': 'invoke_agent'} | ({'gen_ai.agent.name': name} if name else {}) | values
    return span(f'invoke_agent {name or ""}'.strip(), trace=trace, parent=parent, start=start, seconds=seconds, values=described, status=values.pop('status', Status.STATUS_CODE_UNSET))


def tool_span(name: str, run: Span, start: int, call: str = '', **values: Any) -> Span:
    described = {'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': name, 'gen_ai.tool.call.id': call or os.urandom(4).hex()}
    return span(f'execute_tool {name}', trace=run.trace_id, parent=run.span_id, start=start, seconds=0.01, values=described | values)


def node(page: Page, label: str) -> Locator:
    """A node of the graph by its label."""
    return page.locator(f'[data-node="{label}"]')
