"""Traffic for the browser tests: a pending span as the logfire SDK announces it, and a small agent run."""

import json
import os
import time
from typing import Any

from opentelemetry.proto.trace.v1.trace_pb2 import Span

from harness.otlp import send, span, traces
from harness.server import Server


def pending(final: Span) -> Span:
    """The announcement of a span that is still open: its parent id is the span's own id."""
    announced = span(final.name, trace=final.trace_id, parent=final.span_id, start=final.start_time_unix_nano, seconds=0)
    extra = span(values={'logfire.span_type': 'pending_span', 'logfire.pending_parent_id': final.parent_span_id.hex() or '0' * 16})
    announced.attributes.extend([*final.attributes, *extra.attributes])
    return announced


def chat(trace: bytes, parent: bytes, model: str, tokens: tuple[int, int], cost: float | None, start: int, **values: Any) -> Span:
    described = {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'openai',
        'gen_ai.request.model': model,
        'gen_ai.response.model': model,
        'gen_ai.response.id': os.urandom(6).hex(),
        'gen_ai.usage.input_tokens': tokens[0],
        'gen_ai.usage.output_tokens': tokens[1],
        'gen_ai.response.finish_reasons': ['stop'],
        'gen_ai.system_instructions': json.dumps([{'type': 'text', 'content': 'You are brief.'}]),
        'gen_ai.input.messages': json.dumps([{'role': 'user', 'parts': [{'type': 'text', 'content': 'What is **bold**?'}]}]),
        'gen_ai.output.messages': json.dumps(
            [{'role': 'assistant', 'parts': [{'type': 'text', 'content': 'A <b>word</b> & more'}, {'type': 'tool_call', 'id': 'c1', 'name': 'look_up', 'arguments': '{"word": "bold"}'}], 'finish_reason': 'stop'}]
        ),
    } | ({'operation.cost': cost} if cost is not None else {})
    return span(f'chat {model}', trace=trace, parent=parent, start=start, seconds=0.5, values=described | values)


def agent_run(server: Server, service: str, costs: tuple[float | None, ...] = (0.5, 0.25)) -> tuple[str, str, list[str]]:
    """A request with an agent run and one call for each cost. Returns the trace, the root and the calls."""
    trace = os.urandom(16)
    start = time.time_ns() - 2_000_000_000
    root = span('POST /ask', trace=trace, start=start, seconds=1.5, values={'http.request.method': 'POST', 'http.response.status_code': 200})
    run = span(
        'invoke_agent helper', trace=trace, parent=root.span_id, start=start + 1_000_000, seconds=1.4, values={'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'helper'}
    )
    calls = [chat(trace, run.span_id, f'{service}-model', (1000, 100), cost, start + (i + 1) * 100_000_000, **{'gen_ai.agent.name': 'helper'}) for i, cost in enumerate(costs)]
    send(server, traces([root, run, *calls], service=service))
    return trace.hex(), root.span_id.hex(), [call.span_id.hex() for call in calls]
