"""The trace page in a real browser (E1, E3, E4, E9, E10)."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from playwright.sync_api import Page, expect
from ui_traffic import agent_run, send_big

from harness.fixtures import raw_spans, requests
from harness.otlp import send, span, traces
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
    assert max(page.evaluate('window.observed.long'), default=0) < max(1000, 60 * unit)
    page.evaluate('window.observed.long = []')
    frames = page.evaluate(
        """async () => { const list = document.querySelector('.vlist'); const gaps = []; let before = performance.now();
        for (let i = 0; i < 90; i += 1) { list.scrollTop += 700; await new Promise((done) => requestAnimationFrame(done)); const now = performance.now(); gaps.push(now - before); before = now; }
        return gaps.sort((a, b) => a - b); }"""
    )
    assert page.evaluate('document.querySelectorAll("*").length') < 1500
    assert frames[len(frames) // 2] < max(25, unit), frames
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
