"""Traffic for the browser tests: a pending span as the logfire SDK announces it, and a small agent run."""

import json
import os
import random
import time
from typing import Any

from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

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


def big_trace(count: int, *, depth: int = 12, services: int = 8, wide: int = 6, errors: int = 37, start: int | None = None, trace: bytes | None = None) -> tuple[str, list[tuple[str, list[Span]]]]:
    """A trace of `count` spans below one root, as (service, spans) batches: a bushy tree in which every `errors`-th span fails."""
    trace = trace or os.urandom(16)
    begin = start or time.time_ns() - 60_000_000_000
    length = 40_000_000_000
    chosen = random.Random(count)
    names = ['load rows', 'GET /items/{id}', 'SELECT orders', 'render', 'check stock', 'price', 'publish event', 'cache get']
    batches: dict[str, list[Span]] = {f'big-{i}': [] for i in range(services)}
    root = span('nightly import', trace=trace, start=begin, seconds=length / 1e9)
    batches['big-0'].append(root)
    open_spans: list[tuple[Span, int]] = [(root, 0)]
    for index in range(1, count):
        parent, level = open_spans[index % len(open_spans)] if index % wide else open_spans[-1]
        if level >= depth:
            parent, level = open_spans[0]
        lower, upper = parent.start_time_unix_nano, parent.end_time_unix_nano
        share = chosen.random()
        at = lower + int((upper - lower) * share * 0.9)
        child = span(
            names[index % len(names)],
            trace=trace,
            span_id=index.to_bytes(8, 'big'),
            parent=parent.span_id,
            start=at,
            seconds=max(1_000, (upper - at) * chosen.random() * 0.8) / 1e9,
            values={'item.id': index, 'batch': index // 100} | ({'db.system.name': 'postgresql'} if index % len(names) == 2 else {}),
            status=Status.STATUS_CODE_ERROR if errors and index % errors == 0 else Status.STATUS_CODE_UNSET,
        )
        batches[f'big-{index % services}'].append(child)
        if len(open_spans) < 4000:
            open_spans.append((child, level + 1))
        else:
            open_spans[index % 4000] = (child, level + 1)
    return trace.hex(), list(batches.items())


def send_big(server: Server, count: int, **options: Any) -> str:
    """Sends a big trace in requests of 5,000 spans and returns its id."""
    trace, batches = big_trace(count, **options)
    for service, spans in batches:
        for at in range(0, len(spans), 5000):
            send(server, traces(spans[at : at + 5000], service=service))
    return trace
