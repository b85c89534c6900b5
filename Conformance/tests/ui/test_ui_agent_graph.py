"""The graph of a run, in a real browser (E8)."""

import json
import os
import time
from collections.abc import Callable

from agents_site import Site, node, site
from opentelemetry.proto.trace.v1.trace_pb2 import Status
from playwright.sync_api import Page, expect

from harness.fixtures import expected
from harness.otlp import exception_event, send, span, traces
from harness.server import Server

Open = Callable[..., Page]


def edges(page: Page) -> dict[str, int]:
    page.get_by_text('As a table').click()
    expect(page.locator('[data-edge]').first).to_be_visible()
    return {row.get_attribute('data-edge'): int(row.locator('td').last.inner_text()) for row in page.locator('[data-edge]').all()}


def test_E8_graph_of_fixtures(site: Site, open_page: Open) -> None:
    page = open_page(site.run_url('weather_agent', view='graph'))
    expect(node(page, 'gpt-4o')).to_have_attribute('data-count', str(expected()['weather-agent']['llm']['openai / gpt-4o']['calls']))
    for tool, calls in expected()['weather-agent']['tool_runs'].items():
        expect(node(page, tool)).to_have_attribute('data-count', str(calls))
    assert edges(page) == {
        'weather_agent → gpt-4o': 1,
        'gpt-4o → get_lat_lng': 2,
        'get_lat_lng → gpt-4o': 2,
        'gpt-4o → get_weather': 1,
        'get_weather → gpt-4o': 1,
        'gpt-4o → answer': 1,
    }
    page.goto(site.run_url('analyst', view='graph'))
    for name in ('headlines', 'ask_risk', 'scout', 'risk_agent', 'claude-sonnet-4-5', 'gemini-2.5-flash'):
        expect(node(page, name)).to_have_attribute('data-count', '1')
    assert edges(page)['ask_risk → risk_agent'] == 1
    page.goto(site.run_url('retry_agent', 1, 'graph'))
    expect(node(page, 'gpt-4o-mini')).to_have_attribute('data-failed', '1')
    expect(page.locator('.graph-node.is-failing')).to_have_count(1)


def graph_run(server: Server) -> tuple[str, str]:
    """A LangGraph run as OpenInference sends it: twelve nodes, two of them at once, one that loops, and one that fails."""
    trace = os.urandom(16)
    start = time.time_ns() - 30_000_000_000
    plan = [('route', 1), ('plan', 2), ('search', 3), ('browse', 3), ('grade', 4), ('rewrite', 5), ('search', 6), ('grade', 7), ('draft', 8), ('review', 9), ('cite', 10), ('format', 11), ('guard', 12), ('publish', 13)]
    root = span('research_graph', trace=trace, start=start, seconds=20, values={'openinference.span.kind': 'CHAIN'}, status=Status.STATUS_CODE_ERROR, events=[exception_event('RuntimeError', 'publish failed')])
    spans = [root]
    for index, (name, step) in enumerate(plan):
        metadata = json.dumps({'langgraph_node': name, 'langgraph_step': step, 'thread_id': 'thread-12'})
        fails = name == 'publish'
        at = start + (index + 1) * 1_000_000_000
        one = span(
            name,
            trace=trace,
            parent=root.span_id,
            start=at,
            seconds=0.8,
            values={'openinference.span.kind': 'CHAIN', 'metadata': metadata},
            status=Status.STATUS_CODE_ERROR if fails else Status.STATUS_CODE_UNSET,
            events=[exception_event('RuntimeError', 'publish failed')] if fails else (),
        )
        spans.append(one)
        if name in ('plan', 'draft', 'review'):
            model = {'openinference.span.kind': 'LLM', 'llm.model_name': 'gpt-4o-mini', 'llm.provider': 'openai', 'llm.token_count.prompt': 50, 'llm.token_count.completion': 5, 'metadata': metadata}
            spans.append(span('ChatOpenAI', trace=trace, parent=one.span_id, start=at + 1000, seconds=0.5, values=model))
    send(server, traces(spans, service='research', scope='openinference.instrumentation.langchain'))
    return trace.hex(), root.span_id.hex()


def test_E8_langgraph_of_twelve_nodes_with_the_failing_one_marked(site: Site, open_page: Open) -> None:
    trace, root = graph_run(site.server)
    page = open_page(f'{site.server.url}/local/default/runs/{trace}/{root}?view=graph')
    expect(page.locator('[data-kind="node"]')).to_have_count(12)
    expect(node(page, 'search')).to_have_attribute('data-count', '2')
    failing = page.locator('.graph-node.is-failing')
    expect(failing).to_have_count(1)
    expect(failing).to_have_attribute('data-node', 'publish')
    expect(failing).to_have_attribute('aria-label', 'node publish, 1 execution, 1 failed')
    expect(page.locator('.graph-note')).to_contain_text('failed in publish')
    found = edges(page)
    assert found['plan → search'] == 1 and found['plan → browse'] == 1 and found['search → grade'] == 2 and found['grade → rewrite'] == 1
    # With the keyboard: a node shows its executions.
    node(page, 'draft').focus()
    page.keyboard.press('Enter')
    expect(page.get_by_label('Executions of draft')).to_contain_text('gpt-4o-mini ×1')
    boxes = [box.bounding_box() for box in page.locator('[data-kind="node"]').all()]
    for index, one in enumerate(boxes):
        for other in boxes[index + 1 :]:
            assert abs(one['x'] - other['x']) >= one['width'] - 4 or abs(one['y'] - other['y']) >= one['height'] - 4
    page.goto(f'{site.server.url}/local/default/traces/{trace}')
    page.get_by_role('link', name='Graph').click()
    expect(page.locator('[data-kind="node"]')).to_have_count(12)
