"""The trace page in a real browser (E1, E3, E4, E9, E10)."""

import json
import time
from collections.abc import Callable
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord
from playwright.sync_api import Page, expect
from ui_traffic import agent_run, send_big

from harness.fixtures import raw_spans, requests
from harness.otlp import any_value, exception_event, logs, send, span, traces
from harness.server import Server

Open = Callable[..., Page]

# What a busy loop of a fixed amount costs here: long work in the page is judged by it.
CALIBRATE = """() => { const from = performance.now(); let x = 0; for (let i = 0; i < 2e7; i += 1) x = (x * 31 + i) | 0; window.sink = x; return performance.now() - from; }"""


def rag_truth() -> dict[str, dict[str, float]]:
    """Milliseconds by category for each trace of rag-pipeline, from the raw spans: every instant for the deepest span running."""
    rows: dict[str, dict[str, dict[str, Any]]] = {}
    for request in requests('rag-pipeline'):
        message = ExportTraceServiceRequest()
        message.ParseFromString(request.decoded)
        for raw in raw_spans(message):
            start, end = raw.span.start_time_unix_nano, raw.span.end_time_unix_nano
            name, operation = raw.span.name, raw.attributes.get('gen_ai.operation.name')
            if name.startswith('streaming response'):
                start = end - int(raw.attributes['duration'] * 1e9)
            if operation == 'embeddings' or name in ('prompt.build', 'load.system_prompt', 'attach.history', 'inject.retrieved_docs'):
                category = 'retrieval'
            elif operation == 'chat':
                category = 'model'
            else:
                category = 'database' if 'db.system' in raw.attributes else 'own'
            of_trace = rows.setdefault(raw.span.trace_id.hex(), {})
            of_trace[raw.span.span_id.hex()] = {'start': start // 1000, 'end': start // 1000 + round((end - start) / 1000), 'parent': raw.span.parent_span_id.hex(), 'category': category}
    truth = {}
    for trace, spans in rows.items():
        for row in spans.values():
            depth, above = 0, spans.get(row['parent'])
            while above:
                depth, above = depth + 1, spans.get(above['parent'])
            row['depth'] = depth
        edges = sorted({row[edge] for row in spans.values() for edge in ('start', 'end')})
        totals: dict[str, float] = {}
        for lower, upper in zip(edges, edges[1:], strict=False):
            running = [row for row in spans.values() if row['start'] <= lower and row['end'] >= upper]
            category = max(running, key=lambda row: (row['depth'], row['start']))['category'] if running else 'idle'
            totals[category] = totals.get(category, 0) + (upper - lower) / 1000
        truth[trace] = totals
    return truth


def test_E1_where_the_time_went_adds_up_and_equals_the_raw_spans(shared_server: Server, open_page: Open) -> None:
    for request in requests('rag-pipeline'):
        request.send(shared_server)
    answers = {trace: totals for trace, totals in rag_truth().items() if len(totals) > 2}
    assert len(answers) == 2
    for trace, totals in answers.items():
        page = open_page(f'{shared_server.url}/local/default/traces/{trace}')
        expect(page.locator('.where-part').first).to_be_visible()
        shown = {part.get_attribute('data-category'): float(part.get_attribute('data-ms') or 0) for part in page.locator('.where-legend [data-category]').all()}
        whole = float(page.locator('.where').get_attribute('data-total') or 0)
        assert abs(sum(shown.values()) - whole) < 0.001
        assert shown.keys() == totals.keys()
        for category, ms in totals.items():
            assert abs(shown[category] - ms) < 0.02, f'{category}: shown {shown[category]}, raw spans {ms}'
        page.locator('[data-category="retrieval"]').click()
        expect(page.locator('.wr:not(.is-dim)').first).to_contain_text('prompt.build')


def test_E10_a_thousand_spans_and_a_hundred_thousand(shared_server: Server, open_page: Open) -> None:
    small, large = send_big(shared_server, 1_000), send_big(shared_server, 100_000)
    page = open_page(f'{shared_server.url}/local/default/traces/{small}')
    expect(page.locator('.wr').nth(20)).to_be_visible()
    unit = page.evaluate(CALIBRATE)
    page.goto(f'{shared_server.url}/local/default/traces/{large}')
    expect(page.locator('.facts')).to_contain_text('Spans100,000')
    expect(page.locator('.wr').nth(20)).to_be_visible()
    expect(page.locator('.where-part').first).to_be_visible()
    # Whatever the machine: few elements, and no work that takes longer than so many loops.
    assert page.evaluate('document.querySelectorAll("*").length') < 1500
    unit = max(unit, page.evaluate(CALIBRATE))
    assert max(page.evaluate('window.observed.long'), default=0) < max(1000, 60 * unit)
    page.evaluate('window.observed.long = []')
    frames = page.evaluate(
        """async () => { const list = document.querySelector('.vlist'); const gaps = []; let before = performance.now();
        for (let i = 0; i < 90; i += 1) { list.scrollTop += 700; await new Promise((done) => requestAnimationFrame(done)); const now = performance.now(); gaps.push(now - before); before = now; }
        return gaps.sort((a, b) => a - b); }"""
    )
    assert page.evaluate('document.querySelectorAll("*").length') < 1500
    assert frames[len(frames) // 2] < max(25, unit, page.evaluate(CALIBRATE)), frames
    # The texts of the rows in sight come when they are needed.
    expect(page.locator('.wr').nth(15).locator('.message')).not_to_have_text('')
    page.keyboard.press('End')
    expect(page.locator('.wr.is-selected')).to_be_visible()
    page.keyboard.press('e')
    expect(page.locator('.wr.is-selected.is-error')).to_be_visible()
    expect(page.locator('.tool-button.is-error')).to_contain_text('of 2,702')


def test_E9_search_fold_and_keys_in_the_waterfall(shared_server: Server, open_page: Open) -> None:
    trace, root, calls = agent_run(shared_server, 'walk')
    page = open_page(f'{shared_server.url}/local/default/traces/{trace}')
    expect(page.locator('.wr')).to_have_count(4)
    for key, row in [('j', 0), ('j', 1), ('k', 0), ('ArrowDown', 1)]:
        page.keyboard.press(key)
        expect(page.locator('.wr').nth(row)).to_have_class('wr is-selected   ')
    page.keyboard.press('h')
    expect(page.locator('.wr')).to_have_count(2)
    page.keyboard.press('l')
    expect(page.locator('.wr')).to_have_count(4)
    # Attributes are searched too, not names alone.
    page.get_by_placeholder('Search in this trace').fill('What is **bold**')
    expect(page.locator('.wf-search')).to_contain_text('2 matches')
    page.get_by_placeholder('Search in this trace').press('Enter')
    expect(page.locator('.wr.is-selected')).to_contain_text('chat walk-model')
    page.get_by_placeholder('Search in this trace').fill('')
    page.get_by_role('button', name='Fold', exact=True).click()
    page.get_by_role('menuitemradio', name='Fold all roots only').click()
    expect(page.locator('.wr')).to_have_count(1)
    page.get_by_role('button', name='Fold', exact=True).click()
    page.get_by_role('menuitemradio', name='Unfold all everything open').click()
    expect(page.locator('.wr')).to_have_count(4)
    # A drag over the bars zooms, and 0 shows everything again.
    box = page.locator('.wr-track').nth(1).bounding_box()
    assert box
    page.mouse.move(box['x'] + 60, box['y'] + 10)
    page.mouse.down()
    page.mouse.move(box['x'] + 160, box['y'] + 10, steps=4)
    page.mouse.up()
    expect(page.get_by_role('button', name='Whole trace')).to_be_visible()
    page.keyboard.press('0')
    expect(page.get_by_role('button', name='Whole trace')).to_have_count(0)


def test_two_traces_side_by_side(shared_server: Server, open_page: Open) -> None:
    first, _, _ = agent_run(shared_server, 'twins')
    second, _, _ = agent_run(shared_server, 'twins', (0.5, 0.25, 0.125))
    page = open_page(f'{shared_server.url}/local/default/traces/{first}')
    page.get_by_role('button', name='Compare…').click()
    page.locator('.compare-menu').get_by_role('menuitemradio').filter(has_text=second[:8]).click()
    expect(page.locator('[data-side="A"]')).to_contain_text('$0.7500')
    expect(page.locator('[data-side="B"]')).to_contain_text('$0.8750')
    step = page.locator('[data-step="chat twins-model"]')
    expect(step.locator('td').nth(2)).to_have_text('2')
    expect(step.locator('td').nth(3)).to_have_text('3')
    page.get_by_role('tab', name='Waterfalls').click()
    expect(page.locator('.waterfall')).to_have_count(2)
    page.locator('.waterfall').nth(1).locator('.wr').nth(1).click()
    expect(page.locator('.compare-detail h2').first).to_contain_text('invoke_agent helper')


def test_a_trace_is_downloaded_whole(shared_server: Server, open_page: Open) -> None:
    trace, _, calls = agent_run(shared_server, 'saved')
    page = open_page(f'{shared_server.url}/local/default/traces/{trace}')
    with page.expect_download() as started:
        page.get_by_role('button', name='Download JSON').click()
    records = json.loads(started.value.path().read_text())
    assert {record['span_id'] for record in records} >= set(calls) and len(records) == 4
    assert next(r for r in records if r['span_id'] == calls[0])['attributes']['gen_ai.usage.input_tokens'] == 1000


def test_E9_prompt_building_stands_beside_the_call_with_a_duration_of_its_own(shared_server: Server, open_page: Open) -> None:
    """Vertex: prompt building and the model's latency are siblings in the waterfall."""
    for request in requests('rag-pipeline'):
        request.send(shared_server)
    trace = next(trace for trace, totals in rag_truth().items() if len(totals) > 2)
    page = open_page(f'{shared_server.url}/local/default/traces/{trace}')
    build = page.locator('.wr').filter(has_text='prompt.build')
    call = page.locator('.wr').filter(has_text='Chat Completion')
    expect(build).to_have_count(1)
    assert build.get_attribute('aria-level') == call.get_attribute('aria-level')
    for row in (build, call):
        assert row.locator('.wr-duration').inner_text().strip().endswith('ms')


def test_E4_http_database_redis_and_validation_have_sections(shared_server: Server, open_page: Open) -> None:
    for scenario in ('weather-agent', 'distributed'):
        for request in requests(scenario):
            request.send(shared_server)
    base = f'{shared_server.url}/local/default/traces'

    def find(condition: str) -> str:
        body = {'sql': f'SELECT trace_id, span_id FROM records WHERE {condition} LIMIT 1', 'min_timestamp': '2020-01-01T00:00:00Z'}
        row = shared_server.http.post('/v2/query', json=body).json()['data'][0]
        return f'{base}/{row["trace_id"]}?span={row["span_id"]}'

    page = open_page(find("attributes->>'http.request.body.text' IS NOT NULL"))
    page.get_by_role('tab', name='Details').click()
    section = page.get_by_role('region', name='HTTP')
    expect(section).to_contain_text('/v1/chat/completions')
    expect(section.locator('.status')).to_have_text('→ 200')
    expect(section.get_by_role('table', name='Request headers')).to_contain_text('content-type')
    expect(section.locator('[data-side="request"] .exchange-body')).to_contain_text('tool_choice')
    # What the SDK scrubbed stays scrubbed.
    expect(section.get_by_role('table', name='Request headers')).to_contain_text("[Scrubbed due to 'auth']")
    page.goto(find("attributes->>'db.system' = 'sqlite' AND message LIKE 'select%where%'"))
    expect(page.get_by_role('region', name='Database').locator('pre')).to_have_text('select count(*)\nfrom notes\nwhere q = ?')
    page.goto(find("attributes->>'db.system' = 'redis' AND span_name = 'SET'"))
    redis = page.get_by_role('region', name='Redis')
    expect(redis.locator('pre b')).to_have_text('SET')
    expect(redis.locator('.statement-key')).to_have_text(' a:aapl')
    errors = json.dumps([{'type': 'missing', 'loc': ['body', 'items', 0, 'price'], 'msg': 'Field required', 'input': {'name': 'x'}}])
    trace_back = 'Traceback (most recent call last):\n  File "/venv/site-packages/pydantic/main.py", line 5, in validate\n    raise it\n  File "/venv/site-packages/pydantic/core.py", line 6, in core\n    raise it\n  File "shop/orders.py", line 12, in parse\n    Order(**body)\npydantic_core.ValidationError: 1 validation error for Order'
    event = exception_event('pydantic_core.ValidationError', '1 validation error for Order')
    event.attributes[2].value.string_value = trace_back
    event.attributes.extend(span(values={'exception.logfire.data': errors}).attributes)
    failed = span('parse order', events=[event], values={'exception.logfire.data': errors, 'code.filepath': 'shop/orders.py', 'code.lineno': 12, 'code.function': 'parse'})
    send(shared_server, traces([failed]))
    page.goto(f'{base}/{failed.trace_id.hex()}?span={failed.span_id.hex()}')
    expect(page.get_by_role('region', name='Validation errors')).to_contain_text('body.items.0.price')
    expect(page.get_by_role('region', name='Validation errors')).to_contain_text('Field required')
    expect(page.locator('.frame')).to_have_count(2)
    expect(page.locator('.frame').nth(1)).to_contain_text('shop/orders.py:12')
    page.get_by_role('button', name='Show 2 library frames').click()
    expect(page.locator('.frame')).to_have_count(4)
    page.get_by_role('tab', name='Details').click()
    expect(page.locator('.pinned').first).to_contain_text('shop/orders.py:12 in parse')


def test_E9_raw_bodies_are_copied_byte_for_byte(shared_server: Server, open_page: Open) -> None:
    sent = '{"model" :"m",\n\t"messages":[ {"role":"user","content":"caf\\u00e9 ☕ \\"x\\""} ] , "n":1.50e0}  '
    got = 'data: {"id":"1","delta":"a"}\n\ndata: [DONE]\n\n'
    call = span('POST', values={'http.request.method': 'POST', 'http.response.status_code': 200, 'http.request.body.text': sent, 'http.response.body.text': got})
    send(shared_server, traces([call], service='raw-bodies'))
    sql = "SELECT attributes->>'http.request.body.text' AS sent, attributes->>'http.response.body.text' AS got FROM records WHERE service_name = 'raw-bodies'"
    assert shared_server.http.post('/v2/query', json={'sql': sql, 'min_timestamp': '2020-01-01T00:00:00Z'}).json()['data'] == [{'sent': sent, 'got': got}]
    page = open_page(f'{shared_server.url}/local/default/traces/{call.trace_id.hex()}?span={call.span_id.hex()}')
    page.context.grant_permissions(['clipboard-read', 'clipboard-write'])
    for side, text in (('request', sent), ('response', got)):
        page.get_by_role('button', name=f'Copy the {side} body').click()
        page.wait_for_function('text => navigator.clipboard.readText().then((copied) => copied === text)', arg=text)


def test_E9_log_lines_of_the_trace_stand_in_the_trace_view(shared_server: Server, open_page: Open) -> None:
    """Splunk: log lines appear beside the spans of their trace, joined by its id."""
    root = span('checkout', seconds=1, start=time.time_ns() - 5_000_000_000)
    other = span('pay', trace=root.trace_id, parent=root.span_id, seconds=0.5, start=root.start_time_unix_nano)
    lines = [
        LogRecord(time_unix_nano=root.start_time_unix_nano + i * 1_000_000, severity_number=9, body=any_value(f'line {i} of the trace'), trace_id=root.trace_id, span_id=parent.span_id)
        for i, parent in enumerate([root, other, other])
    ]
    send(shared_server, traces([root, other], service='logged'))
    send(shared_server, logs(lines, service='logged'))
    page = open_page(f'{shared_server.url}/local/default/traces/{root.trace_id.hex()}?span={root.span_id.hex()}')
    expect(page.locator('.wr')).to_have_count(5)
    page.get_by_role('tab', name='Logs').click()
    rows = page.get_by_role('list', name='Logs of this trace').get_by_role('listitem')
    expect(rows).to_have_count(3)
    page.get_by_role('button', name='This span 1').click()
    expect(rows).to_have_count(1)
    page.get_by_role('button', name='Trace 3').click()
    rows.nth(2).get_by_role('button').click()
    expect(page.locator('.detail h2').first).to_contain_text('line 2 of the trace')


def test_E3_what_is_missing_is_explained_on_the_span(shared_server: Server, open_page: Open) -> None:
    values = {
        'gen_ai.operation.name': 'chat',
        'gen_ai.request.model': 'no-such-model-of-anyone',
        'gen_ai.usage.input_tokens': 10,
        'gen_ai.usage.output_tokens': 2,
        'gen_ai.response.finish_reason': 'stop',
        'gen_ai.input.messages': json.dumps([{'role': 'user', 'parts': [{'type': 'text'}]}, {'role': 'assistant', 'parts': [{'type': 'tool_call', 'id': '1', 'name': 'look_up'}]}]),
    }
    silent = span('chat', values=values)
    send(shared_server, traces([silent], service='silent'))
    page = open_page(f'{shared_server.url}/local/default/traces/{silent.trace_id.hex()}?span={silent.span_id.hex()}')
    page.locator('.missing-head').click()
    for kind in ('provider', 'singular', 'cost', 'content'):
        expect(page.locator(f'[data-missing="{kind}"]')).to_be_visible()
    expect(page.locator('[data-missing="content"]')).to_contain_text('include_content')
    page.get_by_role('link', name='Check instrumentation').click()
    source = page.locator('[data-source="silent"]')
    for check in ('provider', 'singular', 'cost', 'withheld', 'environment'):
        expect(source.locator(f'[data-check="{check}"]')).to_be_visible()
    source.locator('[data-check="provider"] button').first.click()
    expect(source.locator('[data-check="provider"]')).to_contain_text("span.set_attribute('gen_ai.provider.name'")
    expect(source.locator('[data-check="provider"]').get_by_role('link', name='Open in Explore')).to_have_count(1)
    page.get_by_label('Find').fill('nothing has this name')
    expect(page.locator('.check-source')).to_have_count(0)


def test_keys_scroll_what_is_read_and_walk_the_waterfall_elsewhere(shared_server: Server, open_page: Open) -> None:
    trace, root, calls = agent_run(shared_server, 'reading')
    page = open_page(f'{shared_server.url}/local/default/traces/{trace}?span={root}')
    page.get_by_role('tab', name='Details').click()
    body = page.locator('.detail-body')
    body.focus()
    page.keyboard.press('ArrowDown')
    expect(page.locator('.wr').nth(0)).to_have_attribute('aria-selected', 'true')
    page.keyboard.press('j')
    expect(page.locator('.wr').nth(1)).to_have_attribute('aria-selected', 'true')
