"""A model call that has everything the panel can show: chunks, cache, retries, a form to fill in, guardrails, files, scores."""

import json
import os
import struct
import time
import zlib
from base64 import b64encode
from dataclasses import dataclass

from llms_traffic import judge
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from harness.otlp import attributes, send, span, traces
from harness.server import Server

ARABIC = 'مرحبا، ما هو الطقس اليوم؟'

SCHEMA = {
    'type': 'object',
    'title': 'Weather',
    'properties': {'city': {'type': 'string'}, 'degrees': {'type': 'integer', 'maximum': 60}, 'sky': {'enum': ['clear', 'cloudy']}},
    'required': ['city', 'degrees', 'sky'],
    'additionalProperties': False,
}


def png(width: int = 16, height: int = 16) -> str:
    """A small picture in base64."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack('>I', len(body)) + kind + body + struct.pack('>I', zlib.crc32(kind + body))

    rows = b''.join(b'\0' + bytes(v for x in range(width) for v in (217, 72 + 8 * x, 15 + 8 * y)) for y in range(height))
    header = struct.pack('>IIBBBBB', width, height, 8, 2, 0, 0, 0)
    return b64encode(b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', header) + chunk(b'IDAT', zlib.compress(rows)) + chunk(b'IEND', b'')).decode()


@dataclass(frozen=True)
class RichCall:
    trace: str
    call: str
    run: str
    start: int


def text(content: str) -> dict:
    return {'type': 'text', 'content': content}


def rich_call(server: Server, model: str = 'gpt-4o') -> RichCall:
    trace, start = os.urandom(16), time.time_ns() - 8 * 10**9
    run = span('invoke_agent forecaster', trace=trace, start=start, seconds=4, values={'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'forecaster'})
    before = span('guardrail input', trace=trace, parent=run.span_id, start=start + 10_000_000, seconds=0.08, values={'openinference.span.kind': 'GUARDRAIL', 'name': 'no personal data', 'triggered': False})
    begin = start + 200_000_000
    first = {'id': 'a1', 'type': 'tool_call', 'name': 'final_result', 'arguments': '{"city": "Cairo", "degrees": "hot", "sky": "clear"}'}
    messages = [
        {'role': 'user', 'parts': [text(f'{ARABIC}\n\nAnswer for **Cairo**, with the picture.'), {'type': 'blob', 'modality': 'image', 'mime_type': 'image/png', 'content': png()}]},
        {'role': 'assistant', 'parts': [{'type': 'thinking', 'content': 'The user wants the weather.'}, {'type': 'tool_call', 'id': 'w1', 'name': 'get_weather', 'arguments': {'city': 'Cairo'}}]},
        {'role': 'tool', 'parts': [{'type': 'tool_call_response', 'id': 'w1', 'name': 'get_weather', 'result': {'degrees': 31, 'sky': 'clear'}}]},
        {'role': 'assistant', 'parts': [first]},
        {'role': 'user', 'parts': [{'type': 'tool_call_response', 'id': 'a1', 'name': 'final_result', 'result': '1 validation error:\ndegrees: Input should be a valid integer\n\nFix the errors and try again.'}]},
    ]
    answer = [{'role': 'assistant', 'parts': [{'type': 'tool_call', 'id': 'a2', 'name': 'final_result', 'arguments': {'city': 'Cairo', 'degrees': 91, 'sky': 'clear'}}], 'finish_reason': 'tool_call'}]
    parameters = {'function_tools': [], 'output_mode': 'tool', 'output_tools': [{'name': 'final_result', 'description': 'The final answer.', 'parameters_json_schema': SCHEMA}]}
    chunks = [Span.Event(name='gen_ai.content.completion.chunk', time_unix_nano=begin + round(s * 1e9)) for s in (0.4, 0.42, 0.44, 0.47, 0.49, 1.4, 1.42, 1.44)]
    values = {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'openai',
        'gen_ai.request.model': model,
        'gen_ai.response.model': f'{model}-2024-08-06',
        'gen_ai.response.id': os.urandom(6).hex(),
        'gen_ai.request.temperature': 0.2,
        'gen_ai.request.stream': True,
        'gen_ai.response.time_to_first_chunk': 0.4,
        'gen_ai.usage.input_tokens': 2000,
        'gen_ai.usage.cache_read.input_tokens': 1500,
        'gen_ai.usage.output_tokens': 300,
        'gen_ai.usage.details.reasoning_tokens': 120,
        'gen_ai.response.finish_reasons': ['tool_call'],
        'gen_ai.agent.name': 'forecaster',
        'gen_ai.system_instructions': json.dumps([text('You know the weather.')]),
        'gen_ai.input.messages': json.dumps(messages),
        'gen_ai.output.messages': json.dumps(answer),
        'gen_ai.tool.definitions': json.dumps([{'type': 'function', 'name': 'get_weather', 'description': 'The weather of a city.', 'parameters': {'type': 'object', 'properties': {'city': {'type': 'string'}}, 'required': ['city']}}]),
        'model_request_parameters': json.dumps(parameters),
    }
    call = span(f'chat {model}', trace=trace, parent=run.span_id, start=begin, seconds=1.6, values=values, events=chunks)
    inner = [
        span('POST', trace=trace, parent=call.span_id, start=begin + offset, seconds=0.05, values={'http.request.method': 'POST', 'http.response.status_code': status, 'url.full': 'https://api.openai.com/v1/chat/completions'})
        for offset, status in ((1_000_000, 429), (100_000_000, 429), (200_000_000, 200))
    ]
    for attempt in inner:
        attempt.kind = Span.SPAN_KIND_CLIENT
    after = span('guardrail output', trace=trace, parent=run.span_id, start=begin + 1_700_000_000, seconds=0.2, values={'openinference.span.kind': 'GUARDRAIL', 'name': 'plausible degrees', 'triggered': True})
    send(server, traces([run, before, call, *inner, after], service='forecasts'))
    judge(server, call, 'helpful', 0.75)
    return RichCall(trace.hex(), call.span_id.hex(), run.span_id.hex(), begin)


def huge_call(server: Server, megabytes: int = 5) -> tuple[str, str]:
    """A call whose question is as long as a book. Returns its trace and span."""
    trace, start = os.urandom(16), time.time_ns() - 3 * 10**9
    line = 'The **quick** brown fox, `code` and [a link](https://elsewhere.invalid/), number {}.\n\n'
    body = ''.join(line.format(i) for i in range(megabytes * 1_000_000 // (len(line) + 3)))
    values = {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'openai',
        'gen_ai.request.model': 'huge-model',
        'gen_ai.input.messages': json.dumps([{'role': 'user', 'parts': [text(body)]}]),
        'gen_ai.output.messages': json.dumps([{'role': 'assistant', 'parts': [text('Read.'), {'type': 'tool_call', 'id': 'x', 'name': 'sum', 'arguments': {'numbers': list(range(20_000))}}]}]),
    }
    call = span('chat huge-model', trace=trace, start=start, seconds=1, values=values)
    send(server, traces([call], service='huge'))
    return trace.hex(), call.span_id.hex()


__all__ = ['ARABIC', 'RichCall', 'attributes', 'huge_call', 'png', 'rich_call', 'text']
