"""Model calls with known figures for the LLMs pages, and captured traffic to look at in its own time."""

import json
import os
import time
from dataclasses import dataclass
from typing import Any

from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status
from ui_traffic import chat

from harness.fixtures import requests
from harness.otlp import attributes, logs, send, span, traces
from harness.query import rows
from harness.server import Server

PROMPT_VERSIONS = ('v1', 'v2', 'v3')
TENANTS = ('acme', 'globex', 'initech', 'umbrella', 'hooli')


def replay(server: Server, scenario: str) -> str:
    """Sends a captured scenario. Returns the query string of the time in which its calls lie."""
    for request in requests(scenario):
        request.send(server)
    span_of_time = rows(server, "SELECT min(start_timestamp) - INTERVAL '1 minute' AS a, max(end_timestamp) + INTERVAL '1 minute' AS b FROM records")[0]
    return f'from={span_of_time["a"]}&to={span_of_time["b"]}'


@dataclass(frozen=True)
class Call:
    """What one planted call says about itself."""

    version: str
    tenant: str
    input_tokens: int
    output_tokens: int
    cost: float | None
    first_token: float | None
    finish: str
    span: Span


def planted(model: str, number: int, start: int) -> list[Call]:
    """Calls in three prompt versions and five tenants, evenly mixed by primes; everything else follows from their number."""
    calls = []
    for i in range(number):
        version, tenant = PROMPT_VERSIONS[i % 3], TENANTS[i % 5]
        finish = 'content_filter' if i % 20 == 7 else 'length' if i % 10 == 3 else 'stop'
        first = 0.05 if version == 'v2' else 0.2
        call = Call(version, tenant, 100 + i % 7, 10 + i % 3, None if i % 50 == 49 else 0.001, first, finish, Span())
        values: dict[str, Any] = {
            'gen_ai.prompt.version': version,
            'tenant_id': tenant,
            'feature': f'feature-{i % 2}',
            'gen_ai.response.time_to_first_chunk': first,
            'gen_ai.response.finish_reasons': [finish],
            'refusal': finish == 'content_filter',
        }
        sent = chat(os.urandom(16), b'', model, (call.input_tokens, call.output_tokens), call.cost, start + i * 1_000_000, **values)
        if i % 25 == 4:
            sent.status.code = Status.STATUS_CODE_ERROR
        calls.append(Call(**{**call.__dict__, 'span': sent}))
    return calls


def plant(server: Server, model: str, number: int = 1000) -> list[Call]:
    calls = planted(model, number, time.time_ns() - 600 * 10**9)
    request = traces([call.span for call in calls], service=f'{model}-service')
    request.resource_spans[0].resource.attributes.extend(attributes({'team.name': f'{model}-team', 'service.version': '1.4.0'}))
    send(server, request)
    return calls


def judge(server: Server, judged: Span, name: str, value: float) -> None:
    """A score of an evaluator in production about one span."""
    record = LogRecord(
        time_unix_nano=time.time_ns(),
        trace_id=judged.trace_id,
        span_id=judged.span_id,
        event_name='gen_ai.evaluation.result',
        attributes=attributes({'gen_ai.evaluation.name': name, 'gen_ai.evaluation.score.value': value, 'gen_ai.evaluation.explanation': f'scored {value}'}),
    )
    send(server, logs([record]))


def tool_loop(server: Server, model: str, tool: str) -> bytes:
    """A run whose first call asks for a tool, which is executed, and whose second call answers."""
    trace, start = os.urandom(16), time.time_ns() - 5 * 10**9
    run = span('invoke_agent looper', trace=trace, start=start, seconds=3, values={'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'looper'})
    asks = chat(trace, run.span_id, model, (10, 5), 0.001, start + 100_000_000, **{'gen_ai.response.finish_reasons': ['tool_call'], 'gen_ai.agent.name': 'looper'})
    did = span(f'execute_tool {tool}', trace=trace, parent=run.span_id, start=start + 900_000_000, seconds=0.1, values={'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': tool})
    answers = chat(trace, run.span_id, model, (20, 7), 0.002, start + 1_500_000_000, **{'gen_ai.agent.name': 'looper'})
    send(server, traces([run, asks, did, answers], service='looping'))
    return trace


def message(role: str, content: str) -> str:
    return json.dumps([{'role': role, 'parts': [{'type': 'text', 'content': content}]}])
